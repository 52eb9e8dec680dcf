/**
 * Base64 as MIME uses it (RFC 2045 §6.8), streaming. Decoding passes over white space and refuses
 * everything else that does not belong, missing padding included: a picture that was cut off must
 * be told, not shown.
 */
import type { TransferDecoder, TransferFault } from './transfer.ts'

const NOTHING = Buffer.alloc(0)
const BROKEN: TransferFault = { fault: 'base64-broken' }

const SPACE = 0
const DIGIT = 1
const PADDING = 2
const BAD = 3

const CLASS_OF = new Uint8Array(256).fill(BAD)
for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
  CLASS_OF[c.charCodeAt(0)] = DIGIT
}
for (const c of ' \t\r\n\v\f') CLASS_OF[c.charCodeAt(0)] = SPACE
CLASS_OF[0x3d] = PADDING

/** A decoder for one body. */
export function createBase64Decoder(): TransferDecoder {
  /** Digits of a group of four that is not whole yet. */
  let carry = ''
  /** Padding characters seen; after them only white space may come. */
  let padding = 0
  let broken = false

  function fail(): TransferFault {
    broken = true
    return BROKEN
  }

  return {
    push(chunk) {
      if (broken) return BROKEN
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
      const firstPadding = bytes.indexOf(0x3d)
      const digitsEnd = padding > 0 ? 0 : firstPadding < 0 ? bytes.length : firstPadding
      const digits = countDigits(bytes, digitsEnd)
      const added = countPadding(bytes, digitsEnd)
      if (digits < 0 || added < 0) return fail()
      padding += added
      const left = (carry.length + digits) % 4
      const text = carry + bytes.toString('latin1', 0, digitsEnd)
      const cut = left === 0 ? text.length : beforeLastDigits(text, left)
      carry = text.slice(cut).replace(/\s+/g, '')
      if (padding > 0 && (carry.length < 2 || carry.length + padding > 4)) return fail()
      return cut === 0 ? NOTHING : Buffer.from(text.slice(0, cut), 'base64')
    },
    end() {
      if (broken || (carry !== '' && carry.length + padding !== 4)) return fail()
      return carry === '' ? NOTHING : Buffer.from(carry, 'base64')
    },
  }
}

/** Digits before `end`, or -1 where something stands that is neither digit nor white space. */
function countDigits(bytes: Buffer, end: number): number {
  let digits = 0
  let seen = 0
  for (let i = 0; i < end; i++) {
    const kind = CLASS_OF[bytes[i] as number] as number
    seen |= kind
    digits += kind & DIGIT
  }
  return seen > DIGIT ? -1 : digits
}

/** Padding characters from `start` on, or -1 where something other than white space is among them. */
function countPadding(bytes: Buffer, start: number): number {
  let padding = 0
  for (let i = start; i < bytes.length; i++) {
    const kind = CLASS_OF[bytes[i] as number]
    if (kind === PADDING) padding++
    else if (kind !== SPACE) return -1
  }
  return padding
}

/** Where the last `count` digits of a text begin. */
function beforeLastDigits(text: string, count: number): number {
  let left = count
  let i = text.length
  while (left > 0) if (CLASS_OF[text.charCodeAt(--i)] === DIGIT) left--
  return i
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
      const line = bytes.toString('base64', from, Math.min(from + LINE_BYTES, bytes.length))
      at += out.write(line, at, 'latin1')
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
