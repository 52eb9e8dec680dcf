/**
 * MM4 messages between MMSCs (3GPP TS 23.140 §8.4) as values. Property names are the header names
 * without `X-Mms-`; ids are kept as they were written, beside the form that matches.
 */

import type { HeaderField } from '../mime/headers.ts'

/** X-Mms-Request-Status-Code, as every response carries it. */
export type RequestStatus =
  | 'Ok'
  | 'Error-unspecified'
  | 'Error-service-denied'
  | 'Error-message-format-corrupt'
  | 'Error-sending-address-unresolved'
  | 'Error-message-not-found'
  | 'Error-network-problem'
  | 'Error-content-not-accepted'
  | 'Error-unsupported-message'

/** X-Mms-MM-Status-Code of delivery reports. */
export type MmStatus =
  | 'Retrieved'
  | 'Rejected'
  | 'Expired'
  | 'Deferred'
  | 'Indeterminate'
  | 'Forwarded'
  | 'Unrecognised'
  | 'Unreachable'

/** An id of the other side: `raw` to echo byte for byte, `text` (one pair of quotes off) to match. */
export interface Mm4Id {
  readonly raw: string
  readonly text: string
}

/** An address of a header or an envelope. */
export interface Mm4Address {
  readonly raw: string
  /** E.164 digits without plus, a short code, or an e-mail address. */
  readonly text: string
  readonly kind: 'number' | 'short-code' | 'email' | 'system'
  readonly domain?: string
}

/** What every MM4 message has. */
interface Base {
  /** X-Mms-3GPP-MMS-Version. */
  readonly version: string
  readonly transactionId: Mm4Id
  /** RFC 5322 Date; epoch milliseconds. */
  readonly date?: number
  /** Address of the mail's Sender field: last resort for a response. */
  readonly sender?: Mm4Address
}

/** What every request has. */
interface Request extends Base {
  readonly messageId: Mm4Id
  readonly from: Mm4Address
  readonly to: readonly Mm4Address[]
  /** X-Mms-Ack-Request: a response is wanted. */
  readonly ackRequest: boolean
  /** X-Mms-Originator-System: where the response goes. */
  readonly originatorSystem?: Mm4Address
}

/** When a message ends to be worth delivering. */
export type Mm4Expiry =
  | { readonly kind: 'at'; readonly ms: number }
  | { readonly kind: 'after'; readonly ms: number }

export interface ForwardReq extends Request {
  readonly type: 'MM4_forward.REQ'
  readonly cc: readonly Mm4Address[]
  /** Encoded words decoded. */
  readonly subject?: string
  readonly messageClass?: 'Personal' | 'Advertisement' | 'Informational' | 'Auto'
  readonly priority?: 'Low' | 'Normal' | 'High'
  readonly expiry?: Mm4Expiry
  readonly deliveryReport: boolean
  /** X-Mms-Originator-R/S-Delivery-Report: the MMSC's own wish. */
  readonly originatorDeliveryReport: boolean
  readonly readReply: boolean
  readonly senderVisibility: 'Show' | 'Hide'
  readonly forwardCounter?: number
  readonly previouslySentBy: readonly string[]
  /** X-Mms-Previously-sent-date-and-time: pairs with the former by the index both begin with. */
  readonly previouslySentAt?: readonly string[]
  /** Names of yes-or-no headers that say neither. */
  readonly unclear?: readonly string[]
  /** Hub routing of Release 6, carried unread. */
  readonly routing?: readonly HeaderField[]
  /** Operators' own X-Mms- fields (X-Mms-VASP-ID and the like), read by nobody. */
  readonly extensions?: readonly HeaderField[]
  readonly contentClass?: string
  readonly drmContent?: boolean
  readonly adaptationAllowed?: boolean
  readonly applicId?: string
  readonly replyApplicId?: string
  readonly auxApplicInfo?: string
  /** Hosts named in Received fields: hop count and loops. */
  readonly received: readonly string[]
}

interface Response extends Base {
  readonly messageId?: Mm4Id
  readonly requestStatus: RequestStatus
  /** As written, when it is not one of the known values. */
  readonly requestStatusRaw?: string
  readonly statusText?: string
  /** X-Internal-Status-Code of one provider's dialect. */
  readonly internalStatusCode?: string
}

export interface ForwardRes extends Response {
  readonly type: 'MM4_forward.RES'
  /** X-Mms-Request-Recipients: whom the status is for; empty: all. */
  readonly requestRecipients: readonly Mm4Address[]
}

export interface DeliveryReportReq extends Request {
  readonly type: 'MM4_delivery_report.REQ'
  readonly mmStatus: MmStatus
  readonly mmStatusRaw?: string
  readonly mmStatusExtension?: string
  readonly statusText?: string
  readonly internalStatusCode?: string
  readonly forwardToOriginatorUa?: boolean
}

export interface DeliveryReportRes extends Response {
  readonly type: 'MM4_delivery_report.RES'
}

export interface ReadReplyReportReq extends Request {
  readonly type: 'MM4_read_reply_report.REQ'
  readonly readStatus: 'Read' | 'Deleted without being read'
  readonly statusText?: string
}

export interface ReadReplyReportRes extends Response {
  readonly type: 'MM4_read_reply_report.RES'
}

/** Any MM4 message. */
export type Mm4Message =
  | ForwardReq
  | ForwardRes
  | DeliveryReportReq
  | DeliveryReportRes
  | ReadReplyReportReq
  | ReadReplyReportRes

/** Why a mail is no MM4 message, with what is needed to answer it all the same. */
export interface Mm4Fault {
  readonly kind: 'fault'
  readonly fault:
    | 'type-missing'
    | 'type-unknown'
    | 'version-unsupported'
    | 'header-missing'
    | 'header-broken'
  /** The header it is about. */
  readonly header: string
  readonly type?: string
  readonly version?: string
  readonly transactionId?: Mm4Id
  readonly messageId?: Mm4Id
  readonly ackRequest: boolean
  readonly originatorSystem?: Mm4Address
  readonly sender?: Mm4Address
}

export type Mm4Decoded = { readonly kind: 'ok'; readonly message: Mm4Message } | Mm4Fault
