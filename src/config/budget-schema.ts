/** A carrier's `budget` table in the provisioning file: what it takes. */
import { CONTENT_CLASS_NAMES } from '../core/content-class.ts'
import type { TableSchema } from './option-schema.ts'

const MIB = 1024 * 1024

const pixels = { type: 'integer', minimum: 16, maximum: 65_535 } as const

/** What a carrier takes, as an operator writes it. */
export const BUDGET_SCHEMA = {
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
