/** A carrier's `mm4` table in the provisioning file. */
import {
  addresses,
  attempts,
  delayMs,
  HOUR_MS,
  hostName,
  loginProperties,
  outboundLoginProperties,
  rate,
  reportWindowMs,
  timeoutMs,
  version,
} from './directory-words.ts'
import type { TableSchema } from './option-schema.ts'

/** How to exchange MM4 with a peer, as an operator writes it. */
export const MM4_PEER_SCHEMA = {
  type: 'object',
  absent: 'It speaks another protocol with us.',
  description: 'How to exchange MM4 with it.',
  properties: {
    host: { ...hostName, required: true, description: 'Host its MMSC listens on.' },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      default: 25,
      description: 'Port its MMSC listens on.',
    },
    domain: {
      ...hostName,
      required: true,
      description: 'Domain after the @ of recipient addresses.',
    },
    tls: {
      type: 'string',
      enum: ['off', 'opportunistic', 'required'],
      default: 'opportunistic',
      description: 'Whether to use STARTTLS.',
    },
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
    version: { ...version, default: '6.10.0', description: 'MM4 version we write.' },
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
      description:
        'It drops a repeated message: a lost answer may then be mended by sending again.',
    },
    connections: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 4,
      description: 'Connections at once.',
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
  },
} as const satisfies TableSchema
