/** Changing a message that waits: all its named deliveries, or nothing. */
import type { Delivery, Op, OpResults } from '../../engine/ports/store.ts'
import { addEvents, checkEnd, latest } from './history.ts'
import type { Journal } from './journal.ts'
import { putDelivery, type Tables } from './tables.ts'

type Revise = Extract<Op, { readonly op: 'revise' }>

export function revise(t: Tables, journal: Journal, op: Revise): OpResults['revise'] {
  const stored = t.messages.get(op.messageId)
  const waiting = op.deliveries.map(({ deliveryId, version }) =>
    waitingAt(t.deliveries.get(deliveryId), op.messageId, version),
  )
  if (stored === undefined || waiting.includes(undefined)) return { kind: 'stale' }
  const { envelope, expiresAt, content } = op.replace ?? {}
  for (const [place, delivery] of waiting.entries()) {
    const change = op.deliveries[place]?.change
    if (delivery === undefined || change === undefined) continue
    const { nextAt: _next, leasedAt: _lease, ...rest } = delivery
    putDelivery(t, journal, {
      ...rest,
      ...change,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      version: delivery.version + 1,
    })
  }
  if (op.replace !== undefined) {
    const message = {
      ...stored.message,
      ...(envelope === undefined ? {} : { envelope }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(content === undefined ? {} : { content }),
    }
    journal.put(t.messages, op.messageId, { ...stored, message })
  }
  addEvents(t, journal, op.messageId, op.events)
  checkEnd(t, journal, op.messageId, latest(op.events))
  return { kind: 'done' }
}

function waitingAt(
  delivery: Delivery | undefined,
  messageId: string,
  version: number,
): Delivery | undefined {
  const waits = delivery?.state === 'queued' || delivery?.state === 'deferred'
  const same = delivery?.messageId === messageId && delivery.version === version
  return waits && same ? delivery : undefined
}
