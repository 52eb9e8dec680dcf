/** esm_class: mode, kind and network features of a message (SMPP 3.4 §5.2.12), one octet. */

const MODES = ['default', 'datagram', 'forward', 'store-and-forward'] as const

/** How the centre is to carry it; only meaningful from a client. Bits 1–0. */
export type MessagingMode = (typeof MODES)[number]

/**
 * Bits 5–2. Towards a client: `receipt` and `intermediate` come from the centre, `delivery-ack`,
 * `user-ack` and `conversation-abort` from a handset.
 */
const TYPES = {
  default: 0b0000,
  receipt: 0b0001,
  'delivery-ack': 0b0010,
  'user-ack': 0b0100,
  'conversation-abort': 0b0110,
  intermediate: 0b1000,
} as const

/** What a message is. `reserved` stands for any pattern the standard does not name. */
export type MessageType = keyof typeof TYPES | 'reserved'

/** The octet, taken apart. */
export interface EsmClass {
  readonly mode: MessagingMode
  readonly type: MessageType
  /** The content begins with a user data header. */
  readonly udhi: boolean
  readonly replyPath: boolean
  /** The octet itself, which is what a reserved pattern can be told by. */
  readonly octet: number
}

const MODE_MASK = 0b11
const TYPE_SHIFT = 2
const TYPE_MASK = 0b1111
const UDHI = 0x40
const REPLY_PATH = 0x80

/** Takes the octet apart. */
export function parseEsmClass(octet: number): EsmClass {
  const bits = (octet >> TYPE_SHIFT) & TYPE_MASK
  const found = Object.entries(TYPES).find(([, value]) => value === bits)
  return {
    mode: MODES[octet & MODE_MASK] ?? 'default',
    type: (found?.[0] as MessageType | undefined) ?? 'reserved',
    udhi: (octet & UDHI) !== 0,
    replyPath: (octet & REPLY_PATH) !== 0,
    octet,
  }
}

/** Puts an octet together; what is left out is off. */
export function printEsmClass(parts: {
  readonly mode?: MessagingMode
  readonly type?: keyof typeof TYPES
  readonly udhi?: boolean
  readonly replyPath?: boolean
}): number {
  return (
    MODES.indexOf(parts.mode ?? 'default') |
    (TYPES[parts.type ?? 'default'] << TYPE_SHIFT) |
    (parts.udhi === true ? UDHI : 0) |
    (parts.replyPath === true ? REPLY_PATH : 0)
  )
}

/** Whether a deliver_sm or data_sm tells of a message that was sent before, finally or not. */
export function isReceipt(octet: number): boolean {
  const bits = (octet >> TYPE_SHIFT) & TYPE_MASK
  return bits === TYPES.receipt || bits === TYPES.intermediate
}
