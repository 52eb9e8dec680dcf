/** What a receipt or a query says of a delivery: the standard's states, and the dialect's code. */
import type { MessageState } from '../../codecs/sms/message-state.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import type { OutcomeClass } from '../../core/outcome-class.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import { finalFaceOf, interimFaceOf } from '../../dialects/mm4-face.ts'
import type { Notice, NoticeResult } from '../../engine/ports/report-sender.ts'

/** Failures in which somebody said no, rather than that it did not work. */
const REFUSALS: ReadonlySet<OutcomeClass> = new Set([
  'refused',
  'policy-blocked',
  'opted-out',
  'forbidden',
])

/** Results after which others come. */
const INTERIM: ReadonlySet<NoticeResult> = new Set(['handed-to-network', 'deferred', 'retrying'])

/** Whether a result is not the end. */
export function isInterim(result: NoticeResult): boolean {
  return INTERIM.has(result)
}

/** Whether a result is the end that was wished for. */
export function isSuccess(result: NoticeResult): boolean {
  return result === 'delivered' || result === 'forwarded'
}

/** The state a result is. */
export function stateOf(result: NoticeResult, reason: Reason | undefined): MessageState {
  switch (result) {
    case 'delivered':
    case 'read':
      return 'delivered'
    // The next hop has it and says no more: nobody knows of a phone that got it.
    case 'forwarded':
      return 'accepted'
    case 'handed-to-network':
    case 'deferred':
    case 'retrying':
      return 'enroute'
    case 'expired':
      return 'expired'
    case 'unknown':
      return 'unknown'
    case 'deleted-unread':
      return 'deleted'
    case 'rejected':
    case 'incapable':
    case 'unsupported':
    case 'unreachable':
      return failedState(reason)
  }
}

function failedState(reason: Reason | undefined): MessageState {
  if (reason === undefined) return 'rejected'
  const { class: klass } = REASONS[reason]
  if (klass === 'cancelled') return 'deleted'
  if (klass === 'expired') return 'expired'
  return REFUSALS.has(klass) ? 'rejected' : 'undeliverable'
}

/** The dialect's code for what is told; `undefined` where nothing is amiss. */
export function codeOf(
  dialect: SpokenDialect,
  { result, reason, behind, steady }: Pick<Notice, 'result' | 'reason' | 'behind' | 'steady'>,
): string | undefined {
  if (reason === undefined || isSuccess(result)) return undefined
  if (isInterim(result)) return interimFaceOf(dialect, reason).code
  const ending = {
    reason,
    ...(behind === undefined ? {} : { behind }),
    ...(steady === undefined ? {} : { steady }),
  }
  return finalFaceOf(dialect, ending).row.code
}
