/**
 * How one attempt ended, and what a far end reported later. Both are values: nothing the network
 * does is an exception, and "no answer" is never turned into success or failure.
 */
import type { Reason } from './reason.ts'

/** What still has to come after a next hop took the message. */
export type Expectation =
  /** An answer to the request itself (MM4_forward.RES); the report, if any, comes after it. */
  | 'response'
  /** A delivery report. */
  | 'report'
  /** Nothing more: the next hop's word is the last evidence there will be. */
  | 'nothing'

/** The result of one attempt for one recipient. */
export type Outcome =
  | {
      readonly kind: 'submitted'
      /** The id by which answers and reports will name this delivery. */
      readonly remoteId: string
      readonly expects: Expectation
      readonly raw?: string
    }
  | { readonly kind: 'delivered'; readonly raw?: string }
  | {
      readonly kind: 'deferred'
      readonly reason: Reason
      readonly retryAfterMs?: number
      readonly raw?: string
    }
  | { readonly kind: 'rejected'; readonly reason: Reason; readonly raw?: string }
  /** The bytes went out and no answer came: neither success nor failure. */
  | {
      readonly kind: 'unknown'
      readonly reason: Reason
      /** Known when the id is ours to choose: a late answer then still finds the delivery. */
      readonly remoteId?: string
      readonly raw?: string
    }

/** What a far end says about a delivery some time after the attempt. */
export type ReportedStatus =
  /** The next hop confirms the request (MM4_forward.RES Ok). */
  | 'acknowledged'
  /** The next hop takes the request back (MM4_forward.RES with an error). */
  | 'refused'
  | 'deferred'
  | 'retrieved'
  /** Passed on to a place from which no more reports come. */
  | 'forwarded'
  | 'expired'
  | 'rejected'
  | 'indeterminate'
  | 'unrecognised'
  | 'unreachable'
  | 'read'
  | 'deleted-unread'

/** One report or response as it came in, with its raw evidence. */
export interface Report {
  readonly status: ReportedStatus
  /** Set when the status alone does not say why: a refusal's reason. */
  readonly reason?: Reason
  /** With `acknowledged`: what is still to come. */
  readonly expects?: 'report' | 'nothing'
  /** When it happened, by the far end's clock; epoch milliseconds. */
  readonly happenedAt?: number
  /** The far end's own words, whole. */
  readonly raw: string
}
