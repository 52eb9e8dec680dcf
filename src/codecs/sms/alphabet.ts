/**
 * The alphabets a short message's text can be in, and text ⇄ octets for each. What a `data_coding`
 * value says about the alphabet stands in `data-coding.ts`.
 */
import { decodeGsm7, encodeGsm7 } from './gsm7.ts'
import type { ShiftTables } from './gsm7-tables.ts'
import {
  type DecodedText,
  type EncodedText,
  REPLACEMENT,
  type Reading,
  type TextFaultName,
} from './text-fault.ts'
import { decodeUcs2, encodeUcs2 } from './ucs2.ts'

/** Alphabets that are decoded here; `binary` are octets that are no text. */
export type Alphabet = 'gsm7' | 'ascii' | 'latin1' | 'ucs2' | 'binary'

/** How text is read or written, where there is a choice. */
export interface TextOptions {
  readonly reading?: Reading
  /** National language tables named in the user data header; only `gsm7` heeds them. */
  readonly shift?: ShiftTables
}

const ASCII_MAX = 0x7f
const LATIN1_MAX = 0xff

/** The text of octets; `gsm7` is expected unpacked. `binary` has a text under no reading. */
export function decodeText(
  alphabet: Alphabet,
  octets: Uint8Array,
  { reading = 'strict', shift = {} }: TextOptions = {},
): DecodedText {
  switch (alphabet) {
    case 'gsm7':
      return decodeGsm7(octets, reading, shift)
    case 'ucs2':
      return decodeUcs2(octets, reading)
    case 'ascii':
      return decodeSingleOctets(octets, ASCII_MAX, reading)
    case 'latin1':
      return decodeSingleOctets(octets, LATIN1_MAX, reading)
    case 'binary':
      return fault('not-text', 0)
  }
}

/** Text as octets, `gsm7` unpacked. `binary` has no characters, so only the empty text fits. */
export function encodeText(
  alphabet: Alphabet,
  text: string,
  { shift = {} }: Pick<TextOptions, 'shift'> = {},
): EncodedText {
  switch (alphabet) {
    case 'gsm7':
      return encodeGsm7(text, shift)
    case 'ucs2':
      return encodeUcs2(text)
    case 'ascii':
      return encodeSingleOctets(text, ASCII_MAX)
    case 'latin1':
      return encodeSingleOctets(text, LATIN1_MAX)
    case 'binary':
      return encodeSingleOctets(text, -1)
  }
}

/** Latin-1 means what ISO 8859-1 says: 80 to 9F are control characters, not those of Windows. */
function decodeSingleOctets(octets: Uint8Array, codeMax: number, reading: Reading): DecodedText {
  let text = ''
  for (const [at, octet] of octets.entries()) {
    if (octet > codeMax && reading === 'strict') return fault('octet-above-7f', at)
    text += octet > codeMax ? REPLACEMENT : String.fromCharCode(octet)
  }
  return { kind: 'text', text }
}

function encodeSingleOctets(text: string, codeMax: number): EncodedText {
  const octets = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > codeMax) return { kind: 'unencodable', at }
    octets[at] = code
  }
  return { kind: 'octets', octets }
}

function fault(because: TextFaultName, at: number): DecodedText {
  return { kind: 'fault', because, at }
}
