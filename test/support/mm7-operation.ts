/** Any MM7 operation as an HTTP request, with content or without. */
import { encodeMm7 } from '../../src/codecs/mm7/encode.ts'
import { type OutgoingPart, writeMm7Body } from '../../src/codecs/mm7/multipart-writer.ts'
import type { Mm7Operation, Received } from '../../src/codecs/mm7/types.ts'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'

export interface OperationDraft {
  readonly path: string
  readonly operation: Received<Mm7Operation>
  readonly transactionId?: string
  readonly parts?: readonly OutgoingPart[]
  readonly headers?: Readonly<Record<string, string>>
}

let serial = 0

/** The bytes of a whole HTTP request. */
export function writeOperation(draft: OperationDraft): Buffer {
  serial += 1
  const envelope = encodeMm7({
    transactionId: draft.transactionId ?? `o${process.pid}-${serial}`,
    namespace: `${NAMESPACE_BASE}REL-6-MM7-1-4`,
    operation: draft.operation,
  })
  const written =
    draft.parts === undefined
      ? { pieces: [Buffer.from(envelope)], contentType: 'text/xml; charset=utf-8' }
      : writeMm7Body({ envelope, parts: draft.parts, contentId: 'content', token: `o${serial}` })
  const body = Buffer.concat(written.pieces)
  const headers = {
    Host: 'localhost',
    'Content-Type': written.contentType,
    'Content-Length': String(body.length),
    SOAPAction: '""',
    ...draft.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = `POST ${draft.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}
