/** Takes a message with everything that belongs to it, or finds the one it repeats. */
import type { SqlDatabase } from '../driver.ts'
import type { Ledger } from '../ledger.ts'
import type { Requests } from '../requests.ts'
import { MESSAGE_ID } from '../rows.ts'
import type { WireAccept, WireResults } from '../wire.ts'
import type { CheckEnd } from './ending.ts'
import type { Outbox } from './outbox.ts'
import type { Parts } from './parts.ts'

export function prepareAccept(
  db: SqlDatabase,
  ledger: Ledger,
  requests: Requests,
  outbox: Outbox,
  parts: Parts,
  checkEnd: CheckEnd,
): (op: WireAccept) => WireResults['accept'] {
  const findEarlier = prepareEarlier(db)
  const taken = db.prepare('SELECT 1 FROM message WHERE id = ?')
  const insertMessage = db.prepare(
    `INSERT INTO message (number, id, account_id, accepted_at, deliveries, request,
       events, body, inline)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertDelivery = db.prepare(
    `INSERT INTO delivery (id, message, idx, recipient_kind, recipient, lane, state, next_at,
       reason, expires_at, attempts, token, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)`,
  )
  const insertExtent = db.prepare(
    'INSERT OR IGNORE INTO extent (segment, end_offset, message) VALUES (?, ?, ?)',
  )

  return (op) => {
    ledger.synced(op.mediaSegment, op.mediaOffset)
    const { deliveries, request } = op
    const known = request === undefined ? undefined : requests.find(request.digest)
    const earlier = findEarlier(known, request?.since ?? 0)
    if (earlier !== undefined) return earlier

    if (op.parts !== undefined && !parts.waiting(op.parts)) return { kind: 'parts-gone' }
    if (taken.get(op.id) !== undefined) return { kind: 'id-taken' }
    const number = ledger.nextDeliveryId()
    insertMessage.run(
      number,
      op.id,
      op.accountId,
      op.acceptedAt,
      deliveries.length,
      request?.digest ?? null,
      op.events?.body ?? null,
      op.body,
      op.inline ?? null,
    )
    if (request !== undefined) {
      if (known !== undefined) requests.drop(request.digest, known)
      requests.remember(request.digest, number)
    }
    // A message to nobody still needs a number of its own.
    ledger.useDeliveryIds(Math.max(1, deliveries.length))
    for (const [position, columns] of deliveries.entries()) {
      insertDelivery.run(number + position, number, ...columns, op.expiresAt)
    }
    let leases: (number | null)[] | undefined
    for (const [place, notice] of op.notices.entries()) {
      const position = deliveries.findIndex(([index]) => index === notice.index)
      if (position < 0)
        throw new Error(`a notice names recipient ${notice.index}, who is not there`)
      const [leased] = outbox.add(number, number + position, [notice]) ?? []
      if (leased === undefined) continue
      leases ??= op.notices.map(() => null)
      leases[place] = leased
    }
    for (const { segment, offset, length } of op.extents) {
      insertExtent.run(segment, offset + length, number)
    }
    ledger.live(op.extents, 1)
    if (op.parts !== undefined) parts.became(op.parts, number)
    // A message nobody can get ends at once, unless its client is still to be told.
    if (deliveries.every(([, , , , state]) => state === 'failed')) checkEnd(number, op.events?.at)
    return { kind: 'accepted', firstDeliveryId: number, leases }
  }
}

/** The answer to a request that became a message; undefined when that was before `since`. */
function prepareEarlier(
  db: SqlDatabase,
): (number: number | undefined, since: number) => WireResults['accept'] | undefined {
  const find = db.prepare(
    `SELECT ${MESSAGE_ID}, json_extract(body, '$.content.extents') AS extents FROM message
     WHERE number = ? AND accepted_at >= ?`,
  )
  return (number, since) => {
    const row = number === undefined ? undefined : find.get(number, since)
    if (row === undefined) return undefined
    return { kind: 'duplicate', messageId: String(row.message_id), extents: String(row.extents) }
  }
}
