/** What the pure checks look at, and what they answer. */
import type { Address } from '../address.ts'
import type { Reason } from '../reason.ts'

/** An address as the client wrote it, judged but not yet accepted. */
export interface GivenAddress {
  readonly raw: string
  readonly kind: 'number' | 'short-code' | 'email' | 'bare'
  /** Absent when the text is not an address of that kind. */
  readonly address?: Address
}

/** A request reduced to what the checks need; built by a listener's translate step. */
export interface RequestFacts {
  readonly version: { readonly given?: string; readonly namespaceTail?: string }
  readonly vaspId?: string
  readonly vasId?: string
  readonly sender?: GivenAddress
  readonly recipients: readonly GivenAddress[]
  /** Recipients element present but no usable address inside. */
  readonly recipientsBroken: boolean
  /** Present only where the dialect refuses the element. */
  readonly replyCharging: boolean
  readonly chargedParty: boolean
  /** Read replies are asked for, and the dialect serves them. */
  readonly readReply: boolean
  /** References the dialect keeps; a stripped one is absent. */
  readonly linkedId?: string
  readonly applicId?: string
  readonly replyApplicId?: string
  /** The request is about an earlier message; `messageId` absent where it names none. */
  readonly followUp?: { readonly messageId?: string }
  /** Names of elements whose value is not allowed. */
  readonly badElements: readonly string[]
  readonly subjectCharacters: number
  readonly contentPresent: boolean
  /** The content reference resolves to parts that decode. */
  readonly contentReadable: boolean
  readonly partTypesReadable: boolean
  readonly hasPresentation: boolean
  readonly contentBytes: number
  readonly carrierId?: string
}

/** What the directory says about the client and the world. */
export interface AccountFacts {
  readonly known: boolean
  readonly addressAllowed: boolean
  /** It came over TLS, with a certificate, as far as the account demands that. */
  readonly lineAllowed: boolean
  /** `unchecked`: there was no time to judge them. */
  readonly credentials: 'good' | 'wrong' | 'unchecked'
  readonly enabled: boolean
  readonly apiEnabled: boolean
  /** The call-rate limiter let this request pass. */
  readonly callAllowed: boolean
  /** Where it did not: how long until the next may pass, in milliseconds. */
  readonly callWaitMs?: number
  readonly sharedService: boolean
  readonly serviceKnown: boolean
  readonly senderProvisioned: boolean
  readonly serviceLive: boolean
  readonly carrierIdRequired: boolean
  readonly carrierIdKnown: boolean
  readonly recipientBlocked: boolean
  readonly readReplies: boolean
  /** LinkedID is absent, or names an earlier message of this account. */
  readonly linkedKnown: boolean
  readonly application: 'none' | 'unknown' | 'denied' | 'permitted'
  /** ReplyApplicID is absent, or registered for this account. */
  readonly replyApplicationKnown: boolean
  readonly limits: {
    readonly contentBytesMax: number
    readonly recipientsMax: number
    /** Good recipients are served although others are malformed. */
    readonly partialRecipients: boolean
    readonly subjectCharactersMax: number
    readonly presentationRequired: boolean
    readonly versions: readonly {
      readonly version: string
      readonly namespaces: readonly string[]
    }[]
  }
}

/** One pure check: a reason to refuse, with the place when there is one, or nothing. */
export type Check = (request: RequestFacts, account: AccountFacts) => Objection | Reason | undefined

/** The first thing that is wrong. */
export interface Objection {
  readonly reason: Reason
  /** Element or limit it is about; never the client's own bytes. */
  readonly at?: string
  /** When the same may be asked again, in milliseconds from now; absent: nobody knows. */
  readonly retryAfterMs?: number
}
