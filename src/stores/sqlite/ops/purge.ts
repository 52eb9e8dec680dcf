/** Forgets messages with everything that hangs on them. */
import type { Extent, MessageId } from '../../../core/message.ts'
import type { Op, OpResults } from '../../../engine/ports/store.ts'
import type { SqlDatabase } from '../driver.ts'
import type { Ledger } from '../ledger.ts'
import { numberOf } from '../rows.ts'

type Purge = Extract<Op, { op: 'purge' }>

export interface Forgetting {
  purge(op: Purge): OpResults['purge']
  /** Removes one message whatever its state; false when it is not there. */
  forget(messageId: MessageId): boolean
}

export function prepareForgetting(db: SqlDatabase, ledger: Ledger): Forgetting {
  const forget = prepareForget(db, ledger)
  const ended = db.prepare(
    `SELECT at, printf('%018d', message_id) AS message_id FROM ended
     WHERE at < ? ORDER BY at, message_id LIMIT ?`,
  )
  const moreEnded = db.prepare('SELECT 1 FROM ended WHERE at < ? LIMIT 1')
  const settled = db.prepare('DELETE FROM ended WHERE at = ? AND message_id = ?')
  const oldReports = db.prepare(
    `DELETE FROM parked_report WHERE id IN
       (SELECT id FROM parked_report WHERE at < ? ORDER BY at, id LIMIT ?)`,
  )
  const moreReports = db.prepare('SELECT 1 FROM parked_report WHERE at < ? LIMIT 1')

  return {
    forget,
    purge({ before, limit }) {
      let messages = 0
      for (const row of ended.all(before, limit)) {
        const messageId = String(row.message_id)
        if (forget(messageId)) messages += 1
        settled.run(Number(row.at), messageId)
      }
      oldReports.run(before, limit)
      const more = moreEnded.get(before) !== undefined || moreReports.get(before) !== undefined
      return { messages, more }
    },
  }
}

function prepareForget(db: SqlDatabase, ledger: Ledger): Forgetting['forget'] {
  const find = db.prepare(
    `SELECT first_delivery, deliveries, request,
       json_extract(body, '$.content.extents') AS extents FROM message WHERE id = ?`,
  )
  const links = db.prepare(
    'SELECT id, links FROM delivery WHERE id BETWEEN ? AND ? AND links IS NOT NULL',
  )
  const unlink = db.prepare(
    'DELETE FROM remote WHERE route = ? AND remote_id = ? AND delivery_id = ?',
  )
  const dropDeliveries = db.prepare('DELETE FROM delivery WHERE id BETWEEN ? AND ?')
  const dropNotices = db.prepare('DELETE FROM notice WHERE delivery_id BETWEEN ? AND ?')
  const dropEvents = db.prepare('DELETE FROM event WHERE message_id = ?')
  const dropKey = db.prepare('DELETE FROM idempotency WHERE request = ? AND message_id = ?')
  const dropExtent = db.prepare(
    'DELETE FROM extent WHERE segment = ? AND end_offset = ? AND message_id = ?',
  )
  const dropMessage = db.prepare('DELETE FROM message WHERE id = ?')

  return (messageId) => {
    const message = find.get(messageId)
    const first = numberOf(message, 'first_delivery')
    const count = numberOf(message, 'deliveries')
    if (message === undefined || first === undefined || count === undefined) return false
    const last = first + count - 1
    for (const row of links.all(first, last)) {
      for (const [route, remoteId] of JSON.parse(String(row.links)) as [string, string][]) {
        unlink.run(route, remoteId, Number(row.id))
      }
    }
    dropDeliveries.run(first, last)
    dropNotices.run(first, last)
    dropEvents.run(messageId)
    if (typeof message.request === 'string') dropKey.run(message.request, messageId)
    const extents = JSON.parse(String(message.extents)) as Extent[]
    for (const { segment, offset, length } of extents) {
      dropExtent.run(segment, offset + length, messageId)
    }
    ledger.live(extents, -1)
    dropMessage.run(messageId)
    return true
  }
}
