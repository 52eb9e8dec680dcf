/** The relay's way back: reports, read replies and messages of its handsets, posted to the gateway. */
import { contentType, parseContentType } from '../../codecs/mime/content-type.ts'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import { writeMm7Body } from '../../codecs/mm7/multipart-writer.ts'
import { readMm7Reply } from '../../codecs/mm7/request-reader.ts'
import type {
  Address,
  DeliverReq,
  DeliveryReportReq,
  ReadReplyReq,
} from '../../codecs/mm7/types.ts'
import { namespaceFor } from '../../codecs/mm7/versions.ts'
import { openHttpPools } from '../../transports/http/pools.ts'

/** Media a handset sends. */
export interface OutgoingMedia {
  readonly contentType: string
  readonly contentId: string
  readonly bytes: Uint8Array
}

/** Something the relay sent and what the gateway said to it. */
export interface SentBack {
  readonly operation: DeliveryReportReq | ReadReplyReq | DeliverReq
  /** HTTP status; 0 when nothing was answered. */
  readonly http: number
  /** StatusCode of the answer; 0 when there was none to read. */
  readonly code: number
  /** Name of the answer's operation. */
  readonly answer: string
}

/** Where the gateway takes what comes back. */
export interface WayBack {
  /** An address, or one for each VASPID that was presented. */
  readonly url: string | ((vaspId: string) => string)
  readonly basic?: { readonly user: string; readonly password: string }
}

export interface Handsets {
  connect(callback: WayBack): void
  /** `vaspId`: whom it is for, where one relay serves several. */
  send(operation: DeliveryReportReq | ReadReplyReq, vaspId?: string): Promise<SentBack>
  deliver(
    from: string,
    to: Address,
    media: readonly OutgoingMedia[],
    vaspId?: string,
  ): Promise<SentBack>
  close(): Promise<void>
}

const VERSION = '6.8.0'
const TIMEOUT_MS = 10_000
const CONNECTIONS = 16
const CONTENT_ID = 'default.cid'

export function openHandsets(
  now: () => number,
  onSentBack: (sent: SentBack) => void = () => undefined,
): Handsets {
  const pools = openHttpPools({ connectionsPerOriginMax: CONNECTIONS })
  let callback: WayBack | undefined
  let serial = 0

  async function post(
    operation: SentBack['operation'],
    media: readonly OutgoingMedia[],
    vaspId = '',
  ): Promise<SentBack> {
    const nothing = { operation, http: 0, code: 0, answer: '' }
    if (callback === undefined) return nothing
    serial += 1
    const { url, basic } = callback
    const version = operation.mm7Version
    const envelope = encodeMm7({
      transactionId: `relay-t${serial}`,
      namespace: namespaceFor(version),
      operation,
    })
    const body = writeMm7Body({
      envelope,
      parts: media.map(({ bytes, ...part }) => ({ ...part, body: [bytes] })),
      contentId: CONTENT_ID,
      token: `relay${serial}`,
    })
    const result = await pools.send({
      method: 'POST',
      url: new URL(typeof url === 'string' ? url : url(vaspId)),
      headers: {
        'content-type': body.contentType,
        soapaction: '""',
        ...(basic === undefined
          ? {}
          : {
              authorization: `Basic ${Buffer.from(`${basic.user}:${basic.password}`).toString('base64')}`,
            }),
      },
      body: {
        bytes: body.contentLength,
        async *open() {
          yield* body.pieces
        },
      },
      timeouts: {
        connectTimeoutMs: TIMEOUT_MS,
        answerTimeoutMs: TIMEOUT_MS,
        bodyTimeoutMs: TIMEOUT_MS,
      },
      answerBytesMax: 65_536,
    })
    const sent = result.kind === 'answered' ? { ...nothing, ...heard(result) } : nothing
    onSentBack(sent)
    return sent
  }

  return {
    connect(to) {
      callback = to
    },
    send: (operation, vaspId) => post(operation, [], vaspId),
    deliver(from, to, media, vaspId) {
      serial += 1
      return post(
        {
          name: 'DeliverReq',
          mm7Version: VERSION,
          linkedId: `relay-m${serial}`,
          sender: { kind: 'Number', value: from },
          recipients: [{ list: 'To', address: { ...to, displayOnly: false } }],
          timeStampMs: now(),
          ...(media.length === 0 ? {} : { content: { href: `cid:${CONTENT_ID}` } }),
        },
        media,
        vaspId,
      )
    },
    close: () => pools.close(100),
  }
}

function heard(result: {
  readonly status: number
  readonly headers: { readonly 'content-type'?: string | undefined }
  readonly body: Buffer
}): Pick<SentBack, 'http' | 'code' | 'answer'> {
  const type = parseContentType(result.headers['content-type'] ?? '') ?? contentType('text/xml')
  const reply = readMm7Reply(type, result.body)
  const operation = reply.kind === 'ok' ? reply.operation : undefined
  const status = operation !== undefined && 'status' in operation ? operation.status : undefined
  return {
    http: result.status,
    code: status?.statusCode ?? 0,
    answer: operation?.name ?? '',
  }
}
