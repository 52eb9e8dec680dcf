/** A message centre as the lane the engine drives: known before anything is sent there. */
import type { SmppCarrier } from '../../core/carrier.ts'
import type { Lane } from '../../engine/ports/connector.ts'

/** A carrier's entry as the lane the engine drives, but for its rate and how wide it is just now. */
export function laneOf({ smpp, budget }: Pick<SmppCarrier, 'smpp' | 'budget'>): Lane {
  return {
    concurrency: smpp.binds * smpp.window,
    retry: {
      attemptsMax: smpp.attemptsMax,
      delayMsMin: smpp.retryDelayMsMin,
      delayMsMax: smpp.retryDelayMsMax,
      jitter: 1,
    },
    attemptTimeoutMs: smpp.attemptTimeoutMs,
    // The answer comes inside the attempt: there is no separate response to wait for.
    responseTimeoutMs: smpp.responseTimeoutMs,
    reportWindowMs: smpp.reportWindowMs,
    whenAmbiguous: smpp.dropsDuplicates ? 'resend' : 'hold',
    ...(smpp.servesCancel === true
      ? { cancelTimeoutMs: smpp.cancelTimeoutMs ?? CANCEL_TIMEOUT_MS }
      : {}),
    ...(budget === undefined ? {} : { budget }),
  }
}

const CANCEL_TIMEOUT_MS = 10_000
