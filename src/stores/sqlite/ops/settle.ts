/** Changes a delivery that nobody else changed meanwhile, with everything that belongs to it. */
import type { DeliveryChange } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow, SqlValue } from '../driver.ts'
import { DELIVERY_COLUMNS } from '../rows.ts'
import type { WireResults, WireSettle } from '../wire.ts'
import type { CheckEnd } from './ending.ts'
import type { EventLog } from './events.ts'
import type { Outbox } from './outbox.ts'
import type { Reports } from './reports.ts'

export function prepareSettle(
  db: SqlDatabase,
  events: EventLog,
  outbox: Outbox,
  reports: Reports,
  checkEnd: CheckEnd,
): (op: WireSettle) => WireResults['settle'] {
  const find = db.prepare(`SELECT ${DELIVERY_COLUMNS}, links FROM delivery WHERE id = ?`)
  const update = db.prepare(
    `UPDATE delivery SET state = ?, next_at = ?, leased_at = ?, attempts = ?, remote_id = ?,
       expects = ?, submitted_at = ?, reason = ?, links = ?, version = version + 1
     WHERE id = ?`,
  )

  return ({ deliveryId, version, change, events: happened, notices, link, unpark }) => {
    const found = find.get(deliveryId)
    if (found === undefined) return { kind: 'stale', current: undefined }
    const { links, ...row } = found
    if (row.version !== version) return { kind: 'stale', current: row }

    const messageId = String(row.message_id)
    update.run(
      change.state,
      change.nextAt ?? null,
      change.state === 'attempting' ? column(row, 'leased_at') : null,
      change.attempts ?? column(row, 'attempts'),
      changed(change, 'remoteId', row, 'remote_id'),
      changed(change, 'expects', row, 'expects'),
      changed(change, 'submittedAt', row, 'submitted_at'),
      changed(change, 'reason', row, 'reason'),
      link === undefined ? (links ?? null) : withLink(links, [link.route, link.remoteId]),
      deliveryId,
    )
    events.append(messageId, happened)
    outbox.add(messageId, deliveryId, notices)
    reports.unpark(unpark)
    if (change.nextAt === undefined && notices.length === 0) checkEnd(messageId, happened?.at)
    const parked = link === undefined ? [] : reports.link(link.route, link.remoteId, deliveryId)
    return { kind: 'done', version: version + 1, parked }
  }
}

type Clearable = 'remoteId' | 'expects' | 'submittedAt' | 'reason'

/** A key that is present with `undefined` clears the value; one that is absent keeps it. */
function changed(change: DeliveryChange, key: Clearable, row: SqlRow, name: string): SqlValue {
  return Object.hasOwn(change, key) ? (change[key] ?? null) : column(row, name)
}

function column(row: SqlRow, name: string): SqlValue {
  return row[name] ?? null
}

type Link = readonly [route: string, remoteId: string]

function withLink(links: SqlValue | undefined, link: Link): string {
  if (typeof links !== 'string') return JSON.stringify([link])
  const known = JSON.parse(links) as Link[]
  const repeated = known.some(([route, remoteId]) => route === link[0] && remoteId === link[1])
  return repeated ? links : JSON.stringify([...known, link])
}
