/**
 * The operators' door: its own port, loopback by default. Health and metrics are open; everything
 * else asks for the token before it says even that a path does not exist.
 */
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problem } from './problem.ts'
import { objectToQuery } from './query.ts'
import type { AdminParts, AdminRoute, Reply } from './route.ts'
import { findRoute } from './route-table.ts'

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000
const KEEP_ALIVE_TIMEOUT_MS = 30_000
/** How often the two timeouts above are looked at. */
const TIMEOUT_CHECK_MS = 5000
const CONNECTIONS_MAX = 200

export interface AdminOptions extends AdminParts {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly token: string
  /** Paths of others, e.g. the sandbox's; they ask for the token like all. */
  readonly extraRoutes?: readonly AdminRoute[]
  /** An error of ours inside a request; `id` is what the client was told. */
  readonly failed?: (id: string, error: unknown) => void
}

export interface AdminServer {
  readonly address: AddressInfo
  /** Lets requests under way end, then closes. */
  close(): Promise<void>
}

/** Listens. Rejects with the system's error when the port cannot be had. */
export async function openAdmin(options: AdminOptions): Promise<AdminServer> {
  let routes: Promise<readonly AdminRoute[]> | undefined
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    },
    (request, response) => {
      routes ??= loadRoutes(options)
      void serve(options, routes, request, response, () => !server.listening)
    },
  )
  server.maxConnections = CONNECTIONS_MAX
  server.listen(options.port, options.host)
  await once(server, 'listening')
  return { address: addressOf(server), close: () => closeServer(server) }
}

/** They come with the first request: a start does not wait for them. */
async function loadRoutes({ extraRoutes = [] }: AdminOptions): Promise<readonly AdminRoute[]> {
  const { ADMIN_ROUTES } = await import('./routes/index.ts')
  return [...ADMIN_ROUTES, ...extraRoutes]
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  await closed
}

async function serve(
  options: AdminOptions,
  routes: Promise<readonly AdminRoute[]>,
  request: IncomingMessage,
  response: ServerResponse,
  closing: () => boolean,
): Promise<void> {
  let reply: Reply
  try {
    reply = await answer(options, await routes, request)
  } catch (error) {
    if (request.destroyed && !request.complete) return
    const id = randomUUID()
    options.failed?.(id, error)
    reply = problem('internal-error', 'The log has more under this id.', {
      instance: `urn:uuid:${id}`,
    })
  }
  send(request, response, reply, closing())
}

async function answer(
  options: AdminOptions,
  routes: readonly AdminRoute[],
  request: IncomingMessage,
): Promise<Reply> {
  const [path = '', search = ''] = splitOnce(request.url ?? '', '?')
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
  const found = findRoute(routes, method, path)
  const open =
    found.kind === 'route' ? found.route.open === true : found.kind === 'other-method' && found.open
  if (!open && !hasToken(request, options.token)) {
    const reply = problem('unauthenticated', 'Send Authorization: Bearer and the admin token.')
    return { ...reply, headers: { 'www-authenticate': 'Bearer' } }
  }
  if (found.kind === 'none') return problem('not-found', 'There is no such path.')
  if (found.kind === 'other-method') {
    const allow = found.allowed.join(', ')
    return { ...problem('method-not-allowed', `Use ${allow}.`), headers: { allow } }
  }
  const { route, params } = found
  const query = new URLSearchParams(search)
  const objection = objectToQuery(route, query)
  if (objection !== undefined) return objection
  const body = route.body === undefined ? NO_BODY : await readBody(request, route.body.bytesMax)
  if (body === undefined) {
    const detail = `At most ${route.body?.bytesMax ?? 0} bytes.`
    return { ...problem('body-too-large', detail), headers: { connection: 'close' } }
  }
  const mediaType = splitOnce(request.headers['content-type'] ?? '', ';')[0]
    .trim()
    .toLowerCase()
  return route.handle({ params, query, mediaType, body }, options)
}

const NO_BODY = new Uint8Array()

/** The whole body, or `undefined` as soon as it is known to be too large. */
async function readBody(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return undefined
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length
    if (length > bytesMax) return undefined
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** Compared by digest, so that neither length nor content shows in the time it takes. */
function hasToken(request: IncomingMessage, token: string): boolean {
  const [scheme, given = ''] = splitOnce(request.headers.authorization ?? '', ' ')
  return scheme.toLowerCase() === 'bearer' && timingSafeEqual(digest(given.trim()), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function splitOnce(text: string, mark: string): readonly [string, string?] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)]
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  closing: boolean,
): void {
  if (response.destroyed) return
  const [type, body] = bodyOf(reply)
  response.writeHead(reply.status ?? 200, {
    'content-type': reply.mediaType ?? type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // What was not read would have to be read before the next request.
    ...((closing || (!request.complete && hasBody(request))) && { connection: 'close' }),
    ...reply.headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  return coding !== undefined || (length !== undefined && length !== '0')
}

function bodyOf(reply: Reply): readonly [string, string | Uint8Array] {
  if ('bytes' in reply) return [reply.mediaType, reply.bytes]
  if ('text' in reply) return ['text/plain; charset=utf-8', reply.text]
  return ['application/json; charset=utf-8', `${JSON.stringify(reply.json)}\n`]
}
