/**
 * Notices to clients. Of the unparked notices of a delivery only the oldest, its head, has a
 * `next_at`: claims see heads alone, so order is kept and what waits behind costs them nothing.
 */
import type { Op, OpResults } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import { NOTICE_COLUMNS, numberOf } from '../rows.ts'
import type { WireNotice, WireResults, WireSettleNotice } from '../wire.ts'
import type { CheckEnd } from './ending.ts'
import type { AppendEvents } from './events.ts'

type ClaimNotices = Extract<Op, { op: 'claim-notices' }>
type ReplayNotices = Extract<Op, { op: 'replay-notices' }>

export interface Outbox {
  /** `message` is the message's number. */
  add(message: number, deliveryId: number, notices: readonly WireNotice[]): void
  claim(op: ClaimNotices): WireResults['claim-notices']
  settle(op: WireSettleNotice): OpResults['settle-notice']
  replay(op: ReplayNotices): OpResults['replay-notices']
}

export function prepareOutbox(db: SqlDatabase, append: AppendEvents, checkEnd: CheckEnd): Outbox {
  const crowded = db.prepare('SELECT 1 FROM notice WHERE delivery_id = ? AND parked = 0 LIMIT 1')
  const insert = db.prepare(
    `INSERT INTO notice
       (delivery_id, message, account_id, lane, parked, due_at, next_at, attempts, token, body)
     VALUES (?, ?, ?, ?, 0, ?, ?, 0, 0, ?)`,
  )
  const promote = db.prepare(
    `UPDATE notice SET next_at = due_at
     WHERE id = (SELECT min(id) FROM notice WHERE delivery_id = ? AND parked = 0)`,
  )
  const claim = prepareClaim(db)
  const held = db.prepare('SELECT delivery_id, message, token FROM notice WHERE id = ?')
  const remove = db.prepare('DELETE FROM notice WHERE id = ?')
  const repeat = db.prepare(
    `UPDATE notice SET attempts = attempts + 1, leased_at = NULL, due_at = ?1,
       next_at = CASE WHEN next_at IS NULL THEN NULL ELSE ?1 END
     WHERE id = ?2`,
  )
  const park = db.prepare(
    `UPDATE notice SET attempts = attempts + 1, leased_at = NULL, parked = 1, next_at = NULL
     WHERE id = ?`,
  )
  const replay = prepareReplay(db, promote)

  return {
    add(message, deliveryId, notices) {
      for (const { accountId, lane, dueAt, body } of notices) {
        const nextAt = crowded.get(deliveryId) === undefined ? dueAt : null
        insert.run(deliveryId, message, accountId, lane, dueAt, nextAt, body)
      }
    },
    claim,
    settle({ id, token, result, events }) {
      const row = held.get(id)
      if (row === undefined || row.token !== token) return { kind: 'stale' }
      const deliveryId = Number(row.delivery_id)
      const message = Number(row.message)
      append(message, events)
      if (result.kind === 'retry') {
        repeat.run(result.nextAt, id)
        return { kind: 'done' }
      }
      if (result.kind === 'told') remove.run(id)
      else park.run(id)
      promote.run(deliveryId)
      if (result.kind === 'told') checkEnd(message, events?.at)
      return { kind: 'done' }
    },
    replay,
  }
}

function prepareClaim(db: SqlDatabase): Outbox['claim'] {
  const due = db.prepare(
    `SELECT ${NOTICE_COLUMNS} FROM notice
     WHERE lane = ? AND parked = 0 AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
  )
  const lease = db.prepare(
    `UPDATE notice SET token = token + 1, leased_at = ?1, due_at = ?2, next_at = ?2 WHERE id = ?3`,
  )
  const next = db.prepare(
    `SELECT min(next_at) AS next_at FROM notice
     WHERE lane = ? AND parked = 0 AND next_at IS NOT NULL`,
  )
  return ({ lane, now, leaseUntil, limit }) => {
    const rows = due.all(lane, now, limit).map((row): SqlRow => {
      lease.run(now, leaseUntil, Number(row.id))
      return { ...row, token: Number(row.token) + 1 }
    })
    return { rows, nextAt: numberOf(next.get(lane), 'next_at') }
  }
}

/** A replayed notice starts its plan again, and goes before what came after it. */
function prepareReplay(
  db: SqlDatabase,
  promote: ReturnType<SqlDatabase['prepare']>,
): Outbox['replay'] {
  const all = db.prepare('SELECT id, delivery_id FROM notice WHERE parked = 1')
  const ofAccount = db.prepare(
    'SELECT id, delivery_id FROM notice WHERE parked = 1 AND account_id = ?',
  )
  const wake = db.prepare(
    'UPDATE notice SET parked = 0, attempts = 0, due_at = ?, next_at = NULL WHERE id = ?',
  )
  const demote = db.prepare(
    'UPDATE notice SET next_at = NULL WHERE delivery_id = ? AND next_at IS NOT NULL',
  )
  return ({ accountId, nextAt }) => {
    const rows = accountId === undefined ? all.all() : ofAccount.all(accountId)
    for (const row of rows) wake.run(nextAt, Number(row.id))
    for (const deliveryId of new Set(rows.map((row) => Number(row.delivery_id)))) {
      demote.run(deliveryId)
      promote.run(deliveryId)
    }
    return { count: rows.length }
  }
}
