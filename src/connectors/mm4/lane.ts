/** A peer MMSC as the lane the engine drives: known before anything is sent there. */
import type { Mm4Carrier } from '../../core/carrier.ts'
import type { Lane } from '../../engine/ports/connector.ts'

/** A carrier's entry as the lane the engine drives. */
export function laneOf({ mm4, budget }: Mm4Way): Lane {
  return {
    concurrency: mm4.window ?? mm4.connections,
    ...(mm4.perSecond === undefined
      ? {}
      : { rate: { perSecond: mm4.perSecond, burst: Math.max(1, mm4.perSecond) } }),
    retry: {
      attemptsMax: mm4.attemptsMax,
      delayMsMin: mm4.retryDelayMsMin,
      delayMsMax: mm4.retryDelayMsMax,
      jitter: 1,
    },
    attemptTimeoutMs: mm4.attemptTimeoutMs,
    responseTimeoutMs: mm4.responseTimeoutMs,
    reportWindowMs: mm4.reportWindowMs,
    whenAmbiguous: mm4.dropsDuplicates ? 'resend' : 'hold',
    ...(budget === undefined ? {} : { budget }),
  }
}

/** What a lane to an MMSC is made from: a carrier's entry, or a client's access under its lane's name. */
export type Mm4Way = Pick<Mm4Carrier, 'name' | 'mm4' | 'budget'>
