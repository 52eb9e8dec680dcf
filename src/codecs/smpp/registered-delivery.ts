/** registered_delivery: which receipts and acknowledgements are asked for (SMPP 3.4 §5.2.17). */

/** Bits 1–0. `success` is SMPP 5.0's; 3.4 has the pattern reserved. */
const RECEIPTS = ['none', 'final', 'failure', 'success'] as const

/** When the centre is to send a receipt. */
export type ReceiptRequest = (typeof RECEIPTS)[number]

/** The octet, taken apart. */
export interface RegisteredDelivery {
  readonly receipt: ReceiptRequest
  /** The handset is asked to acknowledge the delivery. */
  readonly deliveryAck: boolean
  /** The person is asked to acknowledge. */
  readonly userAck: boolean
  /** Also tell of states that are not final. */
  readonly intermediate: boolean
}

const RECEIPT_MASK = 0b11
const DELIVERY_ACK = 0x04
const USER_ACK = 0x08
const INTERMEDIATE = 0x10
const RESERVED_MASK = 0xe0

/** Takes the octet apart; reserved bits are not looked at. */
export function parseRegisteredDelivery(octet: number): RegisteredDelivery {
  return {
    receipt: RECEIPTS[octet & RECEIPT_MASK] ?? 'none',
    deliveryAck: (octet & DELIVERY_ACK) !== 0,
    userAck: (octet & USER_ACK) !== 0,
    intermediate: (octet & INTERMEDIATE) !== 0,
  }
}

/** Puts an octet together; what is left out is not asked for. */
export function printRegisteredDelivery(parts: Partial<RegisteredDelivery>): number {
  return (
    RECEIPTS.indexOf(parts.receipt ?? 'none') |
    (parts.deliveryAck === true ? DELIVERY_ACK : 0) |
    (parts.userAck === true ? USER_ACK : 0) |
    (parts.intermediate === true ? INTERMEDIATE : 0)
  )
}

/** Whether bits are set that no edition gives a meaning. */
export function hasReservedBits(octet: number): boolean {
  return (octet & RESERVED_MASK) !== 0
}
