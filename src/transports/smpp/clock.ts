/** Time as sessions see it: one coarse beat for all of them instead of timers for each. */

import { performance } from 'node:perf_hooks'

/** A clock that tests can move. */
export interface SessionClock {
  /** Milliseconds that never run back; their zero means nothing. */
  now(): number
  /** Calls back again and again until the answer is called. */
  every(ms: number, callback: () => void): () => void
}

/** The machine's. Its beats keep no process alive. */
export const MACHINE_CLOCK: SessionClock = {
  now: () => performance.now(),
  every(ms, callback) {
    const timer = setInterval(callback, ms).unref()
    return () => clearInterval(timer)
  },
}

/** How often to look at deadlines: finely enough for the shortest of them. */
export function beatMs(deadlinesMs: readonly number[]): number {
  const shortestMs = Math.min(...deadlinesMs.filter((ms) => ms > 0))
  return Math.min(BEAT_MS_MAX, Math.max(BEAT_MS_MIN, shortestMs / BEATS_PER_DEADLINE))
}

const BEAT_MS_MAX = 1000
const BEAT_MS_MIN = 10
const BEATS_PER_DEADLINE = 4
