/**
 * The operations of MM7 (3GPP TS 23.140 §8.7) as values. Property names are the element names with a
 * small first letter, `ID` written `Id`; comments name the element where that does not say it.
 */
import type { When } from './values.ts'

/** How an address is written; `text`: bare text, the form up to version 5.1.0. */
export type AddressKind = 'Number' | 'ShortCode' | 'RFC2822Address' | 'text'

/** One address, as it was written: see `normaliseNumber` for what it means. */
export interface Address {
  readonly kind: AddressKind
  readonly value: string
  /** Show it, do not send to it. */
  readonly displayOnly?: boolean
  readonly addressCoding?: 'encrypted' | 'obfuscated'
  readonly id?: string
}

/** One address of Recipients and the list it stands in. */
export interface Recipient {
  readonly list: 'To' | 'Cc' | 'Bcc'
  readonly address: Address
}

/** Who sends. */
export interface SenderIdentification {
  readonly vaspId?: string
  readonly vasId?: string
  readonly senderAddress?: Address
}

/** ReplyCharging: present means asked for, even without attributes. */
export interface ReplyCharging {
  readonly replyChargingSize?: number
  readonly replyDeadline?: When
}

/** Content: where the message part is. */
export interface Content {
  readonly href?: string
  readonly allowAdaptations?: boolean
}

/** UACapabilities of a handset. */
export interface UaCapabilities {
  readonly uaProf?: string
  readonly timeStamp?: When
}

/** One UserAgent of Previouslysentby; `sequence` counts from 1, the oldest. */
export interface PreviousSender {
  readonly sequence?: number
  readonly address: Address
}

/** One DateTime of Previouslysentdateandtime. */
export interface PreviousTime {
  readonly sequence?: number
  readonly time: When
}

/** Status: code, text and free details. */
export interface ResponseStatus {
  readonly statusCode: number
  readonly statusText: string
  /** The text of Details, markup left out. */
  readonly details?: string
}

/** MessageClass; Informational where nothing is said. */
export const MESSAGE_CLASSES = ['Personal', 'Informational', 'Advertisement', 'Auto'] as const
/** One of them. */
export type MessageClass = (typeof MESSAGE_CLASSES)[number]

/** Priority; Normal where nothing is said. */
export const PRIORITIES = ['Normal', 'High', 'Low'] as const
/** One of them. */
export type Priority = (typeof PRIORITIES)[number]

/** ChargedParty; ThirdParty came with Release 6. */
export const CHARGED_PARTIES = ['Sender', 'Recipient', 'Both', 'Neither', 'ThirdParty'] as const
/** One of them. */
export type ChargedParty = (typeof CHARGED_PARTIES)[number]

/** ContentClass: the smallest class of OMA-MMS-CONF that the content fits. */
export const CONTENT_CLASSES = [
  'text',
  'image-basic',
  'image-rich',
  'video-basic',
  'video-rich',
  'megapixel',
  'content-basic',
  'content-rich',
] as const
/** One of them. */
export type ContentClass = (typeof CONTENT_CLASSES)[number]

/** The application trio of Release 6. */
interface ApplicationFields {
  readonly applicId?: string
  readonly replyApplicId?: string
  readonly auxApplicInfo?: string
}

/** VASP to relay: a message to send (§8.7.1). */
export interface SubmitReq extends ApplicationFields {
  readonly name: 'SubmitReq'
  readonly mm7Version: string
  readonly senderIdentification: SenderIdentification
  readonly recipients: readonly Recipient[]
  readonly serviceCode?: string
  readonly linkedId?: string
  readonly messageClass?: MessageClass
  /** TimeStamp, milliseconds since 1970. */
  readonly timeStampMs?: number
  readonly replyCharging?: ReplyCharging
  readonly earliestDeliveryTime?: When
  readonly expiryDate?: When
  readonly deliveryReport?: boolean
  readonly readReply?: boolean
  readonly priority?: Priority
  readonly subject?: string
  readonly chargedParty?: ChargedParty
  readonly chargedPartyId?: string
  readonly distributionIndicator?: boolean
  /** The DC numbers of DeliveryCondition. */
  readonly deliveryCondition?: readonly number[]
  readonly contentClass?: ContentClass
  readonly drmContent?: boolean
  readonly content?: Content
}

/** Relay to VASP: the message was taken, or not. */
export interface SubmitRsp {
  readonly name: 'SubmitRsp'
  readonly mm7Version: string
  readonly status: ResponseStatus
  /** Absent where the request is refused in this form. */
  readonly messageId?: string
}

/** VASP to relay: take a message back that is not delivered yet. */
export interface CancelReq extends ApplicationFields {
  readonly name: 'CancelReq'
  readonly mm7Version: string
  readonly senderIdentification: SenderIdentification
  readonly messageId: string
  readonly recipients?: readonly Recipient[]
}

/** VASP to relay: change a message that is not delivered yet; only what is given changes. */
export interface ReplaceReq extends ApplicationFields {
  readonly name: 'ReplaceReq'
  readonly mm7Version: string
  readonly senderIdentification: SenderIdentification
  readonly messageId: string
  readonly serviceCode?: string
  readonly timeStampMs?: number
  readonly readReply?: boolean
  readonly earliestDeliveryTime?: When
  readonly distributionIndicator?: boolean
  readonly contentClass?: ContentClass
  readonly drmContent?: boolean
  readonly content?: Content
}

/** VASP to relay: take back all messages that carry an id of the VASP's own (Release 6). */
export interface ExtendedCancelReq {
  readonly name: 'extendedCancelReq'
  readonly mm7Version: string
  readonly senderIdentification: SenderIdentification
  readonly cancelId: string
}

/** VASP to relay: change all messages that carry an id of the VASP's own (Release 6). */
export interface ExtendedReplaceReq {
  readonly name: 'extendedReplaceReq'
  readonly mm7Version: string
  readonly vaspId?: string
  readonly vasId?: string
  readonly serviceCode?: string
  readonly replaceId?: string
  readonly timeStampMs?: number
  readonly earliestDeliveryTime?: When
  readonly expiryDate?: When
  readonly readReply?: boolean
  readonly deliveryReport?: boolean
  readonly content?: Content
}

/** Relay to VASP: the answer to that. */
export interface ExtendedReplaceRsp {
  readonly name: 'extendedReplaceRsp'
  readonly mm7Version: string
  readonly messageId?: string
  readonly status: ResponseStatus
}

/** Relay to VASP: a message from a handset (§8.7.2). */
export interface DeliverReq extends ApplicationFields {
  readonly name: 'DeliverReq'
  readonly mm7Version: string
  readonly mmsRelayServerId?: string
  readonly vaspId?: string
  readonly vasId?: string
  readonly linkedId?: string
  readonly sender: Address
  readonly recipients?: readonly Recipient[]
  /** Previouslysentby. */
  readonly previouslySentBy?: readonly PreviousSender[]
  /** Previouslysentdateandtime. */
  readonly previouslySentDateAndTime?: readonly PreviousTime[]
  readonly senderSpi?: string
  readonly recipientSpi?: string
  readonly timeStampMs?: number
  readonly replyChargingId?: string
  readonly priority?: Priority
  readonly subject?: string
  readonly uaCapabilities?: UaCapabilities
  readonly content?: Content
}

/** VASP to relay: the message was taken, or not. */
export interface DeliverRsp {
  readonly name: 'DeliverRsp'
  readonly mm7Version: string
  readonly status: ResponseStatus
  readonly serviceCode?: string
}

/** Relay to VASP: what became of a message, for one recipient and one state (§8.7.3). */
export interface DeliveryReportReq extends ApplicationFields {
  readonly name: 'DeliveryReportReq'
  readonly mm7Version: string
  readonly mmsRelayServerId?: string
  readonly messageId: string
  readonly recipient: Address
  readonly sender: Address
  /** Date: when the recipient's side handled the message, milliseconds since 1970. */
  readonly dateMs: number
  /** Open: providers use values that are in no schema. */
  readonly mmStatus: string
  readonly mmStatusExtension?: string
  readonly statusText?: string
  readonly uaCapabilities?: UaCapabilities
}

/** Relay to VASP: a recipient read the message or threw it away unread (§8.7.4). */
export interface ReadReplyReq extends ApplicationFields {
  readonly name: 'ReadReplyReq'
  readonly mm7Version: string
  readonly mmsRelayServerId?: string
  readonly messageId: string
  readonly recipient: Address
  readonly sender: Address
  readonly timeStampMs: number
  readonly mmStatus: string
  readonly statusText?: string
}

/** A reply that holds a Status and nothing else. */
export interface StatusRsp<N extends string> {
  readonly name: N
  readonly mm7Version: string
  readonly status: ResponseStatus
}

/** The plain replies of the other operations. */
export type PlainRsp =
  | StatusRsp<'CancelRsp'>
  | StatusRsp<'ReplaceRsp'>
  | StatusRsp<'extendedCancelRsp'>
  | StatusRsp<'DeliveryReportRsp'>
  | StatusRsp<'ReadReplyRsp'>

/** The detail of a Fault: from the relay (RSErrorRsp) or from the application (VASPErrorRsp). */
export type ErrorRsp = StatusRsp<'RSErrorRsp'> | StatusRsp<'VASPErrorRsp'>

/** Every operation. */
export type Mm7Operation =
  | SubmitReq
  | SubmitRsp
  | CancelReq
  | ReplaceReq
  | ExtendedCancelReq
  | ExtendedReplaceReq
  | ExtendedReplaceRsp
  | DeliverReq
  | DeliverRsp
  | DeliveryReportReq
  | ReadReplyReq
  | PlainRsp
  | ErrorRsp

/** The name of an operation, which is its element's. */
export type OperationName = Mm7Operation['name']

/** The operation of one name. */
export type OperationNamed<N extends OperationName> = Extract<Mm7Operation, { readonly name: N }>

/**
 * An operation as it arrived: whatever the schema demands may be absent. What is there has the type
 * it should have; what had not is left out and told as an issue.
 */
export type Received<O extends Mm7Operation> = O extends Mm7Operation
  ? { readonly name: O['name'] } & { readonly [K in Exclude<keyof O, 'name'>]?: O[K] }
  : never
