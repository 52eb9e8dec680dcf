/** The small ops: directory entries, named state, lanes made due, relocated extents. */
import type { Message } from '../../../core/message.ts'
import type { Op, OpResults } from '../../../engine/ports/store.ts'
import { sameExtents } from '../../same-extents.ts'
import type { SqlDatabase } from '../driver.ts'
import type { Ledger } from '../ledger.ts'
import type { WirePutDirectory } from '../wire.ts'

type PutState = Extract<Op, { op: 'put-state' }>
type MakeDue = Extract<Op, { op: 'make-due' }>
type Relocate = Extract<Op, { op: 'relocate' }>

export function preparePutDirectory(
  db: SqlDatabase,
): (op: WirePutDirectory) => OpResults['put-directory'] {
  const put = db.prepare('INSERT OR REPLACE INTO directory (kind, name, value) VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM directory WHERE kind = ? AND name = ?')
  return ({ entries }) => {
    for (const [kind, name, value] of entries) {
      if (value === undefined) drop.run(kind, name)
      else put.run(kind, name, value)
    }
    return { kind: 'done' }
  }
}

export function preparePutState(db: SqlDatabase): (op: PutState) => OpResults['put-state'] {
  const put = db.prepare('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)')
  return ({ name, value }) => {
    put.run(name, value)
    return { kind: 'done' }
  }
}

export function prepareMakeDue(db: SqlDatabase): (op: MakeDue) => OpResults['make-due'] {
  const wake = db.prepare(
    `UPDATE delivery SET next_at = ?1, version = version + 1
     WHERE lane = ?2 AND next_at > ?1 AND state IN ('queued', 'deferred')`,
  )
  return ({ lane, now }) => ({ count: Number(wake.run(now, lane).changes) })
}

export function prepareRelocate(
  db: SqlDatabase,
  ledger: Ledger,
): (op: Relocate) => OpResults['relocate'] {
  const find = db.prepare('SELECT number, body FROM message WHERE id = ?')
  const update = db.prepare('UPDATE message SET body = ? WHERE number = ?')
  const drop = db.prepare('DELETE FROM extent WHERE segment = ? AND end_offset = ? AND message = ?')
  const add = db.prepare(
    'INSERT OR IGNORE INTO extent (segment, end_offset, message) VALUES (?, ?, ?)',
  )
  return ({ messageId, from, to }) => {
    const row = find.get(messageId)
    if (row === undefined) return { kind: 'stale' }
    const number = Number(row.number)
    const message = JSON.parse(String(row.body)) as Message
    const { content } = message
    if (!sameExtents(content.extents, from)) return { kind: 'stale' }
    update.run(JSON.stringify({ ...message, content: { ...content, extents: to } }), number)
    for (const { segment, offset, length } of from) drop.run(segment, offset + length, number)
    for (const { segment, offset, length } of to) add.run(segment, offset + length, number)
    ledger.live(from, -1)
    ledger.live(to, 1)
    return { kind: 'done' }
  }
}
