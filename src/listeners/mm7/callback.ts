/**
 * Calls a client back: one POST, one answer, judged by the postback rules. Success is HTTP 200 with
 * any MM7 response that says 1000 or 1100 to the transaction that was sent; everything else is
 * repeated by the account's plan.
 */
import type { Dispatcher, Pool } from 'undici'
import { decodeMm7Reply } from '../../codecs/mm7/decode.ts'
import type { Mm7Access } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { HttpResult } from '../../transports/http/http-result.ts'
import { type HttpPools, openHttpPools } from '../../transports/http/pools.ts'
import { type Posted, post } from './post.ts'

/** A body that streams; it may be wanted twice, when the client's answer cannot be read at once. */
export interface CallbackBody {
  readonly length: number
  open(): AsyncIterable<Uint8Array>
}

/** A request to one client. */
export interface Callback {
  readonly url: string
  readonly access: Mm7Access
  readonly transactionId: string
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  /** The whole body; its length is always declared, never chunked: clients dislike that. */
  readonly body: Uint8Array | CallbackBody
  readonly connectTimeoutMs: number
  readonly answerTimeoutMs: number
}

export interface CallbackClient {
  /** One attempt. Never throws for anything the client did. */
  call(callback: Callback, signal: AbortSignal): Promise<Outcome>
  /** Lets running calls end, and cuts them after `deadlineMs`. */
  close(deadlineMs?: number): Promise<void>
}

const CLOSE_DEADLINE_MS = 10_000
/** Answers longer than this are no MM7 answers. */
const ANSWER_BYTES_MAX = 256 * 1024
/** What is kept of a strange answer as evidence, in characters. */
const EVIDENCE_CHARACTERS_MAX = 500

type Http = typeof import('undici')

/** Comes with the first callback: loading it takes a fifth of a start, and 19 MB. */
let loading: Promise<Http> | undefined

function loadHttp(): Promise<Http> {
  loading ??= import('undici')
  return loading
}

/** `concurrency`: connections to one client's endpoint. */
export function openCallbackClient(concurrency: number): CallbackClient {
  const pools = new Map<string, Pool>()
  /** Clients whose answers the quick client's strict parser refuses: real ones fold their header. */
  const folding = new Map<string, HttpPools>()

  async function poolFor(origin: string, callback: Callback): Promise<Pool> {
    // Timeouts belong to the dialect's plan, so they are part of the pool's identity.
    const key = `${origin} ${callback.connectTimeoutMs} ${callback.answerTimeoutMs}`
    const known = pools.get(key)
    if (known !== undefined) return known
    const http = await loadHttp()
    // Several first callbacks wait for one loading; the first of them made the pool.
    const made = pools.get(key)
    if (made !== undefined) return made
    const pool = new http.Pool(origin, {
      connections: concurrency,
      connect: { timeout: callback.connectTimeoutMs },
      headersTimeout: callback.answerTimeoutMs,
      bodyTimeout: callback.answerTimeoutMs,
      maxRedirections: 0,
    } as Pool.Options)
    pools.set(key, pool)
    return pool
  }

  async function call(callback: Callback, signal: AbortSignal): Promise<Outcome> {
    try {
      const url = new URL(callback.url)
      const patient = folding.get(url.origin)
      if (patient !== undefined) return await callPatiently(patient, callback, url, signal)
      return await callQuickly(callback, url, signal)
    } catch (error) {
      return unanswered(error, signal)
    }
  }

  async function callQuickly(callback: Callback, url: URL, signal: AbortSignal): Promise<Outcome> {
    const pool = await poolFor(url.origin, callback)
    try {
      const answer = await post(pool, requestOf(callback, url), ANSWER_BYTES_MAX, signal)
      return judge(callback, answer)
    } catch (error) {
      if (!isUnparsable(error)) throw error
      // Said again at once: the transaction id tells the client that it is the same request.
      return await callPatiently(patientFor(url.origin), callback, url, signal)
    }
  }

  function patientFor(origin: string): HttpPools {
    const known = folding.get(origin)
    const patient = known ?? openHttpPools({ connectionsPerOriginMax: concurrency })
    folding.set(origin, patient)
    return patient
  }

  return {
    call,
    async close(deadlineMs = CLOSE_DEADLINE_MS) {
      await Promise.all([
        ...[...pools.values()].map((pool) => closePool(pool, deadlineMs)),
        ...[...folding.values()].map((patient) => patient.close(deadlineMs)),
      ])
      pools.clear()
      folding.clear()
    },
  }
}

function closePool(pool: Pool, deadlineMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // Destroying need not end a close that waits for queued calls, so either ends the waiting.
    const timer = setTimeout(() => pool.destroy().then(resolve, reject), deadlineMs)
    pool
      .close()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}

function requestOf(callback: Callback, url: URL): Dispatcher.DispatchOptions {
  return {
    method: 'POST',
    path: url.pathname + url.search,
    headers: { ...headersOf(callback), 'content-length': String(callback.body.length) },
    body: callback.body instanceof Uint8Array ? callback.body : callback.body.open(),
  } as Dispatcher.DispatchOptions
}

function headersOf(callback: Callback): Record<string, string> {
  return {
    'content-type': callback.contentType,
    soapaction: '""',
    ...basicHeader(callback.access),
    ...callback.headers,
  }
}

/** By a client that reads folded header lines, and costs half as much again. */
async function callPatiently(
  patient: HttpPools,
  callback: Callback,
  url: URL,
  signal: AbortSignal,
): Promise<Outcome> {
  const { body, connectTimeoutMs, answerTimeoutMs } = callback
  const call = {
    method: 'POST',
    url,
    headers: headersOf(callback),
    body: {
      bytes: body.length,
      async *open() {
        if (body instanceof Uint8Array) yield body
        else yield* body.open()
      },
    },
    timeouts: { connectTimeoutMs, answerTimeoutMs, bodyTimeoutMs: answerTimeoutMs },
    answerBytesMax: ANSWER_BYTES_MAX,
  } as const
  const result = await patient.send(call, signal)
  return result.kind === 'answered' ? judge(callback, result) : unheard(result)
}

function unheard({ because, detail }: Exclude<HttpResult, { readonly kind: 'answered' }>): Outcome {
  const late = because === 'timeout' || because === 'aborted'
  const raw = `${because} ${detail}`
  return { kind: 'deferred', reason: late ? 'client-timeout' : 'client-unreachable', raw }
}

/** The library's word for an answer that its parser refuses. */
function isUnparsable(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError'
}

function basicHeader({ callbackBasic }: Mm7Access): Record<string, string> {
  if (callbackBasic === undefined) return {}
  const token = Buffer.from(`${callbackBasic.user}:${callbackBasic.password}`).toString('base64')
  return { authorization: `Basic ${token}` }
}

function judge(callback: Callback, { status: httpStatus, body }: Posted): Outcome {
  if (httpStatus !== 200) return refused(`HTTP ${httpStatus} ${evidence(body)}`)
  if (body.length === 0) {
    return callback.access.blankAnswerAccepted
      ? { kind: 'delivered', raw: 'HTTP 200, no body' }
      : refused('HTTP 200 with no body')
  }
  const reply = decodeMm7Reply(body)
  if (reply.kind !== 'ok') return refused(`unreadable answer: ${evidence(body)}`)
  const status = 'status' in reply.operation ? reply.operation.status : undefined
  const said =
    `${reply.operation.name} ${status?.statusCode ?? ''} ${status?.statusText ?? ''}`.trim()
  if (reply.transactionId !== undefined && reply.transactionId !== callback.transactionId) {
    return refused(`answer to another transaction (${reply.transactionId}): ${said}`)
  }
  const success = status?.statusCode === 1000 || status?.statusCode === 1100
  return success ? { kind: 'delivered', raw: said } : refused(said)
}

function refused(raw: string): Outcome {
  return { kind: 'deferred', reason: 'client-refused', raw }
}

function evidence(body: Buffer): string {
  return body.toString('utf8', 0, EVIDENCE_CHARACTERS_MAX).replace(/\s+/g, ' ').trim()
}

/** The client may have read the request; the same transaction id comes again and tells it so. */
function unanswered(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted)
    return { kind: 'deferred', reason: 'client-timeout', raw: 'no answer in time' }
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const late = /TIMEOUT/i.test(code) && code !== 'UND_ERR_CONNECT_TIMEOUT'
  const raw = `${code} ${message}`.trim()
  return { kind: 'deferred', reason: late ? 'client-timeout' : 'client-unreachable', raw }
}
