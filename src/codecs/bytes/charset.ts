/**
 * Bytes in a named charset into text. Labels are those of the WHATWG Encoding Standard, in any case.
 * Windows-1252, which by that standard is also what `iso-8859-1` and `us-ascii` mean, is decoded
 * here: Node's decoder leaves its bytes 80 to 9F as control characters.
 */

type Decoder = InstanceType<typeof TextDecoder>

interface Charset {
  readonly windows1252: boolean
  readonly strict: Decoder
  readonly lenient: Decoder
}

/** Only labels that are known are kept, so that what peers send cannot make it grow without end. */
const charsets = new Map<string, Charset>()

function charsetOf(label: string): Charset | undefined {
  const name = label.trim().toLowerCase()
  const known = charsets.get(name)
  if (known !== undefined) return known
  try {
    const strict = new TextDecoder(name, { fatal: true })
    const charset = {
      windows1252: strict.encoding === 'windows-1252',
      strict,
      lenient: new TextDecoder(name),
    }
    charsets.set(name, charset)
    return charset
  } catch {
    return undefined
  }
}

/** Whether bytes in this charset could be decoded. */
export function isKnownCharset(label: string): boolean {
  return charsetOf(label) !== undefined
}

/** The text, or `undefined` where the charset is unknown or the bytes are not in it. */
export function decodeStrictly(label: string, bytes: Uint8Array): string | undefined {
  const charset = charsetOf(label)
  if (charset === undefined) return undefined
  if (charset.windows1252) return decodeWindows1252(bytes)
  try {
    return charset.strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** The text with U+FFFD where bytes are not in the charset; `undefined`: the charset is unknown. */
export function decodeLeniently(label: string, bytes: Uint8Array): string | undefined {
  const charset = charsetOf(label)
  if (charset === undefined) return undefined
  return charset.windows1252 ? decodeWindows1252(bytes) : charset.lenient.decode(bytes)
}

/** Text of a charset nobody named: UTF-8 if the bytes are valid UTF-8, else Windows-1252. */
export function decodeUnnamed(bytes: Uint8Array): string {
  return decodeStrictly('utf-8', bytes) ?? decodeWindows1252(bytes)
}

/** What 80 to 9F stand for; the five that stand for nothing are control characters. */
const UPPER =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

/** Every byte stands for a character. */
export function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return latin1.replace(/[\x80-\x9f]/g, (c) => UPPER[c.charCodeAt(0) - 0x80] ?? c)
}
