/** The `smpp` table of accounts in the provisioning file. */
import { addresses, enabled, loginProperties, rate } from './directory-words.ts'
import type { TableSchema } from './option-schema.ts'

/** SMPP 3.4 §5.2.1 and §5.2.3: 16 and 13 octets with the one that ends them. */
const SYSTEM_ID_CHARACTERS_MAX = 15
const SYSTEM_TYPE_CHARACTERS_MAX = 12

const window = { type: 'integer', minimum: 1, maximum: 10_000 } as const

/** How an account speaks SMPP with us. */
export const SMPP_ACCESS_SCHEMA = {
  type: 'object',
  absent: 'The account has no SMPP access.',
  description: 'How the account speaks SMPP: as a client (ESME) that binds to us.',
  properties: {
    enabled,
    systemId: {
      type: 'string',
      pattern: '^[!-~]+$',
      form: 'letters, digits and marks without blanks',
      maxLength: SYSTEM_ID_CHARACTERS_MAX,
      required: true,
      description: 'system_id it binds with, unique.',
    },
    password: loginProperties.password,
    passwordHash: loginProperties.passwordHash,
    systemType: {
      type: 'string',
      maxLength: SYSTEM_TYPE_CHARACTERS_MAX,
      absent: 'Any.',
      description: 'system_type it must bind with.',
    },
    allowAddresses: {
      ...addresses,
      default: [],
      description: 'Client addresses or CIDR ranges; empty for any.',
    },
    tlsRequired: {
      type: 'boolean',
      default: false,
      description: 'Binds in clear are refused.',
    },
    binds: {
      type: 'array',
      items: { type: 'string', enum: ['transmitter', 'receiver', 'transceiver'] },
      default: ['transmitter', 'receiver', 'transceiver'],
      description: 'What it may bind as.',
    },
    sessionsMax: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 8,
      description: 'Sessions bound at once; more are refused.',
    },
    windowMax: {
      ...window,
      default: 100,
      description: 'Its requests without an answer in one session; more are refused.',
    },
    deliverWindowMax: {
      ...window,
      default: 10,
      description: 'Our requests without an answer in one session; more wait.',
    },
    perSecond: {
      ...rate,
      absent: 'As `limits.callsPerSecond`.',
      description: 'Messages per second; more are refused.',
    },
    defaultAlphabet: {
      type: 'string',
      enum: ['gsm7', 'ascii', 'latin1', 'ucs2'],
      default: 'gsm7',
      description: 'What its `data_coding` 0 means.',
    },
    septets: {
      type: 'string',
      enum: ['unpacked', 'packed'],
      default: 'unpacked',
      description: 'How GSM septets travel: one in each octet, or packed as on the air.',
    },
    registeredDelivery: {
      type: 'string',
      enum: ['standard', 'strict'],
      default: 'standard',
      description: 'Strict: registered_delivery may be 0 or 1 and nothing else.',
    },
    receipts: {
      type: 'boolean',
      default: true,
      description: 'False switches receipts off for the account.',
    },
    interimReceipts: {
      type: 'boolean',
      default: true,
      description: 'False: it is told of the end only, whatever it asks for.',
    },
    receiptForm: {
      type: 'string',
      enum: ['text', 'tlvs', 'both'],
      default: 'both',
      description: 'What a receipt is told in: the customary text, parameters (TLVs), or both.',
    },
    repeatsByReference: {
      type: 'boolean',
      default: false,
      description: 'A message with the user_message_reference of an earlier one is that one again.',
    },
  },
} as const satisfies TableSchema
