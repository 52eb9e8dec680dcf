/**
 * Text ⇄ UCS-2, which everybody fills with UTF-16BE. A byte order mark is left in the text as what it
 * is, U+FEFF: only the big-endian order is allowed, so it says nothing.
 */
import { type DecodedText, type EncodedText, REPLACEMENT, type Reading } from './text-fault.ts'

/** Octets of one UTF-16 unit. */
export const UNIT_OCTETS = 2
const OCTET_BITS = 8
const OCTET_MASK = 0xff

/** Whether the unit is the first half of a surrogate pair. */
export function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

/** Whether the unit is the second half of a surrogate pair. */
export function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** The text of octets. Leniently, a lone half or a lone last octet becomes U+FFFD. */
export function decodeUcs2(octets: Uint8Array, reading: Reading = 'strict'): DecodedText {
  const odd = octets.length % UNIT_OCTETS
  if (odd !== 0 && reading === 'strict') {
    return { kind: 'fault', because: 'odd-length', at: octets.length - 1 }
  }
  let text = ''
  for (let at = 0; at + 1 < octets.length; at += UNIT_OCTETS) {
    text += String.fromCharCode(((octets[at] ?? 0) << OCTET_BITS) | (octets[at + 1] ?? 0))
  }
  const alone = findLoneSurrogate(text, 0)
  if (alone !== undefined && reading === 'strict') {
    return { kind: 'fault', because: 'surrogate-alone', at: alone * UNIT_OCTETS }
  }
  return { kind: 'text', text: replaceLoneSurrogates(text, alone) + (odd === 0 ? '' : REPLACEMENT) }
}

/** Text as octets; a lone surrogate is no character. */
export function encodeUcs2(text: string): EncodedText {
  const alone = findLoneSurrogate(text, 0)
  if (alone !== undefined) return { kind: 'unencodable', at: alone }
  const octets = new Uint8Array(text.length * UNIT_OCTETS)
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    octets[index * UNIT_OCTETS] = unit >> OCTET_BITS
    octets[index * UNIT_OCTETS + 1] = unit & OCTET_MASK
  }
  return { kind: 'octets', octets }
}

function findLoneSurrogate(text: string, from: number): number | undefined {
  for (let index = from; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (isLowSurrogate(unit)) return index
    if (!isHighSurrogate(unit)) continue
    if (!isLowSurrogate(text.charCodeAt(index + 1))) return index
    index += 1
  }
  return undefined
}

function replaceLoneSurrogates(text: string, first: number | undefined): string {
  let kept = ''
  let from = 0
  for (let at = first; at !== undefined; at = findLoneSurrogate(text, from)) {
    kept += text.slice(from, at) + REPLACEMENT
    from = at + 1
  }
  return kept + text.slice(from)
}
