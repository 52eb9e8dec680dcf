/** Forgets messages with everything that hangs on them. */
import type { Extent, MessageId } from '../../../core/message.ts'
import type { Op, OpResults } from '../../../engine/ports/store.ts'
import type { SqlDatabase } from '../driver.ts'
import type { Ledger } from '../ledger.ts'
import type { Requests } from '../requests.ts'

type Purge = Extract<Op, { op: 'purge' }>

export interface Forgetting {
  purge(op: Purge): OpResults['purge']
  /** Removes one message whatever its state. */
  discard(messageId: MessageId): void
}

export function prepareForgetting(db: SqlDatabase, ledger: Ledger, requests: Requests): Forgetting {
  const forget = prepareForget(db, ledger, requests)
  const find = db.prepare('SELECT number, accepted_at FROM message WHERE id = ?')
  // A message cannot have ended before it came, which leaves little to look through.
  const unsettle = db.prepare('DELETE FROM ended WHERE at >= ? AND message = ?')
  // A client may be told once more after the end, when the message was read; that is waited for.
  const over = `FROM ended WHERE at < ? AND NOT EXISTS (SELECT 1 FROM message m JOIN notice n
    ON n.delivery_id BETWEEN m.number AND m.number + m.deliveries - 1
    WHERE m.number = ended.message)`
  const ended = db.prepare(`SELECT at, message ${over} ORDER BY at, message LIMIT ?`)
  const moreEnded = db.prepare(`SELECT 1 ${over} LIMIT 1`)
  const settled = db.prepare('DELETE FROM ended WHERE at = ? AND message = ?')
  const oldReports = db.prepare(
    `DELETE FROM parked_report WHERE id IN
       (SELECT id FROM parked_report WHERE at < ? ORDER BY at, id LIMIT ?)`,
  )
  const moreReports = db.prepare('SELECT 1 FROM parked_report WHERE at < ? LIMIT 1')

  return {
    discard(messageId) {
      const row = find.get(messageId)
      if (row === undefined) return
      const number = Number(row.number)
      forget(number)
      unsettle.run(Number(row.accepted_at), number)
    },
    purge({ before, limit }) {
      let messages = 0
      for (const row of ended.all(before, limit)) {
        const number = Number(row.message)
        if (forget(number)) messages += 1
        settled.run(Number(row.at), number)
      }
      oldReports.run(before, limit)
      const more = moreEnded.get(before) !== undefined || moreReports.get(before) !== undefined
      return { messages, more }
    },
  }
}

/** Removes the message with this number; false when it is not there. */
function prepareForget(
  db: SqlDatabase,
  ledger: Ledger,
  requests: Requests,
): (number: number) => boolean {
  const find = db.prepare(
    `SELECT deliveries, request, json_extract(body, '$.content.extents') AS extents
     FROM message WHERE number = ?`,
  )
  const links = db.prepare(
    'SELECT id, links FROM delivery WHERE id BETWEEN ? AND ? AND links IS NOT NULL',
  )
  const unlink = db.prepare(
    'DELETE FROM remote WHERE route = ? AND remote_id = ? AND delivery_id = ?',
  )
  const dropDeliveries = db.prepare('DELETE FROM delivery WHERE id BETWEEN ? AND ?')
  const dropNotices = db.prepare('DELETE FROM notice WHERE delivery_id BETWEEN ? AND ?')
  const dropEvents = db.prepare('DELETE FROM event WHERE message = ?')
  const dropExtent = db.prepare(
    'DELETE FROM extent WHERE segment = ? AND end_offset = ? AND message = ?',
  )
  const dropParts = db.prepare('DELETE FROM part WHERE message = ?')
  const dropMessage = db.prepare('DELETE FROM message WHERE number = ?')

  return (number) => {
    const message = find.get(number)
    if (message === undefined) return false
    const last = number + Number(message.deliveries) - 1
    for (const row of links.all(number, last)) {
      for (const [route, remoteId] of JSON.parse(String(row.links)) as [string, string][]) {
        unlink.run(route, remoteId, Number(row.id))
      }
    }
    dropDeliveries.run(number, last)
    dropNotices.run(number, last)
    dropEvents.run(number)
    if (typeof message.request === 'string') requests.drop(message.request, number)
    const extents = JSON.parse(String(message.extents)) as Extent[]
    for (const { segment, offset, length } of extents) {
      dropExtent.run(segment, offset + length, number)
    }
    ledger.live(extents, -1)
    dropParts.run(number)
    dropMessage.run(number)
    return true
  }
}
