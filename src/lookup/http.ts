/**
 * Carrier look-up by an HTTP service that answers JSON. Answers are kept for a while, the same
 * question is asked once at a time, and a service that fails again and again is left alone for a
 * moment, so that clients do not wait for it each in turn.
 */
import type { CarrierFound, CarrierLookup } from '../engine/ports/carrier-lookup.ts'
import { createBreaker } from '../transports/http/breaker.ts'
import type { HttpCall } from '../transports/http/exchange.ts'
import type { HttpResult } from '../transports/http/http-result.ts'
import { type HttpTls, openHttpPools } from '../transports/http/pools.ts'
import { createAnswerCache } from './answer-cache.ts'
import { type AnswerTemplate, createAnswerTemplate } from './answer-template.ts'

export interface HttpLookupOptions {
  /** The address to GET, with `{number}` where the digits go. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Where the carrier stands in the answer: see `answer-template.ts`. */
  readonly carrier: string
  /** Our names for the service's: what is not listed is taken as it is. */
  readonly names?: Readonly<Record<string, string>>
  /** What the template may give for "no carrier", beside nothing. */
  readonly unknownValues?: readonly string[]
  /** HTTP statuses that mean "no carrier". */
  readonly unknownStatuses?: readonly number[]
  /** From question to answer, waiting for a connection included. */
  readonly timeoutMs?: number
  readonly connections?: number
  /** Questions that may wait for a connection; more are `unavailable` at once. */
  readonly waitingMax?: number
  /** Answers kept, and for how long. */
  readonly keptMax?: number
  readonly keepMs?: number
  readonly keepUnknownMs?: number
  /** So many failures in a row, and the service is left alone for a while. */
  readonly failuresMax?: number
  readonly pauseMs?: number
  readonly tls?: HttpTls
  /** Epoch milliseconds. */
  readonly now: () => number
}

const TIMEOUT_MS = 2_000
const CONNECTIONS = 8
const WAITING_MAX = 1_000
const KEPT_MAX = 100_000
const KEEP_MS = 24 * 3_600_000
const KEEP_UNKNOWN_MS = 3_600_000
const FAILURES_MAX = 5
const PAUSE_MS = 2_000
const ANSWER_BYTES_MAX = 64 * 1024
const NUMBER = /^[1-9][0-9]{6,14}$/

/** Opens the adapter. Throws when the address or the template cannot be what it should be. */
export function openHttpLookup(options: HttpLookupOptions): CarrierLookup {
  const { now, timeoutMs = TIMEOUT_MS, keepMs = KEEP_MS, keepUnknownMs = KEEP_UNKNOWN_MS } = options
  const template = checkedTemplate(options)
  const pools = openHttpPools({
    connectionsPerOriginMax: options.connections ?? CONNECTIONS,
    waitingPerOriginMax: options.waitingMax ?? WAITING_MAX,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  })
  const cache = createAnswerCache(options.keptMax ?? KEPT_MAX)
  const underWay = new Map<string, Promise<CarrierFound>>()
  const breaker = createBreaker(options.failuresMax ?? FAILURES_MAX, options.pauseMs ?? PAUSE_MS)
  const cut = new AbortController()

  async function ask(number: string): Promise<CarrierFound> {
    if (!breaker.lets(now())) {
      return { kind: 'unavailable', because: 'it failed repeatedly and is left alone for a moment' }
    }
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), timeoutMs)
    try {
      const result = await pools.send(callFor(number, options, timeoutMs), limit.signal)
      const found = readAnswer(result, template, options)
      // Our own queue being full says nothing of the service.
      const busy = result.kind === 'not-sent' && result.because === 'busy'
      if (!busy) breaker.note(found.kind !== 'unavailable', now())
      const ms = found.kind === 'carrier' ? keepMs : found.kind === 'unknown' ? keepUnknownMs : 0
      if (ms > 0) cache.keep(number, found, now() + ms)
      return found
    } finally {
      clearTimeout(timer)
    }
  }

  function shared(number: string): Promise<CarrierFound> {
    const same = underWay.get(number)
    if (same !== undefined) return same
    const question = ask(number).finally(() => underWay.delete(number))
    underWay.set(number, question)
    return question
  }

  return {
    async find(number, signal) {
      if (!NUMBER.test(number)) return { kind: 'unknown' }
      if (cut.signal.aborted || signal?.aborted === true) return ABORTED
      const known = cache.find(number, now())
      if (known !== undefined) return known
      return signal === undefined ? shared(number) : orAborted(shared(number), signal)
    },
    async close() {
      cut.abort()
      await pools.close(0)
    },
  }
}

const ABORTED: CarrierFound = { kind: 'unavailable', because: 'aborted' }

/** One who will not wait leaves; the question goes on for the others and for the cache. */
async function orAborted(
  question: Promise<CarrierFound>,
  signal: AbortSignal,
): Promise<CarrierFound> {
  let leave: () => void = () => undefined
  const left = new Promise<CarrierFound>((resolve) => {
    leave = () => resolve(ABORTED)
    signal.addEventListener('abort', leave, { once: true })
  })
  try {
    return await Promise.race([question, left])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

function checkedTemplate({ url, carrier }: HttpLookupOptions): AnswerTemplate {
  if (!url.includes('{number}')) throw new TypeError(`no {number} in the look-up address: ${url}`)
  if (!/^https?:$/.test(new URL(url.replaceAll('{number}', '1')).protocol)) {
    throw new TypeError(`not an http or https look-up address: ${url}`)
  }
  const template = createAnswerTemplate(carrier)
  if (template === undefined) throw new TypeError(`not an answer template: ${carrier}`)
  return template
}

function callFor(number: string, options: HttpLookupOptions, timeoutMs: number): HttpCall {
  return {
    method: 'GET',
    // Digits alone: nothing in them can change the address.
    url: new URL(options.url.replaceAll('{number}', number)),
    headers: { accept: 'application/json', ...options.headers },
    timeouts: {
      connectTimeoutMs: timeoutMs,
      answerTimeoutMs: timeoutMs,
      bodyTimeoutMs: timeoutMs,
    },
    answerBytesMax: ANSWER_BYTES_MAX,
  }
}

function readAnswer(
  result: HttpResult,
  template: AnswerTemplate,
  { names = {}, unknownValues = [], unknownStatuses = [404] }: HttpLookupOptions,
): CarrierFound {
  if (result.kind !== 'answered') {
    return { kind: 'unavailable', because: `${result.because} ${result.detail}`.trim() }
  }
  const { status, body, truncated } = result
  if (unknownStatuses.includes(status)) return { kind: 'unknown' }
  if (status !== 200) return { kind: 'unavailable', because: `HTTP ${status}` }
  const answer = truncated ? undefined : parseJson(body)
  if (answer === undefined) return { kind: 'unavailable', because: 'the answer is not JSON' }
  const filled = template(answer)
  switch (filled.kind) {
    case 'absent':
      return { kind: 'unknown' }
    case 'unreadable':
      return { kind: 'unavailable', because: `${filled.path} in the answer is no single value` }
    case 'text': {
      if (unknownValues.includes(filled.text)) return { kind: 'unknown' }
      const ours = Object.hasOwn(names, filled.text) ? names[filled.text] : undefined
      return { kind: 'carrier', carrier: ours ?? filled.text }
    }
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
