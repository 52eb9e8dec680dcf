/** An upstream MMSC as the lane the engine drives: known before anything is sent there. */
import type { Mm7Upstream } from '../../core/carrier.ts'
import type { ContentBudget } from '../../core/content-budget.ts'
import type { Lane } from '../../engine/ports/connector.ts'

/** A client waits on its line for this answer. */
const CANCEL_TIMEOUT_MS = 10_000

/** An upstream's settings as the lane the engine drives. */
export function laneOf(upstream: Mm7Upstream, budget?: ContentBudget): Lane {
  return {
    concurrency: upstream.connections,
    ...(upstream.perSecond === undefined
      ? {}
      : { rate: { perSecond: upstream.perSecond, burst: Math.max(1, upstream.perSecond) } }),
    retry: {
      attemptsMax: upstream.attemptsMax,
      delayMsMin: upstream.retryDelayMsMin,
      delayMsMax: upstream.retryDelayMsMax,
      jitter: 1,
    },
    attemptTimeoutMs: upstream.attemptTimeoutMs,
    // The answer comes inside the attempt: there is no separate response to wait for.
    responseTimeoutMs: upstream.answerTimeoutMs,
    reportWindowMs: upstream.reportWindowMs,
    whenAmbiguous: upstream.dropsDuplicates ? 'resend' : 'hold',
    cancelTimeoutMs: upstream.cancelTimeoutMs ?? CANCEL_TIMEOUT_MS,
    ...(budget === undefined ? {} : { budget }),
  }
}
