/** The HTTP side of the emulated relay: whole requests in, a response to write to. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { contentType, parseContentType } from '../../codecs/mime/content-type.ts'
import type { Leaf } from '../../codecs/mime/entity-reader.ts'
import { decodeTransfer, isTransferFault } from '../../codecs/mime/transfer.ts'
import {
  createMm7Reader,
  defaultMm7Limits,
  type Mm7Decoded,
} from '../../codecs/mm7/request-reader.ts'

/** A part as the relay got it. */
export interface SeenPart {
  readonly contentType: string
  readonly contentId: string | undefined
  readonly contentLocation: string | undefined
  /** Decoded. */
  readonly bytes: Uint8Array
}

/** A request as the relay got it. */
export interface SeenRequest {
  readonly headers: IncomingHttpHeaders
  readonly decoded: Mm7Decoded
  readonly parts: readonly SeenPart[]
  /** Every byte of the body; empty where bodies are not kept. */
  readonly body: Buffer
}

export interface RelayHttpOptions {
  readonly host: string
  readonly port: number
  readonly keepBodies: boolean
  /** Hangs up on whoever comes now. */
  readonly dropsAtHead: () => boolean
  readonly handle: (request: SeenRequest, response: ServerResponse) => void
}

export interface RelayHttp {
  readonly url: string
  close(): Promise<void>
}

export async function openRelayHttp(options: RelayHttpOptions): Promise<RelayHttp> {
  const server = createServer((request, response) => {
    if (options.dropsAtHead()) {
      request.destroy()
      return
    }
    readRequest(request, options.keepBodies).then(
      (seen) => options.handle(seen, response),
      // The client went away in the middle.
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host}:${port}/mm7`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readRequest(request: IncomingMessage, keepBodies: boolean): Promise<SeenRequest> {
  const parts: SeenPart[] = []
  const chunks: Buffer[] = []
  let leaf: Leaf | undefined
  let pieces: Buffer[] = []
  const type = parseContentType(request.headers['content-type'] ?? '')
  const reader = createMm7Reader(type ?? contentType('text/xml'), defaultMm7Limits, {
    leafStart(started) {
      leaf = started
      pieces = []
    },
    leafData(bytes) {
      if (keepBodies) pieces.push(Buffer.from(bytes))
    },
    leafEnd() {
      if (leaf !== undefined && keepBodies) parts.push(seenPart(leaf, pieces))
    },
  })
  for await (const chunk of request) {
    if (keepBodies) chunks.push(chunk as Buffer)
    reader.push(chunk as Buffer)
  }
  return { headers: request.headers, decoded: reader.end(), parts, body: Buffer.concat(chunks) }
}

function seenPart({ headers, contentType: type }: Leaf, pieces: readonly Buffer[]): SeenPart {
  const bytes = decodeTransfer(headers.get('content-transfer-encoding'), Buffer.concat(pieces))
  return {
    contentType: type?.mediaType ?? '',
    contentId: headers.get('content-id')?.replace(/^<|>$/g, ''),
    contentLocation: headers.get('content-location'),
    bytes: isTransferFault(bytes) ? new Uint8Array(0) : bytes,
  }
}
