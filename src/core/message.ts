/**
 * What the pipeline carries. A `Submission` is what a listener hands in; a `Message` is what was
 * accepted. The content itself never travels in these values: they hold where it lies.
 */
import type { Address } from './address.ts'
import type { Consent } from './consent.ts'
import type { Reason } from './reason.ts'

/** 18 decimal digits, unique in an installation; sorts by the second of acceptance. */
export type MessageId = string

/** Where bytes lie in the media store. `crc32` covers exactly these bytes. */
export interface Extent {
  readonly segment: number
  readonly offset: number
  readonly length: number
  readonly crc32: number
}

/**
 * One leaf of the content, as it came: its bytes are kept in the transfer encoding it arrived in,
 * so that relaying it copies instead of recoding.
 */
export interface Part {
  /** Media type in lower case, without parameters. */
  readonly mediaType: string
  /** The Content-Type field value as received, parameters included. */
  readonly contentType: string
  /** Content-ID without angle brackets. */
  readonly contentId?: string
  readonly contentLocation?: string
  /** File name from Content-Disposition or the name parameter. */
  readonly fileName?: string
  readonly encoding: '7bit' | '8bit' | 'binary' | 'base64' | 'quoted-printable'
  /** Position in the content, bytes as stored. */
  readonly offset: number
  readonly length: number
  /** Bytes after transfer decoding. */
  readonly decodedLength: number
  /** What is stored is base64 that can go over SMTP as it is; absent: nobody has looked. */
  readonly soundLines?: true
}

/** The content of a message: an index of parts over bytes that lie inline or in segments. */
export interface Content {
  readonly parts: readonly Part[]
  /** Bytes as stored, all parts together. */
  readonly length: number
  /** Small contents travel with their row. */
  readonly inline?: Uint8Array
  readonly extents: readonly Extent[]
}

export type Priority = 'low' | 'normal' | 'high'
export type MessageClass = 'personal' | 'advertisement' | 'informational' | 'auto'

/**
 * What a short message has beside its text. The text itself is the content's one part: text/plain in
 * UTF-8 where the alphabet is known, application/octet-stream where it is binary.
 */
export interface SmsDetails {
  /** How the client wrote it; the way out writes it in the cheapest alphabet its carrier takes. */
  readonly alphabet: 'gsm7' | 'ascii' | 'latin1' | 'ucs2' | 'binary'
  /** data_coding as the client gave it (SMPP 3.4 §5.2.19); binary messages keep it. */
  readonly dataCoding?: number
  /** User data header in base64, without its concatenation element. */
  readonly header?: string
  /** Shown at once and not kept (message class 0). */
  readonly flash?: boolean
  /** protocol_id, where it is not 0 (TS 23.040 §9.2.3.9). */
  readonly protocolId?: number
  /** service_type, where the client gave one. */
  readonly serviceType?: string
  /** The only ends its sender wants receipts for; absent: every end, where it wants receipts. */
  readonly receiptsFor?: 'failure' | 'success'
  /** Its sender wants to hear of what is not the end, too. */
  readonly interimReceipts?: boolean
  /**
   * The parts it came in, in their order: the id each was answered with, and whether its sender wants
   * a receipt for it. Absent for a message that came in one piece.
   */
  readonly partsGiven?: readonly { readonly id: string; readonly receipt: boolean }[]
}

/** The applications a message is between; TS 23.140 §7.1.18. */
export interface ApplicationAddress {
  /** On the handset: whom the message is for. */
  readonly id?: string
  /** Where replies and reports are to go. */
  readonly replyId?: string
  /** The application's own data, carried unread. */
  readonly info?: string
}

/** A header that is carried and not read. */
export interface NamedValue {
  readonly name: string
  readonly value: string
}

/** Everything about a message but its content and recipients. */
export interface Envelope {
  readonly sender: Address
  /** Recipients to show, in the order given, delivered by us or not. */
  readonly shownTo?: readonly Address[]
  readonly subject?: string
  readonly messageClass: MessageClass
  readonly priority: Priority
  readonly senderVisible: boolean
  readonly adaptationAllowed: boolean
  /** The client wants delivery reports. */
  readonly deliveryReports: boolean
  /** False: the client's system wants them for itself, and its user is not to be told. */
  readonly reportsForUser?: boolean
  readonly readReports: boolean
  readonly serviceCode?: string
  /** Service the client named (VASID), for reports and billing. */
  readonly serviceId?: string
  /** Carrier the client named, by our carrier name. */
  readonly carrier?: string
  /** Id of the message this one answers. */
  readonly linkedId?: string
  /** Present when the message is for an application and not for a person. */
  readonly application?: ApplicationAddress
  /** The smallest class of OMA-MMS-CONF the content fits, by the client's word. */
  readonly contentClass?: string
  /** The content holds protected objects, by the client's word. */
  readonly drmContent?: boolean
  /** False: the content must not be passed on. Informs, does not lock. */
  readonly distributable?: boolean
  /** How often users passed it on, by whom and when, as it was told us (TS 23.140 §7.1.4). */
  readonly passedOn?: {
    readonly count: number
    readonly by: readonly string[]
    readonly at: readonly string[]
  }
  /** What hubs route MM4 requests by (TS 23.140, Release 6), by header: passed on, read by nobody. */
  readonly hubRouting?: readonly NamedValue[]
  /** An MM4 peer's own X-Mms- headers: kept with the message, and told to nobody else. */
  readonly extensions?: readonly NamedValue[]
  /** Inbound: the id the originating system gave it, needed when reporting back. */
  readonly originId?: string
  /** The client's own id of the request (MM7 TransactionID, MM4 X-Mms-Transaction-ID). */
  readonly clientReference?: string
  /** Protocol version the client spoke; reports are written in it. */
  readonly clientVersion?: string
  /** Present when the channel is `sms`. */
  readonly sms?: SmsDetails
}

/**
 * Towards the handset (`mt`, through a carrier) or from it (`mo`, to the account that owns the
 * recipient number).
 */
export type Direction = 'mt' | 'mo'

/** What kind of message it is, whatever protocol it came by. */
export type Channel = 'mms' | 'sms'

/** An accepted message. Times are epoch milliseconds. */
export interface Message {
  readonly id: MessageId
  /** Tenant; part of every key and query. */
  readonly accountId: string
  readonly direction: Direction
  readonly channel: Channel
  /** The dialect its client speaks. */
  readonly dialect: string
  /** For `mo`: the peer it came from. */
  readonly peer?: string
  readonly acceptedAt: number
  readonly expiresAt: number
  readonly envelope: Envelope
  readonly content: Content
}

/** Makes a repeated request find its first answer instead of sending twice. */
export interface Idempotency {
  /** Account or peer the key belongs to. */
  readonly scope: string
  readonly key: string
  /** Digest of the decoded request: the same key with another body is another message. */
  readonly fingerprint: string
}

/** What a listener asks the engine to take responsibility for. */
export interface Submission {
  readonly accountId: string
  readonly direction: Direction
  readonly channel: Channel
  readonly dialect: string
  readonly peer?: string
  readonly envelope: Envelope
  readonly recipients: readonly Address[]
  readonly content: Content
  /** Wished end of validity; the engine clamps it. Epoch milliseconds. */
  readonly expiresAt?: number
  /** Not before this moment; epoch milliseconds. */
  readonly notBefore?: number
  readonly idempotency?: Idempotency
  /**
   * The client is on the line and waits this long for what the next hop says first, in milliseconds;
   * absent: it is content with our acceptance.
   */
  readonly answerWaitMs?: number
  /**
   * Recipients a policy refused. They are kept as failed, for `trace`, and nobody is sent a notice:
   * the door tells its client in its own answer. Refused for all, the content is not kept.
   */
  readonly refusals?: readonly RefusedRecipient[]
  /** The door has no answer to tell of `refusals` in: who asked for reports is told by one. */
  readonly refusalsReported?: true
  /** An inbound message that is nothing but a keyword: what its sender wants from now on. */
  readonly consent?: GivenConsent
}

/** Why a policy refused one recipient. */
export interface RefusedRecipient {
  /** The recipient's index in the submission. */
  readonly index: number
  readonly reason: Reason
  /** The policy by name, and its rule as a sentence. */
  readonly policy: string
  readonly rule: string
}

/** A subscriber's word about wanting messages. */
export interface GivenConsent {
  readonly consent: Consent
  /** The keyword in capitals. */
  readonly keyword: string
}
