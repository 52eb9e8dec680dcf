/** A clock that stands still until a test moves it; then every beat comes once. */

import type { SessionClock } from '../clock.ts'

export interface ManualClock extends SessionClock {
  advance(ms: number): void
}

export function createManualClock(): ManualClock {
  const beats = new Set<() => void>()
  let now = 1_000_000
  return {
    now: () => now,
    every(_ms, callback) {
      beats.add(callback)
      return () => void beats.delete(callback)
    },
    advance(ms) {
      now += ms
      for (const beat of [...beats]) beat()
    },
  }
}
