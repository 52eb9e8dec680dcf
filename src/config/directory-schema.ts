/**
 * The provisioning file, TOML or JSON: who may use the gateway, as whom, towards whom. Words and
 * meanings are those of `core/directory.ts`; only secrets differ, which a file may hold plain or as
 * a reference (`env:NAME`, `file:PATH`) and which are hashed on import.
 */
import { RECIPIENTS_MAX } from '../core/directory.ts'
import { BUDGET_SCHEMA } from './budget-schema.ts'
import {
  addresses,
  attempts,
  certificates,
  delayMs,
  enabled,
  loginProperties,
  name,
  number,
  outboundLoginProperties,
  phoneNumber,
  rate,
  secret,
  text,
} from './directory-words.ts'
import { MM4_ACCESS_SCHEMA, MM4_PEER_SCHEMA } from './mm4-peer-schema.ts'
import { MM7_UPSTREAM_SCHEMA } from './mm7-upstream-schema.ts'
import type { TableSchema, ValueOf } from './option-schema.ts'
import { CONSENT_REPLIES_SCHEMA, NUMBER_CHANNELS_SCHEMA, POLICY_SCHEMA } from './policy-schema.ts'
import { KEY_HASH_PATTERN } from './secret.ts'
import { SMPP_ACCESS_SCHEMA } from './smpp-access-schema.ts'
import { SMPP_PEER_SCHEMA } from './smpp-peer-schema.ts'

const MIB = 1024 * 1024

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
    tlsRequired: {
      type: 'boolean',
      absent: 'They are served.',
      description:
        'True refuses requests in clear; one through a proxy that ends TLS is in clear, too.',
    },
    certificates: {
      ...certificates,
      absent: 'None is demanded.',
      description:
        'SHA-256 of the certificates the client may show; the door must ask for them ' +
        '(`http.tls.clientCertificates`).',
    },
    faultStatus: {
      type: 'string',
      enum: ['200', '500', 'native'],
      absent: 'As the dialect says.',
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
    passThrough: {
      type: 'boolean',
      default: false,
      description:
        'A submit is answered with what the next hop says first, as its own code, if in time.',
    },
    passThroughWaitMs: {
      type: 'integer',
      minimum: 100,
      maximum: 60_000,
      default: 10_000,
      description: 'How long the answer waits for the next hop; then it is 1000, in milliseconds.',
    },
    recipientsMax: {
      type: 'integer',
      minimum: 1,
      maximum: RECIPIENTS_MAX,
      absent: 'As the dialect says, which is one.',
      description: 'Recipients of one request.',
    },
    readReplies: {
      type: 'boolean',
      absent: 'The account may.',
      description: 'False: asking for read replies is refused.',
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

/** Calls one window may have at most. */
const CALLS_MAX = 1_000_000_000
const REFUSED_CALLS =
  'more are refused, and told when the next may come. Counted in memory: a start begins anew.'

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
    callsPerMinute: {
      type: 'integer',
      minimum: 1,
      maximum: CALLS_MAX,
      absent: 'No limit by the minute.',
      description: `API calls in a minute, from its first call on, at all doors; ${REFUSED_CALLS}`,
    },
    callsPerDay: {
      type: 'integer',
      minimum: 1,
      maximum: CALLS_MAX,
      absent: 'No limit by the day.',
      description: `API calls in 24 hours, from the first call on, at all doors; ${REFUSED_CALLS}`,
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
    mm4: MM4_ACCESS_SCHEMA,
    smpp: SMPP_ACCESS_SCHEMA,
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
    carrierLookup: {
      type: 'boolean',
      default: false,
      description: 'A carrier the client did not name is looked up; else the routes decide.',
    },
    carriers: {
      type: 'array',
      items: name,
      absent: 'All carriers.',
      description: 'Carriers the account is provisioned on, by name.',
    },
    presentationRequired: {
      type: 'boolean',
      default: false,
      description: 'Messages without a SMIL part are refused.',
    },
    policy: POLICY_SCHEMA,
    consentReplies: CONSENT_REPLIES_SCHEMA,
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

const carrier = {
  type: 'object',
  properties: {
    name: { ...name, required: true, description: 'Name, unique; routes use it.' },
    title: { ...text, absent: 'The name.', description: 'Name for people.' },
    enabled,
    paused: {
      type: 'boolean',
      absent: 'False.',
      description: 'Messages for it are taken and wait; none is attempted.',
    },
    ids: {
      type: 'array',
      items: text,
      default: [],
      description: 'Ids clients may name it by in their carrier header.',
    },
    budget: BUDGET_SCHEMA,
    mm4: MM4_PEER_SCHEMA,
    mm7: MM7_UPSTREAM_SCHEMA,
    smpp: SMPP_PEER_SCHEMA,
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
    byRecipient: {
      type: 'boolean',
      absent: 'The operator asked for it.',
      description: 'The subscriber asked for it: imports that replace everything keep it.',
    },
  },
} as const

/** An application that messages may be for. */
export const APPLICATION_SCHEMA = {
  type: 'object',
  properties: {
    id: { ...text, maxLength: 255, required: true, description: 'ApplicID, unique.' },
    account: { ...name, absent: 'All accounts.', description: 'Only for this account, by id.' },
    enabled: {
      type: 'boolean',
      default: true,
      description: 'False: registered, without permission or funds.',
    },
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
      description: 'Carriers and peers: each has exactly one of `mm4`, `mm7` and `smpp`.',
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
    applications: {
      type: 'array',
      items: APPLICATION_SCHEMA,
      default: [],
      description: 'Applications that messages may be for (ApplicID, ReplyApplicID).',
    },
  },
} as const satisfies TableSchema

/** The file as written, defaults filled in, secrets not yet hashed. */
export type DirectoryInput = ValueOf<typeof DIRECTORY_SCHEMA>
export type AccountInput = DirectoryInput['accounts'][number]
export type CarrierInput = DirectoryInput['carriers'][number]
