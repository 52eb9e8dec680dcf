/**
 * data_coding: the alphabet of a message, and what GSM wrote into the same octet (SMPP 3.4 §5.2.19,
 * 3GPP TS 23.038 §4). 0 means whatever the centre's default is: a matter of agreement, not of the
 * standard.
 */

const ALPHABETS = {
  default: 0x00,
  ascii: 0x01,
  'octets-tdma': 0x02,
  'latin-1': 0x03,
  octets: 0x04,
  jis: 0x05,
  cyrillic: 0x06,
  hebrew: 0x07,
  'ucs-2': 0x08,
  pictograms: 0x09,
  'iso-2022-jp': 0x0a,
  'kanji-jis': 0x0d,
  ksc5601: 0x0e,
} as const

/** Alphabets by the names of IANA where they have one. `octets` is 8-bit data. */
export type SmppAlphabet = keyof typeof ALPHABETS

/** What an octet says. */
export type DataCoding =
  | { readonly kind: 'alphabet'; readonly alphabet: SmppAlphabet }
  /** 0xF0–0xFF: class 0 is shown at once, 1 the handset, 2 the SIM, 3 other equipment. */
  | {
      readonly kind: 'message-class'
      readonly alphabet: 'default' | 'octets'
      readonly messageClass: number
    }
  /** 0xC0–0xEF: a lamp at the handset; `store` keeps the text, `active` switches on. */
  | {
      readonly kind: 'message-waiting'
      readonly alphabet: 'default' | 'ucs-2'
      readonly store: boolean
      readonly active: boolean
      /** 0 voice, 1 fax, 2 e-mail, 3 other. */
      readonly indication: number
    }
  | { readonly kind: 'reserved'; readonly octet: number }

const GROUP_MASK = 0xf0
const DISCARD_GROUP = 0xc0
const STORE_GROUP = 0xd0
const STORE_UCS2_GROUP = 0xe0
const CLASS_GROUP = 0xf0
/** Bit 2: 8-bit data in the class group, reserved in the waiting groups. */
const EIGHT_BIT = 0x04
const ACTIVE = 0x08
const LOW_MASK = 0x03

const BY_OCTET: ReadonlyMap<number, SmppAlphabet> = new Map(
  Object.entries(ALPHABETS).map(([name, octet]) => [octet, name as SmppAlphabet]),
)

/** Reads the octet. Every octet has a reading, if only `reserved`. */
export function parseDataCoding(octet: number): DataCoding {
  const alphabet = BY_OCTET.get(octet)
  if (alphabet !== undefined) return { kind: 'alphabet', alphabet }
  const group = octet & GROUP_MASK
  if (group === CLASS_GROUP && (octet & ACTIVE) === 0) {
    const eightBit = (octet & EIGHT_BIT) !== 0
    return {
      kind: 'message-class',
      alphabet: eightBit ? 'octets' : 'default',
      messageClass: octet & LOW_MASK,
    }
  }
  const waiting = group === DISCARD_GROUP || group === STORE_GROUP || group === STORE_UCS2_GROUP
  if (!waiting || (octet & EIGHT_BIT) !== 0) return { kind: 'reserved', octet }
  return {
    kind: 'message-waiting',
    alphabet: group === STORE_UCS2_GROUP ? 'ucs-2' : 'default',
    store: group !== DISCARD_GROUP,
    active: (octet & ACTIVE) !== 0,
    indication: octet & LOW_MASK,
  }
}

/** The octet of a reading. */
export function printDataCoding(coding: DataCoding): number {
  switch (coding.kind) {
    case 'alphabet':
      return ALPHABETS[coding.alphabet]
    case 'message-class':
      return (
        CLASS_GROUP |
        (coding.alphabet === 'octets' ? EIGHT_BIT : 0) |
        (coding.messageClass & LOW_MASK)
      )
    case 'message-waiting':
      return (
        waitingGroup(coding.alphabet, coding.store) |
        (coding.active ? ACTIVE : 0) |
        (coding.indication & LOW_MASK)
      )
    case 'reserved':
      return coding.octet
  }
}

function waitingGroup(alphabet: 'default' | 'ucs-2', store: boolean): number {
  if (alphabet === 'ucs-2') return STORE_UCS2_GROUP
  return store ? STORE_GROUP : DISCARD_GROUP
}
