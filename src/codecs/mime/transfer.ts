/**
 * Content-Transfer-Encoding (RFC 2045 §6) as streams: decoders for what peers send, and the base64
 * and quoted-printable encoders. A decoder's pieces may share memory with what was pushed.
 */
import { createBase64Decoder } from './base64.ts'
import { createQuotedPrintableDecoder } from './quoted-printable.ts'

/** Why transfer-encoded bytes cannot be decoded. */
export interface TransferFault {
  readonly fault: 'base64-broken' | 'encoding-unknown'
}

/** Decodes one body in pieces. After a fault every call returns that fault. */
export interface TransferDecoder {
  push(bytes: Uint8Array): Uint8Array | TransferFault
  /** The last decoded bytes, often none. */
  end(): Uint8Array | TransferFault
  /**
   * Whether all that was pushed can go over SMTP as it is: digits and padding in lines of at most 998
   * octets that end in CRLF. Told of base64 alone.
   */
  readonly soundLines?: boolean
}

/**
 * Where a decoder puts its next piece: a buffer of at least so many bytes. Who gives the same memory
 * again and again must be done with each piece before the next one is pushed.
 */
export type DecoderMemory = (bytes: number) => Buffer

const NOTHING = new Uint8Array(0)
const identity: TransferDecoder = { push: (bytes) => bytes, end: () => NOTHING }

/**
 * The decoder for a Content-Transfer-Encoding value, in any case; absent or empty means 7bit. An
 * unknown encoding gives a decoder that answers with a fault. Without `memory` each piece has its own.
 */
export function createTransferDecoder(
  encoding: string | undefined,
  memory: DecoderMemory = Buffer.allocUnsafe,
): TransferDecoder {
  switch (transferEncodingName(encoding)) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return identity
    case 'base64':
      return createBase64Decoder(memory)
    case 'quoted-printable':
      return createQuotedPrintableDecoder(memory)
    default: {
      const fault: TransferFault = { fault: 'encoding-unknown' }
      return { push: () => fault, end: () => fault }
    }
  }
}

/** The value in lower case, without blanks or what some peers put after a semicolon. */
export function transferEncodingName(encoding: string | undefined): string {
  if (encoding === undefined) return ''
  const end = encoding.indexOf(';')
  return (end < 0 ? encoding : encoding.slice(0, end)).trim().toLowerCase()
}

/** Decodes a whole body at once. */
export function decodeTransfer(
  encoding: string | undefined,
  bytes: Uint8Array,
): Uint8Array | TransferFault {
  const decoder = createTransferDecoder(encoding)
  const first = decoder.push(bytes)
  if (isTransferFault(first)) return first
  const last = decoder.end()
  if (isTransferFault(last)) return last
  return last.length === 0 ? first : Buffer.concat([first, last])
}

/** Tells a fault from decoded bytes. */
export function isTransferFault(result: Uint8Array | TransferFault): result is TransferFault {
  return 'fault' in result
}
