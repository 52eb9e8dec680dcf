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
  /** A delivery report for each of the parts it left in: it is there when all of them are. */
  | 'reports'
  /** Nothing more: the next hop's word is the last evidence there will be. */
  | 'nothing'

/** The result of one attempt for one recipient. */
export type Outcome =
  | {
      readonly kind: 'submitted'
      /** The id by which answers and reports will name this delivery. */
      readonly remoteId: string
      /** It left in several parts: the ids of the others, in their order. */
      readonly otherIds?: readonly string[]
      readonly expects: Expectation
      readonly raw?: string
    }
  | { readonly kind: 'delivered'; readonly raw?: string }
  | {
      readonly kind: 'deferred'
      readonly reason: Reason
      readonly retryAfterMs?: number
      /** Only the pace or the link was refused: the attempt does not count against the plan. */
      readonly uncounted?: true
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

/** What each kind of outcome means. */
export const OUTCOME_KINDS = {
  submitted: 'the next hop took it; an answer, reports or nothing is still to come (`expects`)',
  delivered: 'it arrived, and nothing more is to come',
  deferred: 'refused for now, or nobody was reached (`reason`): it may be tried again',
  rejected: 'refused for good (`reason`)',
  unknown: 'the bytes went out and no answer came (`reason`): neither success nor failure',
} as const satisfies Readonly<Record<Outcome['kind'], string>>

/** What the members of an outcome hold, beside its kind. */
export const OUTCOME_FIELDS = {
  remoteId: 'the id by which answers and reports will name the delivery',
  otherIds: 'where it left in several parts, the ids of the others',
  expects:
    'what is still to come: `response` (and a report after it), `report`, `reports` (one for ' +
    'each part) or `nothing`',
  reason: 'why, as a reason',
  retryAfterMs: 'how long the far end asked to be left alone, in milliseconds',
  uncounted: 'true where only the pace or the link was refused: the attempt does not count',
  raw: 'the far end’s own words',
} as const satisfies Readonly<Record<Exclude<MemberOf<Outcome>, 'kind'>, string>>

/** Members of any kind of outcome. */
type MemberOf<T> = T extends unknown ? keyof T : never

/** What a far end says about a delivery some time after the attempt. */
export type ReportedStatus = keyof typeof REPORTED_STATUSES

/** What each reported status means. */
export const REPORTED_STATUSES = {
  acknowledged: 'the next hop confirms the request (`MM4_forward.RES` Ok)',
  refused: 'the next hop takes the request back (`MM4_forward.RES` with an error)',
  deferred: 'the handset has not fetched it yet; more will come',
  retrieved: 'the handset has it',
  forwarded: 'passed on to a place from which no more reports come',
  expired: 'its validity ended at the far end',
  rejected: 'the handset or its user refused it',
  indeterminate: 'the far end does not know what became of it',
  unrecognised: 'the handset cannot make sense of the message',
  unreachable: 'the far end gave up reaching the handset',
  read: 'the user opened it; comes after the end',
  'deleted-unread': 'thrown away unseen: neither success nor failure',
} as const satisfies Readonly<Record<string, string>>

/** One report or response as it came in, with its raw evidence. */
export interface Report {
  readonly status: ReportedStatus
  /** Set when the status alone does not say why: a refusal's reason. */
  readonly reason?: Reason
  /** With `acknowledged`: what is still to come. */
  readonly expects?: 'report' | 'nothing'
  /** With `acknowledged`: what the far end calls it, where that is told only now. */
  readonly remoteId?: string
  /** When it happened, by the far end's clock; epoch milliseconds. */
  readonly happenedAt?: number
  /** Whom the message was for, by the far end's word: digits, with or without their country. */
  readonly recipient?: string
  /** The far end's own words, whole. */
  readonly raw: string
}

/** What the members of a report hold. */
export const REPORT_FIELDS = {
  status: 'what was said, one of the words below',
  reason: 'why, where the status alone does not say it: a refusal’s reason',
  expects: 'with `acknowledged`: what is still to come, `report` or `nothing`',
  remoteId: 'with `acknowledged`: what the far end calls it, where that is told only now',
  happenedAt: 'when it happened by the far end’s clock, epoch milliseconds',
  recipient: 'whom the message was for by the far end’s word, where it said so',
  raw: 'the far end’s own words, whole',
} as const satisfies Readonly<Record<keyof Report, string>>
