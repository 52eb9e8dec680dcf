/**
 * Writes a message into a DATA body (RFC 5321 §4.5.2): doubles the dot of every line that begins with
 * one, and ends with CRLF.CRLF.
 *
 * The message must use CRLF and nothing else; whoever composes it answers for that. A dot after a
 * bare LF is doubled too, so that not even broken input can end a body early at a lenient peer.
 */

/** Stuffs one message, chunk by chunk, the same for every way of cutting it. */
export interface DotStuffer {
  /** The chunk as it must go out: the same object unless a dot had to be added. */
  push(chunk: Uint8Array): Uint8Array
  /** What ends the body: with or without a CRLF first, as the message ended. */
  end(): Uint8Array
}

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e
const LINE_BEGINS_WITH_DOT = Buffer.from('\n.')
const END_AFTER_LINE = Buffer.from('.\r\n')
const END_IN_LINE = Buffer.from('\r\n.\r\n')
const END_AFTER_CR = Buffer.from('\n.\r\n')

/** A stuffer at the start of a message. */
export function createDotStuffer(): DotStuffer {
  // A message begins at the start of a line.
  let last = LF
  return {
    push(chunk) {
      if (chunk.length === 0) return chunk
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const stuffed = stuff(bytes, last === LF && bytes[0] === DOT)
      last = bytes[bytes.length - 1] ?? last
      return stuffed ?? chunk
    },
    end() {
      if (last === LF) return END_AFTER_LINE
      return last === CR ? END_AFTER_CR : END_IN_LINE
    },
  }
}

function stuff(bytes: Buffer, dotFirst: boolean): Buffer | undefined {
  // Most pieces are base64 and hold no dot, and a single byte is found far faster than two.
  let found = bytes.indexOf(DOT) === -1 ? -1 : bytes.indexOf(LINE_BEGINS_WITH_DOT)
  if (found === -1 && !dotFirst) return undefined
  const pieces: Buffer[] = []
  let from = 0
  if (dotFirst) pieces.push(bytes.subarray(0, 1))
  while (found !== -1) {
    // Up to and with the dot; the next piece begins with the same dot again.
    pieces.push(bytes.subarray(from, found + 2))
    from = found + 1
    found = bytes.indexOf(LINE_BEGINS_WITH_DOT, found + 2)
  }
  pieces.push(bytes.subarray(from))
  return Buffer.concat(pieces)
}
