/**
 * Says whether a message is wanted or spam. Whoever asks has a client waiting, so a filter answers
 * inside its own time limit or says that it could not; it never hangs and never throws.
 */
import type { Channel } from '../../core/message.ts'
import type { Verdict } from '../../core/policy/facts.ts'

/** Characters of a message's text that a filter is shown; what follows is nobody's business. */
export const FILTER_TEXT_MAX = 10_000
/** Parts of a message whose digests a filter is shown. */
export const FILTER_DIGESTS_MAX = 100

/** What a filter is shown of one message. */
export interface FilterFacts {
  readonly accountId: string
  readonly channel: Channel
  /** Digits without plus, a short code or an e-mail address. */
  readonly sender: string
  readonly recipients: readonly string[]
  readonly subject?: string
  /** The text parts one after the other, at most `FILTER_TEXT_MAX` characters. */
  readonly text: string
  /** One entry per part: its type, and SHA-256 of its decoded bytes in lower-case hex. */
  readonly parts: readonly { readonly type: string; readonly digest?: string }[]
  /** SHA-256 over the whole content: the same for the same content, whoever sends it. */
  readonly contentDigest: string
  readonly bytes: number
}

/** A content filter. */
export interface ContentFilter {
  /** Asked once per message that nothing else refuses for all its recipients. */
  judge(facts: FilterFacts): Verdict | Promise<Verdict>
  /** Takes no more questions; those under way are answered at the latest then. */
  close(): Promise<void>
}
