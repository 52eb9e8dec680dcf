/**
 * How fast a message centre is sent to. It says when it is too fast (throttled, queue full) and,
 * speaking SMPP 5.0, before that (`congestion_state`): the rate is halved at once and comes back little
 * by little, so that the engine holds messages instead of spending attempts on refusals.
 */
import type { Rate } from '../../core/throttle.ts'

export interface Pace {
  /** Messages that may be begun now; absent for no limit. */
  rate(): Rate | undefined
  /** A message was begun, in so many parts. */
  sent(parts: number): void
  /** It was too fast. How long what was refused should rest, in milliseconds. */
  throttled(): number
  /** SMPP 5.0 §4.8.4.18: 0 idle to 99 congested, 80 and above near its limit. */
  congested(state: number): void
  /** It took something. */
  taken(): void
}

/** One request in five seconds goes to see whether it takes something again. */
const PER_SECOND_MIN = 0.2
/** Requests under way when the first refusal came bring more of them: they count as one. */
const BRAKE_MS = 1000
/** The rate grows so each second without a refusal. */
const GROWTH_PER_SECOND = 1.1
const REST_MS_MIN = 1000
const REST_MS_MAX = 60_000
/** SMPP 5.0: "80 to 90" is near the limit, 99 is beyond it. */
const CONGESTED_FROM = 80
const CONGESTED_FULL = 100
/** How much one message weighs in the average number of parts. */
const PARTS_WEIGHT = 0.05

/** `perSecond`: parts, by contract. `now`: milliseconds that never run back. */
export function createPace(perSecond: number | undefined, now: () => number): Pace {
  /** What was sent lately, halved each time this many milliseconds pass. */
  const halfLifeMs = 1000
  let lately = 0
  let lookedAt = now()
  let partsPerMessage = 1
  /** Parts per second while it is slowed down. */
  let braked: { readonly perSecond: number; readonly from: number; readonly at: number } | undefined
  let refusals = 0

  /** Parts per second of the last moments: a stream of n each second sums up to n/ln 2. */
  function observed(): number {
    const at = now()
    lately *= 0.5 ** ((at - lookedAt) / halfLifeMs)
    lookedAt = at
    return lately * Math.LN2
  }

  function current(): number | undefined {
    if (braked === undefined) return perSecond
    const grown = braked.perSecond * GROWTH_PER_SECOND ** ((now() - braked.at) / 1000)
    const before = Math.max(braked.from, 1)
    // Without a limit by contract it is free again at twice what it was refused at.
    if (grown < (perSecond ?? 2 * before)) return grown
    braked = undefined
    return perSecond
  }

  function brake(share: number): void {
    const at = now()
    if (braked !== undefined && at - braked.at < BRAKE_MS) return
    const from = Math.min(current() ?? Number.POSITIVE_INFINITY, Math.max(observed(), 1))
    braked = { perSecond: Math.max(PER_SECOND_MIN, from * share), from, at }
  }

  return {
    rate() {
      const parts = current()
      if (parts === undefined) return undefined
      const messages = parts / partsPerMessage
      return { perSecond: messages, burst: braked === undefined ? Math.max(1, messages) : 1 }
    },
    sent(parts) {
      observed()
      lately += parts
      partsPerMessage += (parts - partsPerMessage) * PARTS_WEIGHT
    },
    throttled() {
      brake(0.5)
      const restMs = REST_MS_MIN * 2 ** Math.min(refusals, 10)
      refusals += 1
      return Math.min(REST_MS_MAX, restMs)
    },
    congested(state) {
      if (state < CONGESTED_FROM) return
      const left = CONGESTED_FULL - Math.min(state, CONGESTED_FULL)
      brake(left / (CONGESTED_FULL - CONGESTED_FROM))
    },
    taken() {
      refusals = 0
    },
  }
}
