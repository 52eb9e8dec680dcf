/** Changes a message that waits: all its named deliveries with all that belongs to them, or nothing. */
import type { Content, Envelope, Message } from '../../../core/message.ts'
import type { OpResults } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import type { Ledger } from '../ledger.ts'
import type { WireRevise } from '../wire.ts'
import type { CheckEnd } from './ending.ts'
import type { AppendEvents } from './events.ts'

export function prepareRevise(
  db: SqlDatabase,
  ledger: Ledger,
  append: AppendEvents,
  checkEnd: CheckEnd,
): (op: WireRevise) => OpResults['revise'] {
  const findMessage = db.prepare('SELECT number, body FROM message WHERE id = ?')
  const waits = db.prepare(
    `SELECT 1 FROM delivery
     WHERE id = ? AND message = ? AND version = ? AND state IN ('queued', 'deferred')`,
  )
  const change = db.prepare(
    `UPDATE delivery SET state = ?, next_at = ?, reason = coalesce(?, reason),
       expires_at = coalesce(?, expires_at), leased_at = NULL, version = version + 1
     WHERE id = ?`,
  )
  const replace = prepareReplace(db, ledger)

  return (op) => {
    const row = findMessage.get(op.messageId)
    if (row === undefined) return { kind: 'stale' }
    const number = Number(row.number)
    for (const [id, version] of op.deliveries) {
      if (waits.get(id, number, version) === undefined) return { kind: 'stale' }
    }
    for (const [id, , state, nextAt, reason] of op.deliveries) {
      change.run(state, nextAt, reason, op.expiresAt ?? null, id)
    }
    replace(row, op)
    append(number, op.events)
    checkEnd(number, op.events?.at)
    return { kind: 'done' }
  }
}

function prepareReplace(db: SqlDatabase, ledger: Ledger): (row: SqlRow, op: WireRevise) => void {
  const update = db.prepare('UPDATE message SET body = ? WHERE number = ?')
  const updateAll = db.prepare('UPDATE message SET body = ?, inline = ? WHERE number = ?')
  const drop = db.prepare('DELETE FROM extent WHERE segment = ? AND end_offset = ? AND message = ?')
  const add = db.prepare(
    'INSERT OR IGNORE INTO extent (segment, end_offset, message) VALUES (?, ?, ?)',
  )

  return (row, { envelope, expiresAt, content }) => {
    if (envelope === undefined && expiresAt === undefined && content === undefined) return
    const number = Number(row.number)
    const before = JSON.parse(String(row.body)) as Message
    const message = {
      ...before,
      ...(envelope === undefined ? {} : { envelope: JSON.parse(envelope) as Envelope }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }
    if (content === undefined) {
      update.run(JSON.stringify(message), number)
      return
    }
    const after = { ...message, content: JSON.parse(content.body) as Content }
    updateAll.run(JSON.stringify(after), content.inline ?? null, number)
    const { extents } = before.content
    for (const { segment, offset, length } of extents) drop.run(segment, offset + length, number)
    for (const { segment, offset, length } of content.extents) {
      add.run(segment, offset + length, number)
    }
    ledger.live(extents, -1)
    ledger.live(content.extents, 1)
  }
}
