/**
 * What the engine goes by where a delivery's way out is not configured now: switched off, or gone.
 * Nothing is sent that way, but what already left must still come to its end, and its reports are
 * as true as ever.
 */
import type { Lane } from './ports/connector.ts'

/** A waiting delivery of a closed lane is looked at again after this, in milliseconds. */
export const CLOSED_LOOK_MS = 600_000

/** Sends nothing; slow, so that a long backlog behind a closed way costs the others little. */
export const CLOSED_LANE: Lane = {
  concurrency: 4,
  rate: { perSecond: 100, burst: 100 },
  retry: {
    attemptsMax: Number.MAX_SAFE_INTEGER,
    delayMsMin: CLOSED_LOOK_MS,
    delayMsMax: CLOSED_LOOK_MS,
    jitter: 0,
  },
  attemptTimeoutMs: 0,
  responseTimeoutMs: 0,
  reportWindowMs: 7_200_000,
  // There is nobody to repeat anything to.
  whenAmbiguous: 'hold',
}
