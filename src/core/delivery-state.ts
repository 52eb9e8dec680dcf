/**
 * The life of one delivery (one message, one recipient) as a table.
 *
 * queued      waiting for its first attempt
 * attempting  leased to a dispatcher, an attempt is under way
 * deferred    an attempt failed for now; waiting for the next
 * submitted   the next hop took it; an answer or a report is still to come
 * delivered   final: handset evidence, or the client's own acceptance of an inbound message
 * forwarded   final: passed on; the last evidence there will be says so
 * failed      final: refused, with a reason
 * expired     final: the validity period ended first
 * cancelled   final: withdrawn
 * unknown     final: nobody can say; never counted as success or failure
 */
export type DeliveryState =
  | 'queued'
  | 'attempting'
  | 'deferred'
  | 'submitted'
  | 'delivered'
  | 'forwarded'
  | 'failed'
  | 'expired'
  | 'cancelled'
  | 'unknown'

const FINALS = ['delivered', 'forwarded', 'failed', 'expired', 'cancelled', 'unknown'] as const

const STEPS = {
  queued: ['attempting', 'failed', 'expired', 'cancelled'],
  attempting: ['submitted', 'deferred', ...FINALS],
  deferred: ['attempting', 'submitted', ...FINALS],
  submitted: ['attempting', 'deferred', ...FINALS],
  delivered: [],
  forwarded: [],
  failed: [],
  expired: [],
  cancelled: [],
  unknown: [],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>

/** Every state, in the order of a life. */
export const DELIVERY_STATES = Object.keys(STEPS) as readonly DeliveryState[]

/** True for a state nothing ever leaves: the first final wins, later claims are evidence. */
export function isFinal(state: DeliveryState): boolean {
  return STEPS[state].length === 0
}

/** Whether a step may be taken, and if not, why not. */
export type Step =
  | { readonly kind: 'moved'; readonly to: DeliveryState }
  | { readonly kind: 'ignored'; readonly because: 'repeat' | 'after-final' | 'out-of-order' }

/** Applies a wish to move. Repeats and stragglers are ordinary: answers, not errors. */
export function step(from: DeliveryState, to: DeliveryState): Step {
  if (from === to) return { kind: 'ignored', because: 'repeat' }
  if (isFinal(from)) return { kind: 'ignored', because: 'after-final' }
  const legal: readonly DeliveryState[] = STEPS[from]
  return legal.includes(to) ? { kind: 'moved', to } : { kind: 'ignored', because: 'out-of-order' }
}
