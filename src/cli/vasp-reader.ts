/** Reads what a gateway posts to its client: one MM7 request with its parts. Pure. */
import { contentType, parseContentType } from '../codecs/mime/content-type.ts'
import type { Leaf } from '../codecs/mime/entity-reader.ts'
import { namesOf, stripId } from '../codecs/mime/references.ts'
import { decodeTransfer, isTransferFault } from '../codecs/mime/transfer.ts'
import type { AttachmentSink } from '../codecs/mm7/body-reader.ts'
import { encodeMm7 } from '../codecs/mm7/encode.ts'
import { createMm7Reader, defaultMm7Limits, type Mm7Decoded } from '../codecs/mm7/request-reader.ts'
import type { Mm7Operation } from '../codecs/mm7/types.ts'
import { MM7_VERSIONS, namespaceFor } from '../codecs/mm7/versions.ts'

/** One leaf of the message, decoded. */
export interface ReceivedPart {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

export interface Received {
  readonly decoded: Mm7Decoded
  readonly parts: readonly ReceivedPart[]
}

export interface VaspReader {
  push(chunk: Uint8Array): void
  end(): Received
}

/** Creates the reader of one request; `written` is its Content-Type. */
export function createVaspReader(written: string): VaspReader {
  const parts: ReceivedPart[] = []
  const reader = createMm7Reader(
    parseContentType(written) ?? contentType('text/xml'),
    defaultMm7Limits,
    collectInto(parts),
    { ignoresForeignHeaders: true, forgivesMissingBoundary: true, takesFirstPart: true },
  )
  return {
    push: (chunk) => void reader.push(chunk),
    end: () => ({ decoded: reader.end(), parts }),
  }
}

function collectInto(parts: ReceivedPart[]): AttachmentSink {
  let leaf: Leaf | undefined
  let chunks: Buffer[] = []
  return {
    leafStart(started) {
      leaf = started
      chunks = []
    },
    leafData: (bytes) => void chunks.push(Buffer.from(bytes)),
    leafEnd() {
      if (leaf === undefined) return
      const raw = Buffer.concat(chunks)
      const bytes = decodeTransfer(leaf.headers.get('content-transfer-encoding'), raw)
      const names = namesOf(leaf.headers, leaf.contentType)
      const name = names.contentLocation ?? names.name ?? names.filename ?? names.contentId ?? ''
      parts.push({
        name: stripId(name),
        mediaType: leaf.contentType?.mediaType ?? 'application/octet-stream',
        bytes: isTransferFault(bytes) ? raw : bytes,
      })
    },
  }
}

const SUCCESS = { statusCode: 1000, statusText: 'Success' }

/** The answer to a request: the same TransactionID, in the version it came in. */
export function writeAnswer({ decoded }: Received, code: number): string {
  const version = versionOf(decoded)
  const namespace = decoded.namespace ?? ''
  const answered =
    code === SUCCESS.statusCode ? SUCCESS : { statusCode: code, statusText: 'Refused' }
  return encodeMm7({
    transactionId: decoded.transactionId,
    namespace: namespace === '' ? namespaceFor(version) : namespace,
    operation: answerTo(decoded, { mm7Version: version, status: answered }),
  })
}

function versionOf(decoded: Mm7Decoded): string {
  const version = decoded.kind === 'ok' ? decoded.operation.mm7Version : decoded.mm7Version
  return version ?? MM7_VERSIONS[0]
}

interface Body {
  readonly mm7Version: string
  readonly status: { readonly statusCode: number; readonly statusText: string }
}

function answerTo(decoded: Mm7Decoded, body: Body): Mm7Operation {
  if (decoded.kind === 'ok') {
    switch (decoded.operation.name) {
      case 'DeliveryReportReq':
        return { name: 'DeliveryReportRsp', ...body }
      case 'DeliverReq':
        return { name: 'DeliverRsp', ...body }
      case 'ReadReplyReq':
        return { name: 'ReadReplyRsp', ...body }
      default:
    }
  }
  return {
    name: 'VASPErrorRsp',
    mm7Version: body.mm7Version,
    status: { statusCode: 4003, statusText: 'Unsupported operation' },
  }
}
