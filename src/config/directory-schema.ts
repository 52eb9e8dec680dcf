/**
 * The provisioning file, TOML or JSON: who may use the gateway, as whom, towards whom. Words and
 * meanings are those of `core/directory.ts`; only secrets differ, which a file may hold plain or as
 * a reference (`env:NAME`, `file:PATH`) and which are hashed on import.
 */
import { CONTENT_CLASS_NAMES } from '../core/content-class.ts'
import type { OptionSchema, TableSchema, ValueOf } from './option-schema.ts'
import { NUMBER_CHANNELS_SCHEMA, POLICY_SCHEMA } from './policy-schema.ts'
import { KEY_HASH_PATTERN, PASSWORD_HASH_PATTERN } from './secret.ts'

const MIB = 1024 * 1024
const HOUR_MS = 3_600_000

const name = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  form: 'a name of letters, digits, dots, dashes and underscores',
} as const
const number = {
  type: 'string',
  pattern: '^(?:\\+?[1-9][0-9]{6,14}|[0-9A-Za-z]{3,12})$',
  form: 'a number (7 to 15 digits, with or without plus) or a short code',
} as const
const phoneNumber = {
  type: 'string',
  pattern: '^\\+?[1-9][0-9]{6,14}$',
  form: 'a number of 7 to 15 digits, with or without plus',
} as const
const hostName = {
  type: 'string',
  pattern: '^[A-Za-z0-9._:-]{1,253}$',
  form: 'a host name or an IP address',
} as const
const text = { type: 'string', minLength: 1, maxLength: 1000 } as const
const secret = { type: 'string', minLength: 1, maxLength: 1024, secret: true } as const
const rate = { type: 'number', minimum: 0.001, maximum: 100_000 } as const
const delayMs = { type: 'integer', minimum: 0, maximum: 24 * HOUR_MS } as const
const attempts = { type: 'integer', minimum: 1, maximum: 1000 } as const
const addresses = { type: 'array', items: { ...text } } as const

const enabled = {
  type: 'boolean',
  default: true,
  description: 'False switches it off without forgetting it.',
} as const satisfies OptionSchema

/** Credentials somebody presents to us: kept as a hash. */
const loginProperties = {
  user: { ...text, required: true, description: 'User name.' },
  password: {
    ...secret,
    absent: '`passwordHash` must be given.',
    description: 'Password, plain or as `env:NAME` or `file:PATH`; hashed with scrypt on import.',
  },
  passwordHash: {
    type: 'string',
    pattern: PASSWORD_HASH_PATTERN,
    form: 'scrypt$N$r$p$salt$hash',
    secret: true,
    absent: '`password` must be given.',
    description: 'The password as already hashed.',
  },
} as const satisfies Record<string, OptionSchema>

/** Credentials we present: kept as they are written. */
const outboundLoginProperties = {
  user: { ...text, required: true, description: 'User name we present.' },
  password: {
    ...secret,
    required: true,
    description: 'Password we present. A reference is kept as a reference and read when used.',
  },
} as const satisfies Record<string, OptionSchema>

const mm7 = {
  type: 'object',
  description: 'How the account speaks MM7.',
  absent: 'The account has no MM7 access.',
  properties: {
    enabled,
    vaspId: {
      ...secret,
      absent: '`vaspIdHash` must be given.',
      description: 'The VASPID (the API key), plain or as a reference; only its SHA-256 is kept.',
    },
    vaspIdHash: {
      type: 'string',
      pattern: KEY_HASH_PATTERN,
      form: 'a SHA-256 in 64 hex digits',
      secret: true,
      absent: '`vaspId` must be given.',
      description: 'SHA-256 of the VASPID.',
    },
    basic: {
      type: 'object',
      absent: 'HTTP Basic credentials are not demanded.',
      description: 'HTTP Basic credentials the client must present.',
      properties: loginProperties,
    },
    allowAddresses: {
      ...addresses,
      default: [],
      description: 'Client addresses or CIDR ranges; empty for any.',
    },
    faultStatus: {
      type: 'string',
      enum: ['200', '500', 'native'],
      default: '200',
      description:
        'HTTP status of a refusal: 200, 500 as SOAP 1.1 says, or the native one of the code.',
    },
    replyType: {
      type: 'string',
      enum: ['text/xml', 'application/xml'],
      default: 'text/xml',
      description: 'Media type of replies.',
    },
    callbackUrl: {
      type: 'string',
      pattern: '^https?://[^\\s@]+$',
      form: 'an http or https address without credentials in it',
      absent: 'Nobody is told about reports and inbound messages.',
      description: 'Where DeliveryReportReq and DeliverReq go.',
    },
    callbackBasic: {
      type: 'object',
      absent: 'Callbacks carry no credentials.',
      description: 'HTTP Basic credentials of the callback.',
      properties: outboundLoginProperties,
    },
    callbackPerSecond: {
      ...rate,
      absent: 'As the dialect says.',
      description: 'Callbacks per second.',
    },
    callbackDelayMs: {
      ...delayMs,
      absent: 'As the dialect says.',
      description: 'Wait between attempts of one callback, in milliseconds.',
    },
    callbackAttemptsMax: {
      ...attempts,
      absent: 'As the dialect says.',
      description: 'Attempts of one callback in all.',
    },
    reports: {
      type: 'boolean',
      default: true,
      description: 'False switches delivery reports off for the account.',
    },
    verboseReports: {
      type: 'boolean',
      default: false,
      description: 'Report texts carry the code behind the status.',
    },
    blankAnswerAccepted: {
      type: 'boolean',
      default: false,
      description: 'An empty 200 answer to a callback counts as success.',
    },
  },
} as const satisfies TableSchema

/** One service of an account. */
export const SERVICE_SCHEMA = {
  type: 'object',
  properties: {
    id: { ...name, required: true, description: 'VASID.' },
    senders: {
      type: 'array',
      items: number,
      required: true,
      description: 'Short codes and numbers the service may send from.',
    },
    shared: {
      type: 'boolean',
      default: false,
      description: 'Several accounts use these senders: the client must name the service.',
    },
    live: {
      type: 'boolean',
      default: true,
      description: 'False while no carrier binding works for it.',
    },
  },
} as const

/** Limits of an account. */
export const ACCOUNT_LIMITS_SCHEMA = {
  type: 'object',
  description: 'What the account may use.',
  properties: {
    callsPerSecond: {
      ...rate,
      default: 10,
      description: 'API calls per second; more are refused.',
    },
    callsBurst: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      default: 20,
      description: 'API calls that may come at once after a rest.',
    },
    contentBytesMax: {
      type: 'integer',
      minimum: 1,
      maximum: 512 * MIB,
      default: 5 * MIB,
      description: 'Decoded content of one message, in bytes.',
    },
  },
} as const satisfies TableSchema

const account = {
  type: 'object',
  properties: {
    id: { ...name, required: true, description: 'Id, unique; part of every key and query.' },
    name: { ...text, absent: 'The id.', description: 'Name for people.' },
    dialect: { ...name, required: true, description: 'Dialect the account speaks, by name.' },
    enabled,
    mm7,
    services: {
      type: 'array',
      items: SERVICE_SCHEMA,
      default: [],
      description: 'Sender addresses of the account, by service.',
    },
    limits: ACCOUNT_LIMITS_SCHEMA,
    carrierIdRequired: {
      type: 'boolean',
      default: false,
      description: 'The client must name the carrier of each message (no look-up contract).',
    },
    presentationRequired: {
      type: 'boolean',
      default: false,
      description: 'Messages without a SMIL part are refused.',
    },
    policy: POLICY_SCHEMA,
  },
} as const

/** A number of ours. */
export const OWN_NUMBER_SCHEMA = {
  type: 'object',
  properties: {
    number: { ...number, required: true, description: 'Number or short code.' },
    account: {
      ...name,
      absent: 'Nobody has it.',
      description: 'Account that gets what is sent to it, by id.',
    },
    service: { ...name, absent: 'None.', description: 'Service of the account it belongs to.' },
    state: {
      type: 'string',
      enum: ['active', 'disconnected', 'unallocated', 'suspended'],
      default: 'active',
      description: 'Only an active number sends and receives.',
    },
    channels: NUMBER_CHANNELS_SCHEMA,
    failsAlways: {
      type: 'boolean',
      absent: 'False.',
      description: 'Every message from it fails: for trying out how a client takes it.',
    },
  },
} as const

const mm4 = {
  type: 'object',
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
    version: {
      type: 'string',
      pattern: '^[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}$',
      form: 'a version such as 6.10.0',
      default: '6.10.0',
      description: 'MM4 version we write.',
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
      type: 'integer',
      minimum: 100,
      maximum: HOUR_MS,
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
      type: 'integer',
      minimum: 100,
      maximum: 30 * 24 * HOUR_MS,
      default: 2 * HOUR_MS,
      description: 'How long a delivery report may take once it took the message, in milliseconds.',
    },
  },
} as const satisfies TableSchema

const pixels = { type: 'integer', minimum: 16, maximum: 65_535 } as const

const budget = {
  type: 'object',
  absent: 'It takes everything.',
  description: 'What it takes. Pictures are made smaller for it where the client permits.',
  properties: {
    messageBytesMax: {
      type: 'integer',
      minimum: 4096,
      maximum: 512 * MIB,
      absent: 'No limit.',
      description: 'Bytes of a whole message as sent to it, base64 and headers counted.',
    },
    contentBytesMax: {
      type: 'integer',
      minimum: 1024,
      maximum: 512 * MIB,
      absent: 'No limit.',
      description: 'Decoded content of one message, in bytes.',
    },
    imageWidthMax: { ...pixels, absent: 'No limit.', description: 'Widest picture, in pixels.' },
    imageHeightMax: { ...pixels, absent: 'No limit.', description: 'Highest picture, in pixels.' },
    mediaTypes: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^[a-z]+/(?:\\*|[a-z0-9][a-z0-9.+-]*)$',
        form: 'a media type in lower case such as image/jpeg, or image/*',
      },
      absent: 'Every type.',
      description: 'Media types it takes; plain text and SMIL always.',
    },
    contentClass: {
      type: 'string',
      enum: CONTENT_CLASS_NAMES,
      absent: 'None.',
      description: 'Largest content class of OMA-MMS-CONF it takes; its limits hold, too.',
    },
  },
} as const satisfies TableSchema

const carrier = {
  type: 'object',
  properties: {
    name: { ...name, required: true, description: 'Name, unique; routes use it.' },
    title: { ...text, absent: 'The name.', description: 'Name for people.' },
    enabled,
    ids: {
      type: 'array',
      items: text,
      default: [],
      description: 'Ids clients may name it by in their carrier header.',
    },
    budget,
    mm4,
  },
} as const

/** A route. */
export const ROUTE_SCHEMA = {
  type: 'object',
  properties: {
    name: { ...name, required: true, description: 'Name, unique.' },
    prefix: {
      type: 'string',
      pattern: '^\\+?[0-9]{0,15}$',
      form: 'digits, with or without plus',
      default: '',
      description: 'First digits of the recipients; empty for every number. The longest wins.',
    },
    carrier: { ...name, required: true, description: 'Way out, by name.' },
    accounts: {
      type: 'array',
      items: name,
      absent: 'All accounts.',
      description: 'Only for these accounts, by id.',
    },
    enabled,
  },
} as const

/** A blocked number. */
export const BLOCK_SCHEMA = {
  type: 'object',
  properties: {
    number: { ...phoneNumber, required: true, description: 'Number nobody may send to.' },
    account: { ...name, absent: 'All accounts.', description: 'Only for this account, by id.' },
    sender: {
      ...number,
      absent: 'All senders.',
      description: 'Only from this number or short code of ours.',
    },
    because: { ...text, default: 'blocked by the operator', description: 'Why, for people.' },
  },
} as const

/** The whole file. */
export const DIRECTORY_SCHEMA = {
  type: 'object',
  description: 'Provisioning directory of a Carillon gateway.',
  properties: {
    accounts: { type: 'array', items: account, default: [], description: 'Tenants.' },
    numbers: {
      type: 'array',
      items: OWN_NUMBER_SCHEMA,
      default: [],
      description: 'Numbers and short codes of ours and who owns them.',
    },
    carriers: {
      type: 'array',
      items: carrier,
      default: [],
      description: 'Carriers and peers we exchange MM4 with.',
    },
    routes: {
      type: 'array',
      items: ROUTE_SCHEMA,
      default: [],
      description: 'Which way recipients go.',
    },
    blocks: {
      type: 'array',
      items: BLOCK_SCHEMA,
      default: [],
      description: 'Numbers nobody may send to.',
    },
  },
} as const satisfies TableSchema

/** The file as written, defaults filled in, secrets not yet hashed. */
export type DirectoryInput = ValueOf<typeof DIRECTORY_SCHEMA>
export type AccountInput = DirectoryInput['accounts'][number]
export type CarrierInput = DirectoryInput['carriers'][number]
