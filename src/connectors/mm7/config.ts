/**
 * How to reach one upstream MMSC as its VASP, and how it reaches us. The schema is a plain literal
 * in the manner of the directory file's, so that it can stand there as it is.
 */
import type { SecretHash } from '../../core/directory.ts'

/** Settings of one upstream, as kept in the directory. Secrets we present may be references. */
export interface Mm7Upstream {
  /** Where SubmitReq goes. */
  readonly url: string
  readonly vaspId: string
  readonly vasId?: string
  readonly basic?: { readonly user: string; readonly password: string }
  /** MM7Version and namespace we write; the namespace usual for the version when absent. */
  readonly version: string
  readonly namespace?: string
  /** What we switch to, once, when it answers that it does not speak the first. */
  readonly fallbackVersion?: string
  readonly fallbackNamespace?: string
  /** Dialect whose rows say what its codes mean; 3GPP's own numbers when absent. */
  readonly codes?: string
  /** ServiceCode where the message has none. */
  readonly serviceCode?: string
  /** How numbers are written. */
  readonly numberForm: 'digits' | 'plus'
  /** Element in which our short codes travel. */
  readonly shortCodeElement: 'Number' | 'ShortCode'
  /** Headers it wants beside the usual ones. */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** It sends delivery reports when asked. */
  readonly sendsReports: boolean
  /** Ask for read replies where the message wants them. */
  readonly readReplies: boolean
  /** What `Forwarded` means in its reports: an interim word, or the end as in 3GPP. */
  readonly forwardedMeans: 'handed-to-network' | 'forwarded'
  /** It drops a repeated TransactionID: a lost answer may be mended by sending again. */
  readonly dropsDuplicates: boolean
  /** An empty 200 answer is its yes. */
  readonly blankMeansAccepted: boolean
  /** PEM files for TLS; read by whoever opens the connections. */
  readonly tls?: {
    readonly caFile?: string
    readonly certFile?: string
    readonly keyFile?: string
  }
  /** How it calls us back; absent: it cannot. */
  readonly callback?: {
    /** SHA-256 of the secret last segment of the path we gave it. */
    readonly keyHash: SecretHash
    readonly basic?: { readonly user: string; readonly passwordHash: SecretHash }
    /** Addresses or CIDR ranges it calls from; empty for any. */
    readonly fromAddresses: readonly string[]
  }
  readonly connections: number
  readonly perSecond?: number
  readonly attemptsMax: number
  readonly retryDelayMsMin: number
  readonly retryDelayMsMax: number
  readonly attemptTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
  readonly reportWindowMs: number
}

const HOUR_MS = 3_600_000
const text = { type: 'string', minLength: 1, maxLength: 1000 } as const
const secret = { type: 'string', minLength: 1, maxLength: 1024, secret: true } as const
const version = {
  type: 'string',
  pattern: '^[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}$',
  form: 'a version such as 6.8.0',
} as const
const namespace = {
  type: 'string',
  pattern: '^http://\\S{1,200}$',
  form: 'a namespace that begins with http://',
} as const
const file = { type: 'string', minLength: 1, maxLength: 4096 } as const
const timeoutMs = { type: 'integer', minimum: 100, maximum: HOUR_MS } as const
const delayMs = { type: 'integer', minimum: 0, maximum: 24 * HOUR_MS } as const

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
      pattern: '^[0-9a-f]{64}$',
      form: 'a SHA-256 in 64 hex digits',
      secret: true,
      absent: '`key` must be given.',
      description: 'SHA-256 of the secret segment.',
    },
    basic: {
      type: 'object',
      absent: 'HTTP Basic credentials are not demanded.',
      description: 'HTTP Basic credentials it must present.',
      properties: {
        user: { ...text, required: true, description: 'User name.' },
        password: {
          ...secret,
          absent: '`passwordHash` must be given.',
          description: 'Password, plain or as a reference; hashed with scrypt on import.',
        },
        passwordHash: {
          ...secret,
          absent: '`password` must be given.',
          description: 'The password as already hashed.',
        },
      },
    },
    fromAddresses: {
      type: 'array',
      items: text,
      default: [],
      description: 'Addresses or CIDR ranges it calls from; empty for any.',
    },
  },
} as const

const tls = {
  type: 'object',
  absent: 'The usual authorities are trusted and no certificate of ours is presented.',
  description: 'Files for TLS, in PEM.',
  properties: {
    caFile: { ...file, absent: 'The usual authorities.', description: 'Authorities to trust.' },
    certFile: { ...file, absent: 'None.', description: 'Certificate we present.' },
    keyFile: { ...file, absent: 'None.', description: 'Key of the certificate we present.' },
  },
} as const

/** The options of an upstream as an operator writes them. */
export const MM7_UPSTREAM_SCHEMA = {
  type: 'object',
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
      properties: {
        user: { ...text, required: true, description: 'User name we present.' },
        password: {
          ...secret,
          required: true,
          description: 'Password we present. A reference is kept as a reference.',
        },
      },
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
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: {
            type: 'string',
            pattern: '^[A-Za-z0-9-]{1,64}$',
            form: 'a header name',
            required: true,
            description: 'Name of the header.',
          },
          value: { ...text, required: true, description: 'Its value.' },
        },
      },
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
    tls,
    callback,
    connections: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 4,
      description: 'Connections at once.',
    },
    perSecond: {
      type: 'number',
      minimum: 0.001,
      maximum: 100_000,
      absent: 'No limit.',
      description: 'Messages per second; more wait.',
    },
    attemptsMax: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
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
      type: 'integer',
      minimum: 100,
      maximum: 30 * 24 * HOUR_MS,
      default: 72 * HOUR_MS,
      description: 'How long a delivery report may take once it took the message, in milliseconds.',
    },
  },
} as const
