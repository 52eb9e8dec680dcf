/**
 * Base64 as MIME uses it (RFC 2045 §6.8), streaming. Decoding passes over white space and refuses
 * everything else that does not belong, missing padding included: a picture that was cut off must
 * be told, not shown.
 */
import type { TransferDecoder, TransferFault } from './transfer.ts'

const NOTHING = Buffer.alloc(0)
const BROKEN: TransferFault = { fault: 'base64-broken' }

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const DIGITS = new Uint8Array(64)
/** The value of a digit (0 to 63), or one of the three classes below. */
const VALUES = new Uint8Array(256)
const SPACE = 64
const PADDING = 65
const BAD = 66
VALUES.fill(BAD)
for (let value = 0; value < 64; value++) {
  DIGITS[value] = ALPHABET.charCodeAt(value)
  VALUES[ALPHABET.charCodeAt(value)] = value
}
for (const c of ' \t\r\n\v\f') VALUES[c.charCodeAt(0)] = SPACE
VALUES[0x3d] = PADDING

/** A decoder for one body. Loops over bytes: measured as fast as the native one, and it validates. */
export function createBase64Decoder(): TransferDecoder {
  /** Bits and number of the digits of a group that is not whole yet. */
  let bits = 0
  let digits = 0
  /** Padding characters seen; after them only white space may come. */
  let padding = 0
  let broken = false

  function fail(): TransferFault {
    broken = true
    return BROKEN
  }

  function decodeByte(value: number): boolean {
    if (value === SPACE) return true
    if (value === PADDING) return ++padding + digits <= 4 && digits >= 2
    if (value === BAD || padding > 0) return false
    bits = (bits << 6) | value
    digits++
    return true
  }

  return {
    push(bytes) {
      if (broken) return BROKEN
      const out = Buffer.allocUnsafe((bytes.length >> 2) * 3 + 3)
      let at = 0
      let i = 0
      while (i < bytes.length) {
        if (digits === 0 && padding === 0) {
          while (i + 3 < bytes.length) {
            const a = VALUES[bytes[i] as number] as number
            const b = VALUES[bytes[i + 1] as number] as number
            const c = VALUES[bytes[i + 2] as number] as number
            const d = VALUES[bytes[i + 3] as number] as number
            if ((a | b | c | d) > 63) break
            out[at] = (a << 2) | (b >> 4)
            out[at + 1] = (b << 4) | (c >> 2)
            out[at + 2] = (c << 6) | d
            at += 3
            i += 4
          }
          if (i === bytes.length) break
        }
        if (!decodeByte(VALUES[bytes[i++] as number] as number)) return fail()
        if (digits === 4) {
          out.writeUIntBE(bits, at, 3)
          at += 3
          bits = 0
          digits = 0
        }
      }
      return out.subarray(0, at)
    },
    end() {
      if (broken || (digits > 0 && digits + padding !== 4)) return fail()
      if (digits === 0) return NOTHING
      const last = digits === 2 ? [bits >> 4] : [bits >> 10, bits >> 2]
      return Buffer.from(last)
    },
  }
}

/** Takes bytes in pieces and gives base64 text in lines. */
export interface Base64Encoder {
  push(bytes: Uint8Array): Uint8Array
  /** The last line. The text ends without a line end, as the one before a delimiter is not its own. */
  end(): Uint8Array
}

const LINE_COLUMNS = 76
const LINE_BYTES = 57

/** An encoder with CRLF between lines of 76 columns. Feed it big pieces: each costs one pass. */
export function createBase64Encoder(): Base64Encoder {
  let carry: Buffer = NOTHING
  let begun = false

  function lines(bytes: Buffer): Buffer {
    const out = Buffer.allocUnsafe(base64Length(bytes.length) + (begun ? 2 : 0))
    let at = 0
    for (let from = 0; from < bytes.length; from += LINE_BYTES) {
      if (begun) {
        out[at++] = 13
        out[at++] = 10
      }
      begun = true
      at = encodeLine(bytes, from, Math.min(from + LINE_BYTES, bytes.length), out, at)
    }
    return out
  }

  return {
    push(chunk) {
      let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
      if (carry.length > 0) bytes = Buffer.concat([carry, bytes])
      const whole = bytes.length - (bytes.length % LINE_BYTES)
      carry = Buffer.from(bytes.subarray(whole))
      return whole === 0 ? NOTHING : lines(bytes.subarray(0, whole))
    },
    end() {
      const last = carry
      carry = NOTHING
      return last.length === 0 ? NOTHING : lines(last)
    },
  }
}

/** Bytes of base64 text with its line ends for so many bytes of content. */
export function base64Length(bytes: number): number {
  if (bytes === 0) return 0
  const digits = Math.ceil(bytes / 3) * 4
  return digits + (Math.ceil(digits / LINE_COLUMNS) - 1) * 2
}

/** Encodes a whole body at once. */
export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const encoder = createBase64Encoder()
  const first = encoder.push(bytes)
  return Buffer.concat([first, encoder.end()])
}

/** Writes the digits of one line; measured at twice the speed of the native encoder and a copy. */
function encodeLine(bytes: Buffer, from: number, end: number, out: Buffer, start: number): number {
  let at = start
  let i = from
  for (; i + 2 < end; i += 3) {
    const a = bytes[i] as number
    const b = bytes[i + 1] as number
    const c = bytes[i + 2] as number
    out[at] = DIGITS[a >> 2] as number
    out[at + 1] = DIGITS[((a & 3) << 4) | (b >> 4)] as number
    out[at + 2] = DIGITS[((b & 15) << 2) | (c >> 6)] as number
    out[at + 3] = DIGITS[c & 63] as number
    at += 4
  }
  return i < end ? at + out.write(bytes.toString('base64', i, end), at, 'latin1') : at
}
