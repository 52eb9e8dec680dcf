/**
 * The HTTP body of a SubmitReq with its message: multipart/related of the envelope and one part,
 * which is a multipart of its own where there are several. Its length is known before a byte of the
 * content is read, and the content streams through in the transfer encoding it is kept in.
 */
import { createHash } from 'node:crypto'
import { contentType, parseContentType, printContentType } from '../../codecs/mime/content-type.ts'
import { encodeHeader } from '../../codecs/mime/headers.ts'
import { stripId } from '../../codecs/mime/references.ts'
import type { Part } from '../../core/message.ts'
import type { StoredBytes } from '../../engine/ports/media.ts'

/** A body ready to be sent, as often as wanted; the same bytes each time. */
export interface SubmitBody {
  /** Value of the HTTP Content-Type. */
  readonly contentType: string
  readonly bytes: number
  open(): AsyncIterable<Uint8Array>
}

/** Content-ID of the message part: what the href of Content says after `cid:`. */
export const CONTENT_ID = 'content'
const ENVELOPE_ID = 'envelope'
const SMIL = 'application/smil'

/** One stored part and the line that comes before it. */
interface Piece {
  readonly head: Buffer
  readonly part?: Part
}

/** Plans a body. `key` makes the boundaries: the same for every attempt of a delivery. */
export function planSubmitBody(
  envelope: string,
  parts: readonly Part[],
  key: string,
  open: (part: Part) => StoredBytes,
): SubmitBody {
  const xml = contentType('text/xml', { charset: 'utf-8' })
  if (parts.length === 0) return planned(printContentType(xml), [{ head: utf8(envelope) }], open)
  const outer = boundaryOf('outer', key)
  const opening = fields(`--${outer}\r\n`, [
    ['Content-Type', printContentType(xml)],
    ['Content-Transfer-Encoding', '8bit'],
    ['Content-ID', `<${ENVELOPE_ID}>`],
  ])
  const type = contentType('multipart/related', {
    boundary: outer,
    type: 'text/xml',
    start: `<${ENVELOPE_ID}>`,
  })
  const pieces: readonly Piece[] = [
    { head: Buffer.concat([opening, utf8(envelope), utf8('\r\n')]) },
    ...messagePart(parts, `--${outer}\r\n`, boundaryOf('inner', key)),
    { head: utf8(`\r\n--${outer}--\r\n`) },
  ]
  return planned(printContentType(type), pieces, open)
}

function planned(
  type: string,
  pieces: readonly Piece[],
  open: (part: Part) => StoredBytes,
): SubmitBody {
  return {
    contentType: type,
    bytes: pieces.reduce((sum, { head, part }) => sum + head.length + (part?.length ?? 0), 0),
    async *open() {
      for (const { head, part } of pieces) {
        yield head
        if (part !== undefined) yield* open(part)
      }
    },
  }
}

/**
 * A boundary that nobody who wrote the parts could know: the key is given when they lie here
 * already, and looking for it in what streams through would mean to hold it.
 */
function boundaryOf(level: string, key: string): string {
  return `mm7-${level}-${createHash('sha256').update(`${level} ${key}`).digest('hex').slice(0, 32)}`
}

function messagePart(parts: readonly Part[], delimiter: string, boundary: string): Piece[] {
  const [only] = parts
  if (only !== undefined && parts.length === 1) {
    return [{ head: partHead(delimiter, only, CONTENT_ID), part: only }]
  }
  const smil = parts.find(({ mediaType }) => mediaType === SMIL)
  const start = smil === undefined ? '' : idOf(smil)
  const type =
    smil === undefined
      ? contentType('multipart/mixed', { boundary })
      : contentType('multipart/related', {
          boundary,
          type: SMIL,
          ...(start === '' ? {} : { start: `<${start}>` }),
        })
  const head = fields(delimiter, [
    ['Content-Type', printContentType(type)],
    ['Content-ID', `<${CONTENT_ID}>`],
  ])
  const inner = parts.map((part, index) => {
    const opening = `${index === 0 ? '' : '\r\n'}--${boundary}\r\n`
    return { head: partHead(opening, part, idOf(part)), part }
  })
  return [{ head }, ...inner, { head: utf8(`\r\n--${boundary}--`) }]
}

function partHead(delimiter: string, part: Part, id: string): Buffer {
  const parsed = parseContentType(part.contentType) ?? parseContentType(part.mediaType)
  const type = parsed ?? contentType('application/octet-stream')
  const location = part.contentLocation ?? part.fileName
  return fields(delimiter, [
    ['Content-Type', printContentType(type)],
    ['Content-Transfer-Encoding', part.encoding],
    ...(id === '' ? [] : [['Content-ID', `<${id}>`] as const]),
    ...(location === undefined ? [] : [['Content-Location', location] as const]),
  ])
}

/** A stored id without what could end its line or its brackets. */
function idOf({ contentId = '' }: Part): string {
  return stripId(contentId).replace(/[^\x21-\x7e]|[<>]/g, '')
}

/** No line is folded: peers exist that cannot unfold. */
function fields(delimiter: string, list: readonly (readonly [string, string])[]): Buffer {
  const lines = list.map(([name, value]) => encodeHeader(name, value, Number.POSITIVE_INFINITY))
  return Buffer.from(`${delimiter}${lines.join('')}\r\n`, 'latin1')
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8')
}
