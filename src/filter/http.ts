/**
 * A content filter behind HTTP: one question as JSON, one verdict as JSON, from the first of several
 * addresses that answers. Each has a breaker of its own; when none answers, the filter says that it
 * could not be asked.
 */
import type { Verdict } from '../core/policy/facts.ts'
import type { ContentFilter, FilterFacts } from '../engine/ports/content-filter.ts'
import { createBreaker } from '../transports/http/breaker.ts'
import type { HttpCall } from '../transports/http/exchange.ts'
import type { HttpResult } from '../transports/http/http-result.ts'
import { openHttpPools } from '../transports/http/pools.ts'

export interface HttpFilterOptions {
  /** Where the question is POSTed, the preferred one first. */
  readonly urls: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** For one address, from question to answer. */
  readonly timeoutMs: number
  readonly connections: number
  /** So many failures in a row, and an address is left alone for `pauseMs`. */
  readonly failuresMax: number
  readonly pauseMs: number
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Questions that may wait for a connection; more go to the next address. */
const WAITING_MAX = 1000
const ANSWER_BYTES_MAX = 16 * 1024
/** Of the service's own words, for `trace`. */
const RULE_CHARACTERS_MAX = 200

/** Opens the adapter. The addresses must be http or https. */
export function openHttpFilter(options: HttpFilterOptions): ContentFilter {
  const { now, timeoutMs } = options
  const pools = openHttpPools({
    connectionsPerOriginMax: options.connections,
    waitingPerOriginMax: WAITING_MAX,
  })
  const services = options.urls.map((url) => ({
    url: new URL(url),
    breaker: createBreaker(options.failuresMax, options.pauseMs),
  }))

  async function ask({ url, breaker }: (typeof services)[number], question: Uint8Array) {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), timeoutMs)
    try {
      const result = await pools.send(callFor(url, question, options), limit.signal)
      const verdict = readVerdict(result)
      // Our own queue being full says nothing of the service.
      const busy = result.kind === 'not-sent' && result.because === 'busy'
      if (!busy) breaker.note(verdict.kind !== 'unavailable', now())
      return verdict
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    async judge(facts) {
      const question = new TextEncoder().encode(JSON.stringify(questionOf(facts)))
      let because = 'every address is left alone for a moment'
      for (const service of services) {
        if (!service.breaker.lets(now())) continue
        const verdict = await ask(service, question)
        if (verdict.kind !== 'unavailable') return verdict
        because = verdict.because
      }
      return { kind: 'unavailable', because: `no policy service answers (${because})` }
    },
    close: () => pools.close(0),
  }
}

/** The names of the documented question: they stay as they are whatever ours become. */
function questionOf(facts: FilterFacts) {
  return {
    account: facts.accountId,
    channel: facts.channel,
    sender: facts.sender,
    recipients: facts.recipients,
    subject: facts.subject,
    text: facts.text,
    parts: facts.parts.map(({ type, digest }) => ({ type, sha256: digest })),
    contentSha256: facts.contentDigest,
    bytes: facts.bytes,
  }
}

function callFor(
  url: URL,
  question: Uint8Array,
  { headers, timeoutMs }: HttpFilterOptions,
): HttpCall {
  return {
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: {
      bytes: question.length,
      async *open() {
        yield question
      },
    },
    timeouts: {
      connectTimeoutMs: timeoutMs,
      answerTimeoutMs: timeoutMs,
      bodyTimeoutMs: timeoutMs,
    },
    answerBytesMax: ANSWER_BYTES_MAX,
  }
}

function readVerdict(result: HttpResult): Verdict {
  if (result.kind !== 'answered') return unavailable(`${result.because} ${result.detail}`.trim())
  if (result.status !== 200) return unavailable(`HTTP ${result.status}`)
  const answer = result.truncated ? undefined : parseJson(result.body)
  if (typeof answer !== 'object' || answer === null) return unavailable('the answer is not JSON')
  const { verdict, rule } = answer as { readonly verdict?: unknown; readonly rule?: unknown }
  if (verdict === 'clean') return { kind: 'clean' }
  if (verdict !== 'spam') return unavailable('the answer holds no verdict')
  const told = typeof rule === 'string' && rule !== '' ? rule : 'The policy service says so.'
  return { kind: 'spam', rule: told.slice(0, RULE_CHARACTERS_MAX) }
}

function unavailable(because: string): Verdict & { readonly kind: 'unavailable' } {
  return { kind: 'unavailable', because }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
