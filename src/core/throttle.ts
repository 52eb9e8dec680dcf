/**
 * The generic cell rate algorithm as a pure function of state and time. One number of state per
 * limited thing, so it can be stored and survives a restart.
 */

/** How much passes. */
export interface Rate {
  readonly perSecond: number
  /** How many may pass at once after a rest; at least 1. */
  readonly burst: number
}

/** Theoretical arrival time of the next conforming cell; epoch milliseconds. 0 when never used. */
export type ThrottleState = number

/** Whether one unit may pass now. */
export type Throttled =
  | { readonly kind: 'pass'; readonly state: ThrottleState }
  | { readonly kind: 'wait'; readonly state: ThrottleState; readonly waitMs: number }

/** Asks for one unit at `now` (epoch milliseconds). A rate of zero never lets anything pass. */
export function throttle(rate: Rate, state: ThrottleState, now: number): Throttled {
  if (rate.perSecond <= 0) return { kind: 'wait', state, waitMs: Number.POSITIVE_INFINITY }
  const intervalMs = 1000 / rate.perSecond
  const toleranceMs = intervalMs * (Math.max(1, rate.burst) - 1)
  const arrival = Math.max(state, now)
  const waitMs = arrival - toleranceMs - now
  if (waitMs > 0) return { kind: 'wait', state, waitMs: Math.ceil(waitMs) }
  return { kind: 'pass', state: arrival + intervalMs }
}
