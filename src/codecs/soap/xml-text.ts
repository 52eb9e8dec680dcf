/**
 * Bytes of an XML document into text. Peers name charsets their bytes are not in, so the order is:
 * byte order mark; then UTF-8 if the bytes are valid UTF-8, whatever is declared; then the charset
 * of the part; then the one of the XML declaration.
 */
import { decodeStrictly, isKnownCharset } from '../bytes/charset.ts'

/** What the bytes turned out to be. */
export type DecodedText =
  | { readonly kind: 'ok'; readonly text: string; readonly charset: string }
  /** Neither the part nor the declaration names a charset that is known. */
  | { readonly kind: 'fault'; readonly fault: 'charset-unknown' | 'bytes-not-in-charset' }

/** Decodes a document; `partCharset` is the charset parameter of its Content-Type. */
export function decodeXmlText(bytes: Uint8Array, partCharset?: string): DecodedText {
  const marked = charsetOfMark(bytes)
  if (marked !== undefined) {
    const text = decodeStrictly(marked, bytes)
    if (text === undefined) return { kind: 'fault', fault: 'bytes-not-in-charset' }
    return { kind: 'ok', text, charset: marked }
  }
  const utf8 = decodeStrictly('utf-8', bytes)
  if (utf8 !== undefined) return { kind: 'ok', text: utf8, charset: 'utf-8' }
  const charset = partCharset ?? declaredCharset(bytes) ?? 'utf-8'
  if (!isKnownCharset(charset)) return { kind: 'fault', fault: 'charset-unknown' }
  const text = decodeStrictly(charset, bytes)
  if (text === undefined) return { kind: 'fault', fault: 'bytes-not-in-charset' }
  return { kind: 'ok', text, charset: charset.toLowerCase() }
}

/** A byte order mark, or the two-byte form of `<` that only UTF-16 without a mark begins with. */
function charsetOfMark(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return 'utf-16be'
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le'
  return undefined
}

const DECLARATION = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']/
/** Where a declaration must have ended. */
const DECLARATION_BYTES_MAX = 256

function declaredCharset(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, DECLARATION_BYTES_MAX)
  const text = Buffer.from(start.buffer, start.byteOffset, start.length).toString('latin1')
  return DECLARATION.exec(text)?.[1]
}
