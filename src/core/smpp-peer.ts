/** A carrier's message centre to which we are an ESME: how to bind, and how it wants its messages. */
import type { Reason } from './reason.ts'

/** Alphabets a text can be written in for a message centre. */
export type SmppTextAlphabet = 'gsm7' | 'ascii' | 'latin1' | 'ucs2'

/** Languages with national tables (3GPP TS 23.038 §6.2.1.2.4 and 5). */
export const SMS_LANGUAGES = [
  'turkish',
  'spanish',
  'portuguese',
  'bengali',
  'gujarati',
  'hindi',
  'kannada',
  'malayalam',
  'oriya',
  'punjabi',
  'tamil',
  'telugu',
  'urdu',
] as const

/** One of them. */
export type SmsLanguage = (typeof SMS_LANGUAGES)[number]

/** Type of number and numbering plan of an address (SMPP 3.4 §5.2.5 and §5.2.6). */
export interface SmppAddressForm {
  readonly ton: number
  readonly npi: number
}

/** One word of a message centre and what it means there. */
export interface SmppOverride {
  /** `status`: a command_status; `err` and `stat`: fields of a receipt. */
  readonly on: 'status' | 'err' | 'stat'
  /** As it is written there; a status by name or as `0x…`; leading zeros do not count. */
  readonly value: string
  readonly reason: Reason
}

/** A message centre. Secrets we present may be references. */
export interface SmppPeer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; SMPP knows no other. */
  readonly tls: boolean
  /** PEM files for TLS; read by whoever opens the connections. */
  readonly tlsFiles?: {
    readonly caFile?: string
    readonly certFile?: string
    readonly keyFile?: string
  }
  readonly systemId: string
  readonly password: string
  readonly systemType?: string
  /** What we say we speak: 0x34 is 3.4, 0x50 is 5.0. */
  readonly interfaceVersion: number
  /** Addresses we serve, as the centre wants them said in a bind. */
  readonly addressRange?: string
  /** `pair`: a transmitter and a receiver for each bind. */
  readonly bindAs: 'transceiver' | 'pair' | 'transmitter'
  readonly binds: number
  /** Requests without an answer over one bind. */
  readonly window: number
  /** Parts per second over all binds; absent for no limit. */
  readonly perSecond?: number
  readonly enquireLinkMs: number
  readonly reconnectDelayMsMin: number
  readonly reconnectDelayMsMax: number
  /** What its `data_coding` 0 means. */
  readonly defaultAlphabet: SmppTextAlphabet
  /** Alphabets it takes; of those that take equally few parts the first is used. */
  readonly alphabets: readonly SmppTextAlphabet[]
  /** How septets travel: one in each octet, or packed as on the air. */
  readonly septets: 'unpacked' | 'packed'
  /** Languages whose national tables it is known to have. */
  readonly languages: readonly SmsLanguage[]
  /** `data_coding` where it wants another than the standard's. */
  readonly dataCodings?: { readonly [A in SmppTextAlphabet | 'binary']?: number }
  /** How a long message travels: parts with a header, parts with `sar_…`, or whole as a payload. */
  readonly longMessages: 'udh' | 'udh16' | 'sar' | 'payload'
  readonly partsMax: number
  readonly senderNumber: SmppAddressForm
  readonly senderShortCode: SmppAddressForm
  readonly senderName: SmppAddressForm
  readonly recipientNumber: SmppAddressForm
  /** How numbers are written. */
  readonly numberForm: 'digits' | 'plus'
  readonly serviceType?: string
  /** How the end of validity is said. */
  readonly validity: 'relative' | 'absolute' | 'none'
  /** Give each message a `user_message_reference`, the same for every attempt. */
  readonly messageReference: boolean
  /** It sends receipts when asked. */
  readonly sendsReports: boolean
  /** Ask for states that are not final, too. */
  readonly intermediateReceipts: boolean
  /** Of a message in parts it sends a receipt for each, or one for all of them. */
  readonly receiptsFor: 'each-part' | 'message'
  /** Receipts come without the bits that say so: known by their text. */
  readonly receiptsUnmarked: boolean
  /** How receipts spell the ids it answered with. */
  readonly idForm: SmppIdForm
  /** How far its clock is ahead of UTC; absent: the dates of its receipts are not relied on. */
  readonly clockOffsetMinutes?: number
  /** What its words mean where the common tables are wrong about it; the first match counts. */
  readonly overrides?: readonly SmppOverride[]
  /** It takes `cancel_sm` for a message it has not delivered yet; absent: it does not. */
  readonly servesCancel?: boolean
  /** How long its answer to one may take, in milliseconds. */
  readonly cancelTimeoutMs?: number
  readonly dropsDuplicates: boolean
  /** A message it throttles uses up an attempt. */
  readonly throttledCounts: boolean
  readonly attemptsMax: number
  readonly retryDelayMsMin: number
  readonly retryDelayMsMax: number
  readonly attemptTimeoutMs: number
  readonly responseTimeoutMs: number
  readonly reportWindowMs: number
}

/**
 * How the id in a receipt is related to the id in the answer. `auto`: as it is, or else in any
 * spelling; `same`: as it is; `trimmed`: but for leading zeros and case; `hex-decimal`: answered in
 * hexadecimal and reported in decimal; `decimal-hex`: the other way.
 */
export type SmppIdForm = 'auto' | 'same' | 'trimmed' | 'hex-decimal' | 'decimal-hex'
