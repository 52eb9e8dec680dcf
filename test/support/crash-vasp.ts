/**
 * The client's application, which outlives the gateway: takes reports and messages, remembers all
 * of them, and now and then loses its answer or refuses, as applications do.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVaspReader, type Received, writeAnswer } from '../../src/cli/vasp-reader.ts'
import { digestOf } from './crash-carrier.ts'

/** One DeliveryReportReq that was read to its end, answered or not. */
export interface HeardReport {
  /** The notice's id, as the TransactionID carries it. */
  readonly id: string
  readonly messageId: string
  readonly recipient: string
}

/** One DeliverReq that was read to its end. */
export interface HeardMessage {
  readonly transactionId: string
  readonly linkedId: string
  readonly subject: string
  readonly recipient: string
  readonly digest: string
}

export interface CrashVasp {
  readonly url: string
  readonly reports: readonly HeardReport[]
  readonly messages: readonly HeardMessage[]
  /** From now on every answer arrives. */
  behave(): void
  close(): Promise<void>
}

const REFUSED_SHARE = 0.03
const ANSWER_LOST_SHARE = 0.05

export async function openCrashVasp(): Promise<CrashVasp> {
  const reports: HeardReport[] = []
  const messages: HeardMessage[] = []
  let mischief = 1

  function hear({ decoded, parts }: Received): void {
    if (decoded.kind !== 'ok') return
    const { operation, transactionId = '' } = decoded
    if (operation.name === 'DeliveryReportReq') {
      const recipient = operation.recipient?.value ?? ''
      reports.push({ id: transactionId, messageId: operation.messageId ?? '', recipient })
    }
    if (operation.name === 'DeliverReq') {
      messages.push({
        transactionId,
        linkedId: operation.linkedId ?? '',
        subject: operation.subject ?? '',
        recipient: operation.recipients?.[0]?.address.value ?? '',
        digest: digestOf(parts.map(({ bytes }) => bytes)),
      })
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reader = createVaspReader(request.headers['content-type'] ?? '')
    // A request the gateway was killed in the middle of was never heard.
    for await (const chunk of request) reader.push(chunk as Buffer)
    if (!request.complete) return
    if (Math.random() < REFUSED_SHARE * mischief) {
      response.writeHead(503).end()
      return
    }
    const received = reader.end()
    hear(received)
    if (Math.random() < ANSWER_LOST_SHARE * mischief) {
      request.socket.destroy()
      return
    }
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' })
    response.end(writeAnswer(received, 1000))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    reports,
    messages,
    behave() {
      mischief = 0
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
