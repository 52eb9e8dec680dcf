/**
 * Stands where a client's own server would: takes DeliveryReportReq, answers Success, and remembers
 * what came for which message.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVaspReader, writeAnswer } from '../cli/vasp-reader.ts'
import type { DeliveryReportReq } from '../codecs/mm7/types.ts'
import { createInbox, type Inbox } from './inbox.ts'

/** One report as it came. */
export interface Report {
  readonly messageId: string
  /** MMStatus. */
  readonly status: string
  /** StatusText. */
  readonly text: string
  readonly bytes: Buffer
}

export interface ReportInbox extends Pick<Inbox<Report>, 'find'> {
  readonly url: string
  close(): Promise<void>
}

/** TS 23.140 §8.7.8.3: success. */
const SUCCESS = 1000
const BODY_BYTES_MAX = 1024 * 1024

/** Listens on a free port of the loopback address. */
export async function openReportInbox(host: string): Promise<ReportInbox> {
  const inbox = createInbox<Report>()
  const keep = (report: Report) => inbox.keep(report.messageId, report)
  const server = createServer((request, response) => void take(request, response, keep))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}/`,
    find: inbox.find,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  keep: (report: Report) => void,
): Promise<void> {
  const reader = createVaspReader(request.headers['content-type'] ?? '')
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length
      if (length > BODY_BYTES_MAX) return void request.destroy()
      chunks.push(chunk as Buffer)
      reader.push(chunk as Buffer)
    }
  } catch {
    // The gateway hung up; it will come again.
    return
  }
  const received = reader.end()
  const { decoded } = received
  response.setHeader('content-type', 'text/xml; charset=utf-8')
  response.end(writeAnswer(received, SUCCESS))
  if (decoded.kind !== 'ok' || decoded.operation.name !== 'DeliveryReportReq') return
  const {
    messageId = '',
    mmStatus = '',
    statusText = '',
  } = decoded.operation as Partial<DeliveryReportReq>
  keep({ messageId, status: mmStatus, text: statusText, bytes: Buffer.concat(chunks) })
}
