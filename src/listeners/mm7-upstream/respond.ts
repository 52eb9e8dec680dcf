/**
 * What we say to an upstream. A yes and a final no come with HTTP 200, so that the peer reads the
 * code; trouble of ours comes with 5xx, so that every peer, whatever it reads, comes again.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import type { Mm7Operation, OperationName, Received } from '../../codecs/mm7/types.ts'
import { namespaceFor } from '../../codecs/mm7/versions.ts'
import { drain } from '../http-request.ts'

/** What of a request an answer repeats. */
export interface Echo {
  readonly transactionId: string | undefined
  readonly mm7Version: string | undefined
  readonly namespace: string | undefined
}

/** Nothing could be read. */
export const NOTHING_READ: Echo = {
  transactionId: undefined,
  mm7Version: undefined,
  namespace: undefined,
}

/** An answer ready to be written. */
export interface Answer {
  readonly http: number
  /** StatusCode; 0 where the answer is HTTP alone. */
  readonly code: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** The version we answer in when the request did not say one. */
const VERSION = '6.8.0'
const RETRY_AFTER_SECONDS = 5

const RSPS = {
  DeliverReq: 'DeliverRsp',
  DeliveryReportReq: 'DeliveryReportRsp',
  ReadReplyReq: 'ReadReplyRsp',
} as const

/** The operations an upstream may call. */
export type ServedName = keyof typeof RSPS

/** Narrows an operation to one that is served here. */
export function isServed(
  operation: Received<Mm7Operation>,
): operation is Extract<Received<Mm7Operation>, { readonly name: ServedName }> {
  return Object.hasOwn(RSPS, operation.name satisfies OperationName)
}

/** Yes, or yes to some. Say it only when what the request asks for is kept. */
export function yes(echo: Echo, name: ServedName, lost: readonly string[] = []): Answer {
  const partial = lost.length > 0
  const status = {
    statusCode: partial ? 1100 : 1000,
    statusText: partial ? 'Partial success' : 'Success',
    ...(partial ? { details: `not ours: ${lost.join(' ')}` } : {}),
  }
  const mm7Version = echo.mm7Version || VERSION
  return written(echo, { name: RSPS[name], mm7Version, status }, 200, status.statusCode)
}

// biome-ignore format: a table
const REFUSALS = {
  'address-error':     [2002, 'Address Error', 200],
  'address-not-found': [2003, 'Address Not Found', 200],
  'content-refused':   [2004, 'Multimedia content refused', 200],
  'message-not-found': [2005, 'Message ID Not found', 200],
  'not-served':        [4003, 'Unsupported operation', 200],
  unreadable:          [4004, 'Validation error', 200],
  'too-large':         [2004, 'Multimedia content refused', 413],
  length:              [4004, 'Validation error', 411],
  framing:             [4004, 'Validation error', 400],
  coding:              [4004, 'Validation error', 415],
  busy:                [4006, 'Service unavailable', 503],
  broken:              [3000, 'Server Error', 500],
} as const satisfies Record<string, readonly [number, string, number]>

/** Why we say no. */
export type Refusal = keyof typeof REFUSALS

/** No, as a VASPErrorRsp in a Fault. */
export function no(echo: Echo, refusal: Refusal, details?: string): Answer {
  const [statusCode, statusText, http] = REFUSALS[refusal]
  const status = { statusCode, statusText, ...(details === undefined ? {} : { details }) }
  const mm7Version = echo.mm7Version || VERSION
  const answer = written(echo, { name: 'VASPErrorRsp', mm7Version, status }, http, statusCode)
  if (http < 500) return answer
  return {
    ...answer,
    headers: { ...answer.headers, 'Retry-After': String(RETRY_AFTER_SECONDS) },
  }
}

function written(
  { transactionId, mm7Version, namespace }: Echo,
  operation: Received<Mm7Operation>,
  http: number,
  code: number,
): Answer {
  const usual = namespaceFor(mm7Version ?? VERSION)
  const body = encodeMm7({
    transactionId,
    namespace: namespace === undefined || namespace === '' ? usual : namespace,
    operation,
    faultCode: http >= 500 ? 'Server' : 'Client',
  })
  return { http, code, body, headers: { 'Content-Type': 'text/xml; charset=utf-8' } }
}

/** No word of MM7 for whom we do not know. */
export function turnedAway(http: 401 | 403 | 404 | 405 | 503): Answer {
  return {
    http,
    code: 0,
    body: '',
    headers: {
      ...(http === 401 ? { 'WWW-Authenticate': 'Basic realm="MM7"' } : {}),
      ...(http === 405 ? { Allow: 'POST' } : {}),
      ...(http === 503 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
    },
  }
}

/** Puts an answer on the wire; the line is closed behind one to a request that was not read. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  drainBytesMax: number,
): void {
  if (response.headersSent || response.destroyed) return
  const unread = !request.complete
  const body = Buffer.from(answer.body)
  response.writeHead(answer.http, {
    ...answer.headers,
    'Content-Length': body.length,
    ...(unread ? { Connection: 'close' } : {}),
  })
  response.end(body)
  if (unread) drain(request, drainBytesMax)
}
