/**
 * How fast each account calls, whatever door it calls at: per second, and where its entry says so,
 * per minute and per day. Counted in memory: a start of the gateway begins every count anew. A call
 * that is refused is not counted.
 */
import type { Account, AccountLimits } from '../core/directory.ts'
import { type ThrottleState, throttle } from '../core/throttle.ts'
import type { Clock } from '../engine/ports/clock.ts'

/** Remembers how fast each account calls. */
export interface CallRates {
  /** True when one more call may pass now; counts it. */
  pass(account: Account): boolean
  /** As `pass`, for a door that keeps a pace of its own within the second. */
  passWindows(account: Account): boolean
  /** How long until a call may pass again, in milliseconds, at most a day; 0 when one may now. */
  waitMs(account: Account): number
}

/** Calls since the first of this window, which opens anew with the first call after its end. */
interface Window {
  /** Epoch milliseconds. */
  endsAt: number
  calls: number
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

const WINDOWS = [
  { limit: 'callsPerMinute', lengthMs: MINUTE_MS },
  { limit: 'callsPerDay', lengthMs: DAY_MS },
] as const satisfies readonly { readonly limit: keyof AccountLimits; readonly lengthMs: number }[]

interface Counts {
  state: ThrottleState
  readonly windows: Record<(typeof WINDOWS)[number]['limit'], Window>
}

/** One for all doors. */
export function createCallRates(clock: Clock): CallRates {
  const counts = new Map<string, Counts>()

  function countsOf(id: string): Counts {
    const known = counts.get(id)
    if (known !== undefined) return known
    const none = () => ({ endsAt: 0, calls: 0 })
    const fresh = { state: 0, windows: { callsPerMinute: none(), callsPerDay: none() } }
    counts.set(id, fresh)
    return fresh
  }

  function turnOf({ limits }: Account, { state }: Counts, now: number) {
    const rate = { perSecond: limits.callsPerSecond, burst: limits.callsBurst }
    return throttle(rate, state, now)
  }

  function windowsWaitMs({ limits }: Account, { windows }: Counts, now: number): number {
    return WINDOWS.reduce((longest, { limit }) => {
      const { endsAt, calls } = windows[limit]
      const full = endsAt > now && calls >= (limits[limit] ?? Number.POSITIVE_INFINITY)
      return full ? Math.max(longest, endsAt - now) : longest
    }, 0)
  }

  function countInWindows({ windows }: Counts, now: number): void {
    for (const { limit, lengthMs } of WINDOWS) {
      const window = windows[limit]
      if (window.endsAt <= now) {
        window.endsAt = now + lengthMs
        window.calls = 0
      }
      window.calls += 1
    }
  }

  return {
    pass(account) {
      const [own, now] = [countsOf(account.id), clock.now()]
      const turn = turnOf(account, own, now)
      if (turn.kind === 'wait' || windowsWaitMs(account, own, now) > 0) return false
      own.state = turn.state
      countInWindows(own, now)
      return true
    },
    passWindows(account) {
      const [own, now] = [countsOf(account.id), clock.now()]
      if (windowsWaitMs(account, own, now) > 0) return false
      countInWindows(own, now)
      return true
    },
    waitMs(account) {
      const [own, now] = [countsOf(account.id), clock.now()]
      const turn = turnOf(account, own, now)
      const second = turn.kind === 'wait' ? turn.waitMs : 0
      // An account that may make no calls would wait for ever: whoever asks again in a day may hear other news.
      return Math.min(DAY_MS, Math.max(second, windowsWaitMs(account, own, now)))
    },
  }
}
