/**
 * One way out. A connector makes one attempt when asked, says how it ended as a value, and leaves
 * retry, waiting and memory to the engine.
 */
import type { Address } from '../../core/address.ts'
import type { ContentBudget } from '../../core/content-budget.ts'
import type { Content, Envelope, MessageId, Part } from '../../core/message.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { RetryPolicy } from '../../core/retry.ts'
import type { Rate } from '../../core/throttle.ts'
import type { StoredBytes } from './media.ts'

/** What the engine needs to know to drive one way out. */
export interface Lane {
  /** Attempts under way at once; 0 while the far end is away and will be heard when it comes. */
  readonly concurrency: number
  /** Messages per second; absent for no limit. Excess queues, it is never refused. */
  readonly rate?: Rate
  readonly retry: RetryPolicy
  /** Longest time one attempt may take before its signal aborts, in milliseconds. */
  readonly attemptTimeoutMs: number
  /** How long the answer to a request may take after the peer took its bytes. */
  readonly responseTimeoutMs: number
  /** How long a report may take after the peer took the message. */
  readonly reportWindowMs: number
  /**
   * What to do when an attempt may or may not have arrived: send again under the same key (the peer
   * drops duplicates), or hold it as unknown.
   */
  readonly whenAmbiguous: 'resend' | 'hold'
  /** How long the answer to a withdrawal may take, in milliseconds; absent: it is asked for none. */
  readonly cancelTimeoutMs?: number
  /** What the far end takes; absent for no limit. The engine adapts or refuses before an attempt. */
  readonly budget?: ContentBudget
}

/** One attempt for one recipient. */
export interface Attempt {
  readonly messageId: MessageId
  /** The recipient's index in its message. */
  readonly index: number
  readonly accountId: string
  /** The same for every attempt of this delivery, and unlike any other's: the deduplication key. */
  readonly key: string
  /** 1 for the first. */
  readonly number: number
  readonly recipient: Address
  readonly envelope: Envelope
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly dialect: string
  readonly content: Content
  /** The bytes of one part as stored, in its own transfer encoding. */
  open(part: Part): StoredBytes
}

/** What became of a withdrawal. */
export interface Cancellation {
  /**
   * `unknown`: no readable answer; the message may be withdrawn or not. `unreachable`: the request
   * surely did not arrive and may be repeated.
   */
  readonly kind:
    | 'cancelled'
    | 'too-late'
    | 'not-found'
    | 'unsupported'
    | 'refused'
    | 'unreachable'
    | 'unknown'
  /** What was said, for the history. */
  readonly raw: string
}

/** Whom a message is from and for. */
export interface Parties {
  readonly sender: Address
  readonly recipient: Address
}

export interface Connector {
  /** The name routes use. */
  readonly name: string
  readonly lane: Lane
  /**
   * Other spellings under which this far end may name an id of its own, likeliest first; absent: it
   * always spells it alike. The id itself comes before all of them, and they are tried for reports
   * that name their recipient.
   */
  readonly spellingsOf?: (remoteId: string) => readonly string[]
  /** Opens sessions. One lost later is the connector's to mend, with back-off. */
  open(): Promise<void>
  /**
   * One attempt for one recipient. Never throws for anything the network did: that is what
   * `Outcome` is for. Must not retry, sleep or write to the store: the engine does all three. An
   * aborted signal ends it within 100 ms, as deferred before and as unknown after the last byte.
   */
  deliver(attempt: Attempt, signal: AbortSignal): Promise<Outcome>
  /**
   * Asks the far end to take back what it has taken, by the id it gave, and by whom it was from and
   * for; absent: it cannot be asked. Never throws; an aborted signal ends it within 100 ms.
   */
  cancel?(remoteId: string, signal: AbortSignal, parties: Parties): Promise<Cancellation>
  close(): Promise<void>
}
