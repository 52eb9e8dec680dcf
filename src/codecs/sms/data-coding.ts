/**
 * What a `data_coding` value says (SMPP 3.4 §5.2.19, whose upper groups are those of 3GPP TS 23.038
 * §4). Value 0 means the peer's own default alphabet, which differs from peer to peer. SMPP reserves
 * 0x10 to 0x7F and 0xE0 to 0xEF; peers send them with the meaning of TS 23.038 (0x10 and 0x18 are
 * the usual "flash"), and so they are read.
 */
import type { Alphabet } from './alphabet.ts'

/** What a peer can mean by `data_coding` 0. */
export type DefaultAlphabet = 'gsm7' | 'ascii' | 'latin1' | 'ucs2'

/** 0 is shown at once and not kept; 1 to 3 are the phone's, the SIM's and the terminal's. */
export type MessageClass = 0 | 1 | 2 | 3

/** Alphabets with a number that are not decoded here. */
export type UnsupportedCoding =
  | 'jis'
  | 'cyrillic'
  | 'hebrew'
  | 'pictogram'
  | 'iso-2022-jp'
  | 'extended-kanji'
  | 'ks-c-5601'
  | 'compressed'
  | 'reserved'

/** A light on the handset: what waits elsewhere (TS 23.038 §4, groups 1100 to 1110). */
export interface WaitingIndication {
  readonly kind: 'voicemail' | 'fax' | 'email' | 'other'
  readonly active: boolean
  /** Whether the message itself is to be kept. */
  readonly keep: boolean
}

/** A `data_coding` value, taken apart. */
export type DataCoding =
  | {
      readonly kind: 'known'
      readonly alphabet: Alphabet
      readonly messageClass?: MessageClass
      readonly waiting?: WaitingIndication
    }
  | { readonly kind: 'unsupported'; readonly because: UnsupportedCoding }

/** Values 0x01 to 0x0E; 0 is the peer's affair. */
const NUMBERED: Readonly<Record<number, Alphabet | UnsupportedCoding>> = {
  1: 'ascii',
  2: 'binary',
  3: 'latin1',
  4: 'binary',
  5: 'jis',
  6: 'cyrillic',
  7: 'hebrew',
  8: 'ucs2',
  9: 'pictogram',
  10: 'iso-2022-jp',
  13: 'extended-kanji',
  14: 'ks-c-5601',
}

const SUPPORTED: readonly string[] = [
  'gsm7',
  'ascii',
  'latin1',
  'ucs2',
  'binary',
] satisfies readonly Alphabet[]

const WAITING_KINDS = ['voicemail', 'fax', 'email', 'other'] as const
const CLASSES = [0, 1, 2, 3] as const
/** Bits 3 and 2 of the general group. */
const GENERAL_ALPHABETS = ['gsm7', 'binary', 'ucs2', 'reserved'] as const
/** TS 23.038 §4: bits of the general group. */
const COMPRESSED_BIT = 0x20
const CLASS_BIT = 0x10
const ACTIVE_BIT = 0x08
const EIGHT_BIT_BIT = 0x04
const UCS2_BITS = 0x08
/** The group "data coding and message class", 1111. */
const CLASS_GROUP = 0xf0

/** Takes a value apart, bits above the lowest eight ignored. */
export function parseDataCoding(value: number, defaultAlphabet: DefaultAlphabet): DataCoding {
  const octet = value & 0xff
  if (octet === 0) return { kind: 'known', alphabet: defaultAlphabet }
  if (octet < 0x10) return known(NUMBERED[octet] ?? 'reserved')
  if (octet < 0x80) return parseGeneral(octet)
  if (octet < 0xc0) return { kind: 'unsupported', because: 'reserved' }
  if (octet < CLASS_GROUP) return parseWaiting(octet)
  return known((octet & EIGHT_BIT_BIT) === 0 ? 'gsm7' : 'binary', classOf(octet))
}

function parseGeneral(octet: number): DataCoding {
  if ((octet & COMPRESSED_BIT) !== 0) return { kind: 'unsupported', because: 'compressed' }
  const alphabet = GENERAL_ALPHABETS[(octet >> 2) & 3] ?? 'reserved'
  return known(alphabet, (octet & CLASS_BIT) === 0 ? undefined : classOf(octet))
}

function parseWaiting(octet: number): DataCoding {
  const group = octet >> 4
  return {
    kind: 'known',
    alphabet: group === 0xe ? 'ucs2' : 'gsm7',
    waiting: {
      kind: WAITING_KINDS[octet & 3] ?? 'other',
      active: (octet & ACTIVE_BIT) !== 0,
      keep: group !== 0xc,
    },
  }
}

function classOf(octet: number): MessageClass | undefined {
  return CLASSES[octet & 3]
}

function known(name: Alphabet | UnsupportedCoding, messageClass?: MessageClass): DataCoding {
  if (!isSupported(name)) return { kind: 'unsupported', because: name }
  return { kind: 'known', alphabet: name, ...(messageClass === undefined ? {} : { messageClass }) }
}

function isSupported(name: Alphabet | UnsupportedCoding): name is Alphabet {
  return SUPPORTED.includes(name)
}

/**
 * The value that says this to a peer, or `undefined` where no value does: GSM 7 bit without a class
 * can be said only to a peer whose default it is, and only three alphabets go with a class.
 */
export function printDataCoding(
  alphabet: Alphabet,
  defaultAlphabet: DefaultAlphabet,
  messageClass?: MessageClass,
): number | undefined {
  if (messageClass !== undefined) return printClass(alphabet, messageClass)
  if (alphabet === 'gsm7') return defaultAlphabet === 'gsm7' ? 0 : undefined
  return { ascii: 1, latin1: 3, binary: 4, ucs2: 8 }[alphabet]
}

function printClass(alphabet: Alphabet, messageClass: MessageClass): number | undefined {
  switch (alphabet) {
    case 'gsm7':
      return CLASS_GROUP | messageClass
    case 'binary':
      return CLASS_GROUP | EIGHT_BIT_BIT | messageClass
    // Group 1111 has no UCS-2; the general group does.
    case 'ucs2':
      return CLASS_BIT | UCS2_BITS | messageClass
    case 'ascii':
    case 'latin1':
      return undefined
  }
}
