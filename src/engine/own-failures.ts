/**
 * Remembers requests that ended in a fault of ours. One that fails again and again while others
 * pass is itself the trouble: its sender is told not to repeat it. When everything fails, the
 * gateway is the trouble, and repeating is right.
 */
import type { Reason } from '../core/reason.ts'

export interface OwnFailures {
  /** Whether there is anything a request that passes could undo. */
  readonly any: boolean
  /** A request failed; what to say. `request`: short, and the same for every repetition. */
  failed(request: string): Reason
  /** A request passed. */
  passed(request: string): void
}

/** Failures in a row of one request, after which it is to blame. */
const FAILURES_MAX = 3
/** So many different requests failing with none passing between them are an outage. */
const OUTAGE_REQUESTS_MIN = 10
/** Requests remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 10_000

export function createOwnFailures(): OwnFailures {
  /** Failures in a row, by request, the latest last. */
  const failures = new Map<string, number>()
  let failedSincePass = new Set<string>()
  return {
    get any() {
      return failures.size > 0
    },
    failed(request) {
      const count = (failures.get(request) ?? 0) + 1
      failures.delete(request)
      failures.set(request, count)
      if (failures.size > REMEMBERED_MAX) {
        for (const oldest of failures.keys()) {
          failures.delete(oldest)
          break
        }
      }
      if (failedSincePass.size < OUTAGE_REQUESTS_MIN) failedSincePass.add(request)
      const outage = failedSincePass.size >= OUTAGE_REQUESTS_MIN
      return count >= FAILURES_MAX && !outage ? 'poison-message' : 'internal-error'
    },
    passed(request) {
      if (failures.size > 0) failures.delete(request)
      if (failedSincePass.size > 0) failedSincePass = new Set()
    },
  }
}
