/**
 * Stops the process at a named moment, as a power cut would: for the tests that prove what survives.
 * Off unless the environment asks for it.
 */
import type { CrashPoint } from '../engine/parts.ts'

/** `C6-leased` or `C6-leased:3` for the third time the point is passed. */
export const CRASH_VARIABLE = 'CARILLON_CRASH_AT'

/** What the engine calls at each point. */
export function crashPoints(wish: string | undefined): (name: CrashPoint) => void {
  if (wish === undefined || wish === '') return () => undefined
  const [point, times = '1'] = wish.split(':')
  let left = Number(times)
  return (name) => {
    if (name !== point) return
    left -= 1
    // SIGKILL to ourselves: nothing is flushed, no handler runs.
    if (left <= 0) process.kill(process.pid, 'SIGKILL')
  }
}
