/** How fast each account hands messages in: what is over its pace is refused, never queued. */
import { type ThrottleState, throttle } from '../../core/throttle.ts'
import type { CallRates } from '../call-rates.ts'
import type { Client } from './door.ts'

export interface Pace {
  /** Whether one more may come now; counts it. */
  pass(client: Client, now: number): boolean
}

/** Counts for all sessions of an account together; minutes and days, with all other doors. */
export function createPace(rates: CallRates): Pace {
  const states = new Map<string, ThrottleState>()
  return {
    pass({ account, access }, now) {
      const { callsPerSecond, callsBurst } = account.limits
      const perSecond = access.perSecond ?? callsPerSecond
      // A second's worth may come at once: windows come in bursts.
      const burst = Math.max(perSecond, access.perSecond === undefined ? callsBurst : 1)
      const turn = throttle({ perSecond, burst }, states.get(account.id) ?? 0, now)
      if (turn.kind === 'wait' || !rates.passWindows(account)) return false
      states.set(account.id, turn.state)
      return true
    },
  }
}
