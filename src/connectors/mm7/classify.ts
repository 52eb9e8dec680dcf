/**
 * What an upstream's answer to a SubmitReq means. A code in the answer decides, whatever the HTTP
 * status; without one the status does; and silence after the last byte is nobody's yes or no.
 */
import { contentType, parseContentType } from '../../codecs/mime/content-type.ts'
import type { DecodedReply } from '../../codecs/mm7/decode.ts'
import { readMm7Reply } from '../../codecs/mm7/request-reader.ts'
import type { ResponseStatus } from '../../codecs/mm7/types.ts'
import type { Outcome } from '../../core/outcome.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import type { HttpAnswered, HttpNotSent, HttpResult } from '../../transports/http/http-result.ts'
import { type FindRow, meaningOf } from './code-reasons.ts'

/** What is known of the request that is answered. */
export interface Submitted {
  /** The delivery's key: the TransactionID we sent. */
  readonly key: string
  /** The recipient as we wrote it, without a plus. */
  readonly recipient: string
  /** What still comes after a yes that names a message. */
  readonly expects: 'report' | 'nothing'
  readonly blankMeansAccepted: boolean
  readonly findRow: FindRow
  /** Epoch milliseconds. */
  readonly now: number
}

/** An outcome, and what it says of the connection beside. */
export interface Classified {
  readonly outcome: Outcome
  /**
   * `refused`: who we are is refused, so nothing else will pass. `doubted`: something set up for us
   * is wrong, for this message at least. `version`: it does not speak the version we used.
   */
  readonly link?: 'refused' | 'doubted' | 'version'
}

/** One exchange as an outcome. */
export function classifyExchange(result: HttpResult, submitted: Submitted): Classified {
  switch (result.kind) {
    case 'not-sent':
      return { outcome: notSent(result, submitted) }
    case 'unknown':
      return {
        outcome: {
          kind: 'unknown',
          reason: 'carrier-timeout',
          raw: `after the last byte: ${result.because} ${result.detail}`.trim(),
        },
      }
    case 'answered':
      return classifyAnswer(result, submitted)
  }
}

const NOT_SENT = {
  'connect-failed': 'link-down',
  'tls-failed': 'link-down',
  timeout: 'link-closed',
  closed: 'link-closed',
  aborted: 'link-closed',
  'content-failed': 'internal-error',
  busy: 'carrier-busy',
} as const satisfies Record<HttpNotSent['because'], Reason>

/** Code by which client libraries, never a relay, say that they could not connect. */
const NO_CONNECTION = '0'

function notSent({ because, detail }: HttpNotSent, { findRow }: Submitted): Outcome {
  const reason = NOT_SENT[because]
  const row = reason === 'link-down' ? findRow(NO_CONNECTION) : undefined
  const said = row === undefined ? because : `${row.code} ${row.text}: ${because}`
  return { kind: 'deferred', reason, raw: `${said} ${detail}`.trim() }
}

function classifyAnswer(answer: HttpAnswered, submitted: Submitted): Classified {
  const reply = replyIn(answer)
  if (reply === 'blank') return classifyBlank(answer, submitted)
  if (reply?.kind === 'soap-fault') {
    const { faultCode, faultString } = reply.soapFault
    return refusedByHttp(answer, `SOAP Fault ${faultCode} "${faultString}"`)
  }
  const operation = reply?.kind === 'ok' ? reply.operation : undefined
  const status = operation !== undefined && 'status' in operation ? operation.status : undefined
  if (reply?.kind !== 'ok' || operation === undefined || status === undefined) {
    return refusedByHttp(answer, `unreadable: ${beginning(answer.body)}`)
  }
  const messageId = 'messageId' in operation ? operation.messageId?.trim() : undefined
  const code = printStatus(operation.name, status, answer.status)
  return classifyStatus(status, code, answer, submitted, {
    transactionId: reply.transactionId,
    messageId: messageId === '' ? undefined : messageId,
  })
}

/** What a reply says beside its status. */
interface Ids {
  readonly transactionId: string | undefined
  readonly messageId: string | undefined
}

function classifyStatus(
  status: ResponseStatus,
  raw: string,
  answer: HttpAnswered,
  submitted: Submitted,
  ids: Ids,
): Classified {
  const meaning = meaningOf(status.statusCode, submitted.findRow)
  switch (meaning.kind) {
    case 'version':
      return {
        outcome: { kind: 'rejected', reason: 'carrier-version-unsupported', raw },
        link: 'version',
      }
    case 'refusal': {
      const { reason, wholeLink } = meaning
      const link = reason === 'link-refused' ? (wholeLink ? 'refused' : 'doubted') : undefined
      return { outcome: refused(reason, raw, answer, submitted.now), ...(link && { link }) }
    }
    case 'partial':
      if (names(status, submitted.recipient)) {
        return { outcome: { kind: 'rejected', reason: 'recipient-unknown', raw } }
      }
      break
    case 'success':
  }
  const other = ids.transactionId !== undefined && ids.transactionId !== submitted.key
  if (other || !isGood(answer.status)) {
    const why = other ? `for transaction ${ids.transactionId}` : `with HTTP ${answer.status}`
    return { outcome: unclear(`a yes ${why}: ${raw}`) }
  }
  return { outcome: taken(ids.messageId, raw, submitted) }
}

/** A yes. Without a MessageID no report can ever name the delivery: the yes is all there will be. */
function taken(messageId: string | undefined, raw: string, { key, expects }: Submitted): Outcome {
  if (messageId !== undefined) return { kind: 'submitted', remoteId: messageId, expects, raw }
  return { kind: 'submitted', remoteId: key, expects: 'nothing', raw: `${raw}, no MessageID` }
}

function classifyBlank(answer: HttpAnswered, { blankMeansAccepted, key }: Submitted): Classified {
  const raw = `HTTP ${answer.status} with no body`
  if (!isGood(answer.status)) return refusedByHttp(answer, 'no body')
  if (!blankMeansAccepted) return { outcome: unclear(raw) }
  return { outcome: { kind: 'submitted', remoteId: key, expects: 'nothing', raw } }
}

/** The bytes arrived and what came back says neither yes nor no. */
function unclear(raw: string): Outcome {
  return { kind: 'unknown', reason: 'response-missing', raw }
}

/** No code could be read: the HTTP status is all there is. */
function refusedByHttp(answer: HttpAnswered, said: string): Classified {
  const raw = `HTTP ${answer.status} ${said}`
  if (isGood(answer.status)) {
    // A bare Fault is a no without a number, which is how 4000 is read.
    if (said.startsWith('SOAP')) return { outcome: refused('carrier-error', raw, answer) }
    return { outcome: unclear(raw) }
  }
  const { reason, link } = meaningOfHttp(answer.status)
  return { outcome: refused(reason, raw, answer), ...(link && { link }) }
}

interface HttpMeaning {
  readonly reason: Reason
  readonly link?: 'refused' | 'doubted'
}

// biome-ignore format: a table
const BY_HTTP: Readonly<Record<number, HttpMeaning>> = {
  400: { reason: 'malformed-for-carrier' },
  401: { reason: 'link-refused', link: 'refused' },
  402: { reason: 'link-refused', link: 'refused' },
  403: { reason: 'link-refused', link: 'refused' },
  // The door is wrong, not the message.
  404: { reason: 'link-refused', link: 'doubted' },
  405: { reason: 'link-refused', link: 'doubted' },
  407: { reason: 'link-refused', link: 'refused' },
  408: { reason: 'carrier-error' },
  410: { reason: 'link-refused', link: 'doubted' },
  411: { reason: 'malformed-for-carrier' },
  413: { reason: 'too-large-for-carrier' },
  415: { reason: 'malformed-for-carrier' },
  422: { reason: 'malformed-for-carrier' },
  425: { reason: 'carrier-busy' },
  429: { reason: 'carrier-busy' },
  503: { reason: 'carrier-busy' },
}

function meaningOfHttp(status: number): HttpMeaning {
  const known = BY_HTTP[status]
  if (known !== undefined) return known
  if (status >= 500) return { reason: 'carrier-error' }
  if (status >= 400) return { reason: 'carrier-refused' }
  // Redirects are not followed, and nothing else is an answer to a POST.
  return { reason: 'link-refused', link: 'doubted' }
}

function refused(reason: Reason, raw: string, answer: HttpAnswered, now?: number): Outcome {
  if (REASONS[reason].handling === 'final') return { kind: 'rejected', reason, raw }
  const retryAfterMs = readRetryAfter(answer.headers['retry-after'], now)
  return { kind: 'deferred', reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), raw }
}

/** Longest wait we let an upstream ask for. */
const RETRY_AFTER_MS_MAX = 3_600_000

/** Seconds, or a date where the time is known (RFC 9110 §10.2.3). */
export function readRetryAfter(value: string | undefined, now?: number): number | undefined {
  const text = value?.trim() ?? ''
  const ms = /^\d{1,9}$/.test(text)
    ? Number(text) * 1000
    : now === undefined
      ? Number.NaN
      : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), RETRY_AFTER_MS_MAX)
}

/** The reply in an answer's body; `undefined` where none can be read. */
export function replyIn({ headers, body }: HttpAnswered): DecodedReply | 'blank' | undefined {
  if (body.toString('latin1').trim() === '') return 'blank'
  const written = parseContentType(headers['content-type'] ?? '')
  // Whatever it calls itself, an envelope is an envelope.
  const type = written?.type === 'multipart' ? written : envelopeType(written)
  const reply = readMm7Reply(type, body)
  return reply.kind === 'fault' ? undefined : reply
}

function envelopeType(written: ReturnType<typeof parseContentType>) {
  const charset = written?.parameters.get('charset')
  return contentType('text/xml', charset === undefined ? {} : { charset })
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300
}

/** Whether a partial success names this recipient among the lost ones. */
function names({ details = '', statusText }: ResponseStatus, recipient: string): boolean {
  const said = `${details} ${statusText}`
  for (let at = said.indexOf(recipient); at >= 0; at = said.indexOf(recipient, at + 1)) {
    // A number within a longer one is another.
    const around = said.charAt(at - 1) + said.charAt(at + recipient.length)
    if (!/\d/.test(around)) return true
  }
  return false
}

const EVIDENCE_CHARACTERS_MAX = 500

/** A status as evidence: `SubmitRsp 1000 "Success"`. */
export function printStatus(name: string, status: ResponseStatus, httpStatus: number): string {
  const { statusCode, statusText, details } = status
  const more = details === undefined || details === '' ? '' : ` (${details})`
  const http = httpStatus === 200 ? '' : ` HTTP ${httpStatus}`
  return `${name} ${statusCode} "${statusText}"${more}${http}`.slice(0, EVIDENCE_CHARACTERS_MAX)
}

function beginning(body: Buffer): string {
  const text = body.toString('utf8', 0, 4 * EVIDENCE_CHARACTERS_MAX)
  return text.replace(/\s+/g, ' ').trim().slice(0, EVIDENCE_CHARACTERS_MAX)
}
