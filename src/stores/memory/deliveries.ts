/** Accepting, leasing and settling deliveries, and matching reports with them. */
import type { Content } from '../../core/message.ts'
import type {
  Claimed,
  Delivery,
  LeasedNotice,
  NewDelivery,
  Op,
  OpResults,
  ParkedReport,
  RemoteNames,
} from '../../engine/ports/store.ts'
import { isMessageId } from '../message-id.ts'
import { sameExtents } from '../same-extents.ts'
import { addEvents, checkEnd, latest } from './history.ts'
import type { Journal } from './journal.ts'
import { addNotices, leasedOf } from './notices.ts'
import { becomeMessage, waitingParts } from './parts.ts'
import {
  byKeyThenId,
  earliest,
  messageOf,
  putDelivery,
  remoteName,
  type Tables,
  takeId,
} from './tables.ts'

type OpOf<Name extends Op['op']> = Extract<Op, { readonly op: Name }>

export function accept(t: Tables, journal: Journal, op: OpOf<'accept'>): OpResults['accept'] {
  const { message, idempotency } = op
  if (!isMessageId(message.id)) throw new TypeError(`not a message id: ${message.id}`)
  const request =
    idempotency === undefined
      ? undefined
      : JSON.stringify([idempotency.scope, idempotency.key, idempotency.fingerprint])
  const earlier = request === undefined ? undefined : t.requests.get(request)
  if (earlier !== undefined && idempotency !== undefined && earlier.at >= idempotency.since) {
    const content = t.messages.get(earlier.messageId)?.message.content
    return { kind: 'duplicate', messageId: earlier.messageId, extents: content?.extents ?? [] }
  }
  if (op.parts !== undefined && waitingParts(t, op.parts).length === 0) {
    return { kind: 'parts-gone' }
  }
  if (t.messages.has(message.id)) return { kind: 'id-taken' }

  const firstDeliveryId = t.counters.get('delivery') ?? 1
  const deliveries = op.deliveries.map((delivery) =>
    newDelivery(takeId(t, journal, 'delivery'), delivery, op),
  )
  for (const delivery of deliveries) putDelivery(t, journal, delivery)
  // A message to nobody still needs a number of its own.
  if (deliveries.length === 0) takeId(t, journal, 'delivery')
  journal.put(t.messages, message.id, {
    message,
    number: firstDeliveryId,
    deliveryIds: deliveries.map(({ id }) => id),
    ...(request === undefined ? {} : { request }),
  })
  if (request !== undefined) {
    journal.put(t.requests, request, { messageId: message.id, at: message.acceptedAt })
  }
  if (op.parts !== undefined) becomeMessage(t, journal, op.parts, message.id)
  addEvents(t, journal, message.id, op.events)
  const leased: LeasedNotice[] = []
  for (const notice of op.notices) {
    const delivery = deliveries.find(({ index }) => index === notice.notice.index)
    if (delivery === undefined) {
      throw new Error(`a notice names recipient ${notice.notice.index}, who is not there`)
    }
    leased.push(...addNotices(t, journal, delivery.id, [notice]))
  }
  if (deliveries.every(({ state }) => state === 'failed')) {
    checkEnd(t, journal, message.id, latest(op.events))
  }
  return { kind: 'accepted', firstDeliveryId, ...leasedOf(op.notices, leased) }
}

function newDelivery(id: number, delivery: NewDelivery, { message }: OpOf<'accept'>): Delivery {
  return {
    ...delivery,
    id,
    messageId: message.id,
    expiresAt: message.expiresAt,
    attempts: 0,
    token: 0,
    version: 0,
  }
}

export function claim(t: Tables, journal: Journal, op: OpOf<'claim'>): OpResults['claim'] {
  const inLane = (delivery: Delivery) => delivery.lane === op.lane
  const due = openDeliveries(t)
    .filter((delivery) => inLane(delivery) && dueAt(delivery) <= op.now)
    .sort(byKeyThenId(dueAt))
    .slice(0, op.limit)
  const claimed = due.map((delivery) => lease(t, journal, delivery, op))
  return { claimed, ...earliest(openDeliveries(t).filter(inLane).map(dueAt)) }
}

export function claimExpired(
  t: Tables,
  journal: Journal,
  op: OpOf<'claim-expired'>,
): OpResults['claim-expired'] {
  const waiting = () =>
    openDeliveries(t).filter(({ state }) => state === 'queued' || state === 'deferred')
  const endOf = ({ expiresAt }: Delivery) => expiresAt
  const expired = waiting()
    .filter(({ expiresAt }) => expiresAt <= op.now)
    .sort(byKeyThenId(endOf))
    .slice(0, op.limit)
  const claimed = expired.map((delivery) => lease(t, journal, delivery, op))
  return { claimed, ...earliest(waiting().map(endOf)) }
}

function openDeliveries(t: Tables): Delivery[] {
  return [...t.open.keys()].flatMap((id) => t.deliveries.get(id) ?? [])
}

function dueAt({ nextAt }: Delivery): number {
  return nextAt ?? Number.POSITIVE_INFINITY
}

function lease(
  t: Tables,
  journal: Journal,
  delivery: Delivery,
  { now, leaseUntil }: { readonly now: number; readonly leaseUntil: number },
): Claimed {
  const leased: Delivery = {
    ...delivery,
    // A timer that ran out does not take the next hop's word back.
    state: delivery.state === 'submitted' ? 'submitted' : 'attempting',
    nextAt: leaseUntil,
    leasedAt: now,
    token: delivery.token + 1,
    version: delivery.version + 1,
  }
  putDelivery(t, journal, leased)
  return { previous: delivery.state, delivery: leased, message: messageOf(t, delivery) }
}

export function makeDue(t: Tables, journal: Journal, op: OpOf<'make-due'>): OpResults['make-due'] {
  const waiting = openDeliveries(t).filter(
    (delivery) =>
      delivery.lane === op.lane &&
      dueAt(delivery) > op.now &&
      (delivery.state === 'queued' || delivery.state === 'deferred'),
  )
  for (const delivery of waiting) {
    putDelivery(t, journal, { ...delivery, nextAt: op.now, version: delivery.version + 1 })
  }
  return { count: waiting.length }
}

export function settle(t: Tables, journal: Journal, op: OpOf<'settle'>): OpResults['settle'] {
  const delivery = t.deliveries.get(op.deliveryId)
  const open = delivery?.nextAt !== undefined
  // What is final has no next moment, and nothing leaves it.
  if (delivery === undefined || delivery.version !== op.version || !open) {
    return { kind: 'stale', current: delivery }
  }
  putDelivery(t, journal, changedBy(delivery, op.change))
  addEvents(t, journal, delivery.messageId, op.events)
  const leased = addNotices(t, journal, delivery.id, op.notices)
  unpark(t, journal, op.unpark)
  if (op.change.nextAt === undefined) {
    checkEnd(t, journal, delivery.messageId, latest(op.events))
  }
  return {
    kind: 'done',
    version: delivery.version + 1,
    parked: op.link === undefined ? [] : link(t, journal, delivery, op.link),
    ...leasedOf(op.notices, leased),
  }
}

/** A key that is present with `undefined` clears the value; one that is absent keeps it. */
function changedBy(delivery: Delivery, change: OpOf<'settle'>['change']): Delivery {
  const { leasedAt, ...rest } = delivery
  const wished = { ...rest, ...change, version: delivery.version + 1 }
  const values = Object.entries(wished).filter(([, value]) => value !== undefined)
  const held = change.state === 'attempting' && leasedAt !== undefined
  return { ...Object.fromEntries(values), ...(held ? { leasedAt } : {}) } as Delivery
}

function link(
  t: Tables,
  journal: Journal,
  delivery: Delivery,
  { route, remoteId, otherIds = [] }: RemoteNames,
): ParkedReport[] {
  const ids = [remoteId, ...otherIds]
  for (const id of ids) journal.put(t.remotes, remoteName(route, id), delivery.id)
  const parked = [...t.reports.values()].filter(
    (stored) => stored.route === route && ids.includes(stored.remoteId),
  )
  unspell(
    t,
    journal,
    parked.map(({ id }) => id),
  )
  return parked.map(({ id, remoteId, report, at }) => ({ id, remoteId, report, at }))
}

/** Lets go of parked reports that were used. */
export function unpark(t: Tables, journal: Journal, ids: readonly number[] = []): void {
  for (const id of ids) journal.drop(t.reports, id)
}

/** Leaves parked reports to their own id. */
export function unspell(t: Tables, journal: Journal, ids: readonly number[]): void {
  for (const id of ids) {
    const stored = t.reports.get(id)
    if (stored?.aliases === undefined) continue
    const { aliases: _, ...rest } = stored
    journal.put(t.reports, id, rest)
  }
}

export function receive(t: Tables, journal: Journal, op: OpOf<'receive'>): OpResults['receive'] {
  const { route, remoteId, report, at, aliases } = op
  const delivery = t.deliveries.get(t.remotes.get(remoteName(route, remoteId)) ?? -1)
  if (delivery !== undefined) {
    return { kind: 'found', delivery, message: messageOf(t, delivery) }
  }
  if (!op.park) return { kind: 'unknown' }
  const id = takeId(t, journal, 'report')
  const stored = { id, route, remoteId, report, at }
  journal.put(t.reports, id, aliases === undefined ? stored : { ...stored, aliases })
  return { kind: 'parked' }
}

export function relocate(t: Tables, journal: Journal, op: OpOf<'relocate'>): OpResults['relocate'] {
  const stored = t.messages.get(op.messageId)
  if (stored === undefined) return { kind: 'stale' }
  const { message } = stored
  if (!sameExtents(message.content.extents, op.from)) return { kind: 'stale' }
  const content: Content = { ...message.content, extents: op.to }
  journal.put(t.messages, op.messageId, { ...stored, message: { ...message, content } })
  return { kind: 'done' }
}
