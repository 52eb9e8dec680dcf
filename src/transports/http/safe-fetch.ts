/**
 * Fetches media from a URL that somebody else wrote. The URL is a tool to make us speak to places
 * the writer cannot reach, so: one strict spelling, one name resolution whose addresses are judged
 * and then dialled as they are (never checked first and resolved again), no redirect that was not
 * allowed and judged in its turn, and an end to bytes and to time.
 */
import { isIP, type LookupFunction, type Socket } from 'node:net'
import { buildConnector, Client, type Dispatcher } from 'undici'
import { type AddressRules, createAddressRules } from './address-rules.ts'
import { isTlsFailure } from './exchange.ts'
import { type MediaPorts, readMediaUrl } from './media-url.ts'
import { type FoundAddress, type Resolve, resolveBySystem } from './resolve.ts'

/** What is allowed, and how much of it. */
export interface SafeFetchOptions {
  /** Ports that may be dialled; `any` for sandboxes and tests. */
  readonly ports?: readonly number[] | 'any'
  /** Addresses or CIDR ranges allowed although they are not public; for sandboxes and tests. */
  readonly allowedRanges?: readonly string[]
  /** Redirects followed; never from https to http. */
  readonly redirectsMax?: number
  readonly connectTimeoutMs?: number
  /** From the first look-up to the last byte, redirects included. */
  readonly totalTimeoutMs?: number
  readonly bytesMax: number
  /** Below this average, after a while, a body is too slow. */
  readonly bytesPerSecondMin?: number
  /** The answer must say its length beforehand. */
  readonly lengthRequired?: boolean
  /** Replaces the system's name resolution. */
  readonly resolve?: Resolve
  /** Authorities to trust in place of the usual ones, in PEM. */
  readonly ca?: string
}

/** Why nothing, or not all, was fetched. */
export type FetchFailure =
  | 'url'
  | 'name'
  | 'address-refused'
  | 'connect'
  | 'tls'
  | 'status'
  | 'no-length'
  | 'too-large'
  | 'too-slow'
  | 'redirect'

/** How a fetch ended. After a failure, whatever the sink got is void. */
export type Fetched =
  /** `contentType` as the server wrote it, if it did. */
  | { readonly kind: 'ok'; readonly contentType: string | undefined; readonly bytes: number }
  | { readonly kind: 'failed'; readonly because: FetchFailure; readonly detail: string }

/**
 * Takes the body, told each time what the server calls it; its promise is awaited before more is
 * read. What it throws, the fetch throws.
 */
export type FetchSink = (chunk: Uint8Array, contentType: string | undefined) => void | Promise<void>

/** Fetches one URL. Never rejects for anything the network did. */
export type SafeFetch = (url: string, sink: FetchSink, signal?: AbortSignal) => Promise<Fetched>

const PORTS = [80, 443] as const
const ANY_PORT: MediaPorts = { has: () => true }
const CONNECT_TIMEOUT_MS = 10_000
const TOTAL_TIMEOUT_MS = 60_000
const BYTES_PER_SECOND_MIN = 1024
/** A body may be slow for this long before its average counts. */
const SLOW_GRACE_MS = 5_000
const HEADER_BYTES_MAX = 16 * 1024
const USER_AGENT = 'Carillon'

/** A fetcher with its rules. Throws on an `allowedRanges` entry that is no range. */
export function createSafeFetch(options: SafeFetchOptions): SafeFetch {
  const rules = {
    ports: options.ports === 'any' ? ANY_PORT : new Set(options.ports ?? PORTS),
    address: createAddressRules(options.allowedRanges),
    redirectsMax: options.redirectsMax ?? 0,
    connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    bytesMax: options.bytesMax,
    bytesPerSecondMin: options.bytesPerSecondMin ?? BYTES_PER_SECOND_MIN,
    lengthRequired: options.lengthRequired ?? false,
    resolve: options.resolve ?? resolveBySystem,
    ca: options.ca,
  }
  const totalTimeoutMs = options.totalTimeoutMs ?? TOTAL_TIMEOUT_MS

  return async (url, sink, signal) => {
    const limit = new AbortController()
    const stop = () => limit.abort()
    const timer = setTimeout(stop, totalTimeoutMs)
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted === true) stop()
    try {
      return await follow(url, sink, rules, limit.signal)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
  }
}

interface Rules {
  readonly ports: MediaPorts
  readonly address: AddressRules
  readonly redirectsMax: number
  readonly connectTimeoutMs: number
  readonly bytesMax: number
  readonly bytesPerSecondMin: number
  readonly lengthRequired: boolean
  readonly resolve: Resolve
  readonly ca: string | undefined
}

/** One stop on the way: fetched, failed, or sent on. */
type Hop = Fetched | { readonly kind: 'moved'; readonly to: string; readonly status: number }

async function follow(
  url: string,
  sink: FetchSink,
  rules: Rules,
  signal: AbortSignal,
): Promise<Fetched> {
  let written = url
  let from: URL | undefined
  for (let redirects = 0; ; redirects += 1) {
    const hop = await fetchOnce(written, sink, rules, signal, from)
    if (hop.kind !== 'moved') return hop
    if (redirects >= rules.redirectsMax) {
      return failed('redirect', `HTTP ${hop.status} after ${redirects} redirects`)
    }
    from = new URL(written)
    written = hop.to
  }
}

async function fetchOnce(
  written: string,
  sink: FetchSink,
  rules: Rules,
  signal: AbortSignal,
  from: URL | undefined,
): Promise<Hop> {
  const read = readMediaUrl(written, rules.ports)
  if (read.kind === 'refused') return failed('url', read.detail)
  const { url, host } = read
  if (from?.protocol === 'https:' && url.protocol === 'http:') {
    return failed('redirect', 'from https to http')
  }
  const found = await findAddresses(host, rules, signal)
  if ('kind' in found) return found
  const state: HopState = { connected: false }
  const client = new Client(url.origin, {
    connect: dial(found, rules, state),
    maxHeaderSize: HEADER_BYTES_MAX,
    // The total limit covers both; these would only round it up.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: -1,
  })
  try {
    const answer = await client.request({
      method: 'GET',
      path: url.pathname + url.search,
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': USER_AGENT },
      signal,
    })
    return await take(answer, url, sink, rules, signal)
  } catch (error) {
    if (error instanceof SinkFailed) throw error.cause
    return failed(failureOf(error, state, signal), wordsOf(error))
  } finally {
    // Whatever is left of the answer is not wanted, and errors of the cut are nobody's.
    await client.destroy().catch(() => undefined)
  }
}

/** Every address of a host, each allowed, or why not. One refused address refuses the host. */
async function findAddresses(
  host: string,
  rules: Rules,
  signal: AbortSignal,
): Promise<readonly FoundAddress[] | Extract<Fetched, { kind: 'failed' }>> {
  const family = isIP(host)
  // An address in digits is its own answer.
  const found =
    family === 4 || family === 6
      ? [{ address: host, family } as const]
      : await rules.resolve(host, signal)
  if (signal.aborted) return failed('too-slow', `looking up ${host}`)
  if (found.length === 0) return failed('name', `${host} has no address`)
  for (const { address } of found) {
    const because = rules.address(address)
    if (because !== undefined) return failed('address-refused', `${host} is ${address}: ${because}`)
  }
  return found
}

interface HopState {
  connected: boolean
}

/** A connector that dials the given addresses and no others, whatever a resolver says now. */
function dial(
  found: readonly FoundAddress[],
  rules: Rules,
  state: HopState,
): buildConnector.connector {
  const lookup: LookupFunction = (_host, options, answer) => {
    if (options.all === true) answer(null, [...found])
    else answer(null, found[0]?.address ?? '', found[0]?.family ?? 0)
  }
  const connect = buildConnector({
    lookup,
    timeout: rules.connectTimeoutMs,
    autoSelectFamily: true,
    ...(rules.ca === undefined ? {} : { ca: rules.ca }),
  })
  return (options, callback) =>
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null || socket === null) {
        callback(error ?? new Error('no socket'), null)
        return
      }
      // A second pair of eyes: the socket itself says where it leads.
      if (rules.address(plain(socket.remoteAddress)) !== undefined) {
        socket.destroy()
        callback(new AddressRefused(`connected to ${socket.remoteAddress}`), null)
        return
      }
      state.connected = true
      callback(null, socket as Socket)
    })
}

/** Never leaves this file. */
class AddressRefused extends Error {}

/** Our own mistake, not the network's: goes through to the caller. */
class SinkFailed {
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}

function plain(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=[\d.]+$)/, '') ?? ''
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

async function take(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  sink: FetchSink,
  rules: Rules,
  signal: AbortSignal,
): Promise<Hop> {
  // The rest of a body that is left here must not be heard as an error.
  body.on('error', () => undefined)
  const location = one(headers.location)
  if (REDIRECTS.has(statusCode) && location !== undefined) {
    const to = URL.canParse(location, url.href) ? new URL(location, url).href : location
    return { kind: 'moved', to, status: statusCode }
  }
  if (statusCode !== 200) return failed('status', `HTTP ${statusCode}`)
  const coding = one(headers['content-encoding']) ?? 'identity'
  if (coding.toLowerCase() !== 'identity') return failed('status', `Content-Encoding ${coding}`)
  const declared = one(headers['content-length'])
  if (rules.lengthRequired && declared === undefined) return failed('no-length', 'Content-Length')
  if (Number(declared ?? 0) > rules.bytesMax) {
    return failed('too-large', `${declared} bytes declared, ${rules.bytesMax} allowed`)
  }
  const contentType = one(headers['content-type'])
  const bytes = await pour(body, (chunk) => sink(chunk, contentType), rules, signal)
  if (typeof bytes !== 'number') return bytes
  return { kind: 'ok', contentType, bytes }
}

type BodySink = (chunk: Uint8Array) => void | Promise<void>

async function pour(
  body: AsyncIterable<Uint8Array>,
  sink: BodySink,
  rules: Rules,
  signal: AbortSignal,
): Promise<number | Extract<Fetched, { kind: 'failed' }>> {
  const startedAt = performance.now()
  let bytes = 0
  let sinkMs = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > rules.bytesMax) return failed('too-large', `more than ${rules.bytesMax} bytes`)
    const now = performance.now()
    const tookMs = now - startedAt - sinkMs
    if (tookMs > SLOW_GRACE_MS && bytes < (rules.bytesPerSecondMin * tookMs) / 1000) {
      return failed('too-slow', `${bytes} bytes in ${Math.round(tookMs)} ms`)
    }
    await given(sink, chunk)
    // Time our own side took is not the server's.
    sinkMs += performance.now() - now
    if (signal.aborted) return failed('too-slow', `${bytes} bytes when the time was over`)
  }
  return bytes
}

async function given(sink: BodySink, chunk: Uint8Array): Promise<void> {
  try {
    await sink(chunk)
  } catch (error) {
    throw new SinkFailed(error)
  }
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

function failureOf(error: unknown, { connected }: HopState, signal: AbortSignal): FetchFailure {
  if (error instanceof AddressRefused) return 'address-refused'
  if (signal.aborted) return 'too-slow'
  const { code = '' } = error as { readonly code?: string }
  if (!connected && isTlsFailure(code)) return 'tls'
  return code === 'UND_ERR_CONNECT_TIMEOUT' ? 'too-slow' : 'connect'
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { readonly code?: string }
  return [code, error.message].filter(Boolean).join(' ')
}

function failed(
  because: FetchFailure,
  detail: string,
): { readonly kind: 'failed'; readonly because: FetchFailure; readonly detail: string } {
  return { kind: 'failed', because, detail }
}
