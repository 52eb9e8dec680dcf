/** What an upstream's answer to a CancelReq means. */
import type { Cancellation } from '../../engine/ports/connector.ts'
import type { HttpResult } from '../../transports/http/http-result.ts'
import { printStatus, replyIn } from './classify.ts'

const BY_CODE: Readonly<Record<number, Cancellation['kind']>> = {
  1000: 'cancelled',
  1100: 'cancelled',
  2003: 'not-found',
  2005: 'not-found',
  2512: 'unsupported',
  3001: 'too-late',
  4003: 'unsupported',
}

/** Reads the answer. */
export function classifyCancel(result: HttpResult): Cancellation {
  if (result.kind === 'not-sent') {
    return { kind: 'unreachable', raw: `${result.because} ${result.detail}`.trim() }
  }
  if (result.kind === 'unknown') {
    return { kind: 'unknown', raw: `${result.because} ${result.detail}`.trim() }
  }
  const reply = replyIn(result)
  if (reply === undefined || reply === 'blank' || reply.kind !== 'ok') {
    const refused = result.status >= 400
    return { kind: refused ? 'refused' : 'unknown', raw: `HTTP ${result.status}` }
  }
  const { operation } = reply
  const status = 'status' in operation ? operation.status : undefined
  if (status === undefined) return { kind: 'unknown', raw: `${operation.name} without a status` }
  return {
    kind: BY_CODE[status.statusCode] ?? 'refused',
    raw: printStatus(operation.name, status, result.status),
  }
}
