/**
 * Commits again while the store has no room. For what happened outside and cannot be had a second
 * time: the outcome of an attempt, a client that was told, a report in hand.
 */
import type { Clock } from './ports/clock.ts'
import { StoreFullError, StoreOverloadedError } from './ports/store-error.ts'

const REST_MS = 1000

/** Any other error, and one at or after `until` (epoch milliseconds), is the caller's. */
export async function insist<Result>(
  clock: Clock,
  until: number,
  commit: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await commit()
    } catch (error) {
      const mayPass = error instanceof StoreFullError || error instanceof StoreOverloadedError
      const again = clock.now() + REST_MS
      if (!mayPass || again >= until) throw error
      await new Promise<void>((resolve) => {
        clock.wakeAt(again, resolve)
      })
    }
  }
}
