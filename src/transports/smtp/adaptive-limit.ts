/**
 * How many connections a peer is worth just now: one more for each round of successes, half as many
 * when it asks for mercy or falls silent. A slow peer is then asked less instead of more often.
 */
import type { SendResult } from './send-result.ts'

/** The limit of one pool. */
export interface AdaptiveLimit {
  /** Connections that may be open now; at least one. */
  readonly current: number
  /** Learns from the end of one sending. */
  learn(result: SendResult): void
}

/** Replies of one overload arrive together: the limit is halved once for them all. */
export function createAdaptiveLimit(connectionsMax: number): AdaptiveLimit {
  let limit = connectionsMax
  /** Endings still to be heard of what was sent before the last cut. */
  let deaf = 0
  return {
    get current() {
      return Math.max(1, Math.floor(limit))
    },
    learn(result) {
      if (isPlea(result)) {
        if (deaf === 0) {
          deaf = Math.floor(limit)
          limit = Math.max(1, limit / 2)
        }
      } else if (result.kind === 'accepted') {
        limit = Math.min(connectionsMax, limit + 1 / Math.max(1, limit))
      }
      if (deaf > 0) deaf -= 1
    },
  }
}

/** What says "less": 421, 452 and their like, no connection, no answer in time. */
function isPlea(result: SendResult): boolean {
  switch (result.kind) {
    case 'refused':
      return PLEAS.has(result.reply.code)
    case 'not-sent':
      return result.because === 'timeout' || result.because === 'connect-failed'
    case 'unknown':
      return result.because === 'timeout'
    case 'accepted':
      return false
  }
}

const PLEAS: ReadonlySet<number> = new Set([421, 450, 452])
