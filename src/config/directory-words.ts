/** The kinds of values that entries of the provisioning file are made of, each once. */
import type { OptionSchema } from './option-schema.ts'
import { PASSWORD_HASH_PATTERN } from './secret.ts'

/** An hour, in milliseconds. */
export const HOUR_MS = 3_600_000

/** Name of an entry. */
export const name = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  form: 'a name of letters, digits, dots, dashes and underscores',
} as const
/** A number or short code. */
export const number = {
  type: 'string',
  pattern: '^(?:\\+?[1-9][0-9]{6,14}|[0-9A-Za-z]{3,12})$',
  form: 'a number (7 to 15 digits, with or without plus) or a short code',
} as const
/** A number, no short code. */
export const phoneNumber = {
  type: 'string',
  pattern: '^\\+?[1-9][0-9]{6,14}$',
  form: 'a number of 7 to 15 digits, with or without plus',
} as const
/** A host. */
export const hostName = {
  type: 'string',
  pattern: '^[A-Za-z0-9._:-]{1,253}$',
  form: 'a host name or an IP address',
} as const
/** Short text for people. */
export const text = { type: 'string', minLength: 1, maxLength: 1000 } as const
/** Something that is never shown. */
export const secret = { type: 'string', minLength: 1, maxLength: 1024, secret: true } as const
/** Events per second. */
export const rate = { type: 'number', minimum: 0.001, maximum: 100_000 } as const
/** A wait, in milliseconds. */
export const delayMs = { type: 'integer', minimum: 0, maximum: 24 * HOUR_MS } as const
/** How often something is tried in all. */
export const attempts = { type: 'integer', minimum: 1, maximum: 1000 } as const
/** Addresses or CIDR ranges. */
export const addresses = { type: 'array', items: { ...text } } as const

/** Switches an entry off without forgetting it. */
export const enabled = {
  type: 'boolean',
  default: true,
  description: 'False switches it off without forgetting it.',
} as const satisfies OptionSchema

/** Credentials somebody presents to us: kept as a hash. */
export const loginProperties = {
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
export const outboundLoginProperties = {
  user: { ...text, required: true, description: 'User name we present.' },
  password: {
    ...secret,
    required: true,
    description: 'Password we present. A reference is kept as a reference and read when used.',
  },
} as const satisfies Record<string, OptionSchema>

/** A time limit, in milliseconds. */
export const timeoutMs = { type: 'integer', minimum: 100, maximum: HOUR_MS } as const
/** An MM4 or MM7 version. */
export const version = {
  type: 'string',
  pattern: '^[0-9]{1,2}\\.[0-9]{1,2}\\.[0-9]{1,2}$',
  form: 'a version such as 6.10.0',
} as const
/** How long a delivery report may take, in milliseconds. */
export const reportWindowMs = { type: 'integer', minimum: 100, maximum: 30 * 24 * HOUR_MS } as const

/** A file on this machine. */
export const file = { type: 'string', minLength: 1, maxLength: 4096 } as const

/** Files for TLS towards one peer. */
export const tlsFiles = {
  type: 'object',
  absent: 'The usual authorities are trusted and no certificate of ours is presented.',
  description: 'Files for TLS, in PEM.',
  properties: {
    caFile: { ...file, absent: 'The usual authorities.', description: 'Authorities to trust.' },
    certFile: { ...file, absent: 'None.', description: 'Certificate we present.' },
    keyFile: { ...file, absent: 'None.', description: 'Key of the certificate we present.' },
  },
} as const

/** Headers of a peer's own. */
export const headerList = {
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
} as const

/** Certificates by which somebody is known. */
export const certificates = {
  type: 'array',
  items: {
    type: 'string',
    pattern: '^[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}$',
    form: 'a SHA-256 in 64 hex digits, with or without colons',
  },
} as const
