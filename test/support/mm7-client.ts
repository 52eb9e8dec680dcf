/** An MM7 client that can write requests with any one defect, over a raw socket. */
import { connect, type Socket } from 'node:net'
import { decodeMm7Reply } from '../../src/codecs/mm7/decode.ts'
import { encodeMm7 } from '../../src/codecs/mm7/encode.ts'
import { type OutgoingPart, writeMm7Body } from '../../src/codecs/mm7/multipart-writer.ts'
import type { Received, SubmitReq } from '../../src/codecs/mm7/types.ts'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'

/** A request before it is written out. */
export interface Mm7Draft {
  method?: string
  path?: string
  transactionId?: string | undefined
  namespace?: string
  operation?: Partial<Received<SubmitReq>>
  /** Elements left out of the operation. */
  without?: readonly (keyof SubmitReq)[]
  parts?: readonly OutgoingPart[]
  headers?: Readonly<Record<string, string | undefined>>
  /** Last word on the envelope and on the whole body. */
  envelope?: (xml: string) => string
  body?: (bytes: Buffer) => Buffer
}

export const SMIL =
  '<smil><head><layout><root-layout/></layout></head><body><par><img src="photo.png"/></par></body></smil>'

/** A SMIL part and a picture. */
export function ordinaryParts(picture = Buffer.from('not really a picture')): OutgoingPart[] {
  return [
    { contentType: 'application/smil', contentId: 'smil', body: [Buffer.from(SMIL)] },
    { contentType: 'image/png', contentId: 'photo', contentLocation: 'photo.png', body: [picture] },
  ]
}

/** The sandbox's demo account, writing to a simulated handset. */
export function ordinaryOperation(to: string, vaspId = 'demo-sinch-key'): Received<SubmitReq> {
  return {
    name: 'SubmitReq',
    mm7Version: '6.8.0',
    senderIdentification: {
      vaspId,
      vasId: 'demo',
      senderAddress: { kind: 'ShortCode', value: '12345' },
    },
    recipients: [{ list: 'To', address: { kind: 'Number', value: to } }],
    subject: 'A bell',
    content: { href: 'cid:content', allowAdaptations: true },
  }
}

let serial = 0

/** The bytes of a whole HTTP request. */
export function writeRequest(draft: Mm7Draft, to = '15550100199'): Buffer {
  serial += 1
  const operation: Record<string, unknown> = { ...ordinaryOperation(to), ...draft.operation }
  for (const name of draft.without ?? []) delete operation[name]
  const xml = encodeMm7({
    transactionId: 'transactionId' in draft ? draft.transactionId : `t${process.pid}-${serial}`,
    namespace: draft.namespace ?? `${NAMESPACE_BASE}REL-6-MM7-1-4`,
    operation: operation as unknown as Received<SubmitReq>,
  })
  const written = writeMm7Body({
    envelope: draft.envelope?.(xml) ?? xml,
    parts: draft.parts ?? ordinaryParts(),
    contentId: 'content',
    token: `x${serial}`,
  })
  const plain = Buffer.concat(written.pieces)
  const body = draft.body?.(plain) ?? plain
  const headers: Record<string, string | undefined> = {
    Host: 'localhost',
    'Content-Type': written.contentType,
    'Content-Length': String(body.length),
    SOAPAction: '""',
    ...draft.headers,
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  )
  const head = `${draft.method ?? 'POST'} ${draft.path ?? '/mm7/sinch'} HTTP/1.1\r\n`
  return Buffer.concat([Buffer.from(`${head}${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

/** An answer as a client reads it. */
export interface Mm7Answer {
  httpStatus: number
  headers: string
  code: string
  text: string
  details: string | undefined
  messageId: string | undefined
  transactionId: string | undefined
  body: string
}

/** Sends bytes, reads one answer. Rejects when the line closes without one. */
export function exchange(port: number, bytes: Uint8Array): Promise<Mm7Answer> {
  return exchangeOn(connect(port, '127.0.0.1'), bytes)
}

/** The same on a line that is there already; it is given up afterwards. */
export function exchangeOn(socket: Socket, bytes: Uint8Array): Promise<Mm7Answer> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0)
    const settle = () => {
      const end = got.indexOf('\r\n\r\n')
      if (end < 0) return false
      const headers = got.toString('latin1', 0, end)
      const length = Number(/content-length: *([0-9]+)/i.exec(headers)?.[1] ?? 0)
      if (got.length < end + 4 + length) return false
      socket.destroy()
      resolve(readAnswer(headers, got.subarray(end + 4, end + 4 + length)))
      return true
    }
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk])
      settle()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      if (!settle()) reject(new Error(`closed without an answer after ${got.length} bytes`))
    })
    // Until it is connected, Node keeps what is written.
    socket.write(bytes)
  })
}

function readAnswer(headers: string, body: Buffer): Mm7Answer {
  const reply = decodeMm7Reply(body)
  const operation = reply.kind === 'ok' ? reply.operation : undefined
  const status = operation !== undefined && 'status' in operation ? operation.status : undefined
  return {
    httpStatus: Number(headers.slice(9, 12)),
    headers,
    code: String(status?.statusCode ?? ''),
    text: status?.statusText ?? '',
    details: status?.details,
    messageId:
      operation !== undefined && 'messageId' in operation ? operation.messageId : undefined,
    transactionId: reply.kind === 'ok' ? reply.transactionId : undefined,
    body: body.toString('utf8'),
  }
}
