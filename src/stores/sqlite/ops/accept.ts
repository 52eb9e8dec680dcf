/** Takes a message with everything that belongs to it, or finds the one it repeats. */
import type { SqlDatabase } from '../driver.ts'
import type { Ledger } from '../ledger.ts'
import { numberOf } from '../rows.ts'
import type { WireAccept, WireResults } from '../wire.ts'
import type { CheckEnd } from './ending.ts'
import type { EventLog } from './events.ts'
import type { Outbox } from './outbox.ts'

export function prepareAccept(
  db: SqlDatabase,
  ledger: Ledger,
  events: EventLog,
  outbox: Outbox,
  checkEnd: CheckEnd,
): (op: WireAccept) => WireResults['accept'] {
  const findEarlier = prepareEarlier(db)
  const insertMessage = db.prepare(
    `INSERT OR IGNORE INTO message
       (id, account_id, accepted_at, first_delivery, deliveries, request, body, inline)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const remember = db.prepare(
    'INSERT OR REPLACE INTO idempotency (request, message_id, at) VALUES (?, ?, ?)',
  )
  const insertDelivery = db.prepare(
    `INSERT INTO delivery (id, message_id, idx, recipient_kind, recipient, lane, state, next_at,
       reason, expires_at, attempts, token, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)`,
  )
  const insertExtent = db.prepare(
    'INSERT OR IGNORE INTO extent (segment, end_offset, message_id) VALUES (?, ?, ?)',
  )

  return (op) => {
    ledger.synced(op.mediaSegment, op.mediaOffset)
    const { id, request, deliveries, inline = null } = op
    const earlier = request === undefined ? undefined : findEarlier(request)
    if (earlier !== undefined) return earlier

    const first = ledger.nextDeliveryId()
    const stored = insertMessage.run(
      id,
      op.accountId,
      op.acceptedAt,
      first,
      deliveries.length,
      request?.digest ?? null,
      op.body,
      inline,
    )
    if (Number(stored.changes) === 0) return { kind: 'id-taken' }
    ledger.useDeliveryIds(deliveries.length)
    if (request !== undefined) remember.run(request.digest, id, op.acceptedAt)
    for (const [position, columns] of deliveries.entries()) {
      insertDelivery.run(first + position, id, ...columns, op.expiresAt)
    }
    events.begin(id, op.events)
    for (const notice of op.notices) {
      const position = deliveries.findIndex(([index]) => index === notice.index)
      if (position < 0)
        throw new Error(`a notice names recipient ${notice.index}, who is not there`)
      outbox.add(id, first + position, [notice])
    }
    for (const { segment, offset, length } of op.extents) {
      insertExtent.run(segment, offset + length, id)
    }
    ledger.live(op.extents, 1)
    // A message nobody can get ends at once, unless its client is still to be told.
    if (deliveries.every(([, , , , state]) => state === 'failed')) checkEnd(id, op.events?.at)
    return { kind: 'accepted', firstDeliveryId: first }
  }
}

type Request = NonNullable<WireAccept['request']>

/** The answer for a request that came before; undefined for a new or a forgotten one. */
function prepareEarlier(db: SqlDatabase): (request: Request) => WireResults['accept'] | undefined {
  const find = db.prepare(
    "SELECT printf('%018d', message_id) AS message_id, at FROM idempotency WHERE request = ?",
  )
  const extents = db.prepare(
    "SELECT json_extract(body, '$.content.extents') AS extents FROM message WHERE id = ?",
  )
  return ({ digest, since }) => {
    const row = find.get(digest)
    const at = numberOf(row, 'at')
    if (at === undefined || at < since) return undefined
    const messageId = String(row?.message_id)
    return {
      kind: 'duplicate',
      messageId,
      extents: String(extents.get(messageId)?.extents ?? '[]'),
    }
  }
}
