/**
 * What a message centre's answer to one submit_sm means. Numbers of vendors say different things at
 * different centres: a carrier's own words go before the table, and what is in neither is told as not
 * recognised, with its number kept.
 */
import { COMMAND_STATUS, parseStatus, printStatus } from '../../codecs/smpp/command-status.ts'
import type { SubmitSm } from '../../codecs/smpp/pdu.ts'
import type { Outcome } from '../../core/outcome.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import type { SmppOverride } from '../../core/smpp-peer.ts'
import type { SmppReply } from '../../transports/smpp/handler.ts'

/** How one request ended. */
export type Judged =
  | { readonly kind: 'taken'; readonly id: string }
  | {
      readonly kind: 'ended'
      readonly outcome: Exclude<Outcome, { kind: 'submitted' | 'delivered' }>
      /** What it says of more than this message: our pace, or the session it came by. */
      readonly about?: 'pace' | 'session'
    }

/** Judges the answer to one request. */
export function classifySubmit(
  reply: SmppReply<SubmitSm>,
  overrides: readonly SmppOverride[] = [],
): Judged {
  switch (reply.kind) {
    case 'answered': {
      const { commandStatus, response } = reply
      if (commandStatus !== COMMAND_STATUS.ESME_ROK) return classifyStatus(commandStatus, overrides)
      // A yes in no words: whether it has the message, nobody can tell.
      return response.command === 'generic_nack'
        ? ended('response-missing', 'generic_nack ESME_ROK')
        : { kind: 'taken', id: response.messageId.trim() }
    }
    case 'unanswered':
      return ended('carrier-timeout', reply.detail)
    case 'not-sent': {
      const judged = ended(NOT_SENT[reply.because], `not sent: ${reply.detail}`)
      const { outcome } = judged
      if (reply.because !== 'window-full' || outcome.kind !== 'deferred') return judged
      return { ...judged, outcome: { ...outcome, uncounted: true, retryAfterMs: WINDOW_REST_MS } }
    }
  }
}

/** Answers come fast or not at all. */
const WINDOW_REST_MS = 1000

const NOT_SENT = {
  'window-full': 'window-full',
  'not-bound': 'link-closed',
  'wrong-direction': 'link-down',
  unwritable: 'malformed-for-carrier',
} as const satisfies Record<string, Reason>

/** A refusal by its number. */
export function classifyStatus(
  commandStatus: number,
  overrides: readonly SmppOverride[] = [],
): Judged {
  const own = overrides.find(
    ({ on, value }) => on === 'status' && parseStatus(value) === commandStatus,
  )
  const reason = own?.reason ?? REASON_BY_STATUS[commandStatus] ?? 'unrecognised-response'
  const judged = ended(reason, `command_status ${printed(commandStatus)}`)
  if (PACE.has(commandStatus)) return { ...judged, about: 'pace' }
  return SESSION.has(reason) ? { ...judged, about: 'session' } : judged
}

/** The name with its number: vendors' own ones have nothing else. */
function printed(commandStatus: number): string {
  const hex = `0x${commandStatus.toString(16).toUpperCase().padStart(HEX_DIGITS, '0')}`
  const name = printStatus(commandStatus)
  return name === hex ? hex : `${name} (${hex})`
}

const HEX_DIGITS = 8

function ended(reason: Reason, raw: string): Extract<Judged, { kind: 'ended' }> {
  const { handling } = REASONS[reason]
  const kind = KIND_BY_HANDLING[handling]
  return { kind: 'ended', outcome: { kind, reason, raw } }
}

const KIND_BY_HANDLING = { final: 'rejected', retry: 'deferred', ambiguous: 'unknown' } as const

const S = COMMAND_STATUS
/** Too fast, or too full: this says nothing of the message. */
const PACE: ReadonlySet<number> = new Set([S.ESME_RTHROTTLED, S.ESME_RMSGQFUL])
/** Another bind may do what this one cannot. */
const SESSION: ReadonlySet<Reason> = new Set(['session-gone', 'link-refused'])

/** SMPP 3.4 §5.1.3 and 5.0 §4.7.6. Some centres print the destination's TON and NPI as 4A and 4B. */
// biome-ignore format: a table
const REASON_BY_STATUS: Readonly<Record<number, Reason>> = {
  [S.ESME_RINVMSGLEN]:          'too-large-for-carrier',
  [S.ESME_RINVCMDLEN]:          'malformed-for-carrier',
  [S.ESME_RINVCMDID]:           'malformed-for-carrier',
  [S.ESME_RINVBNDSTS]:          'session-gone',
  [S.ESME_RALYBND]:             'session-gone',
  [S.ESME_RINVPRTFLG]:          'malformed-for-carrier',
  [S.ESME_RINVREGDLVFLG]:       'receipt-flag-invalid',
  [S.ESME_RSYSERR]:             'carrier-error',
  [S.ESME_RINVSRCADR]:          'sender-refused',
  [S.ESME_RINVDSTADR]:          'recipient-unknown',
  [S.ESME_RBINDFAIL]:           'link-refused',
  [S.ESME_RINVPASWD]:           'link-refused',
  [S.ESME_RINVSYSID]:           'link-refused',
  [S.ESME_RMSGQFUL]:            'carrier-busy',
  [S.ESME_RINVSERTYP]:          'carrier-operation-unsupported',
  [S.ESME_RINVNUMDESTS]:        'recipients-too-many',
  [S.ESME_RINVESMCLASS]:        'header-invalid',
  [S.ESME_RSUBMITFAIL]:         'carrier-failed',
  [S.ESME_RINVSRCTON]:          'sender-refused',
  [S.ESME_RINVSRCNPI]:          'sender-refused',
  74:                         'recipient-unknown',
  75:                         'recipient-unknown',
  [S.ESME_RINVDSTTON]:          'recipient-unknown',
  [S.ESME_RINVDSTNPI]:          'recipient-unknown',
  [S.ESME_RINVSYSTYP]:          'link-refused',
  [S.ESME_RINVREPFLAG]:         'malformed-for-carrier',
  [S.ESME_RINVNUMMSGS]:         'malformed-for-carrier',
  [S.ESME_RTHROTTLED]:          'carrier-busy',
  [S.ESME_RINVSCHED]:           'malformed-for-carrier',
  [S.ESME_RINVEXPIRY]:          'malformed-for-carrier',
  [S.ESME_RINVDFTMSGID]:        'malformed-for-carrier',
  [S.ESME_RX_T_APPN]:           'carrier-error',
  [S.ESME_RX_P_APPN]:           'recipient-unreachable',
  [S.ESME_RX_R_APPN]:           'carrier-refused',
  [S.ESME_RINVOPTPARSTREAM]:    'malformed-for-carrier',
  [S.ESME_ROPTPARNOTALLWD]:     'malformed-for-carrier',
  [S.ESME_RINVPARLEN]:          'malformed-for-carrier',
  [S.ESME_RMISSINGOPTPARAM]:    'malformed-for-carrier',
  [S.ESME_RINVOPTPARAMVAL]:     'malformed-for-carrier',
  [S.ESME_RDELIVERYFAILURE]:    'recipient-unreachable',
  [S.ESME_RSERTYPUNAUTH]:       'carrier-denied',
  [S.ESME_RPROHIBITED]:         'carrier-denied',
  [S.ESME_RSERTYPUNAVAIL]:      'carrier-error',
  [S.ESME_RSERTYPDENIED]:       'carrier-denied',
  [S.ESME_RINVDCS]:             'coding-refused',
  [S.ESME_RINVSRCADDRSUBUNIT]:  'sender-refused',
  [S.ESME_RINVDSTADDRSUBUNIT]:  'recipient-unknown',
}
