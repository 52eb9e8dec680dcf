/**
 * Notices to clients. Of the unparked notices of a delivery only the oldest, its head, has a
 * `next_at`: claims see heads alone, so order is kept and what waits behind costs them nothing.
 */
import type { Op, OpResults } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import { NOTICE_COLUMNS, numberOf } from '../rows.ts'
import type { WireLeases, WireNotice, WireResults, WireSettleNotice } from '../wire.ts'
import type { CheckEnd } from './ending.ts'
import type { AppendEvents } from './events.ts'

type ClaimNotices = Extract<Op, { op: 'claim-notices' }>
type ReplayNotices = Extract<Op, { op: 'replay-notices' }>

export interface Outbox {
  /** `message` is the message's number. */
  add(message: number, deliveryId: number, notices: readonly WireNotice[]): WireLeases
  claim(op: ClaimNotices): WireResults['claim-notices']
  settle(op: WireSettleNotice): OpResults['settle-notice']
  replay(op: ReplayNotices): OpResults['replay-notices']
}

export function prepareOutbox(db: SqlDatabase, append: AppendEvents, checkEnd: CheckEnd): Outbox {
  const add = prepareAdd(db)
  const promote = db.prepare(
    `UPDATE notice SET next_at = due_at
     WHERE id = (SELECT min(id) FROM notice WHERE delivery_id = ? AND parked = 0)`,
  )
  const claim = prepareClaim(db)
  const end = prepareEnd(db)
  const replay = prepareReplay(db, promote)

  return {
    add(message, deliveryId, notices) {
      let leases: (number | null)[] | undefined
      for (const [place, notice] of notices.entries()) {
        const id = add(message, deliveryId, notice)
        if (notice.leaseUntil === undefined) continue
        leases ??= notices.map(() => null)
        leases[place] = id
      }
      return leases
    },
    claim,
    settle({ id, token, result, events }) {
      const row = end(id, token, result)
      if (row === undefined) return { kind: 'stale' }
      const deliveryId = Number(row.delivery_id)
      const message = Number(row.message)
      append(message, events)
      if (result.kind === 'retry') return { kind: 'done' }
      // Where another takes its place, the message has not ended.
      if (row.others === 1) {
        promote.run(deliveryId)
        return { kind: 'done', next: true }
      }
      if (result.kind === 'told') checkEnd(message, events?.at)
      return { kind: 'done' }
    },
    replay,
  }
}

/** Stores a notice; returns its id where it is leased. */
function prepareAdd(
  db: SqlDatabase,
): (message: number, deliveryId: number, notice: WireNotice) => number | null {
  // Behind another of its delivery it is no head.
  const ahead = 'SELECT 1 FROM notice WHERE delivery_id = ?1 AND parked = 0'
  const columns = 'delivery_id, message, account_id, lane, parked, due_at, next_at, attempts, token'
  const insert = db.prepare(
    `INSERT INTO notice (${columns}, body)
     VALUES (?1, ?2, ?3, ?4, 0, ?5, iif(EXISTS (${ahead}), NULL, ?5), 0, 0, ?6)`,
  )
  const findAhead = db.prepare(`${ahead} LIMIT 1`)
  const insertLeased = db.prepare(
    `INSERT INTO notice (${columns}, leased_at, body)
     VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5, 0, 1, ?6, ?7)`,
  )
  return (message, deliveryId, { accountId, lane, dueAt, leaseUntil: until, body }) => {
    if (until === undefined || findAhead.get(deliveryId) !== undefined) {
      insert.run(deliveryId, message, accountId, lane, dueAt, body)
      return null
    }
    const born = insertLeased.run(deliveryId, message, accountId, lane, until, dueAt, body)
    return Number(born.lastInsertRowid)
  }
}

/** Ends an attempt under its own lease; undefined when a younger one has the notice, or nobody. */
function prepareEnd(
  db: SqlDatabase,
): (id: number, token: number, result: WireSettleNotice['result']) => SqlRow | undefined {
  // `others`: of its delivery, and not parked. The row itself is left out by name, because whether a
  // subquery here still sees it is nobody's promise.
  const where = `WHERE id = ?1 AND token = ?2 RETURNING delivery_id, message,
    EXISTS (SELECT 1 FROM notice AS other
      WHERE other.delivery_id = notice.delivery_id AND other.parked = 0 AND other.id <> ?1) AS others`
  const told = db.prepare(`DELETE FROM notice ${where}`)
  const repeat = db.prepare(
    `UPDATE notice SET attempts = attempts + 1, leased_at = NULL, due_at = ?3,
       next_at = iif(next_at IS NULL, NULL, ?3) ${where}`,
  )
  const park = db.prepare(
    `UPDATE notice SET attempts = attempts + 1, leased_at = NULL, parked = 1, next_at = NULL
     ${where}`,
  )
  return (id, token, result) => {
    switch (result.kind) {
      case 'told':
        return told.get(id, token)
      case 'retry':
        return repeat.get(id, token, result.nextAt)
      case 'parked':
        return park.get(id, token)
    }
  }
}

function prepareClaim(db: SqlDatabase): Outbox['claim'] {
  const due = db.prepare(
    `SELECT ${NOTICE_COLUMNS} FROM notice
     WHERE lane = ? AND parked = 0 AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
  )
  const lease = db.prepare(
    `UPDATE notice SET token = token + 1, leased_at = ?1, due_at = ?2, next_at = ?2
     WHERE id IN (SELECT value FROM json_each(?3))`,
  )
  const next = db.prepare(
    `SELECT min(next_at) AS next_at FROM notice
     WHERE lane = ? AND parked = 0 AND next_at IS NOT NULL`,
  )
  return ({ lane, now, leaseUntil, limit }) => {
    const rows = due.all(lane, now, limit)
    if (rows.length > 0) lease.run(now, leaseUntil, JSON.stringify(rows.map(({ id }) => id)))
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
