/**
 * Header and text of one part as the octets of `short_message` or `message_payload`, and back. SMPP
 * carries septets one in each octet by default; some peers want them packed as on the air, with fill
 * bits behind the header.
 */
import type { Alphabet } from './alphabet.ts'
import type { TextPart } from './segmentation.ts'
import { fillBitsAfter, packSeptets, septetsIn, unpackSeptets } from './septets.ts'
import { type InformationElement, type ParsedUdh, parseUdh, printUdh } from './udh.ts'

/** How a peer carries septets. */
export type SeptetCarriage = 'unpacked' | 'packed'

/** A message's octets taken apart: text as `decodeText` wants it. */
export interface UserData {
  readonly kind: 'user-data'
  readonly elements: readonly InformationElement[]
  /** The text's octets, septets unpacked. */
  readonly body: Uint8Array
}

/** The octets of a part; `undefined`: its header is too long. */
export function printUserData(
  part: Pick<TextPart, 'body' | 'elements'>,
  alphabet: Alphabet,
  carriage: SeptetCarriage = 'unpacked',
): Uint8Array | undefined {
  const header = part.elements.length === 0 ? new Uint8Array(0) : printUdh(part.elements)
  if (header === undefined) return undefined
  const packed = alphabet === 'gsm7' && carriage === 'packed'
  const body = packed ? packSeptets(part.body, fillBitsAfter(header.length)) : part.body
  const octets = new Uint8Array(header.length + body.length)
  octets.set(header)
  octets.set(body, header.length)
  return octets
}

/**
 * Takes a message's octets apart. `headed`: its `esm_class` announces a header. Packed septets are
 * counted by the octets there are; where they fill them to the last bit and end in zero, that zero is
 * taken for seven spare bits: one text in eight has them, fewer end in `@` just there.
 */
export function parseUserData(
  octets: Uint8Array,
  alphabet: Alphabet,
  headed: boolean,
  carriage: SeptetCarriage = 'unpacked',
): UserData | Extract<ParsedUdh, { kind: 'fault' }> {
  const parsed: ParsedUdh = headed
    ? parseUdh(octets)
    : { kind: 'udh', elements: [], octets: 0, body: octets }
  if (parsed.kind === 'fault') return parsed
  const packed = alphabet === 'gsm7' && carriage === 'packed'
  const body = packed ? unpackAll(parsed.body, fillBitsAfter(parsed.octets)) : parsed.body
  return { kind: 'user-data', elements: parsed.elements, body }
}

function unpackAll(octets: Uint8Array, fillBits: number): Uint8Array {
  const septets = unpackSeptets(octets, Number.POSITIVE_INFINITY, fillBits)
  const last = septets.length - 1
  return isFull(octets, fillBits) && septets[last] === 0 ? septets.subarray(0, last) : septets
}

/** Whether no bit is left over behind the last septet. */
function isFull(octets: Uint8Array, fillBits: number): boolean {
  return septetsIn(octets.length, fillBits) > septetsIn(octets.length, fillBits + 1)
}
