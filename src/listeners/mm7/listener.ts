/** The MM7 door: one HTTP server, and a path for each dialect. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DoorParts, Mm7Dialect } from './door.ts'
import { createExchange } from './exchange.ts'
import { DEFAULT_STYLE, refusalAnswer } from './respond.ts'
import { type HttpDoor, type HttpDoorOptions, openHttpDoor, type Unreadable } from './server.ts'
import { createTurns } from './turns.ts'

export type Mm7ListenerOptions = Omit<HttpDoorOptions, 'handle' | 'unreadable'>

/** Opens the door. Its paths are `/mm7/<dialect path>`. */
export async function openMm7Listener(
  options: Mm7ListenerOptions,
  parts: DoorParts,
): Promise<HttpDoor> {
  const turns = createTurns()
  const dialects = new Map(parts.dialects.map((each) => [`/mm7/${each.mm7.path}`, each]))
  const exchanges = new Map(
    [...dialects].map(([path, each]) => [path, createExchange(parts, each, turns)]),
  )
  // Bytes of which not even a path could be read: the first dialect's words must do.
  const [spokesman] = parts.dialects

  function handle(
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue: boolean,
  ): Promise<void> | undefined {
    const path = pathOf(request.url ?? '/')
    const exchange = exchanges.get(path)
    if (exchange !== undefined) return exchange(request, response, awaitsContinue)
    const beside = parts.besides?.get(path.slice(0, path.indexOf('/', 1)))
    if (beside !== undefined) return beside(request, response, awaitsContinue)
    const known = [...exchanges.keys()].join(' ')
    const body = Buffer.from(`No door at this path. The doors are ${known}\n`)
    response.writeHead(404, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': body.length,
      Connection: 'close',
    })
    response.end(body)
    request.resume()
    return undefined
  }

  return openHttpDoor({
    ...options,
    handle,
    unreadable(why, target) {
      const dialect = dialects.get(pathOf(target)) ?? spokesman
      return dialect === undefined ? undefined : unreadableAnswer(dialect, why)
    },
  })
}

function pathOf(target: string): string {
  return target.split('?', 1)[0]?.replace(/\/+$/, '') ?? ''
}

/** Framing faults never reach a handler; they still get their code (HTTP 400, no TransactionID). */
function unreadableAnswer(dialect: Mm7Dialect, why: Unreadable) {
  if (why === 'tls-on-plain-port') return undefined
  const echo = { transactionId: undefined, mm7Version: undefined, namespace: undefined }
  const reason = why === 'length' ? 'http-headers-invalid' : 'protocol-refused'
  const status = why === 'timeout' ? 408 : why === 'headers-too-large' ? 431 : 400
  return refusalAnswer(dialect, echo, DEFAULT_STYLE, reason, undefined, status)
}
