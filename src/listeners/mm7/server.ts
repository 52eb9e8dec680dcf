/**
 * The HTTP server in front of the MM7 door. Node's strict parser refuses things real MM7 peers send
 * (folded headers), so the lenient one is used together with checks of our own for what leniency
 * would let through: a body length said twice, in two ways, or not at all.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Answer } from './respond.ts'

export interface HttpDoorOptions {
  readonly host: string
  readonly port: number
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  readonly connectionsMax: number
  readonly tls?: {
    readonly key: string
    readonly cert: string
    /** Asks for a certificate; whether a missing one matters is decided for each account. */
    readonly requestCert?: boolean
  }
  /** Never rejects. `awaitsContinue`: the client waits for leave to send its body. */
  readonly handle: (
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue: boolean,
  ) => Promise<void> | undefined
  /**
   * What to say to bytes that never became a request; undefined: nothing, just close. `target`: what
   * they asked for, as far as that could be read.
   */
  readonly unreadable: (why: Unreadable, target: string) => Answer | undefined
}

/** Why the HTTP parser gave up. */
export type Unreadable = 'length' | 'tls-on-plain-port' | 'headers-too-large' | 'timeout' | 'syntax'

export interface HttpDoor {
  readonly address: AddressInfo
  /** Stops listening, lets running requests end, and cuts them after the deadline. */
  close(deadlineMs: number): Promise<void>
}

/** How often Node looks for connections that are over their time. */
const TIMEOUT_CHECK_INTERVAL_MS = 2000
/** Longest header block, in bytes; beyond it the request is refused. */
const HEADER_BYTES_MAX = 32 * 1024

export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const settings = {
    insecureHTTPParser: true,
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: options.headersTimeoutMs,
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
    noDelay: true,
  }
  const server: Server =
    options.tls === undefined
      ? createServer(settings)
      : createTlsServer({ ...settings, ...options.tls, rejectUnauthorized: false })
  server.maxConnections = options.connectionsMax
  server.on('request', (request, response) => void options.handle(request, response, false))
  server.on('checkContinue', (request, response) => void options.handle(request, response, true))
  server.on('clientError', (error: ParserError, socket) => {
    const answer = () => options.unreadable(whyUnreadable(error), targetOf(error))
    answerUnreadable(answer, socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    address: server.address() as AddressInfo,
    async close(deadlineMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), deadlineMs)
      await closed
      clearTimeout(timer)
    },
  }
}

/** First byte of a TLS handshake record. */
const TLS_HANDSHAKE = 0x16

/** What Node says when its parser gives up. */
type ParserError = Error & {
  readonly code?: string
  /** The bytes it was reading, and how many of them it understood. */
  readonly rawPacket?: Buffer
  readonly bytesParsed?: number
}

/** The target of the last request line it understood. */
function targetOf({ rawPacket, bytesParsed }: ParserError): string {
  const text = rawPacket?.toString('latin1', 0, bytesParsed) ?? ''
  return [...text.matchAll(REQUEST_LINE)].at(-1)?.[1] ?? ''
}

const REQUEST_LINE = /^[A-Z]{1,20} (\/\S*) HTTP\/1\.[01]\r?$/gm

function whyUnreadable({ code = '', rawPacket }: ParserError): Unreadable {
  if (rawPacket?.[0] === TLS_HANDSHAKE) return 'tls-on-plain-port'
  if (/CONTENT_LENGTH|TRANSFER_ENCODING/.test(code)) return 'length'
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'timeout' : 'syntax'
}

function answerUnreadable(answer: () => Answer | undefined, socket: Duplex): void {
  const running = (socket as HttpSocket)._httpMessage
  if (running === undefined || running === null) {
    sayUnreadable(answer(), socket)
    return
  }
  // The head was sound and its handler may be answering in this very turn: let it speak first.
  setImmediate(() => {
    if (running.headersSent) (socket as Socket).destroySoon()
    else sayUnreadable(answer(), socket)
  })
}

/** Node keeps the response in progress on its socket; no public name for it exists. */
type HttpSocket = Socket & { readonly _httpMessage?: ServerResponse | null }

function sayUnreadable(answer: Answer | undefined, socket: Duplex): void {
  if (answer === undefined || !socket.writable) {
    socket.destroy()
    return
  }
  const body = Buffer.from(answer.body)
  const head = [
    `HTTP/1.1 ${answer.status} Refused`,
    ...Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
    'Connection: close',
  ].join('\r\n')
  socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]))
  ;(socket as Socket).destroySoon()
}
