/** Leaves a service alone that fails again and again, so that not everybody waits for it in turn. */

export interface Breaker {
  /** Whether to ask now. After the pause one goes to see; the others are still kept back. */
  lets(now: number): boolean
  /** How asking ended. */
  note(good: boolean, now: number): void
}

/** After `failuresMax` failures in a row nobody passes for `pauseMs`. Times are epoch milliseconds. */
export function createBreaker(failuresMax: number, pauseMs: number): Breaker {
  let failures = 0
  let pausedUntil = 0
  return {
    lets(now) {
      if (failures < failuresMax) return true
      if (now < pausedUntil) return false
      pausedUntil = now + pauseMs
      return true
    },
    note(good, now) {
      failures = good ? 0 : failures + 1
      if (failures >= failuresMax) pausedUntil = now + pauseMs
    },
  }
}
