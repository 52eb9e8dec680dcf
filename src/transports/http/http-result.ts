/**
 * How one HTTP exchange ended. A value in every case, and honest about the one moment when nobody
 * knows: the last byte of the request was handed over and no answer came.
 */
import type { IncomingHttpHeaders } from 'node:http'

/** The peer answered. Which status that was is the caller's to judge. */
export interface HttpAnswered {
  readonly kind: 'answered'
  readonly status: number
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders
  /** At most as much as was asked for. */
  readonly body: Buffer
  /** The body was longer than asked for, broke off, or fell silent: what is here is its beginning. */
  readonly truncated: boolean
}

/** No answer, and the request is surely not with the peer: its last byte was never handed over. */
export interface HttpNotSent {
  readonly kind: 'not-sent'
  readonly because:
    | 'connect-failed'
    | 'tls-failed'
    | 'timeout'
    | 'closed'
    | 'aborted'
    /** The bytes of the request could not be read on our side, or were not as many as declared. */
    | 'content-failed'
    /** Too many requests to this origin wait already, or the pools are closing. */
    | 'busy'
  readonly detail: string
}

/** Every byte was handed over and no answer came. The peer may or may not have acted on it. */
export interface HttpUnknown {
  readonly kind: 'unknown'
  readonly because:
    | 'timeout'
    | 'closed'
    | 'aborted'
    /** Something came back that is not HTTP. */
    | 'unreadable'
  readonly detail: string
}

/** The end of one exchange. */
export type HttpResult = HttpAnswered | HttpNotSent | HttpUnknown
