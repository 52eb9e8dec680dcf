/**
 * Every option of `carillon.toml`, once. The type of the configuration, its checks, the published
 * JSON Schema and the reference page come from here. Listening addresses are loopback by default:
 * being reachable from other machines is something the operator says.
 */
import { FILTER_SCHEMA } from './filter-schema.ts'
import type { OptionSchema, TableSchema, ValueOf } from './option-schema.ts'
import { SMPP_DOOR_SCHEMA } from './smpp-door-schema.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB

/** Bodies are held as one buffer by some parts: beyond this Node cannot. */
const BODY_BYTES_MAX = 512 * MIB

const port = { type: 'integer', minimum: 0, maximum: 65_535 } as const
const host = {
  type: 'string',
  pattern: '^[A-Za-z0-9._:%-]+$',
  form: 'a host name or an IP address',
} as const
const hostName = {
  type: 'string',
  pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$',
  form: 'a host name',
} as const
const text = { type: 'string', minLength: 1 } as const
const timeoutMs = { type: 'integer', minimum: 100, maximum: HOUR_MS } as const
const connections = { type: 'integer', minimum: 1, maximum: 100_000 } as const

const tls = {
  type: 'object',
  description: 'Certificate and key of this door.',
  absent: 'The door speaks without encryption; keep it on loopback or behind a proxy then.',
  properties: {
    key: { ...text, required: true, description: 'File with the private key (PEM).' },
    cert: { ...text, required: true, description: 'File with the certificate chain (PEM).' },
    clientCertificates: {
      type: 'boolean',
      default: false,
      description: 'Asks clients for a certificate. Who must show which, the directory says.',
    },
  },
} as const satisfies OptionSchema

const sandbox = {
  type: 'object',
  description: 'Simulated carriers and handsets. Nothing leaves the machine while it is on.',
  properties: {
    enabled: {
      type: 'boolean',
      default: false,
      description: 'Replaces every carrier by a simulated one and opens the /sandbox/ routes.',
    },
    smtpPort: {
      ...port,
      default: 2526,
      description: 'Port of the simulated carrier, which speaks MM4. 0 takes a free one.',
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 4_294_967_295,
      default: 1,
      description: 'Seed of every random choice of the simulated world: same seed, same story.',
    },
  },
} as const satisfies OptionSchema

const http = {
  type: 'object',
  description: 'The door for clients that speak MM7 or JSON over HTTP.',
  properties: {
    host: { ...host, default: '127.0.0.1', description: 'Address to listen on.' },
    port: { ...port, default: 8080, description: 'Port to listen on. 0 takes a free one.' },
    headersTimeoutMs: {
      ...timeoutMs,
      default: 10 * SECOND_MS,
      description: 'Time for the head of a request to arrive, in milliseconds.',
    },
    requestTimeoutMs: {
      ...timeoutMs,
      default: MINUTE_MS,
      description: 'Time for a whole request to arrive, in milliseconds.',
    },
    keepAliveTimeoutMs: {
      ...timeoutMs,
      default: 5 * MINUTE_MS,
      description: 'How long an idle connection stays open for the next request, in milliseconds.',
    },
    connectionsMax: {
      ...connections,
      default: 2000,
      description: 'Connections at once; more are closed as they come.',
    },
    tls,
  },
} as const satisfies OptionSchema

const smtp = {
  type: 'object',
  description: 'The door for carriers and peers that speak MM4 over SMTP.',
  properties: {
    host: { ...host, default: '127.0.0.1', description: 'Address to listen on.' },
    port: { ...port, default: 2525, description: 'Port to listen on. 0 takes a free one.' },
    hostname: {
      ...hostName,
      default: 'localhost',
      description: 'Name of this machine in greetings (EHLO) and trace fields.',
    },
    domain: {
      ...hostName,
      default: 'carillon.localhost',
      description: 'Our MM4 domain: the part after the @ of addresses that peers send to us.',
    },
    messageBytesMax: {
      type: 'integer',
      minimum: 64 * KIB,
      maximum: BODY_BYTES_MAX,
      default: 10 * MIB,
      description: 'Largest message taken, announced as SIZE, in bytes.',
    },
    recipientsMax: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: 100,
      description: 'Recipients of one message (RFC 5321 §4.5.3.1.8 asks for 100 at least).',
    },
    connectionsMax: {
      ...connections,
      default: 200,
      description: 'Connections at once; more are told 421.',
    },
    commandTimeoutMs: {
      ...timeoutMs,
      default: 5 * MINUTE_MS,
      description: 'Longest silence between commands, in milliseconds (RFC 5321 §4.5.3.2.7).',
    },
    dataTimeoutMs: {
      ...timeoutMs,
      default: 3 * MINUTE_MS,
      description: 'Longest silence while a message arrives, in milliseconds.',
    },
    tls: {
      ...tls,
      absent: 'STARTTLS is not offered; keep the door on loopback or a private network then.',
    },
  },
} as const satisfies OptionSchema

const admin = {
  type: 'object',
  description: 'The door for operators: command line, console, metrics.',
  properties: {
    host: { ...host, default: '127.0.0.1', description: 'Address to listen on.' },
    port: { ...port, default: 8090, description: 'Port to listen on. 0 takes a free one.' },
    tokenFile: {
      ...text,
      absent: '`admin.token` in the data folder.',
      description:
        'File with the bearer token; made at the first start, readable by its owner only.',
    },
  },
} as const satisfies OptionSchema

const store = {
  type: 'object',
  description: 'What lies on disk and how much of it stays free.',
  properties: {
    inlineBytesMax: {
      type: 'integer',
      minimum: 0,
      maximum: MIB,
      default: 4 * KIB,
      description: 'Contents up to this size travel inside their row, in bytes.',
    },
    segmentBytesMax: {
      type: 'integer',
      minimum: MIB,
      maximum: 16 * GIB,
      default: 256 * MIB,
      description: 'Size at which a media segment is sealed and the next one begun, in bytes.',
    },
    diskReserveBytes: {
      type: 'integer',
      minimum: 0,
      maximum: 1024 * GIB,
      default: 2 * GIB,
      description:
        'New messages are refused when less than this, in bytes, and less than the share below is free.',
    },
    diskReserveShare: {
      type: 'number',
      minimum: 0,
      maximum: 0.9,
      default: 0.1,
      description: 'Share of the disk to keep free; the smaller of the two reserves counts.',
    },
  },
} as const satisfies OptionSchema

const limits = {
  type: 'object',
  description:
    'What one request, and all of them together, may cost. Accounts have their own below.',
  properties: {
    requestBytesMax: {
      type: 'integer',
      minimum: 64 * KIB,
      maximum: BODY_BYTES_MAX,
      default: 16 * MIB,
      description: 'Largest HTTP request, in bytes.',
    },
    envelopeBytesMax: {
      type: 'integer',
      minimum: 4 * KIB,
      maximum: 16 * MIB,
      default: 256 * KIB,
      description: 'Largest XML or JSON part of a request, in bytes.',
    },
    xmlDepthMax: {
      type: 'integer',
      minimum: 8,
      maximum: 1000,
      default: 64,
      description: 'Nesting of XML elements.',
    },
    xmlElementsMax: {
      type: 'integer',
      minimum: 100,
      maximum: 1_000_000,
      default: 2000,
      description: 'XML elements in one envelope.',
    },
    mimeDepthMax: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      default: 8,
      description: 'Nesting of multiparts.',
    },
    mimePartsMax: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: 100,
      description: 'Parts of one message.',
    },
    mimeHeaderBytesMax: {
      type: 'integer',
      minimum: KIB,
      maximum: MIB,
      default: 64 * KIB,
      description: 'Header of one part or message, in bytes.',
    },
    concurrentUploadBytesMax: {
      type: 'integer',
      minimum: MIB,
      maximum: 64 * GIB,
      default: 256 * MIB,
      description: 'Bytes of requests under way at once; more are told to come back.',
    },
    laneWindowMax: {
      type: 'integer',
      minimum: 1,
      maximum: 100_000,
      default: 256,
      description: 'Deliveries of one way out held in memory at once; the rest waits on disk.',
    },
    failedLoginsPerMinute: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      default: 600,
      description:
        'Keys and passwords from one address that may be wrong, in a minute and at once, at all ' +
        'doors together. After them it is answered as for a wrong key, without a look at it, until ' +
        'the count has sunk.',
    },
    failedLoginAddressesMax: {
      type: 'integer',
      minimum: 1,
      maximum: 10_000_000,
      default: 10_000,
      description: 'Addresses whose wrong keys are counted; an IPv6 network (/64) is one.',
    },
  },
} as const satisfies OptionSchema

const adaptation = {
  type: 'object',
  description: 'Making pictures smaller for carriers that take no larger ones.',
  properties: {
    workers: {
      type: 'integer',
      minimum: 1,
      maximum: 64,
      default: 1,
      description: 'Pictures worked on at once, each in a thread that is started when needed.',
    },
    memoryBytesMax: {
      type: 'integer',
      minimum: MIB,
      maximum: 64 * GIB,
      default: 64 * MIB,
      description: 'Bytes of pictures being adapted or sent adapted; more attempts wait.',
    },
    pixelsMax: {
      type: 'integer',
      minimum: 10_000,
      maximum: 1_000_000_000,
      default: 50_000_000,
      description: 'Pixels of one picture, all its frames together; more are not decoded.',
    },
    timeoutMs: {
      type: 'integer',
      minimum: 100,
      maximum: HOUR_MS,
      default: 15 * SECOND_MS,
      description: 'Longest time for one picture, in milliseconds.',
    },
  },
} as const satisfies OptionSchema

const fetch = {
  type: 'object',
  description: 'How media that clients give by URL are fetched. Private addresses are refused.',
  properties: {
    bytesMax: {
      type: 'integer',
      minimum: KIB,
      maximum: BODY_BYTES_MAX,
      default: 10 * MIB,
      description: 'Largest media file, in bytes.',
    },
    connectTimeoutMs: {
      ...timeoutMs,
      default: 10 * SECOND_MS,
      description: 'Longest time to connect, in milliseconds.',
    },
    totalTimeoutMs: {
      ...timeoutMs,
      default: 30 * SECOND_MS,
      description: 'From the name look-up to the last byte, in milliseconds.',
    },
    bytesPerSecondMin: {
      type: 'integer',
      minimum: 0,
      maximum: MIB,
      default: KIB,
      description: 'A file that comes more slowly than this, after a while, is given up.',
    },
    redirectsMax: {
      type: 'integer',
      minimum: 0,
      maximum: 10,
      default: 0,
      description: 'Redirects that are followed, each judged like the first address.',
    },
    ports: {
      type: 'array',
      items: { ...port, minimum: 1 },
      default: [80, 443],
      description: 'Ports that may be asked.',
    },
    allowedRanges: {
      type: 'array',
      items: text,
      default: [],
      description: 'Addresses or CIDR ranges that may be asked although they are private.',
    },
    concurrencyMax: {
      ...connections,
      default: 32,
      description: 'Fetches at once; more are told to come back.',
    },
  },
} as const satisfies OptionSchema

const lookup = {
  type: 'object',
  description:
    'Where the carriers of numbers are looked up; the table is asked before the service.',
  properties: {
    tableFile: {
      ...text,
      absent: 'No local table.',
      description: 'File of prefixes and ported numbers, a carrier each; see carrier-lookup.md.',
    },
    service: {
      type: 'object',
      absent: 'No service is asked.',
      description: 'A look-up service that answers JSON over HTTP.',
      properties: {
        url: {
          type: 'string',
          pattern: '^https?://[^\\s@]*\\{number\\}[^\\s@]*$',
          form: 'an http or https address with {number} where the digits go',
          required: true,
          description: 'Address to GET.',
        },
        carrier: {
          ...text,
          default: '{carrier}',
          description:
            'Where the carrier stands in the answer: paths in braces, {data.carrier.id}.',
        },
        bearer: {
          ...text,
          secret: true,
          absent: 'No Authorization is sent.',
          description: 'Bearer token, plain or as `env:NAME` or `file:PATH`.',
        },
        names: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              theirs: { ...text, required: true, description: 'Name the service uses.' },
              ours: { ...text, required: true, description: 'Id or name of our carrier.' },
            },
          },
          default: [],
          description: 'Our names for the service’s; what is not listed is taken as it is.',
        },
        timeoutMs: {
          ...timeoutMs,
          default: 2 * SECOND_MS,
          description: 'Longest time one question may take, in milliseconds.',
        },
        connections: {
          ...connections,
          default: 8,
          description: 'Connections at once.',
        },
        keepMs: {
          type: 'integer',
          minimum: 0,
          maximum: 30 * DAY_MS,
          default: DAY_MS,
          description: 'How long an answer is kept, in milliseconds.',
        },
        keepUnknownMs: {
          type: 'integer',
          minimum: 0,
          maximum: 30 * DAY_MS,
          default: HOUR_MS,
          description: 'How long the answer "unknown" is kept, in milliseconds.',
        },
      },
    },
  },
} as const satisfies OptionSchema

const engine = {
  type: 'object',
  description: 'Time in the pipeline.',
  properties: {
    retentionMs: {
      type: 'integer',
      minimum: 0,
      maximum: 3650 * DAY_MS,
      default: 7 * DAY_MS,
      description: 'How long an ended message is kept once its client was told, in milliseconds.',
    },
    sweepIntervalMs: {
      type: 'integer',
      minimum: 10,
      maximum: HOUR_MS,
      default: SECOND_MS,
      description: 'How often expiry and retention are looked after, in milliseconds.',
    },
    validityMsMax: {
      type: 'integer',
      minimum: MINUTE_MS,
      maximum: 30 * DAY_MS,
      default: 7 * DAY_MS,
      description: 'Longest validity a client may ask for, in milliseconds; longer wishes are cut.',
    },
    idempotencyWindowMs: {
      type: 'integer',
      minimum: 0,
      maximum: 30 * DAY_MS,
      default: DAY_MS,
      description: 'How long a repeated request finds its first answer, in milliseconds.',
    },
    partsWaitMs: {
      type: 'integer',
      minimum: SECOND_MS,
      maximum: DAY_MS,
      default: 5 * MINUTE_MS,
      description: 'How long the parts of a message wait for the others, in milliseconds.',
    },
    partSetsMax: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      default: 10_000,
      description: 'Messages of one account of which only some parts have come; beyond: throttled.',
    },
    lostAttemptsMax: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 5,
      description: 'Attempts of one delivery that may be lost to crashes before it is set aside.',
    },
  },
} as const satisfies OptionSchema

const log = {
  type: 'object',
  description:
    'What is written to the log. Numbers are masked and bodies never logged at any level.',
  properties: {
    level: {
      type: 'string',
      enum: ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'],
      default: 'info',
      description: 'Least important level that is written.',
    },
  },
} as const satisfies OptionSchema

const shutdown = {
  type: 'object',
  description: 'How the gateway stops.',
  properties: {
    deadlineMs: {
      type: 'integer',
      minimum: 0,
      maximum: HOUR_MS,
      default: 10 * SECOND_MS,
      description: 'Time for attempts under way to end after a stop signal, in milliseconds.',
    },
  },
} as const satisfies OptionSchema

/** The whole file. */
export const CONFIG_SCHEMA = {
  type: 'object',
  description: 'Configuration of a Carillon gateway.',
  properties: {
    data: {
      ...text,
      default: '.carillon',
      description: 'Folder for everything the gateway keeps; relative to where it is started.',
    },
    sandbox,
    http,
    smtp,
    smpp: SMPP_DOOR_SCHEMA,
    admin,
    store,
    limits,
    fetch,
    lookup,
    filter: FILTER_SCHEMA,
    adaptation,
    engine,
    log,
    shutdown,
  },
} as const satisfies TableSchema

/** The configuration, checked and complete. */
export type Config = ValueOf<typeof CONFIG_SCHEMA>
