/** A no to a request: the status its client is told, and the reason behind it where it has one. */
import type { Reason } from '../../core/reason.ts'
import { statusOf } from './command-status.ts'

/** Why a request is refused. */
export interface Objection {
  readonly kind: 'objection'
  readonly commandStatus: number
  readonly reason?: Reason
}

/** A no that only the protocol has a word for. */
export function objection(commandStatus: number): Objection {
  return { kind: 'objection', commandStatus }
}

/** A no for a reason of ours. */
export function refused(reason: Reason): Objection {
  return { kind: 'objection', commandStatus: statusOf(reason), reason }
}

/** Whether a value is a no. */
export function isObjection(value: object): value is Objection {
  return 'kind' in value && value.kind === 'objection'
}
