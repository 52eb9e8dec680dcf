/**
 * Septets packed into octets, lowest bits first (3GPP TS 23.038 §6.1.2.1). After a user data header,
 * fill bits bring the first septet to a septet boundary counted from the header's start (TS 23.040
 * §9.2.3.24). How many septets there are is not in the octets: seven spare bits look like an `@`.
 */

const OCTET_BITS = 8
const SEPTET_BITS = 7
const SEPTET_MASK = 0x7f
const OCTET_MASK = 0xff

/** Zero bits between a header of so many octets (its length octet counted) and the first septet. */
export function fillBitsAfter(headerOctets: number): number {
  const over = (headerOctets * OCTET_BITS) % SEPTET_BITS
  return over === 0 ? 0 : SEPTET_BITS - over
}

/** The most septets that fit into so many octets behind the fill bits. */
export function septetsIn(octets: number, fillBits = 0): number {
  return Math.max(0, Math.floor((octets * OCTET_BITS - fillBits) / SEPTET_BITS))
}

/** Packs septets; unused bits are zero. */
export function packSeptets(septets: Uint8Array, fillBits = 0): Uint8Array {
  const packed = new Uint8Array(Math.ceil((fillBits + septets.length * SEPTET_BITS) / OCTET_BITS))
  let bit = fillBits
  for (const value of septets) {
    const index = bit >> 3
    const shifted = (value & SEPTET_MASK) << (bit & 7)
    packed[index] = (packed[index] ?? 0) | (shifted & OCTET_MASK)
    if (shifted > OCTET_MASK) packed[index + 1] = shifted >> OCTET_BITS
    bit += SEPTET_BITS
  }
  return packed
}

/** Takes septets out of octets: `count` of them, or fewer where the octets hold no more. */
export function unpackSeptets(
  packed: Uint8Array,
  count = Number.POSITIVE_INFINITY,
  fillBits = 0,
): Uint8Array {
  const septets = new Uint8Array(Math.max(0, Math.min(count, septetsIn(packed.length, fillBits))))
  let bit = fillBits
  for (let index = 0; index < septets.length; index += 1) {
    const low = packed[bit >> 3] ?? 0
    const high = packed[(bit >> 3) + 1] ?? 0
    septets[index] = ((low | (high << OCTET_BITS)) >> (bit & 7)) & SEPTET_MASK
    bit += SEPTET_BITS
  }
  return septets
}
