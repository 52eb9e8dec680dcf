/** The head of an MM7 request, judged before a byte of the body is read. */
import type { IncomingMessage } from 'node:http'
import { type ContentType, parseContentType } from '../../codecs/mime/content-type.ts'
import type { Mm7Profile } from '../../core/code-row.ts'
import type { Reason } from '../../core/reason.ts'

/** What the head says about the body. */
export interface RequestHead {
  readonly contentType: ContentType
  /** Declared length in bytes; absent for a chunked body where the dialect takes one. */
  readonly contentLength?: number
}

export type JudgedHead =
  | { readonly kind: 'ok'; readonly head: RequestHead }
  | {
      readonly kind: 'refused'
      readonly reason: Reason
      readonly at: string
      readonly httpStatus?: number
    }

const ENVELOPE_TYPES: ReadonlySet<string> = new Set(['text/xml', 'application/xml'])

/** The order is the dialects' own: method, then framing and type, then size. */
export function judgeHead(
  request: IncomingMessage,
  profile: Mm7Profile,
  requestBytesMax: number,
): JudgedHead {
  if (request.method !== 'POST') return refused('protocol-refused', 'method', 405)
  const contentLength = declaredLength(request)
  const chunked = request.headers['transfer-encoding'] !== undefined
  if (chunked && contentLength !== undefined) {
    // Two ways to say where a body ends is how requests are smuggled (RFC 9112 §6.3).
    return refused('http-headers-invalid', 'Content-Length with Transfer-Encoding', 400)
  }
  if (contentLength === undefined && (!chunked || profile.contentLengthRequired)) {
    return refused('http-headers-invalid', 'Content-Length')
  }
  if (contentLength === 0 || Number.isNaN(contentLength)) {
    return refused('http-headers-invalid', 'Content-Length')
  }
  const coding = request.headers['content-encoding']
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    return refused('http-headers-invalid', 'Content-Encoding')
  }
  const contentType = parseContentType(request.headers['content-type'] ?? '')
  if (contentType === undefined || !servedType(contentType)) {
    return refused('http-headers-invalid', 'Content-Type')
  }
  const limit = Math.min(profile.requestBytesMax, requestBytesMax)
  if (contentLength !== undefined && contentLength > limit) {
    return refused('request-too-large', `limit ${limit} bytes`)
  }
  return {
    kind: 'ok',
    head: { contentType, ...(contentLength === undefined ? {} : { contentLength }) },
  }
}

function servedType({ mediaType, parameters }: ContentType): boolean {
  if (ENVELOPE_TYPES.has(mediaType)) return true
  return mediaType === 'multipart/related' && (parameters.get('boundary') ?? '') !== ''
}

/** `undefined` when absent, NaN when it is no decimal number. */
function declaredLength(request: IncomingMessage): number | undefined {
  const given = request.headers['content-length']
  if (given === undefined) return undefined
  return /^[0-9]{1,15}$/.test(given.trim()) ? Number(given) : Number.NaN
}

function refused(reason: Reason, at: string, httpStatus?: number): JudgedHead {
  return { kind: 'refused', reason, at, ...(httpStatus === undefined ? {} : { httpStatus }) }
}
