/** What an account may send, in the directory file: `core/directory.ts` says what each word means. */
import type { TableSchema } from './option-schema.ts'

const MIB = 1024 * 1024

const channels = {
  type: 'array',
  items: { type: 'string', enum: ['mms', 'sms'] },
} as const

/** Channels a number of ours is enabled for. */
export const NUMBER_CHANNELS_SCHEMA = {
  ...channels,
  absent: 'Everything.',
  description: 'What it is enabled for.',
} as const

const reply = { type: 'string', minLength: 1, maxLength: 1000 } as const

/** The table `consentReplies` of an account. */
export const CONSENT_REPLIES_SCHEMA = {
  type: 'object',
  absent: 'Nothing is answered.',
  description: 'What the gateway answers to a subscriber’s keyword in the account’s name.',
  properties: {
    stop: {
      ...reply,
      absent: 'STOP is not answered.',
      description: 'To STOP, once; it is the last message the subscriber gets.',
    },
    start: { ...reply, absent: 'START is not answered.', description: 'To START.' },
    help: { ...reply, absent: 'HELP is not answered.', description: 'To HELP.' },
  },
} as const satisfies TableSchema

/** The table `policy` of an account. */
export const POLICY_SCHEMA = {
  type: 'object',
  absent: 'Nothing is forbidden but by the limits.',
  description: 'What the account may send, where its dialect checks it.',
  properties: {
    channels: { ...channels, default: ['mms', 'sms'], description: 'Channels it may use.' },
    sendersFromInventory: {
      type: 'boolean',
      default: true,
      description: 'Senders must stand among `numbers`, as the account’s.',
    },
    shortCodes: { type: 'boolean', default: false, description: 'It may use short codes.' },
    tollFree: { type: 'boolean', default: false, description: 'It may use toll-free numbers.' },
    fixedLines: {
      type: 'boolean',
      default: false,
      description: 'MMS to fixed lines is tried instead of refused.',
    },
    countries: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^[A-Z]{2}$',
        form: 'a country of two capital letters (ISO 3166-1)',
      },
      default: [],
      description: 'Countries it may reach; empty for any.',
    },
    groupMax: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 10,
      description: 'Distinct recipients of one message.',
    },
    mediaTypes: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^[a-z0-9.+-]+/(?:[a-z0-9.+-]+|\\*)$',
        form: 'a media type such as image/jpeg, or image/*',
      },
      default: ['text/*', 'image/*', 'audio/*', 'video/*', 'application/smil', 'text/x-vcard'],
      description: 'Media types it may send; empty for any.',
    },
    contentBytesMax: {
      type: 'integer',
      minimum: 1,
      maximum: 100 * MIB,
      default: 5 * MIB,
      description: 'Whole payload of one message, in bytes.',
    },
    tollFreeBytesMax: {
      type: 'integer',
      minimum: 1,
      maximum: 100 * MIB,
      default: 525 * 1024,
      description: 'Whole payload of one message from or to a toll-free number, in bytes.',
    },
    filterRequired: {
      type: 'boolean',
      default: true,
      description: 'A content filter that cannot be asked stops the message.',
    },
  },
} as const satisfies TableSchema
