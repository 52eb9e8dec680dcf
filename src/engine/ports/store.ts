/**
 * The only way state changes: `commit(ops) → results`. A committer gathers what is pending and
 * hands one batch to a driver; when `commit` resolves, every effect is on stable storage. The ops
 * of one call take effect together or not at all.
 *
 * Nothing above this port may assume SQL, one process, or one machine: every op carries what it
 * expects (`version`, `token`) and a driver answers `stale` instead of overwriting.
 */
import type { Address } from '../../core/address.ts'
import type { DeliveryState } from '../../core/delivery-state.ts'
import type { MessageEvent } from '../../core/event.ts'
import type {
  Content,
  Envelope,
  Extent,
  Idempotency,
  Message,
  MessageId,
  Submission,
} from '../../core/message.ts'
import type { Expectation, Report } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type { MediaPosition } from './media.ts'
import type { Notice } from './report-sender.ts'
import type { StartFacts } from './start-facts.ts'

/** One message to one recipient. Times are epoch milliseconds. */
export interface Delivery {
  /** Assigned by the store; unique in an installation. */
  readonly id: number
  readonly messageId: MessageId
  /** The recipient's index in the message. */
  readonly index: number
  readonly recipient: Address
  /** Way out; carries order, rate and concurrency. */
  readonly lane: string
  readonly state: DeliveryState
  /** The next moment something has to happen; absent when final. */
  readonly nextAt?: number
  readonly expiresAt: number
  readonly attempts: number
  /** Grows with every lease: a holder with an older token may not write. */
  readonly token: number
  /** Grows with every change. */
  readonly version: number
  /** When the present lease was taken. */
  readonly leasedAt?: number
  /** Present while `submitted`. */
  readonly remoteId?: string
  readonly expects?: Expectation
  /** When the next hop took it: the report window counts from here. */
  readonly submittedAt?: number
  /** Why it ended, or why it waits. */
  readonly reason?: Reason
}

/** A delivery that is about to be stored. */
export interface NewDelivery {
  readonly index: number
  readonly recipient: Address
  readonly lane: string
  readonly state: 'queued' | 'failed'
  readonly nextAt?: number
  readonly reason?: Reason
}

/** What may change in a delivery. A key that is present with `undefined` clears the value. */
export interface DeliveryChange {
  readonly state: DeliveryState
  readonly nextAt: number | undefined
  readonly attempts?: number
  readonly remoteId?: string | undefined
  readonly expects?: Expectation | undefined
  readonly submittedAt?: number | undefined
  readonly reason?: Reason | undefined
}

/** What may change in a delivery that waits: it ends, or it waits on. */
export type WaitingChange =
  | { readonly state: 'cancelled'; readonly reason: Reason }
  | { readonly state: 'queued' | 'deferred'; readonly nextAt: number }

/** A notice on its way into the outbox. */
export interface NewNotice {
  readonly lane: string
  readonly notice: Notice
  readonly nextAt: number
  /**
   * Present: stored as leased until then, from `nextAt` on, unless another of its delivery goes
   * before it; `claim-notices` need not bring back what its teller has in hand.
   */
  readonly leaseUntil?: number
}

/** A leased outbox entry. */
export interface LeasedNotice {
  readonly id: number
  readonly deliveryId: number
  readonly lane: string
  readonly attempts: number
  readonly token: number
  readonly notice: Notice
}

/** The ids a far end gave a delivery. */
export interface RemoteNames {
  readonly route: string
  readonly remoteId: string
  /** Of its other parts. */
  readonly otherIds?: readonly string[]
}

/** A parked report whose own id nobody can learn any more, and what its other spellings name. */
export interface SpeltReport {
  readonly route: string
  readonly parked: ParkedReport
  /** Deliveries of the route that wait for a report, in the order of the spellings. */
  readonly candidates: readonly {
    readonly deliveryId: number
    readonly remoteId: string
    readonly recipient: string
  }[]
}

/** A report that came before the id it names was known. */
export interface ParkedReport {
  readonly id: number
  /** The id it names, as the far end gave it. */
  readonly remoteId: string
  readonly report: Report
  readonly at: number
}

/** A part of a message that comes in several, kept until the others are there. */
export interface HeldPart {
  /** What it was answered with; unlike any message's id. */
  readonly id: MessageId
  /** What the parts of one message share: account, sender, recipient and their reference. */
  readonly key: string
  /** How many there are, and which of them it is, from 1. */
  readonly total: number
  readonly sequence: number
  /** Digest of what it holds: the same part again is a repetition. */
  readonly fingerprint: string
  /** When it came, and how long it waits for the others; for a set the first part's word counts. */
  readonly at: number
  readonly expiresAt: number
  /** Its sender wants a receipt for it. */
  readonly receipt: boolean
  /** Its message as far as this part knows it. */
  readonly submission: Omit<Submission, 'content'>
  /** Its octets without header in base64, and what they are by its own word (`data_coding`). */
  readonly octets: string
  readonly dataCoding: number
}

export type Op =
  /**
   * Takes a message, its deliveries, its first events and what its client is to be told. A row with
   * the same idempotency scope, key and fingerprint, not older than `since`, wins instead.
   */
  | {
      readonly op: 'accept'
      readonly message: Message
      readonly deliveries: readonly NewDelivery[]
      readonly events: readonly MessageEvent[]
      /** Each belongs to the delivery with the index its notice names. */
      readonly notices: readonly NewNotice[]
      readonly idempotency?: Idempotency & { readonly since: number }
      /** What the media store had synced when this op was made; see `StartFacts`. */
      readonly mediaSynced: MediaPosition
      /**
       * The set of parts it is made of, by the id of the part that came first. They wait no longer
       * from this step on, and their ids find the message; a set that does not wait (any more) is
       * answered `parts-gone`.
       */
      readonly parts?: MessageId
    }
  /**
   * Keeps a part of a message. A set whose time is up, or that has become a message, stands in
   * nobody's way: the next part with its key begins a new one, unless it repeats a part of before.
   * `setsMax`: sets of its account that may wait; it begins none beyond.
   */
  | { readonly op: 'hold-part'; readonly part: HeldPart; readonly setsMax: number }
  /**
   * Leases up to `limit` due deliveries of a lane: state becomes `attempting` where it was queued
   * or deferred, stays `attempting` where an earlier lease ran out and `submitted` where a timer
   * did; token and version grow; `nextAt` becomes `leaseUntil`.
   */
  | {
      readonly op: 'claim'
      readonly lane: string
      readonly now: number
      readonly leaseUntil: number
      readonly limit: number
    }
  /**
   * Leases up to `limit` deliveries past their validity in `queued` or `deferred`, whatever their
   * lane. What a next hop has taken is not ours to expire: its timer runs in `nextAt`.
   */
  | {
      readonly op: 'claim-expired'
      readonly now: number
      readonly leaseUntil: number
      readonly limit: number
    }
  /**
   * Changes a delivery that still has `version`, with everything that belongs to the change. What is
   * final never changes: such a delivery is answered `stale` whatever its version.
   */
  | {
      readonly op: 'settle'
      readonly deliveryId: number
      readonly version: number
      readonly change: DeliveryChange
      readonly events: readonly MessageEvent[]
      readonly notices: readonly NewNotice[]
      /** The far end's id becomes known: reports that name it find this delivery from now on. */
      readonly link?: RemoteNames
      /** Parked reports used up by this change. */
      readonly unpark?: readonly number[]
    }
  /** Adds evidence without changing the delivery. */
  | {
      readonly op: 'append'
      readonly messageId: MessageId
      readonly events: readonly MessageEvent[]
      readonly unpark?: readonly number[]
      /** What the client is told of it; the message is kept until that is done. */
      readonly tell?: { readonly deliveryId: number; readonly notices: readonly NewNotice[] }
    }
  /**
   * Changes a message that waits: all the named deliveries with all that belongs to them, or
   * nothing. Each must be `queued` or `deferred` and still have `version`; else the answer is
   * `stale`. A content that is replaced must be on stable storage before: the message was promised
   * long ago, and a start that misses its bytes would take it for one that never was.
   */
  | {
      readonly op: 'revise'
      readonly messageId: MessageId
      readonly deliveries: readonly {
        readonly deliveryId: number
        readonly version: number
        readonly change: WaitingChange
      }[]
      readonly events: readonly MessageEvent[]
      /** Parts of the message that are replaced; what is absent stays. */
      readonly replace?: {
        readonly envelope?: Envelope
        /** Of the message and of the named deliveries. */
        readonly expiresAt?: number
        readonly content?: Content
      }
    }
  /** Finds the delivery a report names; parks the report when the name is not known yet. */
  | {
      readonly op: 'receive'
      readonly route: string
      readonly remoteId: string
      readonly report: Report
      readonly at: number
      /** Other spellings, likeliest first: kept while parked, until the name is known or `unspell`. */
      readonly aliases?: readonly string[]
      /** False: answer `unknown` instead of parking (the name has the wrong shape to be ours). */
      readonly park: boolean
    }
  /** These parked reports are matched by their own id alone from now on. */
  | { readonly op: 'unspell'; readonly ids: readonly number[] }
  /** Leases due notices of a lane, at most the oldest of each delivery, so order is kept. */
  | {
      readonly op: 'claim-notices'
      readonly lane: string
      readonly now: number
      readonly leaseUntil: number
      readonly limit: number
    }
  /** Ends a notice's attempt: told, to be repeated, or parked for a person to replay. */
  | {
      readonly op: 'settle-notice'
      readonly id: number
      readonly token: number
      readonly result:
        | { readonly kind: 'told' }
        | { readonly kind: 'retry'; readonly nextAt: number }
        | { readonly kind: 'parked' }
      readonly messageId: MessageId
      readonly events: readonly MessageEvent[]
    }
  /** Makes parked notices due again; all of them, or an account's. */
  | { readonly op: 'replay-notices'; readonly accountId?: string; readonly nextAt: number }
  /** A delivery waiting in `queued` or `deferred` becomes due now. */
  | { readonly op: 'make-due'; readonly lane: string; readonly now: number }
  /** Replaces directory entries by kind and name; `value` absent deletes. */
  | {
      readonly op: 'put-directory'
      readonly entries: readonly {
        readonly kind: string
        readonly name: string
        readonly value?: unknown
      }[]
    }
  /** Remembers small state under a name (throttle cells, cursors). */
  | { readonly op: 'put-state'; readonly name: string; readonly value: string }
  /**
   * Forgets up to `limit` messages that ended before `before` and whose client was told, with
   * everything that hangs on them, parked reports and idempotency keys of that age too.
   */
  | { readonly op: 'purge'; readonly before: number; readonly limit: number }
  /** Points a message at relocated extents, if it still has `from`. */
  | {
      readonly op: 'relocate'
      readonly messageId: MessageId
      readonly from: readonly Extent[]
      readonly to: readonly Extent[]
    }

/** A leased delivery with its message. */
export interface Claimed {
  /**
   * Its state before this lease. `attempting` means that an earlier holder never settled: its
   * lease ran out, or its process is gone.
   */
  readonly previous: DeliveryState
  readonly delivery: Delivery
  readonly message: Message
}

/** What an op answers, by its name. */
export interface OpResults {
  accept:
    | {
        readonly kind: 'accepted'
        readonly firstDeliveryId: number
        /** Those of its notices that are leased; absent when none was to be. */
        readonly leased?: readonly LeasedNotice[]
      }
    | {
        readonly kind: 'duplicate'
        readonly messageId: MessageId
        readonly extents: readonly Extent[]
      }
    | { readonly kind: 'id-taken' }
    | { readonly kind: 'parts-gone' }
  'hold-part':
    | { readonly kind: 'held' }
    /** It was the last one missing. */
    | { readonly kind: 'complete'; readonly set: PartSet }
    /** The same part came before and was given this id. */
    | { readonly kind: 'duplicate'; readonly id: MessageId }
    /** It contradicts the parts that wait: another total, or another content in its place. */
    | { readonly kind: 'conflict' }
    | { readonly kind: 'full' }
    | { readonly kind: 'id-taken' }
  claim: { readonly claimed: readonly Claimed[]; readonly nextAt?: number }
  'claim-expired': { readonly claimed: readonly Claimed[]; readonly nextAt?: number }
  settle:
    | {
        readonly kind: 'done'
        readonly version: number
        readonly parked: readonly ParkedReport[]
        /** Those of its notices that are leased; absent when none was to be. */
        readonly leased?: readonly LeasedNotice[]
      }
    | { readonly kind: 'stale'; readonly current: Delivery | undefined }
  append: { readonly kind: 'done' }
  revise: { readonly kind: 'done' | 'stale' }
  receive:
    | {
        readonly kind: 'found'
        readonly delivery: Delivery
        readonly message: Message
      }
    | { readonly kind: 'parked' }
    | { readonly kind: 'unknown' }
  unspell: { readonly kind: 'done' }
  'claim-notices': { readonly claimed: readonly LeasedNotice[]; readonly nextAt?: number }
  'settle-notice': /** `next`: another of its delivery takes its place. */
  { readonly kind: 'done'; readonly next?: true } | { readonly kind: 'stale' }
  'replay-notices': { readonly count: number }
  'make-due': { readonly count: number }
  'put-directory': { readonly kind: 'done' }
  'put-state': { readonly kind: 'done' }
  purge: { readonly messages: number; readonly more: boolean }
  relocate: { readonly kind: 'done' | 'stale' }
}

/** The result of one op. */
export type ResultOf<O extends Op> = OpResults[O['op']]
/** The results of a list of ops, in its order. */
export type ResultsOf<Ops extends readonly Op[]> = { -readonly [I in keyof Ops]: ResultOf<Ops[I]> }

/** Parts of one message that wait, in order of sequence. */
export interface PartSet {
  /** Id of the part that came first. */
  readonly first: MessageId
  readonly parts: readonly HeldPart[]
}

export type Query =
  /** By its own id, or by that of a part it came in. */
  | { readonly query: 'message'; readonly messageId: MessageId }
  /** A part that still waits for others. */
  | { readonly query: 'waiting-part'; readonly id: MessageId }
  /** Sets of parts whose time is up, the longest first; at most `limit` parts. */
  | { readonly query: 'late-parts'; readonly now: number; readonly limit: number }
  /**
   * Parked reports with other spellings, the oldest first; those are `waiting` that came while an
   * attempt was under way that still is: its answer may be the very id they name.
   */
  | { readonly query: 'spelt-reports'; readonly limit: number }
  /** Newest first; `before` pages. */
  | {
      readonly query: 'messages'
      readonly limit: number
      readonly accountId?: string
      readonly before?: MessageId
    }
  /** Lanes that hold deliveries or notices. */
  | { readonly query: 'lanes' }
  | { readonly query: 'backlog'; readonly now: number }
  | { readonly query: 'parked-notices'; readonly limit: number }
  | { readonly query: 'directory' }
  | { readonly query: 'state'; readonly name: string }
  /** Live bytes of each segment that any message still uses. */
  | { readonly query: 'segments' }
  /** Messages with bytes in a segment. */
  | { readonly query: 'segment-messages'; readonly segment: number; readonly limit: number }

/** Deliveries of one lane in one state, for people and metrics. */
export interface BacklogRow {
  readonly lane: string
  readonly state: DeliveryState
  readonly count: number
  /** Acceptance of the oldest; epoch milliseconds. */
  readonly oldestAt: number
  /** Earliest due time among them; epoch milliseconds. */
  readonly nextAt?: number
}

/** A message with everything known about it. */
export interface MessageStory {
  readonly message: Message
  readonly deliveries: readonly Delivery[]
  readonly events: readonly MessageEvent[]
  readonly notices: readonly {
    readonly notice: Notice
    readonly attempts: number
    readonly nextAt?: number
    readonly parked: boolean
  }[]
}

export interface QueryAnswers {
  message: MessageStory | undefined
  'waiting-part': HeldPart | undefined
  'late-parts': readonly PartSet[]
  'spelt-reports': {
    readonly ready: readonly SpeltReport[]
    readonly waiting: boolean
  }
  messages: readonly { readonly message: Message; readonly states: readonly DeliveryState[] }[]
  lanes: { readonly deliveries: readonly string[]; readonly notices: readonly string[] }
  backlog: {
    readonly deliveries: readonly BacklogRow[]
    readonly notices: readonly {
      readonly lane: string
      readonly count: number
      readonly parked: number
    }[]
  }
  'parked-notices': readonly {
    readonly id: number
    readonly attempts: number
    readonly notice: Notice
  }[]
  directory: readonly { readonly kind: string; readonly name: string; readonly value: unknown }[]
  state: string | undefined
  segments: readonly { readonly segment: number; readonly liveBytes: number }[]
  'segment-messages': readonly { readonly messageId: MessageId; readonly content: Content }[]
}

export type AnswerOf<Q extends Query> = QueryAnswers[Q['query']]

export interface Store {
  readonly start: StartFacts
  commit<const Ops extends readonly Op[]>(ops: Ops): Promise<ResultsOf<Ops>>
  read<Q extends Query>(query: Q): Promise<AnswerOf<Q>>
  /** Removes messages that were never acknowledged because their bytes did not reach the disk. */
  discard(messageIds: readonly MessageId[]): Promise<void>
  /** Waits for what is pending, then lets go of the files. */
  close(): Promise<void>
}
