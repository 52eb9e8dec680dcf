/** How fast each account calls, whatever door it calls at. */
import type { Account } from '../core/directory.ts'
import { type ThrottleState, throttle } from '../core/throttle.ts'
import type { Clock } from '../engine/ports/clock.ts'

/** Remembers how fast each account calls. */
export interface CallRates {
  /** True when one more call may pass now; counts it. */
  pass(account: Account): boolean
}

export function createCallRates(clock: Clock): CallRates {
  const states = new Map<string, ThrottleState>()
  return {
    pass({ id, limits }) {
      const rate = { perSecond: limits.callsPerSecond, burst: limits.callsBurst }
      const turn = throttle(rate, states.get(id) ?? 0, clock.now())
      states.set(id, turn.state)
      return turn.kind === 'pass'
    },
  }
}
