/** Leases deliveries: those due in a lane, and those past their validity. */
import type { Op } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import { DELIVERY_COLUMNS, numberOf, prepareMessage } from '../rows.ts'
import type { WireClaim } from '../wire.ts'

type Claim = Extract<Op, { op: 'claim' }>
type ClaimExpired = Extract<Op, { op: 'claim-expired' }>

export interface Claims {
  due(op: Claim): WireClaim
  expired(op: ClaimExpired): WireClaim
}

export function prepareClaims(db: SqlDatabase): Claims {
  const due = db.prepare(
    `SELECT ${DELIVERY_COLUMNS} FROM delivery
     WHERE lane = ? AND next_at <= ? ORDER BY next_at, id LIMIT ?`,
  )
  const nextDue = db.prepare(
    'SELECT min(next_at) AS next_at FROM delivery WHERE lane = ? AND next_at IS NOT NULL',
  )
  const expired = db.prepare(
    `SELECT ${DELIVERY_COLUMNS} FROM delivery
     WHERE state IN ('queued', 'deferred') AND expires_at <= ? ORDER BY expires_at, id LIMIT ?`,
  )
  const nextExpiry = db.prepare(
    `SELECT min(expires_at) AS next_at FROM delivery WHERE state IN ('queued', 'deferred')`,
  )
  const lease = prepareLease(db)
  return {
    due: ({ lane, now, leaseUntil, limit }) => ({
      ...lease(due.all(lane, now, limit), now, leaseUntil),
      nextAt: numberOf(nextDue.get(lane), 'next_at'),
    }),
    expired: ({ now, leaseUntil, limit }) => ({
      ...lease(expired.all(now, limit), now, leaseUntil),
      nextAt: numberOf(nextExpiry.get(), 'next_at'),
    }),
  }
}

type Lease = (rows: readonly SqlRow[], now: number, leaseUntil: number) => Omit<WireClaim, 'nextAt'>

function prepareLease(db: SqlDatabase): Lease {
  // A timer that ran out does not take the next hop's word back.
  const update = db.prepare(
    `UPDATE delivery SET state = iif(state = 'submitted', state, 'attempting'), next_at = ?1,
       leased_at = ?2, token = token + 1, version = version + 1
     WHERE id IN (SELECT value FROM json_each(?3))`,
  )
  const findMessage = prepareMessage(db)

  return (rows, now, leaseUntil) => {
    const messages: SqlRow[] = []
    const positions = new Map<number, number>()
    const messageOf = rows.map((row) => {
      const number = Number(row.message)
      const position = positions.get(number) ?? messages.length
      if (position === messages.length) {
        const found = findMessage.get(number)
        if (found === undefined) throw new Error(`delivery ${row.id} without its message`)
        positions.set(number, position)
        messages.push(found)
      }
      return position
    })
    if (rows.length > 0) {
      update.run(leaseUntil, now, JSON.stringify(rows.map(({ id }) => id)))
    }
    return { deliveries: rows, leasedAt: now, leaseUntil, messageOf, messages }
  }
}
