/** A carrier's `smpp` table in the provisioning file: how to bind to its message centre. */
import { REASONS, type Reason } from '../core/reason.ts'
import { SMS_LANGUAGES } from '../core/smpp-peer.ts'
import {
  attempts,
  delayMs,
  HOUR_MS,
  hostName,
  rate,
  reportWindowMs,
  secret,
  text,
  timeoutMs,
  tlsFiles,
} from './directory-words.ts'
import type { TableSchema } from './option-schema.ts'

const REASON_NAMES = Object.keys(REASONS) as readonly Reason[]

const octet = { type: 'integer', minimum: 0, maximum: 255 } as const
const alphabet = { type: 'string', enum: ['gsm7', 'ascii', 'latin1', 'ucs2'] } as const
const asStandard = 'As the standard has it.'

const addressForm = (what: string, ton: number, npi: number) =>
  ({
    type: 'object',
    description: `How ${what} is announced.`,
    properties: {
      ton: { ...octet, default: ton, description: 'Type of number (SMPP 3.4 §5.2.5).' },
      npi: { ...octet, default: npi, description: 'Numbering plan (SMPP 3.4 §5.2.6).' },
    },
  }) as const satisfies TableSchema

const dataCodings = {
  type: 'object',
  absent: 'As the standard has them.',
  description: '`data_coding` where it wants another than the standard’s.',
  properties: {
    gsm7: { ...octet, absent: asStandard, description: 'Of texts in the GSM alphabet.' },
    ascii: { ...octet, absent: asStandard, description: 'Of texts in ASCII.' },
    latin1: { ...octet, absent: asStandard, description: 'Of texts in ISO 8859-1.' },
    ucs2: { ...octet, absent: asStandard, description: 'Of texts in UCS-2.' },
    binary: { ...octet, absent: asStandard, description: 'Of octets that are no text.' },
  },
} as const satisfies TableSchema

const overrides = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      on: {
        type: 'string',
        enum: ['status', 'err', 'stat'],
        required: true,
        description: 'A command_status, or a field of a receipt.',
      },
      value: {
        ...text,
        required: true,
        description: 'As it is written there; a status by name or as `0x…`.',
      },
      reason: {
        type: 'string',
        enum: REASON_NAMES,
        required: true,
        description: 'What it means there, as a reason.',
      },
    },
  },
  absent: 'The common tables hold.',
  description: 'What its words mean where the common tables are wrong about it; first match.',
} as const

const binding = {
  host: { ...hostName, required: true, description: 'Host its message centre listens on.' },
  port: {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    default: 2775,
    description: 'Port it listens on; 3550 is usual with TLS.',
  },
  tls: { type: 'boolean', default: false, description: 'TLS from the first byte.' },
  tlsFiles,
  systemId: {
    type: 'string',
    minLength: 1,
    maxLength: 64,
    required: true,
    description: 'Our name there.',
  },
  password: {
    ...secret,
    required: true,
    description: 'Password we present. A reference is kept as a reference and read when used.',
  },
  systemType: {
    type: 'string',
    maxLength: 12,
    absent: 'Empty.',
    description: 'system_type of the bind.',
  },
  interfaceVersion: {
    ...octet,
    default: 0x34,
    description: 'What we say we speak: 52 is SMPP 3.4, 80 is 5.0.',
  },
  addressRange: {
    type: 'string',
    maxLength: 40,
    absent: 'Empty.',
    description: 'Addresses we serve, as it wants them said in a bind.',
  },
  bindAs: {
    type: 'string',
    enum: ['transceiver', 'pair', 'transmitter'],
    default: 'transceiver',
    description: '`pair`: a transmitter and a receiver for each bind.',
  },
  binds: { type: 'integer', minimum: 1, maximum: 100, default: 1, description: 'Binds at once.' },
  window: {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 10,
    description: 'Requests without an answer over one bind.',
  },
  perSecond: { ...rate, absent: 'No limit.', description: 'Messages per second; more wait.' },
  enquireLinkMs: {
    ...timeoutMs,
    default: 30_000,
    description: 'Silence after which we ask whether it is there, in milliseconds.',
  },
  reconnectDelayMsMin: {
    ...delayMs,
    default: 1000,
    description: 'Wait before the second attempt to bind, in milliseconds; doubles with each.',
  },
  reconnectDelayMsMax: {
    ...delayMs,
    default: 60_000,
    description: 'Longest wait between attempts to bind, in milliseconds.',
  },
} as const

const writing = {
  defaultAlphabet: { ...alphabet, default: 'gsm7', description: 'What its data_coding 0 means.' },
  alphabets: {
    type: 'array',
    items: alphabet,
    default: ['gsm7', 'ucs2'],
    description: 'Alphabets it takes; the cheapest is used, of equally cheap ones the first.',
  },
  septets: {
    type: 'string',
    enum: ['unpacked', 'packed'],
    default: 'unpacked',
    description: 'How septets travel: one in each octet, or packed as on the air.',
  },
  languages: {
    type: 'array',
    items: {
      type: 'string',
      enum: SMS_LANGUAGES,
    },
    default: [],
    description: 'Languages whose national tables it is known to have.',
  },
  dataCodings,
  longMessages: {
    type: 'string',
    enum: ['udh', 'udh16', 'sar', 'payload'],
    default: 'udh',
    description:
      'Long messages: parts with a header (reference of 8 or 16 bits), `sar_…`, or whole.',
  },
  partsMax: {
    type: 'integer',
    minimum: 1,
    maximum: 255,
    default: 20,
    description: 'Parts of one message; a longer one is refused.',
  },
  senderNumber: addressForm('a sender that is a number', 1, 1),
  senderShortCode: addressForm('a sender that is a short code', 3, 0),
  senderName: addressForm('a sender with letters', 5, 0),
  recipientNumber: addressForm('the recipient', 1, 1),
  numberForm: {
    type: 'string',
    enum: ['digits', 'plus'],
    default: 'digits',
    description: 'How numbers are written.',
  },
  serviceType: {
    type: 'string',
    maxLength: 5,
    absent: 'Empty.',
    description: 'service_type where the message has none.',
  },
  validity: {
    type: 'string',
    enum: ['relative', 'absolute', 'none'],
    default: 'relative',
    description: 'How the end of validity is said.',
  },
  messageReference: {
    type: 'boolean',
    default: false,
    description: 'Give each message a `user_message_reference`, the same for every attempt.',
  },
} as const

const receipts = {
  sendsReports: { type: 'boolean', default: true, description: 'It sends receipts when asked.' },
  intermediateReceipts: {
    type: 'boolean',
    default: false,
    description: 'Ask for states that are not final, too.',
  },
  receiptsFor: {
    type: 'string',
    enum: ['each-part', 'message'],
    default: 'each-part',
    description: 'Of a message in parts it sends a receipt for each, or one for all of them.',
  },
  receiptsUnmarked: {
    type: 'boolean',
    default: false,
    description: 'Its receipts come without the bits that say so and are known by their text.',
  },
  idForm: {
    type: 'string',
    enum: ['auto', 'same', 'trimmed', 'hex-decimal', 'decimal-hex'],
    default: 'auto',
    description: 'How receipts spell the ids it answered with; `auto` tries what is usual.',
  },
  clockOffsetMinutes: {
    type: 'integer',
    minimum: -1440,
    maximum: 1440,
    absent: 'The dates of its receipts are not relied on.',
    description: 'How far the clock in its receipts is ahead of UTC, in minutes.',
  },
  overrides,
} as const

const patience = {
  servesCancel: {
    type: 'boolean',
    absent: 'It does not.',
    description:
      'It takes `cancel_sm` for a message it has not delivered yet; `idForm` must be one that keeps ' +
      'ids as they are, `auto` or `same`.',
  },
  cancelTimeoutMs: {
    ...timeoutMs,
    absent: '10000.',
    description:
      'How long its answer to a `cancel_sm` may take, in milliseconds; silence leaves the message ' +
      'as it is, and the client is told that it came too late.',
  },
  dropsDuplicates: {
    type: 'boolean',
    default: false,
    description: 'It drops a repeated message: a lost answer may then be mended by sending again.',
  },
  throttledCounts: {
    type: 'boolean',
    default: false,
    description: 'A message it throttles uses up an attempt; else it waits until it expires.',
  },
  attemptsMax: { ...attempts, default: 20, description: 'Attempts of one delivery in all.' },
  retryDelayMsMin: {
    ...delayMs,
    default: 5000,
    description: 'Wait before the second attempt, in milliseconds; doubles with each.',
  },
  retryDelayMsMax: {
    ...delayMs,
    default: 600_000,
    description: 'Longest wait between attempts, in milliseconds.',
  },
  attemptTimeoutMs: {
    ...timeoutMs,
    default: 120_000,
    description: 'Longest time one attempt may take, all parts together, in milliseconds.',
  },
  responseTimeoutMs: {
    ...timeoutMs,
    default: 30_000,
    description: 'How long the answer to one request may take, in milliseconds.',
  },
  reportWindowMs: {
    ...reportWindowMs,
    default: 72 * HOUR_MS,
    description: 'How long a receipt may take once it took the message, in milliseconds.',
  },
} as const

/** How to bind to a carrier's message centre, as an operator writes it. */
export const SMPP_PEER_SCHEMA = {
  type: 'object',
  absent: 'It speaks another protocol with us.',
  description: 'How to hand short messages to its message centre over SMPP.',
  properties: { ...binding, ...writing, ...receipts, ...patience },
} as const satisfies TableSchema
