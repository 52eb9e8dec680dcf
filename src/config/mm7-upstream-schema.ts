/** A carrier's `mm7` table in the provisioning file: how to reach an upstream MMSC as its VASP. */
import {
  addresses,
  attempts,
  delayMs,
  HOUR_MS,
  headerList,
  loginProperties,
  outboundLoginProperties,
  rate,
  reportWindowMs,
  secret,
  text,
  timeoutMs,
  tlsFiles,
  version,
} from './directory-words.ts'
import type { TableSchema } from './option-schema.ts'
import { KEY_HASH_PATTERN } from './secret.ts'

const namespace = {
  type: 'string',
  pattern: '^http://\\S{1,200}$',
  form: 'a namespace that begins with http://',
} as const

const callback = {
  type: 'object',
  absent: 'It cannot call us back: neither reports nor inbound messages come from it.',
  description: 'How it calls us back with reports and inbound messages.',
  properties: {
    key: {
      ...secret,
      absent: '`keyHash` must be given.',
      description: 'Secret last segment of the callback path; only its SHA-256 is kept.',
    },
    keyHash: {
      type: 'string',
      pattern: KEY_HASH_PATTERN,
      form: 'a SHA-256 in 64 hex digits',
      secret: true,
      absent: '`key` must be given.',
      description: 'SHA-256 of the secret segment.',
    },
    basic: {
      type: 'object',
      absent: 'HTTP Basic credentials are not demanded.',
      description: 'HTTP Basic credentials it must present.',
      properties: loginProperties,
    },
    fromAddresses: {
      ...addresses,
      default: [],
      description: 'Addresses or CIDR ranges it calls from; empty for any.',
    },
  },
} as const

/** The options of an upstream as an operator writes them. */
export const MM7_UPSTREAM_SCHEMA = {
  type: 'object',
  absent: 'It speaks another protocol with us.',
  description: 'How to submit to it over MM7, as its VASP.',
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://[^\\s@]+$',
      form: 'an http or https address without credentials in it',
      required: true,
      description: 'Where its MMSC takes SubmitReq.',
    },
    vaspId: { ...secret, required: true, description: 'VASPID it gave us; plain or a reference.' },
    vasId: { ...text, absent: 'Not sent.', description: 'VASID it gave us.' },
    basic: {
      type: 'object',
      absent: 'No HTTP Basic credentials are presented.',
      description: 'HTTP Basic credentials we present.',
      properties: outboundLoginProperties,
    },
    version: { ...version, default: '6.8.0', description: 'MM7Version we write.' },
    namespace: {
      ...namespace,
      absent: 'The one usual for the version.',
      description: 'MM7 namespace we write.',
    },
    fallbackVersion: {
      ...version,
      absent: 'None: an unsupported version ends the delivery.',
      description: 'MM7Version to switch to, once, when it does not speak the first (code 4002).',
    },
    fallbackNamespace: {
      ...namespace,
      absent: 'The one usual for that version.',
      description: 'Namespace of the fallback version.',
    },
    codes: {
      ...text,
      absent: 'The numbers mean what 3GPP says.',
      description: 'Dialect whose rows say what its codes mean, by name.',
    },
    serviceCode: {
      ...text,
      absent: 'None.',
      description: 'ServiceCode of messages that have none of their own.',
    },
    numberForm: {
      type: 'string',
      enum: ['digits', 'plus'],
      default: 'digits',
      description: 'Whether numbers are written with a leading plus.',
    },
    shortCodeElement: {
      type: 'string',
      enum: ['Number', 'ShortCode'],
      default: 'ShortCode',
      description: 'Element in which our short codes travel.',
    },
    headers: {
      ...headerList,
      default: [],
      description: 'HTTP headers it wants beside the usual ones.',
    },
    sendsReports: {
      type: 'boolean',
      default: true,
      description: 'It sends delivery reports when asked.',
    },
    readReplies: {
      type: 'boolean',
      default: true,
      description: 'Ask for read replies where the message wants them.',
    },
    forwardedMeans: {
      type: 'string',
      enum: ['handed-to-network', 'forwarded'],
      default: 'forwarded',
      description: '`Forwarded` in its reports: an interim word, or passed on and no more to come.',
    },
    dropsDuplicates: {
      type: 'boolean',
      default: false,
      description: 'It drops a repeated TransactionID: a lost answer may be mended by repeating.',
    },
    blankMeansAccepted: {
      type: 'boolean',
      default: false,
      description: 'An empty answer with HTTP 200 is its yes.',
    },
    servesCancel: {
      type: 'boolean',
      absent: 'It does.',
      description: 'It takes CancelReq for a message it has not delivered yet.',
    },
    cancelTimeoutMs: {
      ...timeoutMs,
      absent: '10000.',
      description:
        'How long its answer to a CancelReq may take, in milliseconds; silence leaves the message ' +
        'as it is, and the client is told that it came too late.',
    },
    tls: tlsFiles,
    callback,
    connections: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 4,
      description: 'Connections at once.',
    },
    perSecond: {
      ...rate,
      absent: 'No limit.',
      description: 'Messages per second; more wait.',
    },
    attemptsMax: {
      ...attempts,
      default: 12,
      description: 'Attempts of one delivery in all.',
    },
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
    connectTimeoutMs: {
      ...timeoutMs,
      default: 10_000,
      description: 'Longest time to connect, in milliseconds.',
    },
    answerTimeoutMs: {
      ...timeoutMs,
      default: 30_000,
      description: 'How long its answer may take, in milliseconds.',
    },
    reportWindowMs: {
      ...reportWindowMs,
      default: 72 * HOUR_MS,
      description: 'How long a delivery report may take once it took the message, in milliseconds.',
    },
  },
} as const satisfies TableSchema
