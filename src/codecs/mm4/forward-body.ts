/**
 * The body of an MM4_forward.REQ: multipart/related round a SMIL part, multipart/mixed without one,
 * or a single part as the mail's own content (TS 23.140 §8.4.4.6). Its size is known before its bytes
 * are read, for SIZE; the bytes come as a stream.
 */

import { isList, type Pieces } from '../bytes/pieces.ts'
import {
  contentType,
  parseContentType,
  printContentType,
  printParameter,
} from '../mime/content-type.ts'
import { encodeHeader, type HeaderField } from '../mime/headers.ts'
import { stripId } from '../mime/references.ts'
import { type EncodedPart, encodePart, type ForwardPart } from './part-encoding.ts'

/** A body ready to be sent, as often as wanted. */
export interface ForwardBody {
  /** The content headers of the mail. */
  readonly headers: readonly HeaderField[]
  /** Bytes to come; an estimate only where a stored part is repaired on the way. */
  readonly bytes: number
  /** It has octets above 127: only for peers that offer 8BITMIME. */
  readonly eightBit: boolean
  chunks(): Pieces
}

/** Text up to this size is worth reading ahead to send it readable. */
const SMALL_TEXT_BYTES_MAX = 32_768
/** RFC 2046 §5.1.1 allows 70. */
const BOUNDARY_BYTES_MAX = 68
const UNUSABLE_IN_BOUNDARY = /[^0-9A-Za-z+_.-]/g
const SMIL = 'application/smil'
/** A longer body is opened part by part, so that no more of it than needed is held at once. */
const LISTED_BYTES_MAX = 131_072
const CRLF = Buffer.from('\r\n')

interface Piece {
  readonly head: Buffer
  readonly body: EncodedPart
}

/**
 * Plans the body. `token` makes the boundary: the same for every attempt of a delivery, and not to be
 * guessed by whoever wrote the parts.
 */
export function planForwardBody(
  parts: readonly ForwardPart[],
  token: string,
  eightBitMime = false,
): ForwardBody {
  const smil = parts.find(({ mediaType }) => mediaType === SMIL)
  const [only] = parts
  if (only === undefined) return planNothing()
  if (parts.length === 1 && smil === undefined) return planSingle(only, eightBitMime)
  // `=_` occurs in neither base64 nor quoted-printable (RFC 2045 §6.7).
  const boundary = `=_${token.replace(UNUSABLE_IN_BOUNDARY, '')}`.slice(0, BOUNDARY_BYTES_MAX)
  const start = smil === undefined ? undefined : startId(smil, parts)
  const pieces = parts.map((part, index): Piece => {
    const body = encodePart(part, eightBitMime)
    const named = part === smil && start !== undefined ? { ...part, contentId: start } : part
    const fields = contentHeaders(named, body)
    const opening = `${index === 0 ? '' : '\r\n'}--${boundary}\r\n`
    return { head: Buffer.from(`${opening}${print(fields)}\r\n`, 'latin1'), body }
  })
  const end = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1')
  const type =
    start === undefined
      ? contentType('multipart/mixed', { boundary })
      : contentType('multipart/related', { type: SMIL, start: `<${start}>`, boundary })
  const eightBit = pieces.some(({ body }) => body.encoding === '8bit')
  const bytes = pieces.reduce((sum, { head, body }) => sum + head.length + body.length, end.length)
  return {
    headers: [
      { name: 'Content-Type', value: printContentType(type) },
      { name: 'Content-Transfer-Encoding', value: eightBit ? '8bit' : '7bit' },
    ],
    bytes,
    eightBit,
    chunks: () => joined(inOrder(pieces, end), bytes),
  }
}

/** Reads small text parts ahead, so that they can go out readable instead of in base64. */
export async function withSmallTexts(
  parts: readonly ForwardPart[],
): Promise<readonly ForwardPart[]> {
  if (!parts.some(isSmallText)) return parts
  return Promise.all(
    parts.map(async (part) => {
      if (!isSmallText(part)) return part
      const chunks: Uint8Array[] = []
      for await (const chunk of part.open()) chunks.push(chunk)
      return { ...part, bytes: Buffer.concat(chunks) }
    }),
  )
}

/** Text whose bytes are not at hand yet. */
function isSmallText({ mediaType, encoding, bytes, length }: ForwardPart): boolean {
  const text = mediaType.startsWith('text/') || mediaType === SMIL
  const encoded = encoding === 'base64' || encoding === 'quoted-printable'
  return text && !encoded && bytes === undefined && length <= SMALL_TEXT_BYTES_MAX
}

function planNothing(): ForwardBody {
  return {
    headers: [
      { name: 'Content-Type', value: 'text/plain; charset=us-ascii' },
      { name: 'Content-Transfer-Encoding', value: '7bit' },
    ],
    bytes: 0,
    eightBit: false,
    chunks: () => [],
  }
}

function planSingle(part: ForwardPart, eightBitMime: boolean): ForwardBody {
  const body = encodePart(part, eightBitMime)
  const end = body.endsLine ? [] : [CRLF]
  const bytes = body.length + (body.endsLine ? 0 : CRLF.length)
  return {
    headers: contentHeaders(part, body),
    bytes,
    eightBit: body.encoding === '8bit',
    chunks: () => joined([body.chunks(), end], bytes),
  }
}

function* inOrder(pieces: readonly Piece[], end: Buffer): Generator<Pieces> {
  for (const { head, body } of pieces) {
    yield [head]
    yield body.chunks()
  }
  yield [end]
}

/** One behind the other; `bytes` is what they come to. */
export function joined(sources: Iterable<Pieces>, bytes: number): Pieces {
  if (bytes > LISTED_BYTES_MAX) return streamed(sources)
  const opened = [...sources]
  return opened.every(isList) ? opened.flat() : streamed(opened)
}

async function* streamed(sources: Iterable<Pieces>): AsyncGenerator<Uint8Array> {
  for (const source of sources) yield* source
}

/** The SMIL part's own id, or one that no other part has. */
function startId(smil: ForwardPart, parts: readonly ForwardPart[]): string {
  const own = cleanId(smil.contentId)
  if (own !== '') return own
  const taken = new Set(parts.map(({ contentId }) => cleanId(contentId)))
  let id = 'smil'
  for (let count = 1; taken.has(id); count++) id = `smil-${count}`
  return id
}

function cleanId(id: string | undefined): string {
  return stripId(id ?? '').replace(/[^\x21-\x7e]|[<>]/g, '')
}

function contentHeaders(part: ForwardPart, body: EncodedPart): readonly HeaderField[] {
  const parsed = parseContentType(part.contentType) ?? parseContentType(part.mediaType)
  const type = parsed ?? contentType('application/octet-stream')
  const fields: HeaderField[] = [{ name: 'Content-Type', value: printContentType(type) }]
  const id = cleanId(part.contentId)
  if (id !== '') fields.push({ name: 'Content-ID', value: `<${id}>` })
  const { contentLocation, fileName } = part
  if (contentLocation !== undefined && contentLocation !== '') {
    fields.push({ name: 'Content-Location', value: contentLocation })
  }
  if (fileName !== undefined && fileName !== '' && !type.parameters.has('name')) {
    const value = `attachment; ${printParameter('filename', fileName)}`
    fields.push({ name: 'Content-Disposition', value })
  }
  fields.push({ name: 'Content-Transfer-Encoding', value: body.encoding })
  return fields
}

function print(fields: readonly HeaderField[]): string {
  return fields.map(({ name, value }) => encodeHeader(name, value)).join('')
}
