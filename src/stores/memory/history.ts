/** Events, endings, and forgetting. */
import type { MessageEvent } from '../../core/event.ts'
import type { MessageId } from '../../core/message.ts'
import type { Op, OpResults } from '../../engine/ports/store.ts'
import type { Journal } from './journal.ts'
import { deliveriesOf, type Tables } from './tables.ts'

type Purge = Extract<Op, { readonly op: 'purge' }>

/** Adds to a message that is known; says nothing about one that is not. */
export function addEvents(
  t: Tables,
  journal: Journal,
  messageId: MessageId,
  events: readonly MessageEvent[],
): void {
  if (events.length === 0 || !t.messages.has(messageId)) return
  journal.put(t.events, messageId, [...(t.events.get(messageId) ?? []), ...events])
}

/** The latest moment of some events. */
export function latest(events: readonly MessageEvent[]): number | undefined {
  return events.length === 0 ? undefined : events.reduce((at, event) => Math.max(at, event.at), 0)
}

/** Called after a change that may have been the last of its message; `at` is when it happened. */
export function checkEnd(
  t: Tables,
  journal: Journal,
  messageId: MessageId,
  at: number | undefined,
): void {
  const stored = t.messages.get(messageId)
  if (stored === undefined || t.ended.has(messageId)) return
  const ids = new Set(stored.deliveryIds)
  if (deliveriesOf(t, stored).some(({ nextAt }) => nextAt !== undefined)) return
  for (const { deliveryId } of t.notices.values()) if (ids.has(deliveryId)) return
  journal.put(t.ended, messageId, at ?? stored.message.acceptedAt)
}

export function purge(t: Tables, journal: Journal, op: Purge): OpResults['purge'] {
  const untold = new Set([...t.notices.values()].map(({ notice }) => notice.messageId))
  const ended = [...t.ended].filter(([id, at]) => at < op.before && !untold.has(id))
  const numberOf = (messageId: MessageId) => t.messages.get(messageId)?.number ?? 0
  ended.sort(
    ([leftId, left], [rightId, right]) => left - right || numberOf(leftId) - numberOf(rightId),
  )
  const reports = [...t.reports.values()]
    .filter(({ at }) => at < op.before)
    .sort((left, right) => left.at - right.at)
  for (const [messageId] of ended.slice(0, op.limit)) forget(t, journal, messageId)
  for (const { id } of reports.slice(0, op.limit)) journal.drop(t.reports, id)
  return {
    messages: Math.min(ended.length, op.limit),
    more: ended.length > op.limit || reports.length > op.limit,
  }
}

/** Removes one message with everything that hangs on it. */
export function forget(t: Tables, journal: Journal, messageId: MessageId): void {
  const stored = t.messages.get(messageId)
  if (stored === undefined) return
  const ids = new Set(stored.deliveryIds)
  for (const id of ids) {
    journal.drop(t.deliveries, id)
    journal.drop(t.open, id)
  }
  for (const [name, deliveryId] of t.remotes) if (ids.has(deliveryId)) journal.drop(t.remotes, name)
  for (const { id, deliveryId } of t.notices.values()) {
    if (ids.has(deliveryId)) journal.drop(t.notices, id)
  }
  const { request } = stored
  if (request !== undefined && t.requests.get(request)?.messageId === messageId) {
    journal.drop(t.requests, request)
  }
  for (const [id, part] of t.parts) if (part.messageId === messageId) journal.drop(t.parts, id)
  journal.drop(t.events, messageId)
  journal.drop(t.ended, messageId)
  journal.drop(t.messages, messageId)
}
