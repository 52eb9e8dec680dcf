/** How an MM4 door of a dialect says a reason: its code, and the standard's status words. */
import type { CodeRow, Mm4RequestStatus, Mm4StatusFace, SpokenDialect } from '../core/code-row.ts'
import { OUTCOME_CLASSES, type OutcomeClass } from '../core/outcome-class.ts'
import { REASONS, type Reason } from '../core/reason.ts'
import { faceOf } from './face.ts'

/** How a delivery ended, as far as its code depends on it. */
export interface Ending {
  readonly reason: Reason
  /** What the last attempt said, where the end is that none is left. */
  readonly behind?: Reason
  /** The attempt before it said the same. */
  readonly steady?: boolean
}

/** The row for an attempt after which another follows. */
export function interimFaceOf(dialect: SpokenDialect, reason: Reason): CodeRow {
  return rowOf(dialect, dialect.mm4?.interimFaces[reason]) ?? faceOf(dialect, reason)
}

/** The row for the end of a delivery, and of the last attempt where that says more. */
export function finalFaceOf(
  dialect: SpokenDialect,
  { reason, behind, steady = false }: Ending,
): { readonly row: CodeRow; readonly last?: CodeRow } {
  const last = behind ?? (REASONS[reason].handling === 'final' ? undefined : reason)
  if (last === undefined) return { row: faceOf(dialect, reason) }
  const face = dialect.mm4?.exhaustedFaces[last]
  const own = face === undefined || (face.steady === true && !steady) ? undefined : face.code
  const row = rowOf(dialect, own)
  if (row !== undefined) return { row }
  return { row: faceOf(dialect, 'retries-exhausted'), last: interimFaceOf(dialect, last) }
}

/** What a response says for a reason. */
export function requestStatusOf(dialect: SpokenDialect, reason: Reason): Mm4RequestStatus {
  const own = dialect.mm4?.requestStatus[faceOf(dialect, reason).code]
  return own ?? STATUS_BY_CLASS[REASONS[reason].class] ?? 'Error-unspecified'
}

/** What a report of our own says for a code; `undefined`: the result decides. */
export function mmStatusOf(dialect: SpokenDialect, { code }: CodeRow): Mm4StatusFace | undefined {
  return dialect.mm4?.mmStatus[code]
}

function rowOf(dialect: SpokenDialect, code: string | undefined): CodeRow | undefined {
  return code === undefined
    ? undefined
    : dialect.surfaces[0]?.codes.find((row) => row.code === code)
}

/** TS 23.140 §8.4 names the statuses; which fits which class is what their names say. */
const STATUS_BY_CLASS: Readonly<Partial<Record<OutcomeClass, Mm4RequestStatus>>> = {
  unauthenticated: 'Error-service-denied',
  forbidden: 'Error-service-denied',
  'not-provisioned': 'Error-service-denied',
  'account-suspended': 'Error-service-denied',
  'no-funds': 'Error-service-denied',
  'invalid-sender': 'Error-service-denied',
  'opted-out': 'Error-service-denied',
  'not-found': 'Error-service-denied',
  malformed: 'Error-message-format-corrupt',
  'missing-field': 'Error-message-format-corrupt',
  'invalid-field': 'Error-message-format-corrupt',
  unsupported: 'Error-unsupported-message',
  'invalid-recipient': 'Error-sending-address-unresolved',
  'unknown-recipient': 'Error-sending-address-unresolved',
  'no-route': 'Error-sending-address-unresolved',
  'too-many': 'Error-content-not-accepted',
  'too-large': 'Error-content-not-accepted',
  'media-type-refused': 'Error-content-not-accepted',
  'media-broken': 'Error-content-not-accepted',
  'media-unavailable': 'Error-content-not-accepted',
  'policy-blocked': 'Error-content-not-accepted',
  'rate-limited': 'Error-network-problem',
  'quota-exhausted': 'Error-network-problem',
  busy: 'Error-network-problem',
  'link-down': 'Error-network-problem',
  timeout: 'Error-network-problem',
  'downstream-error': 'Error-network-problem',
  'internal-error': 'Error-network-problem',
}

/**
 * What a peer of this dialect means by a code of its own: the carrier's reason that has this code,
 * else what its row's class comes to. `undefined`: it says no row of the table.
 */
export function reasonOfCode(dialect: SpokenDialect, code: string): Reason | undefined {
  const row = rowOf(dialect, code)
  if (row === undefined) return undefined
  return (
    CARRIER_SIDE.find((reason) => faceOf(dialect, reason).code === code) ??
    REASON_BY_CLASS[row.class] ??
    (OUTCOME_CLASSES[row.class].permanence === 'transient' ? 'carrier-error' : 'carrier-refused')
  )
}

/** What carriers say of a message, the plainest first. */
const CARRIER_SIDE: readonly Reason[] = [
  'carrier-busy',
  'carrier-error',
  'carrier-failed',
  'carrier-refused',
  'content-refused',
  'spam-refused',
  'too-large-for-carrier',
  'malformed-for-carrier',
  'recipient-unknown',
  'recipient-opted-out',
  'recipient-unreachable',
  'sender-refused',
  'carrier-operation-unsupported',
  'report-missing',
  'unrecognised-response',
]

/** The same condition, seen from the other side of the line. */
const REASON_BY_CLASS: Readonly<Partial<Record<OutcomeClass, Reason>>> = {
  malformed: 'malformed-for-carrier',
  'missing-field': 'malformed-for-carrier',
  'invalid-field': 'malformed-for-carrier',
  unsupported: 'carrier-operation-unsupported',
  incapable: 'handset-incapable',
  'invalid-recipient': 'recipient-unknown',
  'unknown-recipient': 'recipient-unknown',
  'invalid-sender': 'sender-refused',
  'too-large': 'too-large-for-carrier',
  'too-many': 'carrier-refused',
  'media-type-refused': 'content-refused',
  'media-broken': 'content-refused',
  'media-unavailable': 'content-refused',
  'policy-blocked': 'spam-refused',
  'opted-out': 'recipient-opted-out',
  unreachable: 'recipient-unreachable',
  forbidden: 'carrier-denied',
  'not-provisioned': 'carrier-denied',
  'rate-limited': 'carrier-busy',
  busy: 'carrier-busy',
}
