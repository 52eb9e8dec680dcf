/**
 * The way out to an upstream MMSC: one SubmitReq per recipient over HTTP. The TransactionID is the
 * delivery's key, the same for every attempt, so that the upstream can drop a double. Its MessageID
 * is the remote id; reports come in through `listeners/mm7-upstream`.
 */
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import type { Mm7Upstream } from '../../core/carrier.ts'
import type { CodeRow } from '../../core/code-row.ts'
import type { ContentBudget } from '../../core/content-budget.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Attempt, Cancellation, Connector } from '../../engine/ports/connector.ts'
import type { HttpBody, HttpTimeouts } from '../../transports/http/exchange.ts'
import type { HttpResult } from '../../transports/http/http-result.ts'
import { type HttpTls, openHttpPools } from '../../transports/http/pools.ts'
import { classifyCancel } from './cancel.ts'
import { type Classified, classifyExchange } from './classify.ts'
import { cancelReqOf, submitBodyOf, versionsOf } from './encode.ts'
import { laneOf } from './lane.ts'

export interface Mm7ConnectorParts {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** A row of a dialect's MM7 codes; `undefined` when the dialect or the code is not known. */
  readonly findRow: (dialect: string, code: string) => CodeRow | undefined
  /** Our standing with the upstream is refused or doubtful: an operator must look. Once per time. */
  readonly onLinkRefused: (name: string, raw: string) => void
  /** Called when the upstream has every byte and its answer is not yet judged; for tests. */
  readonly crashPoint: () => void
  readonly tls?: HttpTls
  /** What the carrier takes, from its directory entry. */
  readonly budget?: ContentBudget
}

/** Bytes of an answer that are read; longer ones are no MM7 answers. */
const ANSWER_BYTES_MAX = 256 * 1024
/** A link that refuses us is tried again with one message after this long; twice as long each time. */
const LINK_PAUSE_MS_MIN = 60_000
const LINK_PAUSE_MS_MAX = 1_800_000

/** `name`: the one routes use. */
export function createMm7Connector(
  name: string,
  upstream: Mm7Upstream,
  parts: Mm7ConnectorParts,
): Connector {
  const { now } = parts
  const url = new URL(upstream.url)
  const versions = versionsOf(upstream)
  const pools = openHttpPools({
    connectionsPerOriginMax: upstream.connections,
    ...(parts.tls === undefined ? {} : { tls: parts.tls }),
  })
  const timeouts: HttpTimeouts = {
    connectTimeoutMs: upstream.connectTimeoutMs,
    answerTimeoutMs: upstream.answerTimeoutMs,
    bodyTimeoutMs: upstream.answerTimeoutMs,
  }
  const gate = createGate(now)
  /** Which of the versions is spoken now. */
  let speaking = 0
  let alarmed = false

  function spoken(at: number) {
    return versions[at] ?? versions[0]
  }

  function post(contentType: string, body: HttpBody, signal: AbortSignal): Promise<HttpResult> {
    const headers = { 'content-type': contentType, soapaction: '""', ...ownHeaders(upstream) }
    const call = { method: 'POST', url, headers, body, timeouts } as const
    return pools.send({ ...call, answerBytesMax: ANSWER_BYTES_MAX }, signal)
  }

  async function deliver(attempt: Attempt, signal: AbortSignal): Promise<Outcome> {
    const waiting = gate.enter()
    if (waiting !== undefined) return waiting
    const at = speaking
    const body = submitBodyOf(attempt, upstream, spoken(at))
    const result = await post(body.contentType, body, signal)
    parts.crashPoint()
    const classified = classifyExchange(result, {
      key: attempt.key,
      recipient: attempt.recipient.text,
      expects: upstream.sendsReports ? 'report' : 'nothing',
      blankMeansAccepted: upstream.blankMeansAccepted,
      findRow: (code) =>
        upstream.codes === undefined ? undefined : parts.findRow(upstream.codes, code),
      now: now(),
    })
    if (classified.link === 'version') return switchVersion(at, classified.outcome)
    if (result.kind === 'answered') heed(classified)
    return classified.link === 'refused' ? uncounted(classified.outcome) : classified.outcome
  }

  /** The next version is tried once; whoever used the old one meanwhile goes round again. */
  function switchVersion(at: number, outcome: Outcome): Outcome {
    if (at === speaking && at + 1 < versions.length) speaking = at + 1
    if (at === speaking) return outcome
    const raw = 'raw' in outcome ? outcome.raw : ''
    // Not the reason of the refusal, which is final: the message itself was not judged.
    return {
      kind: 'deferred',
      reason: 'carrier-error',
      raw: `${raw}; speaking ${spoken(speaking).version} from now on`,
    }
  }

  function heed({ link, outcome }: Classified): void {
    if (link !== 'refused') gate.open()
    if (link !== 'refused' && link !== 'doubted') {
      alarmed = false
      return
    }
    const raw = outcome.raw ?? ''
    if (link === 'refused') gate.shut(raw)
    if (!alarmed) parts.onLinkRefused(name, raw)
    alarmed = true
  }

  async function cancel(remoteId: string, signal: AbortSignal): Promise<Cancellation> {
    const { version, namespace } = spoken(speaking)
    const transactionId = `cancel-${remoteId}`
    const operation = cancelReqOf(remoteId, upstream, version)
    const bytes = Buffer.from(encodeMm7({ transactionId, namespace, operation }))
    const body: HttpBody = {
      bytes: bytes.length,
      async *open() {
        yield bytes
      },
    }
    return classifyCancel(await post('text/xml; charset=utf-8', body, signal))
  }

  return {
    name,
    lane: laneOf(upstream, parts.budget),
    open: () => Promise.resolve(),
    deliver,
    ...(upstream.servesCancel === false ? {} : { cancel }),
    close: () => pools.close(upstream.attemptTimeoutMs),
  }
}

function ownHeaders({ basic, headers }: Mm7Upstream): Record<string, string> {
  const own = Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]))
  if (basic === undefined) return own
  const token = Buffer.from(`${basic.user}:${basic.password}`).toString('base64')
  return { ...own, authorization: `Basic ${token}` }
}

/** Who we are is refused: that says nothing of the message, which waits as long as it is valid. */
function uncounted(outcome: Outcome): Outcome {
  return outcome.kind === 'deferred' ? { ...outcome, uncounted: true } : outcome
}

/**
 * Keeps messages back while the upstream refuses who we are: more tries with the same wrong key
 * would change nothing but our standing. One message passes each time the pause is over.
 */
function createGate(now: () => number) {
  let shutUntil = 0
  let pauseMs = LINK_PAUSE_MS_MIN
  let because = ''
  return {
    /** The outcome of whoever must wait. */
    enter(): Outcome | undefined {
      const waitMs = shutUntil - now()
      if (shutUntil === 0) return undefined
      if (waitMs <= 0) {
        // This one goes to see; the others wait for what it finds.
        pauseMs = Math.min(2 * pauseMs, LINK_PAUSE_MS_MAX)
        shutUntil = now() + pauseMs
        return undefined
      }
      const raw = `kept back: ${because}`
      return uncounted({ kind: 'deferred', reason: 'link-refused', retryAfterMs: waitMs, raw })
    },
    shut(raw: string): void {
      shutUntil = now() + pauseMs
      because = raw
    },
    open(): void {
      shutUntil = 0
      pauseMs = LINK_PAUSE_MS_MIN
    },
  }
}
