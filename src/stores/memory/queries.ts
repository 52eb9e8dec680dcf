/** What can be asked. */
import type { AnswerOf, BacklogRow, MessageStory, Query } from '../../engine/ports/store.ts'
import { lateParts } from './parts.ts'
import { speltReports } from './spelt-reports.ts'
import { deliveriesOf, type StoredMessage, type Tables } from './tables.ts'

type QueryOf<Name extends Query['query']> = Extract<Query, { readonly query: Name }>

export function answer(t: Tables, query: Query): AnswerOf<Query> {
  switch (query.query) {
    case 'message':
      return story(t, t.messages.get(query.messageId) ?? ofPart(t, query.messageId))
    case 'waiting-part': {
      const stored = t.parts.get(query.id)
      return stored?.messageId === undefined ? stored?.part : undefined
    }
    case 'late-parts':
      return lateParts(t, query.now, query.limit)
    case 'spelt-reports':
      return speltReports(t, query.limit)
    case 'messages':
      return page(t, query)
    case 'lanes':
      return {
        deliveries: sorted(openDeliveries(t).map(({ lane }) => lane)),
        notices: sorted(
          [...t.notices.values()].flatMap(({ parked, lane }) => (parked ? [] : lane)),
        ),
      }
    case 'backlog':
      return { deliveries: deliveryBacklog(t), notices: noticeBacklog(t) }
    case 'parked-notices':
      return [...t.notices.values()]
        .filter(({ parked }) => parked)
        .sort((left, right) => left.id - right.id)
        .slice(0, query.limit)
        .map(({ id, attempts, notice }) => ({ id, attempts, notice }))
    case 'directory':
      return [...t.directory.values()].sort(
        (left, right) => order(left.kind, right.kind) || order(left.name, right.name),
      )
    case 'state':
      return t.state.get(query.name)
    case 'segments':
      return segments(t)
    case 'segment-messages':
      return inOrder(t)
        .filter(({ message }) => message.content.extents.some((e) => e.segment === query.segment))
        .slice(0, query.limit)
        .map(({ message }) => ({ messageId: message.id, content: message.content }))
  }
}

function ofPart(t: Tables, id: string): StoredMessage | undefined {
  const messageId = t.parts.get(id)?.messageId
  return messageId === undefined ? undefined : t.messages.get(messageId)
}

function story(t: Tables, stored: StoredMessage | undefined): MessageStory | undefined {
  if (stored === undefined) return undefined
  const { message, deliveryIds } = stored
  const notices = [...t.notices.values()]
    .filter(({ deliveryId }) => deliveryIds.includes(deliveryId))
    .sort((left, right) => left.id - right.id)
  return {
    message,
    deliveries: deliveriesOf(t, stored),
    events: t.events.get(message.id) ?? [],
    notices: notices.map(({ notice, attempts, parked, dueAt }) => ({
      notice,
      attempts,
      ...(parked ? {} : { nextAt: dueAt }),
      parked,
    })),
  }
}

function page(t: Tables, { limit, accountId, before }: QueryOf<'messages'>): AnswerOf<Query> {
  return inOrder(t)
    .reverse()
    .filter(({ message }) => accountId === undefined || message.accountId === accountId)
    .filter(({ message }) => before === undefined || message.id < before)
    .slice(0, limit)
    .map((stored) => ({
      message: stored.message,
      states: deliveriesOf(t, stored).map(({ state }) => state),
    }))
}

function inOrder(t: Tables): StoredMessage[] {
  return [...t.messages.values()].sort((left, right) => order(left.message.id, right.message.id))
}

function openDeliveries(t: Tables) {
  const ids = [...t.open.keys()].sort((left, right) => left - right)
  return ids.flatMap((id) => t.deliveries.get(id) ?? [])
}

function deliveryBacklog(t: Tables): BacklogRow[] {
  const rows = new Map<string, BacklogRow>()
  // Ids are given in the order of acceptance, so the first of a row is its oldest.
  for (const { lane, state, messageId, nextAt } of openDeliveries(t)) {
    const key = JSON.stringify([lane, state])
    const row = rows.get(key)
    const times = [row?.nextAt, nextAt].filter((at) => at !== undefined)
    rows.set(key, {
      lane,
      state,
      count: (row?.count ?? 0) + 1,
      oldestAt: row?.oldestAt ?? t.messages.get(messageId)?.message.acceptedAt ?? 0,
      nextAt: Math.min(...times),
    })
  }
  return [...rows.values()].sort(
    (left, right) => order(left.lane, right.lane) || order(left.state, right.state),
  )
}

function noticeBacklog(t: Tables) {
  const rows = new Map<string, { lane: string; count: number; parked: number }>()
  for (const { lane, parked } of t.notices.values()) {
    const row = rows.get(lane) ?? { lane, count: 0, parked: 0 }
    if (parked) row.parked += 1
    else row.count += 1
    rows.set(lane, row)
  }
  return [...rows.values()].sort((left, right) => order(left.lane, right.lane))
}

function segments(t: Tables) {
  const live = new Map<number, number>()
  for (const { message } of t.messages.values()) {
    for (const { segment, length } of message.content.extents) {
      live.set(segment, (live.get(segment) ?? 0) + length)
    }
  }
  return [...live]
    .filter(([, liveBytes]) => liveBytes > 0)
    .sort(([left], [right]) => left - right)
    .map(([segment, liveBytes]) => ({ segment, liveBytes }))
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== '').sort(order)
}
