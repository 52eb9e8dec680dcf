/**
 * Everything that can happen to a message, recorded once. History, log line, metric, report and
 * trace are views of these values; nothing else remembers what happened.
 */
import type { DeliveryState } from './delivery-state.ts'
import type { Outcome, Report } from './outcome.ts'
import type { Reason } from './reason.ts'
import type { RouteChoice } from './route.ts'

/** `delivery` is the recipient's index in the message; absent when the event is the message's. */
interface Base {
  /** Epoch milliseconds. */
  readonly at: number
  readonly delivery?: number
}

export type MessageEvent =
  | (Base & { readonly type: 'accepted'; readonly routes: readonly RouteChoice[] })
  /** The content was made to fit a way out, for one attempt; what was accepted stays as it is. */
  | (Base & {
      readonly type: 'adapted'
      readonly attempt: number
      readonly route: string
      readonly notes: readonly string[]
    })
  /** One attempt from start to settled outcome. */
  | (Base & {
      readonly type: 'attempted'
      readonly attempt: number
      readonly token: number
      readonly startedAt: number
      readonly route: string
      readonly outcome: Outcome
      readonly state: DeliveryState
      readonly nextAttemptAt?: number
    })
  /** The gateway stopped in the middle of an attempt; found at the next start or lease end. */
  | (Base & {
      readonly type: 'attempt-lost'
      readonly attempt: number
      readonly state: DeliveryState
      readonly nextAttemptAt?: number
    })
  /** A far end answered or reported. */
  | (Base & {
      readonly type: 'reported'
      readonly route: string
      readonly report: Report
      /** Of which part, by the id the far end gave it; absent where there is one only. */
      readonly remoteId?: string
      readonly state: DeliveryState
      /** The report was kept as evidence and moved nothing. */
      readonly ignored?: 'repeat' | 'after-final' | 'out-of-order'
      readonly nextAttemptAt?: number
    })
  /** Time ran out: validity, response timer or report window. */
  | (Base & {
      readonly type: 'timed-out'
      readonly reason: Reason
      readonly state: DeliveryState
      readonly nextAttemptAt?: number
    })
  | (Base & {
      readonly type: 'failed'
      readonly reason: Reason
      readonly raw?: string
      /** The policy that refused it; `raw` is its rule then. */
      readonly policy?: string
    })
  /** The client withdrew what still waited, or what a far end gave back. */
  | (Base & {
      readonly type: 'cancelled'
      readonly state: DeliveryState
      /** The way out that had taken it and gave it back; absent: it never left. */
      readonly route?: string
      /** What the far end said to that. */
      readonly raw?: string
    })
  /** The client replaced parts of a message that still waited for all its recipients. */
  | (Base & {
      readonly type: 'replaced'
      readonly elements: readonly string[]
      /** Digest of the request, so that its repetition is known. */
      readonly request: string
    })
  /** A report to the client left, or could not. */
  | (Base & {
      readonly type: 'client-told'
      readonly notice: string
      readonly attempt: number
      readonly outcome: Outcome
      readonly nextAttemptAt?: number
      /** No attempt is left: parked for replay, never dropped. */
      readonly parked?: true
    })

export type MessageEventType = MessageEvent['type']

/** What each event says and what each of its own fields holds; a forgotten one does not compile. */
export const EVENTS = {
  accepted: {
    means: 'The message is on disk; only now may its client be told yes.',
    fields: {
      routes: 'for each recipient its `index`, the `route` it takes, and `because`, one sentence',
    },
  },
  adapted: {
    means:
      'For one attempt the content was made to fit what the way out takes. The content that was ' +
      'accepted stays as it is.',
    fields: {
      attempt: 'the attempt it was made for, from 1',
      route: 'the way out by name',
      notes: 'what was done, one sentence for each part that was changed',
    },
  },
  attempted: {
    means: 'One attempt, from its start to its settled outcome.',
    fields: {
      attempt: 'its number, from 1',
      token: 'number of the lease it ran under; an older one can no longer settle anything',
      startedAt: 'when it began, epoch milliseconds',
      route: 'the way out: a carrier by name, or `client:` and an account',
      outcome: 'how it ended, see Outcomes',
      state: 'the state of the delivery after it',
      nextAttemptAt: 'when it is tried again, epoch milliseconds; absent when it is not',
    },
  },
  'attempt-lost': {
    means:
      'The gateway stopped in the middle of an attempt, and nobody knows how far it got. Found ' +
      'at the next start, or when its lease ran out.',
    fields: {
      attempt: 'its number, from 1',
      state: 'the state of the delivery after it',
      nextAttemptAt: 'when it is tried again, epoch milliseconds; absent when it is not',
    },
  },
  reported: {
    means: 'A far end answered a request that it had taken, or reported on the delivery.',
    fields: {
      route: 'who said so: the way out by name',
      report: 'what was said, see Reports',
      remoteId: 'of which part, by its id there; absent for a message in one part',
      state: 'the state of the delivery after it',
      ignored:
        'why it moved nothing and was only kept as evidence: repeat, after-final or out-of-order',
      nextAttemptAt: 'when it is tried again, epoch milliseconds; absent when it is not',
    },
  },
  'timed-out': {
    means: 'Time ran out: the validity of the message, the wait for an answer or for a report.',
    fields: {
      reason: 'which time, as a reason',
      state: 'the state of the delivery after it',
      nextAttemptAt: 'when it is tried again, epoch milliseconds; absent when it is not',
    },
  },
  failed: {
    means:
      'It ended without an attempt: no way out serves the recipient, or a policy refused it and ' +
      'the client was told so in the answer to its request.',
    fields: {
      reason: 'why',
      raw: 'the sentence or evidence behind it; of a policy, the rule that fired',
      policy: 'the policy that refused it, by name; absent when none did',
    },
  },
  cancelled: {
    means:
      'The client withdrew it while it waited, so it never left, or a far end that had taken it ' +
      'gave it back; the client is told no more.',
    fields: {
      state: 'the state of the delivery after it',
      route: 'the way out that gave it back; absent when it never left',
      raw: 'what the far end said to that; absent when it never left',
    },
  },
  replaced: {
    means: 'The client replaced parts of the message while it waited for all its recipients.',
    fields: {
      elements: 'what was replaced, by the names of the message’s own parts',
      request: 'digest of the request, by which its repetition is known',
    },
  },
  'client-told': {
    means: 'A report to the client left, or could not.',
    fields: {
      notice: 'what the client was to be told, e.g. delivered',
      attempt: 'number of the attempt to tell it, from 1',
      outcome: 'how telling it ended, see Outcomes',
      nextAttemptAt: 'when it is told again, epoch milliseconds; absent when it is not',
      parked: 'true when no attempt is left: kept for replay, never dropped',
    },
  },
} as const satisfies { readonly [T in MessageEventType]: EventWords<T> }

interface EventWords<T extends MessageEventType> {
  readonly means: string
  readonly fields: {
    readonly [F in Exclude<
      keyof Extract<MessageEvent, { readonly type: T }>,
      'type' | keyof Base
    >]-?: string
  }
}
