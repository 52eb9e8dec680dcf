/**
 * Quoted-printable (RFC 2045 §6.7). Decoding never fails: an `=` that starts nothing known stays as
 * it is, as the RFC advises. Line ends are kept as they came.
 */
import type { DecoderMemory, TransferDecoder } from './transfer.ts'

const NOTHING = Buffer.alloc(0)
const EQUALS = 0x3d
const CR = 13
const LF = 10
/** Blanks at the end of a line are transport's and dropped; more than this in a row are content. */
const BLANKS_MAX = 1_024

/** A decoder for one body that puts what it decodes into `memory`. */
export function createQuotedPrintableDecoder(memory: DecoderMemory): TransferDecoder {
  let held: Buffer = NOTHING

  function decode(chunk: Uint8Array, ended: boolean): Uint8Array {
    const bytes = held.length === 0 ? asBuffer(chunk) : Buffer.concat([held, chunk])
    const out = memory(bytes.length)
    let at = 0
    let i = 0
    while (i < bytes.length) {
      const byte = bytes[i] as number
      if (byte !== EQUALS && byte !== 32 && byte !== 9) {
        out[at++] = byte
        i++
        continue
      }
      const unit = byte === EQUALS ? readEscape(bytes, i) : readBlanks(bytes, i)
      if (unit.end > bytes.length && !ended) break
      if (unit.byte !== undefined) out[at++] = unit.byte
      else if (unit.keep) at += bytes.copy(out, at, i, Math.min(unit.end, bytes.length))
      i = Math.min(unit.end, bytes.length)
    }
    held = i < bytes.length ? Buffer.from(bytes.subarray(i)) : NOTHING
    return out.subarray(0, at)
  }

  return {
    push: (chunk) => decode(chunk, false),
    end: () => decode(NOTHING, true),
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** What stands at an `=` or a blank. An `end` past the input: more bytes decide. */
interface Unit {
  readonly end: number
  /** The byte it stands for. */
  readonly byte?: number
  /** Whether the characters themselves are content. */
  readonly keep?: boolean
}

function readEscape(bytes: Buffer, at: number): Unit {
  if (at + 1 >= bytes.length) return { end: bytes.length + 1, keep: false }
  let i = at + 1
  while ((bytes[i] === 32 || bytes[i] === 9) && i - at < BLANKS_MAX) i++
  if (i >= bytes.length) return { end: bytes.length + 1, keep: false }
  if (bytes[i] === LF) return { end: i + 1, keep: false }
  if (bytes[i] === CR) {
    if (i + 1 >= bytes.length) return { end: bytes.length + 1, keep: false }
    return bytes[i + 1] === LF ? { end: i + 2, keep: false } : { end: at + 1, keep: true }
  }
  if (at + 2 >= bytes.length && isHex(bytes[at + 1])) return { end: bytes.length + 1, keep: true }
  if (isHex(bytes[at + 1]) && isHex(bytes[at + 2])) {
    return { end: at + 3, byte: Number.parseInt(bytes.toString('latin1', at + 1, at + 3), 16) }
  }
  return { end: at + 1, keep: true }
}

function readBlanks(bytes: Buffer, at: number): Unit {
  let i = at
  while (bytes[i] === 32 || bytes[i] === 9) {
    if (++i - at >= BLANKS_MAX) return { end: i, keep: true }
  }
  if (i >= bytes.length) return { end: bytes.length + 1, keep: false }
  if (bytes[i] === LF) return { end: i, keep: false }
  if (bytes[i] !== CR) return { end: i, keep: true }
  if (i + 1 >= bytes.length) return { end: bytes.length + 1, keep: false }
  return { end: i, keep: bytes[i + 1] !== LF }
}

function isHex(code: number | undefined): boolean {
  if (code === undefined) return false
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)
}

const LINE_COLUMNS_MAX = 76

/** Encodes text lines: what is printable ASCII stays, line ends become CRLF. For text only. */
export function encodeQuotedPrintable(text: string): string {
  return text
    .split(/\r\n|\n/)
    .map(encodeLine)
    .join('\r\n')
}

function encodeLine(line: string): string {
  const bytes = Buffer.from(line, 'utf-8')
  let out = ''
  let columns = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    const blank = byte === 32 || byte === 9
    const plain = blank ? i + 1 < bytes.length : byte > 32 && byte < 127 && byte !== EQUALS
    const piece = plain
      ? String.fromCharCode(byte)
      : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
    // One column is left for the `=` of the soft line break.
    if (columns + piece.length > LINE_COLUMNS_MAX - 1) {
      out += '=\r\n'
      columns = 0
    }
    out += piece
    columns += piece.length
  }
  return out
}
