/**
 * Stands where a client's own server would: takes DeliveryReportReq, answers Success, and remembers
 * what came for which message.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVaspReader, writeAnswer } from '../cli/vasp-reader.ts'
import type { DeliveryReportReq } from '../codecs/mm7/types.ts'

/** One report as it came. */
export interface Report {
  readonly messageId: string
  /** MMStatus. */
  readonly status: string
  /** StatusText. */
  readonly text: string
  readonly bytes: Buffer
}

export interface ReportInbox {
  readonly url: string
  /** The first report on this message that is wanted; all there were, when none came in time. */
  find(
    messageId: string,
    wanted: (report: Report) => boolean,
    timeoutMs: number,
  ): Promise<{ readonly found: Report | undefined; readonly all: readonly Report[] }>
  close(): Promise<void>
}

/** TS 23.140 §8.7.8.3: success. */
const SUCCESS = 1000
const BODY_BYTES_MAX = 1024 * 1024
/** Messages whose reports are remembered. */
const MESSAGES_MAX = 10_000

/** Listens on a free port of the loopback address. */
export async function openReportInbox(host: string): Promise<ReportInbox> {
  const byMessage = new Map<string, Report[]>()
  const waiting = new Set<() => void>()

  function keep(report: Report): void {
    const reports = byMessage.get(report.messageId)
    if (reports !== undefined) reports.push(report)
    else if (byMessage.size < MESSAGES_MAX) byMessage.set(report.messageId, [report])
    for (const look of waiting) look()
  }

  const server = createServer((request, response) => void take(request, response, keep))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}/`,
    find(messageId, wanted, timeoutMs) {
      return new Promise((resolve) => {
        const timer = setTimeout(() => end(undefined), timeoutMs)
        const end = (found: Report | undefined) => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve({ found, all: byMessage.get(messageId) ?? [] })
        }
        const look = () => {
          const found = byMessage.get(messageId)?.find(wanted)
          if (found !== undefined) end(found)
        }
        waiting.add(look)
        look()
      })
    },
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
