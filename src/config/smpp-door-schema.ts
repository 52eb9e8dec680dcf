/** The `smpp` table of the configuration: the door for clients that bind. */
import type { OptionSchema } from './option-schema.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const port = { type: 'integer', minimum: 0, maximum: 65_535 } as const
const timeoutMs = { type: 'integer', minimum: 100, maximum: HOUR_MS } as const
const sessions = { type: 'integer', minimum: 1, maximum: 100_000 } as const
const file = { type: 'string', minLength: 1, required: true } as const

/** The door for SMPP clients. */
export const SMPP_DOOR_SCHEMA = {
  type: 'object',
  description: 'The door for clients (ESMEs) that speak SMPP.',
  properties: {
    host: {
      type: 'string',
      pattern: '^[A-Za-z0-9._:%-]+$',
      form: 'a host name or an IP address',
      default: '127.0.0.1',
      description: 'Address to listen on.',
    },
    port: {
      ...port,
      default: 2775,
      description:
        'Port to listen on. 0 takes a free one, and so does a sandbox for which none was chosen.',
    },
    systemId: {
      type: 'string',
      pattern: '^[!-~]+$',
      form: 'letters, digits and marks without blanks',
      maxLength: 15,
      default: 'carillon',
      description: 'What we call ourselves when a client binds.',
    },
    sessionsMax: {
      ...sessions,
      default: 2000,
      description: 'Connections at once; more are closed as they come.',
    },
    sessionsPerAddressMax: {
      ...sessions,
      default: 200,
      description: 'Connections at once from one address.',
    },
    bindTimeoutMs: {
      ...timeoutMs,
      default: 5 * SECOND_MS,
      description: 'Time for a bind to come, in milliseconds (SMPP 3.4 §7.2, session_init_timer).',
    },
    enquireLinkMs: {
      ...timeoutMs,
      default: 30 * SECOND_MS,
      description: 'Silence after which a client is asked whether it is there, in milliseconds.',
    },
    inactivityMs: {
      ...timeoutMs,
      default: 5 * MINUTE_MS,
      description: 'Silence after which a session is over, in milliseconds.',
    },
    responseTimeoutMs: {
      ...timeoutMs,
      maximum: MINUTE_MS,
      default: 30 * SECOND_MS,
      description: 'How long a client may take to answer a deliver_sm, in milliseconds.',
    },
    validityMs: {
      type: 'integer',
      minimum: MINUTE_MS,
      maximum: 30 * DAY_MS,
      default: 2 * DAY_MS,
      description: 'Validity of a message whose client asks for none, in milliseconds.',
    },
    tls: {
      type: 'object',
      description: 'Certificate and key of this door; it speaks TLS from the first byte then.',
      absent: 'The door speaks without encryption; keep it on loopback or a private network then.',
      properties: {
        key: { ...file, description: 'File with the private key (PEM).' },
        cert: { ...file, description: 'File with the certificate chain (PEM).' },
      },
    },
  },
} as const satisfies OptionSchema
