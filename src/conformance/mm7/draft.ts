/**
 * An MM7 request as a value: right as it is made, broken in one place by a change, written to bytes
 * last. Changes can be put one after the other, so that a request has two defects.
 */
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import { type OutgoingPart, writeMm7Body } from '../../codecs/mm7/multipart-writer.ts'
import type { Mm7Operation, Received, SubmitReq } from '../../codecs/mm7/types.ts'
import { namespaceFor } from '../../codecs/mm7/versions.ts'

/** A request before it is written out. */
export interface Mm7Draft {
  readonly method: string
  readonly path: string
  /** Header lines besides those the body decides; `undefined` leaves one out, a list repeats it. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly transactionId: string | undefined
  readonly namespace: string
  readonly operation: Received<Mm7Operation>
  readonly parts: readonly OutgoingPart[]
  /** Last words on the HTTP head as it is written, one after the other. */
  readonly onHead: readonly ((head: string) => string)[]
  /** Last words on the envelope's text, one after the other. */
  readonly onEnvelope: readonly ((xml: string) => string)[]
  /** Last words on the body's bytes; Content-Length is counted behind them. */
  readonly onBody: readonly ((body: Buffer) => Buffer)[]
  /** The body in one chunk and without Content-Length (RFC 9112 §7.1). */
  readonly chunked: boolean
  /** Letters and digits that make the boundaries. */
  readonly token: string
}

/** Changes one thing of a request, most often for the worse. */
export type Mm7Change = (draft: Mm7Draft) => Mm7Draft

/** Several changes, the first one first. */
export function inTurn(...changes: readonly Mm7Change[]): Mm7Change {
  return (draft) => changes.reduce((changed, change) => change(changed), draft)
}

/** Who sends what to whom. */
export interface Mm7Wish {
  readonly path: string
  readonly version: string
  readonly vaspId: string
  readonly vasId: string
  /** A short code. */
  readonly sender: string
  /** Digits without a plus. */
  readonly recipient: string
  readonly transactionId: string
}

/** Content-ID of the message part. */
const CONTENT_ID = 'content'
const SMIL =
  '<smil><head><layout><root-layout/></layout></head><body><par><img src="photo.png"/></par></body></smil>'
/** A PNG of one pixel (RFC 2083), so that whoever looks inside finds a picture. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
  'base64',
)

/** A SubmitReq without defect: a SMIL part and a picture. */
export function goodSubmit(wish: Mm7Wish): Mm7Draft {
  const operation: Received<SubmitReq> = {
    name: 'SubmitReq',
    mm7Version: wish.version,
    senderIdentification: {
      vaspId: wish.vaspId,
      vasId: wish.vasId,
      senderAddress: { kind: 'ShortCode', value: wish.sender },
    },
    recipients: [{ list: 'To', address: { kind: 'Number', value: wish.recipient } }],
    deliveryReport: true,
    subject: 'Conformance',
    content: { href: `cid:${CONTENT_ID}`, allowAdaptations: true },
  }
  return {
    method: 'POST',
    path: wish.path,
    headers: {},
    transactionId: wish.transactionId,
    namespace: namespaceFor(wish.version),
    operation,
    parts: [
      { contentType: 'application/smil', contentId: 'smil', body: [Buffer.from(SMIL)] },
      {
        contentType: 'image/png',
        contentId: 'photo',
        contentLocation: 'photo.png',
        body: [PICTURE],
      },
    ],
    onHead: [],
    onEnvelope: [],
    onBody: [],
    chunked: false,
    token: wish.transactionId.replaceAll(/[^A-Za-z0-9]/g, ''),
  }
}

/** The bytes of the whole HTTP request. */
export function writeDraft(draft: Mm7Draft): Buffer {
  const xml = encodeMm7({
    transactionId: draft.transactionId,
    namespace: draft.namespace,
    operation: draft.operation,
  })
  const written = writeMm7Body({
    envelope: draft.onEnvelope.reduce((text, change) => change(text), xml),
    parts: draft.parts,
    contentId: CONTENT_ID,
    token: draft.token,
  })
  const body = draft.onBody.reduce<Buffer>(
    (bytes, change) => change(bytes),
    Buffer.concat(written.pieces),
  )
  const framing = draft.chunked
    ? { 'Transfer-Encoding': 'chunked' }
    : { 'Content-Length': String(body.length) }
  const headers: Mm7Draft['headers'] = {
    Host: 'localhost',
    'Content-Type': written.contentType,
    ...framing,
    SOAPAction: '""',
    ...draft.headers,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}`),
  )
  const head = [`${draft.method} ${draft.path} HTTP/1.1`, ...lines, '', ''].join('\r\n')
  const last = draft.onHead.reduce((text, change) => change(text), head)
  return Buffer.concat([Buffer.from(last, 'latin1'), draft.chunked ? inOneChunk(body) : body])
}

function inOneChunk(body: Buffer): Buffer {
  const size = Buffer.from(`${body.length.toString(16)}\r\n`, 'latin1')
  return Buffer.concat([size, body, Buffer.from('\r\n0\r\n\r\n', 'latin1')])
}
