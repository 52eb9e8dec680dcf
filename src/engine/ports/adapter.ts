/**
 * Makes a content fit what a way out takes. What it makes lives for one attempt; the content that
 * was accepted stays as it is, so another way out, or a later attempt, starts from the original.
 */
import type { ContentBudget } from '../../core/content-budget.ts'
import type { Content, Part } from '../../core/message.ts'
import type { StoredBytes } from './media.ts'

/** A content and the way out it is to take. */
export interface FitRequest {
  readonly content: Content
  readonly budget: ContentBudget
  /** The client permits other bytes than its own (MM7 allowAdaptations). */
  readonly allowed: boolean
  /** The bytes of one part as stored. */
  open(part: Part): StoredBytes
}

/** Why a content cannot be made to fit. */
export type Unfit =
  /** It stays too large, whatever is done. */
  | 'too-large'
  /** A part is of a type the way out does not take, and cannot become one it does. */
  | 'type-not-taken'
  /** The client forbids it. */
  | 'adaptation-forbidden'
  /** Nothing here can change pictures. */
  | 'adapter-unavailable'
  /** A picture cannot be decoded, or would need more memory than there is. */
  | 'unreadable'
  /** Not done in time; with more luck it would be. */
  | 'not-in-time'

/** What became of it. */
export type Fit =
  | { readonly kind: 'fits' }
  | {
      readonly kind: 'adapted'
      /** The content to send: new parts where something was changed, the others as they were. */
      readonly content: Content
      /** What was done, one sentence for each part that was changed. */
      readonly notes: readonly string[]
      /** The bytes of one part of this content. */
      open(part: Part): StoredBytes
      /** Gives the memory back; the parts must not be opened afterwards. */
      release(): void
    }
  | {
      readonly kind: 'cannot'
      readonly because: Unfit
      /** The limit in the way: bytes, or a refusal of what it holds. */
      readonly excess: 'bytes' | 'type' | 'pixels'
      readonly raw: string
    }

export interface Adapter {
  /** Never rejects for anything a content holds. An aborted signal ends it as `not-in-time`. */
  fit(request: FitRequest, signal: AbortSignal): Promise<Fit>
  close(): Promise<void>
}
