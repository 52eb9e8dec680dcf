/** What the memory store remembers. Values are never changed in place, only replaced. */
import type { MessageEvent } from '../../core/event.ts'
import type { Message, MessageId } from '../../core/message.ts'
import type { Report } from '../../core/outcome.ts'
import type { Notice } from '../../engine/ports/report-sender.ts'
import type { Delivery, HeldPart } from '../../engine/ports/store.ts'
import type { Journal } from './journal.ts'

export interface StoredMessage {
  readonly message: Message
  /** Grows in the order of acceptance. */
  readonly number: number
  /** Deliveries of one message have consecutive ids. */
  readonly deliveryIds: readonly number[]
  /** The idempotency key it came with, if any. */
  readonly request?: string
}

export interface StoredNotice {
  readonly id: number
  readonly deliveryId: number
  readonly lane: string
  readonly notice: Notice
  readonly dueAt: number
  readonly attempts: number
  readonly token: number
  readonly parked: boolean
}

export interface StoredReport {
  readonly id: number
  readonly route: string
  readonly remoteId: string
  readonly report: Report
  readonly at: number
  readonly aliases?: readonly string[]
}

export interface StoredPart {
  readonly part: HeldPart
  /** The part of its set that came first, by id. */
  readonly first: MessageId
  readonly expiresAt: number
  /** What the set became; absent while it waits. */
  readonly messageId?: MessageId
}

export interface Tables {
  readonly messages: Map<MessageId, StoredMessage>
  readonly deliveries: Map<number, Delivery>
  /** Ids of deliveries that have a next moment: what a claim has to look at. */
  readonly open: Map<number, true>
  readonly events: Map<MessageId, readonly MessageEvent[]>
  readonly notices: Map<number, StoredNotice>
  /** Delivery ids by `remoteName`. */
  readonly remotes: Map<string, number>
  readonly reports: Map<number, StoredReport>
  readonly parts: Map<MessageId, StoredPart>
  readonly requests: Map<string, { readonly messageId: MessageId; readonly at: number }>
  /** When each message ended that has nothing left to do. */
  readonly ended: Map<MessageId, number>
  readonly directory: Map<
    string,
    { readonly kind: string; readonly name: string; readonly value: unknown }
  >
  readonly state: Map<string, string>
  /** The next free id of each kind. */
  readonly counters: Map<'delivery' | 'notice' | 'report', number>
}

export function createTables(): Tables {
  return {
    messages: new Map(),
    deliveries: new Map(),
    open: new Map(),
    events: new Map(),
    notices: new Map(),
    remotes: new Map(),
    reports: new Map(),
    parts: new Map(),
    requests: new Map(),
    ended: new Map(),
    directory: new Map(),
    state: new Map(),
    counters: new Map(),
  }
}

/** Key of a far end's name for a delivery. */
export function remoteName(route: string, remoteId: string): string {
  return JSON.stringify([route, remoteId])
}

/** Takes the next id of a kind. */
export function takeId(
  { counters }: Tables,
  journal: Journal,
  kind: 'delivery' | 'notice' | 'report',
): number {
  const id = counters.get(kind) ?? 1
  journal.put(counters, kind, id + 1)
  return id
}

/** Replaces a delivery. */
export function putDelivery(tables: Tables, journal: Journal, delivery: Delivery): void {
  journal.put(tables.deliveries, delivery.id, delivery)
  if (delivery.nextAt === undefined) journal.drop(tables.open, delivery.id)
  else if (!tables.open.has(delivery.id)) journal.put(tables.open, delivery.id, true)
}

/** The deliveries of a message, in order. */
export function deliveriesOf(
  { deliveries }: Tables,
  { deliveryIds }: StoredMessage,
): readonly Delivery[] {
  return deliveryIds.flatMap((id) => deliveries.get(id) ?? [])
}

/** The message of a delivery; there always is one. */
export function messageOf({ messages }: Tables, { id, messageId }: Delivery): Message {
  const stored = messages.get(messageId)
  if (stored === undefined) throw new Error(`delivery ${id} without its message`)
  return stored.message
}

/** Smallest first by `key`, then by id. */
export function byKeyThenId<Row extends { readonly id: number }>(
  key: (row: Row) => number,
): (left: Row, right: Row) => number {
  return (left, right) => key(left) - key(right) || left.id - right.id
}

/** The smallest of some numbers as the property `nextAt`, or nothing. */
export function earliest(times: readonly number[]): { readonly nextAt?: number } {
  return times.length === 0 ? {} : { nextAt: times.reduce((a, b) => Math.min(a, b)) }
}
