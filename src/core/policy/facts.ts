/**
 * What the policies look at: one message to one recipient, with everything about it looked up
 * beforehand. Policies are pure, so a lookup that failed is stated here and not guessed at.
 */
import type { Address } from '../address.ts'
import type { AccountPolicy, Block, OwnNumber } from '../directory.ts'
import type { Channel } from '../message.ts'
import type { Reason } from '../reason.ts'

/** What kind of line a number is, as far as its numbering plan tells. */
export type LineType = 'mobile' | 'fixed' | 'toll-free' | 'premium' | 'other' | 'unknown'

/** Sender or recipient. */
export interface PartyFacts {
  /** As written, for the rule's sentence; never shown to strangers. */
  readonly given: string
  /** Absent: not an address of any kind the channel takes. */
  readonly address?: Address
  /** ISO 3166-1 alpha-2; absent for short codes, e-mail and numbers of no country. */
  readonly country?: string
  readonly line: LineType
  /** The numbering plan knows no number of this form (length or digits). */
  readonly formValid: boolean
  /** Its row in our inventory, when it is a number of ours. */
  readonly own?: OwnNumber
  /** The account that row names exists and is enabled. */
  readonly ownAccountLive: boolean
}

/** Which carrier serves the recipient, as far as anybody was asked. */
export type CarrierFact =
  /** Nobody was asked: routes decide. */
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'known'; readonly id: string }
  /** A carrier we have no entry for. */
  | { readonly kind: 'unconfigured'; readonly id: string }
  /** The numbering data assigns the number to nobody. */
  | { readonly kind: 'unassigned' }
  /** The source gave no answer. */
  | { readonly kind: 'unavailable'; readonly because: string }

/** What a content filter said. */
export type Verdict =
  | { readonly kind: 'clean' }
  | { readonly kind: 'spam'; readonly rule: string }
  /** The filter could not be asked; the account's policy says whether that stops the message. */
  | { readonly kind: 'unavailable'; readonly because: string }

/** Flags of the filter's text patterns: any case, lines make no difference, whole characters. */
export const TEXT_PATTERN_FLAGS = 'isu'

/** How far a message has come already (RFC 5321 §6.3, TS 23.140 §7.1.4). */
export interface PathFacts {
  /** Received fields, or the like. */
  readonly hops: number
  /** How often users passed it on. */
  readonly forwards: number
  /** Our own mark is on it: it was here before. */
  readonly seenHere: boolean
}

/** One part of the content. */
export interface MediaFact {
  /** Lower case, without parameters. */
  readonly type: string
  /** What its first bytes look like, where they are of a known kind. */
  readonly sniffed?: string
}

export interface PolicyFacts {
  readonly channel: Channel
  readonly accountId: string
  readonly policy: AccountPolicy
  readonly sender: PartyFacts
  readonly recipient: PartyFacts
  /** Distinct recipients the message shows, the sender left out. */
  readonly recipients: number
  readonly path: PathFacts
  /** The application the client names, and whether it is one of the account's. */
  readonly application?: { readonly id: string; readonly known: boolean }
  readonly carrier: CarrierFact
  readonly content: {
    readonly bytes: number
    readonly media: readonly MediaFact[]
    /** Every text part and the subject decode in the charset they name. */
    readonly textReadable: boolean
  }
  readonly block?: Block
  readonly filter: Verdict
}

/** A policy's no: the reason, and the rule that fired as a sentence for `trace`. */
export interface Refusal {
  readonly reason: Reason
  readonly rule: string
}

/** One policy. */
export type Policy = (facts: PolicyFacts) => Refusal | undefined
