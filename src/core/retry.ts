/** When to try again: exponential with full jitter between a floor and a ceiling, or a fixed plan. */

/** A route's or a callback's plan for repeating failed attempts. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attemptsMax: number
  readonly delayMsMin: number
  readonly delayMsMax: number
  /** 0 keeps the plan fixed (the vendors' "every five minutes"); 1 draws from the whole interval. */
  readonly jitter: number
}

/** The attempt that failed. */
export interface FailedAttempt {
  /** How many attempts were made, this one included. */
  readonly count: number
  /** When it failed; epoch milliseconds. */
  readonly at: number
  /** What the peer asked for, if it did. */
  readonly retryAfterMs?: number
  /** End of validity; epoch milliseconds. */
  readonly expiresAt: number
}

/**
 * When to try again, in epoch milliseconds, or `undefined` to give up. Jitter keeps a carrier's
 * recovery from becoming a stampede. `random` gives numbers in [0, 1).
 */
export function nextAttemptAt(
  policy: RetryPolicy,
  attempt: FailedAttempt,
  random: () => number,
): number | undefined {
  if (attempt.count >= policy.attemptsMax) return undefined
  // 2^30 minimum delays is beyond any validity period; the cap keeps the product finite.
  const doublings = Math.min(attempt.count - 1, 30)
  const ceilingMs = Math.min(policy.delayMsMax, policy.delayMsMin * 2 ** doublings)
  const spreadMs = (ceilingMs - policy.delayMsMin) * policy.jitter
  const plannedMs = ceilingMs - spreadMs + random() * spreadMs
  const next = attempt.at + Math.max(plannedMs, attempt.retryAfterMs ?? 0)
  return next < attempt.expiresAt ? Math.ceil(next) : undefined
}
