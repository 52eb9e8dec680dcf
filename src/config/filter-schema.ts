/** The content filter in `carillon.toml`: its rules, its limits, and a service that is asked first. */
import type { TableSchema } from './option-schema.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const MESSAGES_MAX = 1_000_000_000

const text = { type: 'string', minLength: 1 } as const

const service = {
  type: 'object',
  absent: 'No service is asked.',
  description: 'A policy service that is asked before the rules; see policies.md.',
  properties: {
    urls: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^https?://[^\\s@]+$',
        form: 'an http or https address without credentials in it',
      },
      default: [],
      description: 'Where the question is POSTed; the next one is asked when one does not answer.',
    },
    bearer: {
      ...text,
      secret: true,
      absent: 'No Authorization is sent.',
      description: 'Bearer token, plain or as `env:NAME` or `file:PATH`.',
    },
    timeoutMs: {
      type: 'integer',
      minimum: 10,
      maximum: MINUTE_MS,
      default: 1000,
      description: 'Longest time one address may take for a question, in milliseconds.',
    },
    connections: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 8,
      description: 'Connections to one address at once.',
    },
    failuresMax: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 3,
      description: 'Failures in a row after which an address is left alone.',
    },
    pauseMs: {
      type: 'integer',
      minimum: 10,
      maximum: HOUR_MS,
      default: 5000,
      description: 'How long it is left alone, in milliseconds; then one question goes to see.',
    },
  },
} as const satisfies TableSchema

/** The table `filter`. */
export const FILTER_SCHEMA = {
  type: 'object',
  description: 'The content filter, for accounts whose dialect refuses spam.',
  properties: {
    enabled: {
      type: 'boolean',
      default: true,
      description: 'False: nothing is called spam and no service is asked.',
    },
    defaultPatterns: {
      type: 'boolean',
      default: true,
      description: 'The patterns that come with the gateway apply, beside those below.',
    },
    patterns: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { ...text, required: true, description: 'Name of the rule, shown by trace.' },
          pattern: {
            ...text,
            maxLength: 1000,
            required: true,
            description: 'Regular expression over subject and text, without case.',
          },
        },
      },
      default: [],
      description: 'Texts that are spam. Bound their repetitions: each text is searched by each.',
    },
    linkHosts: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^[^\\s/:@]+\\.[^\\s/:@]+$',
        form: 'a host name',
      },
      default: [],
      description: 'Hosts no link may lead to, with everything below them.',
    },
    shortenersRefused: {
      type: 'boolean',
      default: true,
      description: 'Links of public link shorteners are spam.',
    },
    digests: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^[0-9A-Fa-f]{64}$',
        form: 'SHA-256 in 64 hex digits',
      },
      default: [],
      description: 'Attachments nobody may send, by the SHA-256 of their decoded bytes.',
    },
    repeatsMax: {
      type: 'integer',
      minimum: 0,
      maximum: MESSAGES_MAX,
      default: 1_000_000,
      description: 'Messages of one content from one sender in the window below; 0 for any.',
    },
    repeatsWindowMs: {
      type: 'integer',
      minimum: 1000,
      maximum: 24 * HOUR_MS,
      default: HOUR_MS,
      description: 'The window in which they are counted, in milliseconds.',
    },
    perMinuteMax: {
      type: 'integer',
      minimum: 0,
      maximum: MESSAGES_MAX,
      default: 60_000,
      description: 'Messages of one sender in a minute, each recipient counted; 0 for any.',
    },
    service,
  },
} as const satisfies TableSchema
