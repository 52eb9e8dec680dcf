/** How a client is told what became of its message: the engine decides when, a listener how. */
import type { Address } from '../../core/address.ts'
import type { ReadResult, ReportedResult } from '../../core/code-row.ts'
import type { Envelope, MessageId } from '../../core/message.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type { RetryPolicy } from '../../core/retry.ts'
import type { Rate } from '../../core/throttle.ts'

/**
 * What a client can be told: what became of a message, that it was read, or that an attempt came to
 * nothing for now and the gateway tries on (or waits, for a reason of its own).
 */
export type NoticeResult = ReportedResult | ReadResult | 'retrying'

/** Whether it is about reading: asked for apart from delivery reports, and reported apart. */
export function isReadResult(result: NoticeResult): result is ReadResult {
  return result === 'read' || result === 'deleted-unread'
}

/** One thing to tell, as stored in the outbox. */
export interface Notice {
  /** Stable over repeats, so that a client can drop duplicates. */
  readonly id: string
  readonly messageId: MessageId
  readonly index: number
  readonly accountId: string
  readonly dialect: string
  /** For messages that came from a peer: the peer to tell. */
  readonly peer?: string
  readonly recipient: Address
  /** The way out it took; empty when it never got one. */
  readonly route: string
  readonly envelope: Envelope
  readonly result: NoticeResult
  readonly reason?: Reason
  /** What the last attempt said, where the reason is only that none is left. */
  readonly behind?: Reason
  /** The attempt before the last said the same as it. */
  readonly steady?: true
  /** The far end's words behind it. */
  readonly raw?: string
  /** When it happened; epoch milliseconds. */
  readonly happenedAt: number
}

/** Where a notice goes and how it is repeated. */
export interface NoticeLane {
  /** Notices with one name share pace and concurrency. */
  readonly name: string
  readonly concurrency: number
  readonly rate?: Rate
  readonly retry: RetryPolicy
  readonly attemptTimeoutMs: number
}

export interface ReportSender {
  /**
   * The lane of a client, or `undefined` when it has nowhere to be told, or its dialect no word for
   * the result: nothing is stored then.
   */
  laneFor(client: {
    readonly accountId: string
    readonly dialect: string
    readonly peer?: string
    readonly result: NoticeResult
    /** What it was that became of. */
    readonly envelope: Envelope
  }): NoticeLane | undefined
  /**
   * Whether a lane's client is there now. While it is not, nothing of the lane is tried and nothing
   * runs out; whoever sees it come wakes the lane. Absent: it is worth a try at any time.
   */
  reachable?(lane: string): boolean
  /** One attempt. Same rules as `Connector.deliver`. `attempt` is 1 for the first. */
  send(notice: Notice, attempt: number, signal: AbortSignal): Promise<Outcome>
}
