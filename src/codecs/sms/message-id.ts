/**
 * The spellings under which a receipt may name a message: peers give an id in hexadecimal and name it
 * in decimal, or the other way, drop leading zeros or put them, change the case. Keep the id as text,
 * and look under these in order: the further down, the more likely is a chance match with another id.
 * Ids that are counted are each other's spellings in another base, so a match needs more than that.
 * Usual paddings are among them.
 */

/** SMPP 3.4 §5.2.23: 64 characters; a longer id has only its own spelling. */
export const MESSAGE_ID_CHARACTERS_MAX = 64
/** No id has more spellings than this. */
export const SPELLINGS_MAX = 16

const DECIMAL = /^\d+$/
const HEX = /^[\da-f]+$/i
/** Ids of peers that pad: ten digits as in appendix B, eight hexadecimal ones for 32 bits. */
const DECIMAL_PADDED = 10
const HEX_PADDED = 8
/** 64 bits; a longer run of digits is a name, not a number. */
const DECIMAL_DIGITS_MAX = 20
const HEX_DIGITS_MAX = 16
const HEX_RADIX = 16

/** The spellings, the id as it is first; none twice, blanks around it taken off; none of nothing. */
export function messageIdSpellings(id: string): readonly string[] {
  const raw = id.trim()
  if (raw === '') return []
  if (raw.length > MESSAGE_ID_CHARACTERS_MAX) return [raw]
  const spellings = new Set([raw, trimZeros(raw), raw.toLowerCase(), raw.toUpperCase()])
  const digits = trimZeros(raw.replace(/^0x/i, ''))
  add(spellings, bothCases(digits))
  const decimal = DECIMAL.test(digits) && digits.length <= DECIMAL_DIGITS_MAX
  const hex = HEX.test(digits) && digits.length <= HEX_DIGITS_MAX
  // The same digits with zeros before them are likelier than another base.
  if (decimal) add(spellings, [digits.padStart(DECIMAL_PADDED, '0')])
  if (hex) add(spellings, hexSpellings(digits))
  if (decimal) add(spellings, hexSpellings(BigInt(digits).toString(HEX_RADIX)))
  if (hex) {
    const inDecimal = BigInt(`0x${digits}`).toString()
    add(spellings, [inDecimal, inDecimal.padStart(DECIMAL_PADDED, '0')])
  }
  return [...spellings].slice(0, SPELLINGS_MAX)
}

function add(spellings: Set<string>, more: readonly string[]): void {
  for (const spelling of more) spellings.add(spelling)
}

function hexSpellings(hex: string): readonly string[] {
  return [...bothCases(hex), ...bothCases(hex.padStart(HEX_PADDED, '0'))]
}

function bothCases(text: string): readonly string[] {
  return [text.toLowerCase(), text.toUpperCase()]
}

/** All but the last zero of a row of them. */
function trimZeros(text: string): string {
  return text.replace(/^0+(?=.)/, '')
}
