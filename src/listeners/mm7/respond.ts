/** Writes what the door says: a SubmitRsp, or a fault with the dialect's code and words. */
import type { ServerResponse } from 'node:http'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import type { Mm7Operation, ResponseStatus } from '../../codecs/mm7/types.ts'
import { NAMESPACE_BASE, namespaceFor } from '../../codecs/mm7/versions.ts'
import type { Objection } from '../../core/checks/check.ts'
import type { CodeRow } from '../../core/code-row.ts'
import type { Mm7Access } from '../../core/directory.ts'
import type { MessageId } from '../../core/message.ts'
import { OUTCOME_CLASSES } from '../../core/outcome-class.ts'
import type { Reason } from '../../core/reason.ts'
import { faceOf } from '../../dialects/face.ts'
import type { Mm7Dialect } from './door.ts'

/** What of the request an answer repeats. */
export interface Echo {
  readonly transactionId: string | undefined
  readonly mm7Version: string | undefined
  readonly namespace: string | undefined
}

/** How an account wants to be answered. */
export type AnswerStyle = Pick<Mm7Access, 'faultStatus' | 'replyType'>

/** Requests that name no account are answered so that every known client reads the code. */
export const DEFAULT_STYLE: AnswerStyle = { replyType: 'text/xml' }

/** An answer ready to be written. */
export interface Answer {
  readonly status: number
  readonly code: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** An answer, and whether it is a refusal. */
export interface Given {
  readonly answer: Answer
  readonly refused: boolean
}

/** What was done, in the words of its answer. */
export interface Done {
  readonly name:
    | 'SubmitRsp'
    | 'CancelRsp'
    | 'ReplaceRsp'
    | 'extendedCancelRsp'
    | 'extendedReplaceRsp'
  /** In the answers that have a place for it. */
  readonly messageId?: MessageId
  /** Recipients it was not done for, as the client or the directory writes them. */
  readonly left: readonly string[]
}

/** The door's yes. Call it only when the message is kept. */
export function successAnswer(
  dialect: Mm7Dialect,
  echo: Echo,
  style: AnswerStyle,
  done: Done,
): Answer {
  const { version, namespace } = spoken(dialect, echo)
  const code = done.left.length > 0 ? (dialect.mm7.partialCode ?? SUCCESS) : SUCCESS
  const partial = code === SUCCESS ? undefined : findRow(dialect, code)
  const status = {
    statusCode: Number(code),
    statusText: partial?.text ?? dialect.mm7.successText,
    ...(partial === undefined ? {} : { details: namesOf(done.left) }),
  }
  const body = encodeMm7({
    transactionId: echo.transactionId,
    namespace,
    operation: operationOf(done, version, status),
  })
  return { status: 200, code, body, headers: replyHeaders(style) }
}

function operationOf(
  { name, messageId }: Done,
  mm7Version: string,
  status: ResponseStatus,
): Mm7Operation {
  const about = messageId === undefined ? {} : { messageId }
  return name === 'SubmitRsp' || name === 'extendedReplaceRsp'
    ? { name, mm7Version, status, ...about }
    : { name, mm7Version, status }
}

/** Recipients named in the details of an answer, and characters of each. */
const NAMED_MAX = 20
const NAMED_CHARACTERS_MAX = 64

function namesOf(recipients: readonly string[]): string {
  const named = recipients.slice(0, NAMED_MAX).map((one) => one.slice(0, NAMED_CHARACTERS_MAX))
  const more = recipients.length - named.length
  return `Not served: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function findRow({ surfaces }: Mm7Dialect, code: string): CodeRow | undefined {
  return surfaces[0]?.codes.find((row) => row.code === code)
}

/** TS 23.140 §8.7: every MM7 dialect says success with this number. */
const SUCCESS = '1000'

/** Seconds a refused client is asked to wait where waiting helps. */
const RETRY_AFTER_SECONDS = 5

/** The door's no. `forced` is the HTTP status of a request that never became one. */
export function refusalAnswer(
  dialect: Mm7Dialect,
  echo: Echo,
  style: AnswerStyle,
  reason: Reason,
  at?: string,
  forced?: number,
): Answer {
  const row = faceOf(dialect, reason)
  const { version, namespace } = spoken(dialect, echo)
  const details = at === undefined ? row.details : `${row.details ?? row.text} (${at})`
  const body = encodeMm7({
    transactionId: echo.transactionId,
    namespace,
    faultCode: blamesClient(row.code) ? 'Client' : 'Server',
    operation: {
      name: 'RSErrorRsp',
      mm7Version: version,
      status: {
        statusCode: Number(row.code),
        statusText: row.text,
        ...(details === undefined ? {} : { details }),
      },
    },
  })
  const retry = OUTCOME_CLASSES[row.class].retry === 'later'
  return {
    status: forced ?? faultStatus(dialect, style, row),
    code: row.code,
    body,
    headers: {
      ...replyHeaders(style),
      ...(retry ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
      ...(reason === 'credentials-invalid' && style.faultStatus === 'native'
        ? { 'WWW-Authenticate': `Basic realm="${dialect.title}"` }
        : {}),
    },
  }
}

/** The door's no to what a check found, with the moment from which the same may be asked again. */
export function objectionAnswer(
  dialect: Mm7Dialect,
  echo: Echo,
  style: AnswerStyle,
  { reason, at, retryAfterMs }: Objection,
): Answer {
  const answer = refusalAnswer(dialect, echo, style, reason, at)
  if (retryAfterMs === undefined || !('Retry-After' in answer.headers)) return answer
  const seconds = Math.max(RETRY_AFTER_SECONDS, Math.ceil(retryAfterMs / 1000))
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(seconds) } }
}

/** Puts an answer on the wire. `last` closes the connection behind it. */
export function send(response: ServerResponse, answer: Answer, last: boolean): void {
  const head: (string | number)[] = []
  for (const name in answer.headers) head.push(name, answer.headers[name] ?? '')
  head.push('Content-Length', Buffer.byteLength(answer.body))
  if (last) head.push('Connection', 'close')
  // A list, which Node writes as it is: it need not be taken apart again.
  response.writeHead(answer.status, head)
  // As text, so that head and body leave in one piece.
  response.end(answer.body)
}

function replyHeaders(style: AnswerStyle): Record<string, string> {
  return { 'Content-Type': `${style.replyType}; charset=utf-8` }
}

/**
 * An answer is written in the request's own version and namespace where they are served and go
 * together: anything else is in no schema, and would be the client's bytes sent back.
 */
function spoken(dialect: Mm7Dialect, echo: Echo): { version: string; namespace: string } {
  const { versions, defaultVersion } = dialect.mm7
  const pair = versions.find(({ version }) => version === echo.mm7Version)
  const version = pair?.version ?? defaultVersion
  const tail = echo.namespace?.slice(NAMESPACE_BASE.length) ?? ''
  const namespace = pair?.namespaces.includes(tail) === true ? echo.namespace : undefined
  return { version, namespace: namespace ?? namespaceFor(version) }
}

function faultStatus(dialect: Mm7Dialect, style: AnswerStyle, row: CodeRow): number {
  switch (style.faultStatus ?? dialect.mm7.faultStatus) {
    case '200':
      return 200
    case '500':
      return 500
    case 'native':
      return dialect.mm7.nativeHttpStatus[row.code] ?? 500
  }
}

/** 2xxx, and the service codes that blame the request; everything else is the service's side. */
function blamesClient(code: string): boolean {
  return code.startsWith('2') || ['4001', '4002', '4003', '4004', '4007', '4008'].includes(code)
}
