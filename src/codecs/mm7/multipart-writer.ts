/**
 * Writes an MM7 body as byte pieces of known total length, since peers want a Content-Length and no
 * chunking. The boundary is made sure not to occur in what is sent. No header line is folded.
 */
import { encodeBase64 } from '../mime/base64.ts'
import { contentType, printContentType } from '../mime/content-type.ts'
import { encodeHeader } from '../mime/headers.ts'

/** What stands above one part of the message. */
interface PartHead {
  /** With its parameters, as `printContentType` gives it. */
  readonly contentType: string
  /** Without brackets. */
  readonly contentId?: string
  readonly contentLocation?: string
}

/** One part of the message. */
export interface OutgoingPart extends PartHead {
  /** Content before transfer encoding, in pieces. */
  readonly body: readonly Uint8Array[]
  /** Default: binary, as HTTP carries any byte and base64 is a third longer. */
  readonly transferEncoding?: 'binary' | '8bit' | '7bit' | 'base64'
}

/** A part whose bytes come later, as binary. */
export interface PlannedPart extends PartHead {
  readonly bytes: number
}

/** A body whose parts come later. */
export interface PlannedBody {
  /** Value of the HTTP Content-Type. */
  readonly contentType: string
  readonly contentLength: number
  /** In order; a number stands for the bytes of the part at that place. */
  readonly pieces: readonly (Uint8Array | number)[]
}

/** A body to send. */
export interface OutgoingBody {
  /** Value of the HTTP Content-Type. */
  readonly contentType: string
  readonly contentLength: number
  readonly pieces: readonly Uint8Array[]
}

/** What to write. */
export interface OutgoingMessage {
  readonly envelope: string
  /** None: the body is the bare envelope. */
  readonly parts: readonly OutgoingPart[]
  /** Content-ID of the message part without brackets: what the href says after `cid:`. */
  readonly contentId: string
  /** Letters and digits that make the boundaries; by chance, so that they differ between messages. */
  readonly token: string
}

/** What to plan; `token` must be one that nobody who wrote the parts could know. */
export interface PlannedMessage extends Omit<OutgoingMessage, 'parts'> {
  readonly parts: readonly PlannedPart[]
}

const ENVELOPE_TYPE = contentType('text/xml', { charset: 'utf-8' })
const ENVELOPE_ID = 'mm7-envelope'
const SMIL_TYPE = 'application/smil'

/**
 * Writes a body. One part is sent as it is; several go into a multipart of their own, related with
 * the SMIL part as its start where there is one, else mixed.
 */
export function writeMm7Body(message: OutgoingMessage): OutgoingBody {
  const envelope = Buffer.from(message.envelope, 'utf-8')
  if (message.parts.length === 0) {
    const pieces = [envelope]
    return { contentType: printContentType(ENVELOPE_TYPE), contentLength: envelope.length, pieces }
  }
  const bodies = message.parts.map(encodeBody)
  const payload = [[envelope], ...bodies]
  const outer = absentBoundary(`outer_${message.token}`, payload)
  const inner = absentBoundary(`inner_${message.token}`, payload)
  const pieces = bodyPieces(message, envelope, bodies, outer, inner)
  return {
    contentType: bodyType(outer),
    contentLength: pieces.reduce((sum, piece) => sum + piece.length, 0),
    pieces,
  }
}

/** As `writeMm7Body`, for parts that stream: looking for the boundary would mean to hold them. */
export function planMm7Body(message: PlannedMessage): PlannedBody {
  const { parts, token } = message
  const envelope = Buffer.from(message.envelope, 'utf-8')
  if (parts.length === 0) {
    const pieces = [envelope]
    return { contentType: printContentType(ENVELOPE_TYPE), contentLength: envelope.length, pieces }
  }
  const outer = `outer_${token}`
  const places = parts.map((_, place) => [place])
  const pieces = bodyPieces(message, envelope, places, outer, `inner_${token}`)
  const bytesOf = (piece: Uint8Array | number) =>
    typeof piece === 'number' ? (parts[piece]?.bytes ?? 0) : piece.length
  return {
    contentType: bodyType(outer),
    contentLength: pieces.reduce<number>((sum, piece) => sum + bytesOf(piece), 0),
    pieces,
  }
}

type Heads = Pick<OutgoingMessage, 'contentId'> & { readonly parts: readonly PartHead[] }

/** `bodies`: what stands for each part's bytes. */
function bodyPieces<Piece>(
  message: Heads,
  envelope: Uint8Array,
  bodies: readonly (readonly Piece[])[],
  outer: string,
  inner: string,
): (Uint8Array | Piece)[] {
  return [
    header(`--${outer}\r\n`, [
      ['Content-Type', printContentType(ENVELOPE_TYPE)],
      ['Content-Transfer-Encoding', '8bit'],
      ['Content-ID', `<${ENVELOPE_ID}>`],
    ]),
    envelope,
    ...messagePart(message, bodies, outer, inner),
    Buffer.from(`\r\n--${outer}--\r\n`, 'latin1'),
  ]
}

function bodyType(outer: string): string {
  return printContentType(
    contentType('multipart/related', {
      boundary: outer,
      type: 'text/xml',
      start: `<${ENVELOPE_ID}>`,
    }),
  )
}

type Body = readonly Uint8Array[]

function messagePart<Piece>(
  message: Heads,
  bodies: readonly (readonly Piece[])[],
  outer: string,
  inner: string,
): (Uint8Array | Piece)[] {
  const { parts, contentId } = message
  const [first] = parts
  if (parts.length === 1 && first !== undefined) {
    const own = { ...first, contentId }
    return [partHeader(`\r\n--${outer}\r\n`, own), ...(bodies[0] ?? [])]
  }
  const smil = parts.find((part) => part.contentType.toLowerCase().startsWith(SMIL_TYPE))
  const type =
    smil === undefined
      ? contentType('multipart/mixed', { boundary: inner })
      : contentType('multipart/related', {
          boundary: inner,
          type: SMIL_TYPE,
          ...(smil.contentId === undefined ? {} : { start: `<${smil.contentId}>` }),
        })
  const pieces: (Uint8Array | Piece)[] = [
    header(`\r\n--${outer}\r\n`, [
      ['Content-Type', printContentType(type)],
      ['Content-ID', `<${contentId}>`],
    ]),
  ]
  parts.forEach((part, index) => {
    const delimiter = index === 0 ? `--${inner}\r\n` : `\r\n--${inner}\r\n`
    pieces.push(partHeader(delimiter, part), ...(bodies[index] ?? []))
  })
  pieces.push(Buffer.from(`\r\n--${inner}--`, 'latin1'))
  return pieces
}

function encodeBody(part: OutgoingPart): Body {
  return part.transferEncoding === 'base64' ? [encodeBase64(Buffer.concat(part.body))] : part.body
}

function partHeader(
  delimiter: string,
  part: PartHead & Pick<OutgoingPart, 'transferEncoding'>,
): Buffer {
  const fields: [string, string][] = [
    ['Content-Type', part.contentType],
    ['Content-Transfer-Encoding', part.transferEncoding ?? 'binary'],
  ]
  if (part.contentId !== undefined) fields.push(['Content-ID', `<${part.contentId}>`])
  if (part.contentLocation !== undefined) fields.push(['Content-Location', part.contentLocation])
  return header(delimiter, fields)
}

function header(delimiter: string, fields: readonly (readonly [string, string])[]): Buffer {
  let text = delimiter
  for (const [name, value] of fields) text += encodeHeader(name, value, Number.POSITIVE_INFINITY)
  return Buffer.from(`${text}\r\n`, 'latin1')
}

/** The boundary, with a number after it where it occurs in the payload. */
function absentBoundary(wanted: string, payload: readonly Body[]): string {
  let boundary = wanted
  for (let count = 1; payload.some((body) => occursIn(body, `--${boundary}`)); count++) {
    boundary = `${wanted}${count}`
  }
  return boundary
}

/** Whether the text occurs in the pieces, over their borders too. */
function occursIn(pieces: Body, text: string): boolean {
  const needle = Buffer.from(text, 'latin1')
  let tail = Buffer.alloc(0)
  for (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    if (bytes.includes(needle)) return true
    const joint = Buffer.concat([tail, bytes.subarray(0, needle.length)])
    if (joint.includes(needle)) return true
    tail = Buffer.concat([tail, bytes.subarray(-needle.length)]).subarray(-(needle.length - 1))
  }
  return false
}
