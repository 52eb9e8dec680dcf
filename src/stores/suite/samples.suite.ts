/** Messages, notices and ops for tests: small, valid, and alike but for what a test is about. */
import type { MessageEvent } from '../../core/event.ts'
import type { Extent, Idempotency, Message, MessageId } from '../../core/message.ts'
import type { Report } from '../../core/outcome.ts'
import type { Notice } from '../../engine/ports/report-sender.ts'
import type {
  Claimed,
  Delivery,
  DeliveryChange,
  LeasedNotice,
  NewNotice,
  Op,
  Store,
} from '../../engine/ports/store.ts'

type OpOf<Name extends Op['op']> = Extract<Op, { readonly op: Name }>

/** An afternoon in 2026; tests count from here in milliseconds. */
export const T0 = 1_790_000_000_000
/** What sample leases last. */
export const LEASE_MS = 60_000

/** The id of the n-th sample message; they sort like their numbers. */
export function idOf(n: number): MessageId {
  return `1790000000${String(n).padStart(8, '0')}`
}

export interface SampleMessage {
  readonly accountId?: string
  readonly at?: number
  readonly expiresAt?: number
  readonly inline?: Uint8Array
  readonly extents?: readonly Extent[]
}

export function sampleMessage(n: number, wishes: SampleMessage = {}): Message {
  const { accountId = 'acme', at = T0 + n, inline, extents = [] } = wishes
  return {
    id: idOf(n),
    accountId,
    direction: 'mt',
    channel: 'mms',
    dialect: 'sinch',
    acceptedAt: at,
    expiresAt: wishes.expiresAt ?? at + 86_400_000,
    envelope: {
      sender: { kind: 'short-code', text: '12345' },
      subject: `Grüße № ${n}`,
      messageClass: 'personal',
      priority: 'normal',
      senderVisible: true,
      adaptationAllowed: true,
      deliveryReports: true,
      readReports: false,
    },
    content: {
      parts: [],
      length: inline?.length ?? 0,
      extents,
      ...(inline === undefined ? {} : { inline }),
    },
  }
}

export interface SampleAccept extends SampleMessage {
  readonly lane?: string
  readonly recipients?: number
  readonly dueAt?: number
  readonly state?: 'queued' | 'failed'
  readonly notices?: readonly NewNotice[]
  readonly idempotency?: Idempotency & { readonly since: number }
  readonly mediaSynced?: { readonly segment: number; readonly offset: number }
  readonly parts?: MessageId
}

/** Stores the n-th sample message. */
export function acceptOp(n: number, wishes: SampleAccept = {}): OpOf<'accept'> {
  const { lane = 'carrier-a', recipients = 1, state = 'queued', notices = [] } = wishes
  const message = sampleMessage(n, wishes)
  const due = state === 'failed' ? {} : { nextAt: wishes.dueAt ?? message.acceptedAt }
  return {
    op: 'accept',
    message,
    deliveries: Array.from({ length: recipients }, (_, index) => ({
      index,
      recipient: { kind: 'number', text: String(15_550_000_000 + n * 100 + index) },
      lane,
      state,
      ...due,
      ...(state === 'failed' ? { reason: 'no-route' as const } : {}),
    })),
    events: [{ type: 'accepted', at: message.acceptedAt, routes: [] }],
    notices,
    ...(wishes.idempotency === undefined ? {} : { idempotency: wishes.idempotency }),
    mediaSynced: wishes.mediaSynced ?? { segment: 0, offset: 0 },
    ...(wishes.parts === undefined ? {} : { parts: wishes.parts }),
  }
}

/** How long sample parts wait for the others, in milliseconds. */
export const WAIT_MS = 300_000

/** Keeps a sample part, answered with the n-th id. */
export function holdOp(
  n: number,
  sequence: number,
  total: number,
  wishes: {
    readonly key?: string
    readonly at?: number
    readonly fingerprint?: string
    readonly setsMax?: number
  } = {},
): OpOf<'hold-part'> {
  const { key = 'acme 1 2 8 7', at = T0 + n, fingerprint = `f${sequence}`, setsMax = 100 } = wishes
  const { accountId, direction, dialect, envelope } = sampleMessage(n)
  const expiresAt = at + WAIT_MS
  return {
    op: 'hold-part',
    setsMax,
    part: {
      ...{ id: idOf(n), key, total, sequence, fingerprint, at, expiresAt, receipt: true },
      submission: {
        ...{ accountId, direction, channel: 'sms', dialect, envelope },
        recipients: [{ kind: 'number', text: '15550000000' }],
      },
      octets: 'aGk=',
      dataCoding: 0,
    },
  }
}

export function claimOp(lane: string, now: number, limit = 100): OpOf<'claim'> {
  return { op: 'claim', lane, now, leaseUntil: now + LEASE_MS, limit }
}

export function claimNoticesOp(lane: string, now: number, limit = 100): OpOf<'claim-notices'> {
  return { op: 'claim-notices', lane, now, leaseUntil: now + LEASE_MS, limit }
}

/** Leases one due delivery of a lane; there must be one. */
export async function claimOne(store: Store, lane: string, now: number): Promise<Claimed> {
  const [{ claimed }] = await store.commit([claimOp(lane, now, 1)])
  const [first] = claimed
  if (first === undefined) throw new Error(`nothing is due in ${lane}`)
  return first
}

/** Leases one due notice of a lane; there must be one. */
export async function claimNotice(store: Store, lane: string, now: number): Promise<LeasedNotice> {
  const [{ claimed }] = await store.commit([claimNoticesOp(lane, now, 1)])
  const [first] = claimed
  if (first === undefined) throw new Error(`nothing is due in ${lane}`)
  return first
}

export type SampleSettle = Partial<Omit<OpOf<'settle'>, 'op' | 'change'>> & {
  readonly change?: Partial<DeliveryChange>
}

/** Ends a delivery as delivered at `at`, but for what `wishes` say. */
export function settleOp(
  delivery: Pick<Delivery, 'id' | 'version' | 'index'>,
  at: number,
  wishes: SampleSettle = {},
): OpOf<'settle'> {
  const change: DeliveryChange = { state: 'delivered', nextAt: undefined, ...wishes.change }
  return {
    op: 'settle',
    deliveryId: delivery.id,
    version: delivery.version,
    events: [attempted(delivery.index, at, change.state)],
    notices: [],
    ...wishes,
    change,
  }
}

export function attempted(
  delivery: number,
  at: number,
  state: DeliveryChange['state'],
): MessageEvent {
  return {
    type: 'attempted',
    at,
    delivery,
    attempt: 1,
    token: 1,
    startedAt: at,
    route: 'carrier-a',
    outcome: { kind: 'delivered' },
    state,
  }
}

/** A notice for the n-th sample message. */
export function noticeOf(
  n: number,
  result: Notice['result'],
  dueAt: number,
  wishes: { readonly index?: number; readonly lane?: string; readonly accountId?: string } = {},
): NewNotice {
  const { index = 0, lane = 'client:acme', accountId = 'acme' } = wishes
  const { id, dialect, envelope } = sampleMessage(n)
  return {
    lane,
    nextAt: dueAt,
    notice: {
      id: `${id}-${index}-${result}`,
      messageId: id,
      index,
      accountId,
      dialect,
      route: 'carrier-a',
      recipient: { kind: 'number', text: String(15_550_000_000 + n * 100 + index) },
      envelope,
      result,
      happenedAt: dueAt,
    },
  }
}

export function settleNoticeOp(
  { id, token, notice }: LeasedNotice,
  result: OpOf<'settle-notice'>['result'],
  at: number,
): OpOf<'settle-notice'> {
  const event: MessageEvent = {
    type: 'client-told',
    at,
    delivery: notice.index,
    notice: notice.result,
    attempt: 1,
    outcome: { kind: 'delivered' },
  }
  return {
    op: 'settle-notice',
    id,
    token,
    result,
    messageId: notice.messageId,
    events: [event],
  }
}

export const RETRIEVED: Report = { status: 'retrieved', raw: 'Retrieved' }

export function receiveOp(remoteId: string, at: number, park = true): OpOf<'receive'> {
  return { op: 'receive', route: 'carrier-a', remoteId, report: RETRIEVED, at, park }
}
