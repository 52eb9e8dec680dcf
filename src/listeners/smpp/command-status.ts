/** The command_status by which a client is told each reason (SMPP 3.4 §5.1.3, 5.0 §4.7.6). */
import { COMMAND_STATUS, type CommandStatusName } from '../../codecs/smpp/command-status.ts'
import type { OutcomeClass } from '../../core/outcome-class.ts'
import { REASONS, type Reason } from '../../core/reason.ts'

/** The finer word where a reason has one of its own. */
const OWN: Readonly<Partial<Record<Reason, CommandStatusName>>> = {
  'api-not-enabled': 'ESME_RINVSERTYP',
  'account-disabled': 'ESME_RINVSERTYP',
  'sender-missing': 'ESME_RINVSRCADR',
  'sender-account-missing': 'ESME_RINVSRCADR',
  'fails-always': 'ESME_RSUBMITFAIL',
  'short-code-forbidden': 'ESME_RINVSRCADR',
  'toll-free-forbidden': 'ESME_RINVSRCADR',
  'country-forbidden': 'ESME_RINVDSTADR',
  'recipient-missing': 'ESME_RINVDSTADR',
  'recipients-too-many': 'ESME_RINVNUMDESTS',
  'recipient-incapable': 'ESME_RINVDSTADR',
  'message-id-missing': 'ESME_RINVMSGID',
  'message-unknown': 'ESME_RINVMSGID',
  'content-missing': 'ESME_RINVMSGLEN',
  // 3.4 has no word for an alphabet; its "submit failed" is what clients of that edition know.
  'text-undecodable': 'ESME_RSUBMITFAIL',
  'header-invalid': 'ESME_RINVESMCLASS',
  'header-length-invalid': 'ESME_RINVMSGLEN',
  'receipt-flag-invalid': 'ESME_RINVREGDLVFLG',
  'concatenation-conflict': 'ESME_RINVESMCLASS',
  'storage-full': 'ESME_RMSGQFUL',
  overloaded: 'ESME_RTHROTTLED',
  draining: 'ESME_RSYSERR',
  'window-full': 'ESME_RTHROTTLED',
  'session-gone': 'ESME_RINVBNDSTS',
}

/** What is said for everything else of a class. */
const BY_CLASS: Readonly<Record<OutcomeClass, CommandStatusName>> = {
  accepted: 'ESME_ROK',
  partial: 'ESME_ROK',
  submitted: 'ESME_ROK',
  deferred: 'ESME_ROK',
  delivered: 'ESME_ROK',
  read: 'ESME_ROK',
  complained: 'ESME_RSUBMITFAIL',
  malformed: 'ESME_RSUBMITFAIL',
  unsupported: 'ESME_RSUBMITFAIL',
  'missing-field': 'ESME_RSUBMITFAIL',
  'invalid-field': 'ESME_RSUBMITFAIL',
  'invalid-recipient': 'ESME_RINVDSTADR',
  'invalid-sender': 'ESME_RINVSRCADR',
  'too-many': 'ESME_RINVNUMDESTS',
  'too-large': 'ESME_RINVMSGLEN',
  'not-found': 'ESME_RSUBMITFAIL',
  'wrong-state': 'ESME_RSUBMITFAIL',
  duplicate: 'ESME_RSUBMITFAIL',
  'media-type-refused': 'ESME_RSUBMITFAIL',
  'media-broken': 'ESME_RSUBMITFAIL',
  'media-unavailable': 'ESME_RSUBMITFAIL',
  'policy-blocked': 'ESME_RSUBMITFAIL',
  unauthenticated: 'ESME_RBINDFAIL',
  forbidden: 'ESME_RSUBMITFAIL',
  'not-provisioned': 'ESME_RINVSERTYP',
  'account-suspended': 'ESME_RINVSERTYP',
  'no-funds': 'ESME_RSUBMITFAIL',
  'rate-limited': 'ESME_RTHROTTLED',
  'quota-exhausted': 'ESME_RTHROTTLED',
  busy: 'ESME_RTHROTTLED',
  'unknown-recipient': 'ESME_RINVDSTADR',
  'opted-out': 'ESME_RSUBMITFAIL',
  unreachable: 'ESME_RSUBMITFAIL',
  incapable: 'ESME_RSUBMITFAIL',
  'recipient-full': 'ESME_RSUBMITFAIL',
  'no-conversation': 'ESME_RSUBMITFAIL',
  'no-route': 'ESME_RSUBMITFAIL',
  'link-down': 'ESME_RSYSERR',
  timeout: 'ESME_RSYSERR',
  refused: 'ESME_RSUBMITFAIL',
  'downstream-error': 'ESME_RSYSERR',
  'internal-error': 'ESME_RSYSERR',
  expired: 'ESME_RINVEXPIRY',
  cancelled: 'ESME_RSUBMITFAIL',
  'report-missing': 'ESME_RSUBMITFAIL',
  unknown: 'ESME_RUNKNOWNERR',
}

/** The status that stands for a reason. */
export function statusOf(reason: Reason): number {
  return COMMAND_STATUS[OWN[reason] ?? BY_CLASS[REASONS[reason].class]]
}
