/**
 * Text ⇄ septets, one in each octet, as SMPP carries them (3GPP TS 23.038 §6.2.1). For septets packed
 * into octets see `septets.ts`.
 */
import {
  ESCAPE,
  SEPTET_VALUES,
  type SeptetTable,
  type ShiftTables,
  septetTables,
} from './gsm7-tables.ts'
import {
  type DecodedText,
  type EncodedText,
  REPLACEMENT,
  type Reading,
  type TextFaultName,
} from './text-fault.ts'

/**
 * The text of septets. Leniently, an unknown escape shows the character of the main table, and two
 * escapes in a row or one at the end show a blank, as §6.2.1.1 has a handset do it.
 */
export function decodeGsm7(
  septets: Uint8Array,
  reading: Reading = 'strict',
  shift: ShiftTables = {},
): DecodedText {
  const { locking, single } = septetTables(shift)
  let text = ''
  for (let at = 0; at < septets.length; at += 1) {
    const septet = septets[at] ?? 0
    if (septet !== ESCAPE) {
      const character = locking.characters[septet]
      if (character === undefined && reading === 'strict') return fault(unknownSeptet(septet), at)
      text += character ?? REPLACEMENT
      continue
    }
    const after = septets[at + 1]
    const character = after === undefined ? undefined : single.characters[after]
    if (character === undefined && reading === 'strict') {
      return fault(after === undefined ? 'escape-at-end' : 'escape-unknown', at)
    }
    text += character ?? escapedAnyway(locking, after)
    at += 1
  }
  return { kind: 'text', text }
}

function escapedAnyway(locking: SeptetTable, septet: number | undefined): string {
  if (septet === undefined || septet === ESCAPE) return ' '
  return locking.characters[septet] ?? REPLACEMENT
}

function unknownSeptet(septet: number): TextFaultName {
  return septet >= SEPTET_VALUES ? 'octet-above-7f' : 'septet-reserved'
}

function fault(because: TextFaultName, at: number): DecodedText {
  return { kind: 'fault', because, at }
}

/** Text as septets, or where the first character stands that the tables do not have. */
export function encodeGsm7(text: string, shift: ShiftTables = {}): EncodedText {
  const { locking, single } = septetTables(shift)
  const septets: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at)
    const plain = locking.septets.get(character)
    if (plain !== undefined) {
      septets.push(plain)
      continue
    }
    const escaped = single.septets.get(character)
    if (escaped === undefined) return { kind: 'unencodable', at }
    septets.push(ESCAPE, escaped)
  }
  return { kind: 'octets', octets: Uint8Array.from(septets) }
}

/** Septets the text takes, escapes counted, or `undefined` where a character is not in the tables. */
export function countSeptets(text: string, shift: ShiftTables = {}): number | undefined {
  const encoded = encodeGsm7(text, shift)
  return encoded.kind === 'octets' ? encoded.octets.length : undefined
}
