/** The shape of a provider: its code table, how to provoke each code, and its wire facts, as data. */
import type { CheckName } from './checks/index.ts'
import type { Attributes, OutcomeClass } from './outcome-class.ts'
import type { PolicyName } from './policy/index.ts'
import type { Reason } from './reason.ts'

/** Why a row does not say one thing: shown beside it, so that nobody reads more than it holds. */
export type Mark =
  /** One code for several faults: read the candidates. */
  | 'several-causes'
  /** Used when nothing finer is known; says next to nothing. */
  | 'catch-all'
  /** The source prints no explanation: the meaning is ours, from the name. */
  | 'inferred'
  /** The source does not say whose fault it is. */
  | 'blame-unclear'
  /** Time ran out, and the source does not say which time. */
  | 'time-of-what'
  /** Wraps an error of the next party: classify the inner one. */
  | 'pass-through'
  /** The printed text contradicts the number or the title. */
  | 'text-contradicts-code'
  /** True of some recipients or parts, never of a whole message. */
  | 'per-recipient'
  /** Means nothing without its sub-code. */
  | 'sub-codes'
  /** About the delivery report, not about the message. */
  | 'about-the-report'

/** A finer code below a row, with a class of its own. */
export interface SubCode {
  readonly code: string
  readonly class: OutcomeClass
  readonly meaning: string
  readonly override?: Partial<Attributes> & { readonly because: string }
}

/**
 * One row of a vendor's table. `text` is exact as printed, misprints included; every other sentence
 * is ours.
 */
export interface CodeRow {
  readonly code: string
  readonly text: string
  /** The vendor's own explanation when its wire format carries it (MM7 Details); exact. */
  readonly details?: string
  /** The vendor's word for the delivery, where its table has such a column; exact. */
  readonly deliveryStatus?: string
  readonly class: OutcomeClass
  /** What it means, in our words, at least one full sentence. */
  readonly meaning: string
  /** What to do about it. */
  readonly action: string
  /** Attributes that differ from the class defaults. */
  readonly override?: Partial<Attributes> & { readonly because: string }
  /** Tells two rows with the same code apart. */
  readonly variant?: string
  /** Likely causes, the likeliest first, where the meaning alone does not name the one cause. */
  readonly causes?: readonly string[]
  /** Where the row strains the scheme. */
  readonly marks?: readonly Mark[]
  /** Classes this code may also stand for when it comes in from outside. */
  readonly candidates?: readonly OutcomeClass[]
  readonly subCodes?: readonly SubCode[]
  /** Whose fault the source prints, and whose word it is, where it prints both. */
  readonly printed?: {
    readonly fault: 'client' | 'service' | 'ambiguous'
    readonly by: 'provider' | 'carrier'
  }
  /** Oddities of the source and what was decided: misprints, blank explanations. */
  readonly note?: string
}

/** How a code is made to happen on purpose. */
export type Scenario =
  /** A request with one defect, sent to the door. */
  | { readonly via: 'request'; readonly given: string }
  /** An account, service or sender in a certain condition (sandbox directory). */
  | { readonly via: 'account'; readonly given: string }
  /** A recipient the simulated world answers for; +999, dialect digit, code padded to 7 digits. */
  | { readonly via: 'recipient'; readonly given: string }
  /** A condition of the gateway itself: overload, full disk, shutdown. */
  | { readonly via: 'gateway'; readonly given: string }
  /** Its channel is not built yet. */
  | { readonly via: 'pending'; readonly given: string }

/** How each row of one list is made to happen, by code, or `code/variant` where it has a variant. */
export type Scenarios = Readonly<Record<string, Scenario>>

/** Namespaces allowed with a protocol version. */
export interface VersionPair {
  readonly version: string
  /** Tails after the 3GPP schema base, e.g. `REL-6-MM7-1-4`. */
  readonly namespaces: readonly string[]
}

/** What a relay says about a delivery in this dialect's reports. */
export interface ReportFace {
  readonly status: string
  readonly text: string
}

/** The delivery results a client can be told. */
export type ReportedResult =
  | 'handed-to-network'
  | 'deferred'
  | 'delivered'
  | 'forwarded'
  | 'expired'
  | 'rejected'
  | 'unknown'
  | 'incapable'
  | 'unsupported'
  | 'unreachable'

/** How often and how a client is told again. */
export interface PostbackPlan {
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  /** Attempts in all. */
  readonly attemptsMax: number
  readonly delayMs: number
  /** Requests per second to one account's endpoint. */
  readonly perSecond: number
}

/** The two things a client can be told about reading, after or instead of an end. */
export type ReadResult = 'read' | 'deleted-unread'

/**
 * What a door does with an element a client may add to a message: uses it or carries it on, takes it
 * and drops it, or refuses the request for it.
 */
export type ElementUse = 'kept' | 'stripped' | 'refused'

/** Elements of SubmitReq and ReplaceReq that providers treat differently (TS 23.140 §8.7.8). */
export type OptionalElement =
  | 'linkedId'
  | 'replyCharging'
  | 'earliestDeliveryTime'
  | 'readReply'
  | 'chargedParty'
  | 'distributionIndicator'
  | 'deliveryCondition'
  /** ApplicID, ReplyApplicID, AuxApplicInfo. */
  | 'application'
  | 'contentClass'
  | 'drmContent'
  /** Attribute displayOnly: a recipient to show and not to send to. Stripped: it is sent to. */
  | 'displayOnly'

/** The list of differences that exist between MM7 providers. */
export interface Mm7Profile {
  /** Path below the MM7 door: `/mm7/<path>`. */
  readonly path: string
  readonly versions: readonly VersionPair[]
  readonly defaultVersion: string
  /** Operations offered; every other known operation is refused. */
  readonly operations: readonly string[]
  readonly checkOrder: readonly CheckName[]
  /** A chunked body counts as having no Content-Length. */
  readonly contentLengthRequired: boolean
  /** HTTP status of a fault, unless the account says otherwise. */
  readonly faultStatus: '200' | '500'
  readonly requestBytesMax: number
  /** Recipients in one request; an account may be granted more. */
  readonly recipientsMax: number
  /** The code of a request that was granted for some of its recipients; absent: all or none. */
  readonly partialCode?: string
  /** What is done with each element; ServiceCode, MessageClass, Priority and Subject all keep. */
  readonly elements: Readonly<Record<OptionalElement, ElementUse>>
  readonly subjectCharactersMax: number
  readonly carrierIdHeader?: string
  /** The element in which a short code travels towards the client; `ShortCode` when absent. */
  readonly shortCodeElement?: 'Number' | 'ShortCode'
  readonly defaultValidityMs: number
  /** Reports are sent whatever the request says (an account may switch them off). */
  readonly reportsAlways: boolean
  /** Media given by URL must come with a Content-Length. */
  readonly mediaLengthRequired: boolean
  /** Text of success when the wire sample differs from the table. */
  readonly successText: string
  /** `undefined`: the dialect has no word for it, and nothing is told. */
  readonly reports: Readonly<Record<ReportedResult, ReportFace | undefined>>
  readonly postback: PostbackPlan
  /** HTTP status of a refusal, by code, when the account asks for native statuses. */
  readonly nativeHttpStatus: Readonly<Record<string, number>>
}

/** What an MM4 response says of a request (TS 23.140 §8.4, X-Mms-Request-Status-Code). */
export type Mm4RequestStatus =
  | 'Ok'
  | 'Error-unspecified'
  | 'Error-service-denied'
  | 'Error-message-format-corrupt'
  | 'Error-sending-address-unresolved'
  | 'Error-message-not-found'
  | 'Error-network-problem'
  | 'Error-content-not-accepted'
  | 'Error-unsupported-message'

/** What an MM4 report says of a message (X-Mms-MM-Status-Code, and its extension). */
export interface Mm4StatusFace {
  readonly status:
    | 'Retrieved'
    | 'Rejected'
    | 'Expired'
    | 'Deferred'
    | 'Indeterminate'
    | 'Forwarded'
    | 'Unrecognised'
    | 'Unreachable'
  readonly extension?: string
}

/** What is said once no attempt is left, by what the last one said. */
export interface ExhaustedFace {
  readonly code: string
  /** Only where the attempt before said the same; else it is the general code. */
  readonly steady?: true
}

/** The list of differences that exist between MM4 doors. */
export interface Mm4Profile {
  /** What is checked before a message is taken, in the provider's order: the first refusal wins. */
  readonly policyOrder: readonly PolicyName[]
  /** Header in which a code travels; absent: codes are not told. */
  readonly codeHeader?: string
  /** Code and text beside Ok in a response; absent: an accepted message carries none. */
  readonly accepted?: { readonly code: string; readonly text: string }
  /** Code and text beside a report of success; absent: it carries none. */
  readonly delivered?: { readonly code: string; readonly text: string }
  /** Status of a response by code; a code without one is answered by the class of its reason. */
  readonly requestStatus: Readonly<Record<string, Mm4RequestStatus>>
  /** Status of a report that is the gateway's own word, by code; else by the result. */
  readonly mmStatus: Readonly<Record<string, Mm4StatusFace>>
  /** Codes of attempts after which another follows, where they are not those of the end. */
  readonly interimFaces: Readonly<Partial<Record<Reason, string>>>
  /** Codes of the end after attempts that could be repeated; the face of `retries-exhausted` else. */
  readonly exhaustedFaces: Readonly<Partial<Record<Reason, ExhaustedFace>>>
}

/**
 * One list of a provider's codes: the surface (or channel) it is printed for. A number is only
 * meaningful as dialect / surface / code, and once more a variant.
 */
export interface Surface {
  /** Kebab-case, e.g. `mm7`, `report`, `mm4`, `in-app`. */
  readonly name: string
  readonly title: string
  readonly codes: readonly CodeRow[]
  /** Which code stands for a class when translating, where several rows share the class. */
  readonly general?: Readonly<Partial<Record<OutcomeClass, string>>>
}

/** One provider as the catalog has it: its names and its codes. */
export interface Dialect {
  readonly name: string
  readonly title: string
  /** Digit after +999 in the sandbox's recipient numbers. */
  readonly sandboxDigit: string
  readonly surfaces: readonly Surface[]
  /** Codes for a translation or a reason without a face of its own, each of that permanence. */
  readonly fallback: {
    readonly transient: string
    readonly permanent: string
    readonly unknown: string
  }
}

/** A dialect that accounts speak: what its doors do, beside its codes. */
export interface SpokenDialect extends Dialect {
  /** The code for each reason; one that is not here is answered by its class. */
  readonly faces: Readonly<Partial<Record<Reason, string>>>
  readonly mm7?: Mm7Profile
  readonly mm4?: Mm4Profile
}
