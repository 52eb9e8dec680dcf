/** The `mm4` tables of carriers and accounts in the provisioning file. */
import { REASONS, type Reason } from '../core/reason.ts'
import {
  addresses,
  attempts,
  certificates,
  delayMs,
  enabled,
  HOUR_MS,
  headerList,
  hostName,
  loginProperties,
  name,
  outboundLoginProperties,
  rate,
  reportWindowMs,
  text,
  timeoutMs,
  tlsFiles,
  version,
} from './directory-words.ts'
import type { TableSchema } from './option-schema.ts'

const REASON_NAMES = Object.keys(REASONS) as readonly Reason[]

const properties = {
  host: { ...hostName, required: true, description: 'Host its MMSC listens on.' },
  port: {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    default: 25,
    description: 'Port its MMSC listens on.',
  },
  mx: {
    type: 'boolean',
    absent: 'False.',
    description: '`host` is a domain: its MX records name the hosts.',
  },
  domain: {
    ...hostName,
    required: true,
    description: 'Domain after the @ of recipient addresses.',
  },
  tls: {
    type: 'string',
    enum: ['off', 'opportunistic', 'required', 'implicit'],
    default: 'opportunistic',
    description: 'Whether to use STARTTLS, or TLS from the first byte.',
  },
  tlsFiles,
  auth: {
    type: 'object',
    absent: 'We do not authenticate.',
    description: 'Credentials we authenticate with (SMTP AUTH).',
    properties: outboundLoginProperties,
  },
  fromAddresses: {
    ...addresses,
    default: [],
    description: 'Addresses or CIDR ranges it connects from; empty: it must authenticate.',
  },
  peerAuth: {
    type: 'object',
    absent: 'It cannot authenticate.',
    description: 'Credentials it authenticates with when it connects to us.',
    properties: loginProperties,
  },
  certificates: {
    ...certificates,
    absent: 'It is not known by a certificate.',
    description: 'SHA-256 of the certificates it shows when it connects to us.',
  },
  version: { ...version, default: '6.10.0', description: 'MM4 version we write.' },
  addressForm: {
    type: 'string',
    enum: ['plmn', 'plain'],
    absent: '`plmn`.',
    description: 'How it wants numbers: `+E164/TYPE=PLMN@domain`, or `+E164@domain`.',
  },
  headers: {
    ...headerList,
    absent: 'None.',
    description: 'Headers it wants beside the usual ones.',
  },
  codes: {
    ...name,
    absent: 'Its answers carry the words of the standard only.',
    description: 'Dialect whose codes it puts into its answers; they outweigh every other word.',
  },
  overrides: {
    type: 'array',
    items: {
      type: 'object',
      properties: {
        contains: { ...text, required: true, description: 'Words the answer holds, in any case.' },
        reason: {
          type: 'string',
          enum: REASON_NAMES,
          required: true,
          description: 'What it means there, as a reason.',
        },
      },
    },
    absent: 'The common tables hold.',
    description: 'What its answers mean where the common tables are wrong about it; first match.',
  },
  messagesPerConnection: {
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    absent: 'No limit worth the name.',
    description: 'Messages it takes over one connection.',
  },
  waitingMax: {
    type: 'integer',
    minimum: 0,
    maximum: 1_000_000,
    absent: '10,000.',
    description: 'Messages that may wait for a connection; more are put off.',
  },
  ackRequest: {
    type: 'boolean',
    default: true,
    description: 'Ask for MM4_forward.RES.',
  },
  sendsReports: {
    type: 'boolean',
    default: true,
    description: 'It sends delivery reports when asked.',
  },
  dropsDuplicates: {
    type: 'boolean',
    default: false,
    description: 'It drops a repeated message: a lost answer may then be mended by sending again.',
  },
  connections: {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 4,
    description: 'Connections at once.',
  },
  window: {
    type: 'integer',
    minimum: 1,
    maximum: 100_000,
    absent: 'As many as connections.',
    description: 'Requests under way at once, those that wait for a connection included.',
  },
  perSecond: { ...rate, absent: 'No limit.', description: 'Messages per second; more wait.' },
  attemptsMax: { ...attempts, default: 12, description: 'Attempts of one delivery in all.' },
  retryDelayMsMin: {
    ...delayMs,
    default: 30_000,
    description: 'Wait before the second attempt, in milliseconds; doubles with each.',
  },
  retryDelayMsMax: {
    ...delayMs,
    default: HOUR_MS,
    description: 'Longest wait between attempts, in milliseconds.',
  },
  attemptTimeoutMs: {
    ...timeoutMs,
    default: 120_000,
    description: 'Longest time one attempt may take, in milliseconds.',
  },
  responseTimeoutMs: {
    type: 'integer',
    minimum: 100,
    maximum: 24 * HOUR_MS,
    default: 300_000,
    description: 'How long MM4_forward.RES may take, in milliseconds.',
  },
  reportWindowMs: {
    ...reportWindowMs,
    default: 2 * HOUR_MS,
    description: 'How long a delivery report may take once it took the message, in milliseconds.',
  },
} as const

/** How to exchange MM4 with a carrier, as an operator writes it. */
export const MM4_PEER_SCHEMA = {
  type: 'object',
  absent: 'It speaks another protocol with us.',
  description: 'How to exchange MM4 with it.',
  properties,
} as const satisfies TableSchema

/** How an account speaks MM4 with us. */
export const MM4_ACCESS_SCHEMA = {
  type: 'object',
  absent: 'The account has no MM4 access.',
  description: 'How the account speaks MM4: what a peer has, for its own MMSC.',
  properties: {
    enabled,
    ...properties,
    reports: {
      type: 'boolean',
      default: true,
      description: 'False switches delivery reports off for the account.',
    },
    interimReports: {
      type: 'boolean',
      default: false,
      description: 'It is told of attempts that failed for now, where it asked for reports.',
    },
  },
} as const satisfies TableSchema
