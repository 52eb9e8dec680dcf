/** Leases deliveries: those due in a lane, and those past their validity. */
import type { Op } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import { DELIVERY_COLUMNS, numberOf, prepareMessage } from '../rows.ts'
import type { WireClaim, WireMessage } from '../wire.ts'

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
  const update = db.prepare(
    `UPDATE delivery
     SET state = ?, next_at = ?, leased_at = ?, token = token + 1, version = version + 1
     WHERE id = ?`,
  )
  const findMessage = prepareMessage(db)

  return (rows, now, leaseUntil) => {
    const messages: WireMessage[] = []
    const positions = new Map<string, number>()
    const messageOf: number[] = []
    const deliveries = rows.map((row): SqlRow => {
      const id = String(row.message_id)
      const known = positions.get(id)
      if (known === undefined) {
        const message = findMessage(id)
        if (message === undefined) throw new Error(`delivery ${row.id} without its message`)
        positions.set(id, messages.length)
        messageOf.push(messages.length)
        messages.push(message)
      } else {
        messageOf.push(known)
      }
      // A timer that ran out does not take the next hop's word back.
      const state = row.state === 'submitted' ? 'submitted' : 'attempting'
      update.run(state, leaseUntil, now, Number(row.id))
      return {
        ...row,
        state,
        next_at: leaseUntil,
        leased_at: now,
        token: Number(row.token) + 1,
        version: Number(row.version) + 1,
      }
    })
    return { deliveries, previous: rows.map((row) => String(row.state)), messageOf, messages }
  }
}
