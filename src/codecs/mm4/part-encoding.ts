/** How one part travels over SMTP: as it is stored where that is sound, else in an encoding. */

import { isList, type Pieces } from '../bytes/pieces.ts'
import { base64Length, createBase64Encoder, encodeBase64 } from '../mime/base64.ts'
import { encodeQuotedPrintable } from '../mime/quoted-printable.ts'
import { createLineGuard } from './line-guard.ts'

/** A part to send, with its bytes as they are stored. */
export interface ForwardPart {
  /** In lower case, without parameters. */
  readonly mediaType: string
  /** The Content-Type value as it came. */
  readonly contentType: string
  /** Without brackets. */
  readonly contentId?: string
  readonly contentLocation?: string
  readonly fileName?: string
  /** What the stored bytes are encoded in. */
  readonly encoding: '7bit' | '8bit' | 'binary' | 'base64' | 'quoted-printable'
  /** Stored bytes. */
  readonly length: number
  /** They are base64 in lines that need no guard. */
  readonly soundLines?: true
  open(): Pieces
  /** The stored bytes, where they are at hand: text can then go out readable. */
  readonly bytes?: Uint8Array
}

/** A part as it will stand on the wire. */
export interface EncodedPart {
  readonly encoding: '7bit' | '8bit' | 'base64' | 'quoted-printable'
  /** Bytes on the wire; an estimate only where stored base64 or quoted-printable is unsound. */
  readonly length: number
  /** Whether the last line is known to have its line end: as a mail's whole body it needs no other. */
  readonly endsLine: boolean
  chunks(): Pieces
}

/** Lines of text longer than this are encoded: 998 is the limit, and relays add to lines. */
const TEXT_LINE_BYTES_MAX = 900
/** Text with more octets than this outside ASCII is shorter and no less readable in base64. */
const QUOTED_SHARE_MAX = 0.2

/** Decides the encoding of one part. 8-bit only if the peer takes it. */
export function encodePart(part: ForwardPart, eightBitMime: boolean): EncodedPart {
  const { encoding, bytes } = part
  if (encoding === 'base64' || encoding === 'quoted-printable') {
    const { length } = part
    return { encoding, length, endsLine: false, chunks: () => guarded(part, encoding) }
  }
  if (bytes !== undefined) return encodeAtHand(bytes, eightBitMime)
  const length = base64Length(part.length)
  return { encoding: 'base64', length, endsLine: false, chunks: () => inBase64(part.open()) }
}

function encodeAtHand(bytes: Uint8Array, eightBitMime: boolean): EncodedPart {
  const text = judgeText(bytes)
  if (text.lines && text.foreign === 0) return whole('7bit', bytes)
  if (text.lines && eightBitMime) return whole('8bit', bytes)
  if (text.lineEnds && text.foreign <= bytes.length * QUOTED_SHARE_MAX) {
    const decoded = utf8(bytes)
    if (decoded !== undefined) {
      return whole('quoted-printable', Buffer.from(encodeQuotedPrintable(decoded), 'latin1'))
    }
  }
  return whole('base64', encodeBase64(bytes))
}

interface TextFacts {
  /** Every CR and LF stands in a CRLF. Bare ones would not survive as text. */
  readonly lineEnds: boolean
  /** And no line is too long, and no control character is there. */
  readonly lines: boolean
  /** Octets above 127. */
  readonly foreign: number
}

function judgeText(bytes: Uint8Array): TextFacts {
  let foreign = 0
  let column = 0
  let longest = 0
  let controls = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === 13 && bytes[at + 1] === 10) {
      at++
      column = 0
      continue
    }
    if (byte === 13 || byte === 10) return { lineEnds: false, lines: false, foreign }
    if (byte > 127) foreign++
    else if (byte === 127 || (byte < 32 && byte !== 9)) controls = true
    column++
    if (column > longest) longest = column
  }
  return { lineEnds: true, lines: longest <= TEXT_LINE_BYTES_MAX && !controls, foreign }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function whole(encoding: EncodedPart['encoding'], bytes: Uint8Array): EncodedPart {
  return {
    encoding,
    length: bytes.length,
    endsLine: bytes.at(-1) === 10 && bytes.at(-2) === 13,
    chunks: () => [bytes],
  }
}

function guarded(part: ForwardPart, encoding: 'base64' | 'quoted-printable'): Pieces {
  const source = part.bytes === undefined ? part.open() : [part.bytes]
  if (encoding === 'base64' && part.soundLines === true) return source
  return passed(source, createLineGuard(encoding))
}

function inBase64(source: Pieces): Pieces {
  return passed(source, createBase64Encoder())
}

/** What all pieces go through. */
interface Filter {
  push(piece: Uint8Array): Uint8Array
  end(): Uint8Array
}

function passed(source: Pieces, filter: Filter): Pieces {
  if (!isList(source)) return passedOn(source, filter)
  const pieces = source.map((piece) => filter.push(piece))
  const last = filter.end()
  if (last.length > 0) pieces.push(last)
  return pieces
}

async function* passedOn(
  source: AsyncIterable<Uint8Array>,
  filter: Filter,
): AsyncGenerator<Uint8Array> {
  for await (const piece of source) yield filter.push(piece)
  yield filter.end()
}
