/**
 * A yes that nobody heard: the client's session went between its request and the answer. The message
 * is kept all the same; its history says so, and the client is told once it is there again.
 */
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import { noticesFor } from './notices.ts'
import { type EngineParts, type Kick, subjectOf } from './parts.ts'
import type { Delivery, Op } from './ports/store.ts'

/** Reason, and the notice that did not reach the client. */
const REASON = 'session-gone'
const ACCEPTED = 'accepted'

/** Writes it down. Does nothing for an id of no message, such as that of a part that waits. */
export type AnswerLost = (messageId: string) => Promise<void>

export function createAnswerLost(parts: EngineParts, kick: Kick): AnswerLost {
  const { store, clock, reports } = parts
  return async (messageId) => {
    const story = await store.read({ query: 'message', messageId })
    if (story === undefined) return
    const { message, deliveries } = story
    const now = clock.now()
    const lost = deliveries.map((delivery) => {
      const { index, recipient, lane: route } = delivery
      const tidings = { index, recipient, route, result: 'retrying', reason: REASON } as const
      // Of one that has ended the client learns the end.
      const notices = isFinal(delivery.state)
        ? []
        : noticesFor(reports, message, { ...tidings, happenedAt: now }, now)
      return { event: eventOf(delivery, now), delivery, notices }
    })
    await store.commit(
      lost.map(({ event, delivery, notices }): Op => {
        const tell = notices.length === 0 ? {} : { tell: { deliveryId: delivery.id, notices } }
        return { op: 'append', messageId, events: [event], ...tell }
      }),
    )
    parts.observe(
      subjectOf(message),
      lost.map(({ event }) => event),
    )
    for (const { notices } of lost) {
      for (const { lane, nextAt } of notices) kick.notice(lane, nextAt)
    }
  }
}

function eventOf({ index }: Delivery, at: number): MessageEvent {
  const raw = 'the session ended before the answer'
  const outcome = { kind: 'deferred', reason: REASON, raw } as const
  return { type: 'client-told', at, delivery: index, notice: ACCEPTED, attempt: 1, outcome }
}
