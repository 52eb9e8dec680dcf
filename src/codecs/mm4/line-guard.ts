/**
 * Passes a part that is in a transfer encoding already, and makes sure of its lines on the way.
 *
 * A stored part is whatever a peer sent: base64 in one endless line, LF alone between lines, octets
 * above 127 in what claims to be base64. None of that may leave over SMTP, where lines end in CRLF
 * and hold at most 998 octets (RFC 5322 §2.1.1). Sound chunks pass as they are; from the first unsound
 * one on, the rest is written anew in the same encoding.
 */

/** Guards one part. */
export interface LineGuard {
  /** The chunk to send: the same object as long as all was sound. */
  push(chunk: Uint8Array): Uint8Array
}

const LINE_BYTES_MAX = 998
/** Lines written anew are as short as encoders make them. */
const LINE_COLUMNS = 76
const CR = 0x0d
const LF = 0x0a
const TAB = 0x09

/** What was read of the line that the next chunk goes on with. */
interface Place {
  column: number
  afterCr: boolean
}

/** A guard for one part; feed it all of it. */
export function createLineGuard(encoding: 'base64' | 'quoted-printable'): LineGuard {
  let rewrite: ((chunk: Uint8Array) => Uint8Array) | undefined
  const place: Place = { column: 0, afterCr: false }
  return {
    push(chunk) {
      if (rewrite !== undefined) return rewrite(chunk)
      const before = { ...place }
      if (isSound(chunk, place)) return chunk
      // The line begun before this chunk is out already; what follows it is counted from there.
      rewrite = encoding === 'base64' ? rewrapBase64(before) : rewriteQuoted(before)
      return rewrite(chunk)
    },
  }
}

function isSound(chunk: Uint8Array, place: Place): boolean {
  let { column, afterCr } = place
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] as number
    if (afterCr) {
      if (byte !== LF) return false
      afterCr = false
      column = 0
    } else if (byte >= 0x20 && byte < 0x7f) {
      column++
      if (column > LINE_BYTES_MAX) return false
    } else if (byte === CR) {
      afterCr = true
    } else if (byte === TAB) {
      column++
    } else {
      return false
    }
  }
  place.column = column
  place.afterCr = afterCr
  return true
}

/** White space means nothing in base64, and what is no digit is nothing either. */
function rewrapBase64(before: Place): (chunk: Uint8Array) => Uint8Array {
  let { column, afterCr } = before
  return (chunk) => {
    // No line grows beyond what was sound, and each holds at least one digit: twice is enough.
    const out = Buffer.allocUnsafe(chunk.length * 3 + 1)
    let size = 0
    if (afterCr) {
      out[size++] = LF
      afterCr = false
      column = 0
    }
    for (const byte of chunk) {
      if (!isBase64(byte)) continue
      if (column >= LINE_COLUMNS) {
        out[size++] = CR
        out[size++] = LF
        column = 0
      }
      out[size++] = byte
      column++
    }
    return out.subarray(0, size)
  }
}

function isBase64(byte: number): boolean {
  const letter = byte | 0x20
  const digit = byte >= 0x30 && byte <= 0x39
  return (
    digit || (letter >= 0x61 && letter <= 0x7a) || byte === 0x2b || byte === 0x2f || byte === 0x3d
  )
}

/** LF or CR alone become line ends, raw octets `=XX`, and long lines get soft breaks. */
function rewriteQuoted(before: Place): (chunk: Uint8Array) => Uint8Array {
  let { column, afterCr } = before
  let lineEndOut = false
  /** Characters that still belong to the `=XX` begun before: no break may come between. */
  let escaped = 0
  return (chunk) => {
    let out = ''
    const endLine = () => {
      out += '\r\n'
      column = 0
      escaped = 0
      lineEndOut = true
    }
    if (afterCr) {
      // The CR is out; its LF is owed.
      out += '\n'
      afterCr = false
      column = 0
      lineEndOut = true
    }
    for (const byte of chunk) {
      if (byte === LF && lineEndOut) {
        lineEndOut = false
        continue
      }
      lineEndOut = false
      if (byte === CR || byte === LF) {
        endLine()
        // An LF after this CR is part of it; after a lone LF another LF is another line.
        lineEndOut = byte === CR
        continue
      }
      const plain = byte === TAB || (byte >= 0x20 && byte < 0x7f)
      const piece = plain ? String.fromCharCode(byte) : `=${hex(byte)}`
      if (escaped === 0 && column + 3 > LINE_COLUMNS - 1) {
        out += '=\r\n'
        column = 0
      }
      out += piece
      column += piece.length
      escaped = byte === 0x3d ? 2 : Math.max(0, escaped - 1)
    }
    return Buffer.from(out, 'latin1')
  }
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
