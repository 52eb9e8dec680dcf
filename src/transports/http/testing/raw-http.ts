/** An HTTP peer by hand, for tests: hears whole requests and says exactly what the test says. */
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { CERTIFICATE, KEY } from './certificate.ts'

/** One request as it came. */
export interface HeardRequest {
  /** The request line and the header lines. */
  readonly head: string
  readonly body: Buffer
  readonly socket: Socket
  /** How many connections there had been when it came. */
  readonly connection: number
}

export interface RawHttpPeer {
  readonly url: URL
  readonly port: number
  readonly heard: readonly HeardRequest[]
  readonly connections: number
  close(): Promise<void>
}

/** What to do when a request is whole. A text is said as it is. */
export type Script = (request: HeardRequest) => string | Buffer | undefined

export interface RawHttpOptions {
  readonly tls?: boolean
  /** Called with the connection before anything is read. */
  readonly onConnection?: (socket: Socket) => void
  /** Called once with the first bytes of a request, whole or not. */
  readonly onBytes?: (socket: Socket, bytes: Buffer) => void
}

/** Opens one on loopback. */
export async function openRawHttp(
  script: Script,
  options: RawHttpOptions = {},
): Promise<RawHttpPeer> {
  const heard: HeardRequest[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const accept = (socket: Socket): void => {
    connections += 1
    const connection = connections
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    options.onConnection?.(socket)
    let pieces: Buffer[] = []
    let missing = 0
    let first = true
    socket.on('data', (bytes: Buffer) => {
      if (first) options.onBytes?.(socket, bytes)
      first = false
      pieces.push(bytes)
      missing -= bytes.length
      // Putting the pieces together for every new one would be quadratic.
      if (missing > 0) return
      let request = cut(Buffer.concat(pieces))
      for (; typeof request === 'object'; request = cut(request.rest)) {
        pieces = [request.rest]
        const whole = { head: request.head, body: request.body, socket, connection }
        heard.push(whole)
        const said = script(whole)
        if (said !== undefined && socket.writable) socket.write(said)
      }
      missing = request
    })
  }
  const server =
    options.tls === true
      ? createTlsServer({ cert: CERTIFICATE, key: KEY }, accept)
      : createServer(accept)
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`${options.tls === true ? 'https' : 'http'}://127.0.0.1:${port}/path?q=1`),
    port,
    heard,
    get connections() {
      return connections
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

interface Cut {
  readonly head: string
  readonly body: Buffer
  readonly rest: Buffer
}

/** The first whole request, or how many bytes it lacks at least. */
function cut(bytes: Buffer): Cut | number {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return 1
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
  const from = end + 4
  if (bytes.length < from + length) return from + length - bytes.length
  return { head, body: bytes.subarray(from, from + length), rest: bytes.subarray(from + length) }
}

/** A plain answer with its length. */
export function answer(status: number, body: string, headers = ''): string {
  return `HTTP/1.1 ${status} Said\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`
}

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
