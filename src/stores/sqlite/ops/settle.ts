/** Changes a delivery that nobody else changed meanwhile, with everything that belongs to it. */
import type { DeliveryChange } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlValue } from '../driver.ts'
import { DELIVERY_COLUMNS, numberOf, prepareMessage } from '../rows.ts'
import type { WireDelivery, WireResults, WireSettle } from '../wire.ts'
import type { CheckEnd } from './ending.ts'
import type { AppendEvents } from './events.ts'
import type { Outbox } from './outbox.ts'
import type { Reports } from './reports.ts'

export function prepareSettle(
  db: SqlDatabase,
  append: AppendEvents,
  outbox: Outbox,
  reports: Reports,
  checkEnd: CheckEnd,
): (op: WireSettle) => WireResults['settle'] {
  const findCurrent = prepareCurrent(db)
  const update = prepareUpdate(db)

  return (op) => {
    const { deliveryId, version, change, events, notices, link } = op
    const message = update(op)
    if (message === undefined) return { kind: 'stale', current: findCurrent(deliveryId) }
    append(message, events)
    const leases = outbox.add(message, deliveryId, notices)
    reports.unpark(op.unpark)
    if (change.nextAt === undefined && notices.length === 0) checkEnd(message, events?.at)
    const parked = link === undefined ? [] : reports.link(link, deliveryId)
    return { kind: 'done', version: version + 1, parked, leases }
  }
}

/** Writes the change if the version is still the same; returns the message's number then. */
function prepareUpdate(db: SqlDatabase): (op: WireSettle) => number | undefined {
  const always = `state = ?, next_at = ?, leased_at = iif(?, leased_at, NULL),
    attempts = coalesce(?, attempts), version = version + 1`
  // What is final has no next moment, and nothing leaves it.
  const where = 'WHERE id = ? AND version = ? AND next_at IS NOT NULL RETURNING message'
  const brief = db.prepare(`UPDATE delivery SET ${always}, reason = iif(?, ?, reason) ${where}`)
  // Each clearable column has a flag before its value: whether the change names it.
  const full = db.prepare(
    `UPDATE delivery SET ${always}, reason = iif(?, ?, reason),
       remote_id = iif(?, ?, remote_id),
       expects = iif(?, ?, expects),
       submitted_at = iif(?, ?, submitted_at),
       links = iif(?, json_insert(coalesce(links, '[]'), '$[#]', json_array(?, ?)), links)
     ${where}`,
  )
  const linkOther = db.prepare(
    `UPDATE delivery SET links = json_insert(links, '$[#]', json_array(?, ?)) WHERE id = ?`,
  )

  return ({ deliveryId, version, change, link }) => {
    const common: SqlValue[] = [
      change.state,
      change.nextAt ?? null,
      // The change of somebody who is not the holder leaves the lease where it is.
      change.state === 'attempting' ? 1 : 0,
      change.attempts ?? null,
      ...named(change, 'reason'),
    ]
    const bare =
      link === undefined &&
      !('remoteId' in change || 'expects' in change || 'submittedAt' in change)
    const row = bare
      ? brief.get(...common, deliveryId, version)
      : full.get(
          ...common,
          ...named(change, 'remoteId'),
          ...named(change, 'expects'),
          ...named(change, 'submittedAt'),
          link === undefined ? 0 : 1,
          link?.route ?? null,
          link?.remoteId ?? null,
          deliveryId,
          version,
        )
    if (row !== undefined) {
      for (const other of link?.otherIds ?? []) linkOther.run(link?.route ?? '', other, deliveryId)
    }
    return numberOf(row, 'message')
  }
}

type Clearable = 'remoteId' | 'expects' | 'submittedAt' | 'reason'

/** A key that is present with `undefined` clears the value; one that is absent keeps it. */
function named(change: DeliveryChange, key: Clearable): [flag: 0 | 1, value: SqlValue] {
  return Object.hasOwn(change, key) ? [1, change[key] ?? null] : [0, null]
}

function prepareCurrent(db: SqlDatabase): (deliveryId: number) => WireDelivery | undefined {
  const find = db.prepare(`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE id = ?`)
  const findMessage = prepareMessage(db)
  return (deliveryId) => {
    const delivery = find.get(deliveryId)
    const message = delivery && findMessage.get(Number(delivery.message))
    return delivery === undefined || message === undefined ? undefined : { delivery, message }
  }
}
