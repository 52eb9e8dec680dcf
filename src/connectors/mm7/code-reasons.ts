/**
 * What an upstream's status code means for the delivery. First the numbers on which all known
 * providers agree, then the rows of the upstream's own dialect, then the number's class, which is
 * how 3GPP wants an unknown code read.
 */
import type { CodeRow } from '../../core/code-row.ts'
import { OUTCOME_CLASSES, type OutcomeClass } from '../../core/outcome-class.ts'
import { REASONS, type Reason } from '../../core/reason.ts'

/** Looks a code up in the upstream's dialect; `undefined` where it has none or names none. */
export type FindRow = (code: string) => CodeRow | undefined

/** What a code asks for. */
export type CodeMeaning =
  | { readonly kind: 'success' }
  /** Some of it was done; the details name what was not. */
  | { readonly kind: 'partial' }
  /** It does not speak our protocol version. */
  | { readonly kind: 'version' }
  | {
      readonly kind: 'refusal'
      readonly reason: Reason
      /** Our standing with it is in question, not this message: nothing will pass until mended. */
      readonly wholeLink: boolean
    }

// biome-ignore format: a table
const AGREED: Readonly<Record<number, Reason>> = {
  2001: 'carrier-operation-unsupported',
  2002: 'recipient-unknown',
  2003: 'recipient-unknown',
  2004: 'content-refused',
  2008: 'link-refused',
  2561: 'link-refused',
  2562: 'link-refused',
  2563: 'link-refused',
  2564: 'link-refused',
  2565: 'link-refused',
  2566: 'link-refused',
  2567: 'link-refused',
  2568: 'link-refused',
  3000: 'carrier-error',
  3001: 'carrier-operation-unsupported',
  3003: 'carrier-operation-unsupported',
  3004: 'carrier-operation-unsupported',
  3500: 'carrier-error',
  3510: 'carrier-busy',
  4000: 'carrier-error',
  4001: 'link-refused',
  4003: 'carrier-operation-unsupported',
  // "Do not resend": the request broke something.
  4005: 'carrier-refused',
  4006: 'carrier-busy',
  4007: 'carrier-denied',
}

/** Same number, another sense at another provider: the dialect's row goes before the table. */
const DIFFERING: ReadonlySet<number> = new Set([3001, 3002, 3003])

/** About one sender or one element and not about who we are: other messages still pass. */
const ONE_MESSAGE: ReadonlySet<number> = new Set([2563, 2565, 2566, 2567])

const SUCCESS = 1000
const PARTIAL = 1100
const VERSION = 4002

/** Reads a code. */
export function meaningOf(code: number, findRow: FindRow): CodeMeaning {
  if (code === PARTIAL) return { kind: 'partial' }
  if (code === VERSION) return { kind: 'version' }
  const agreed = AGREED[code]
  if (agreed !== undefined && !DIFFERING.has(code)) return refusal(agreed, code)
  const row = code === SUCCESS ? undefined : findRow(String(code))
  if (row !== undefined) return meaningOfRow(row)
  if (agreed !== undefined) return refusal(agreed, code)
  // An unknown code is read as x000 of its class, one outside the classes as 3000.
  if (code >= 1000 && code < 2000) return { kind: 'success' }
  const client = code >= 2000 && code < 3000
  return refusal(client ? 'malformed-for-carrier' : 'carrier-error', code)
}

function refusal(reason: Reason, code: number): CodeMeaning {
  const wholeLink = reason === 'link-refused' && !ONE_MESSAGE.has(code)
  return { kind: 'refusal', reason, wholeLink }
}

function meaningOfRow(row: CodeRow): CodeMeaning {
  if (OUTCOME_CLASSES[row.class].family === 'progress') return { kind: 'success' }
  const reason = heeding(row, BY_CLASS[row.class])
  return { kind: 'refusal', reason, wholeLink: WHOLE_LINK.has(row.class) }
}

/** A row may say outright that its condition passes or stays, whatever its class does. */
function heeding({ override }: CodeRow, reason: Reason): Reason {
  const lasts = REASONS[reason].handling === 'final'
  if (override?.permanence === 'permanent' && !lasts) return 'carrier-refused'
  return override?.permanence === 'transient' && lasts ? 'carrier-error' : reason
}

const WHOLE_LINK: ReadonlySet<OutcomeClass> = new Set([
  'unauthenticated',
  'account-suspended',
  'no-funds',
])

// biome-ignore format: a table
const BY_CLASS: Readonly<Record<OutcomeClass, Reason>> = {
  accepted:             'carrier-error',
  partial:              'carrier-error',
  submitted:            'carrier-error',
  deferred:             'carrier-error',
  delivered:            'carrier-error',
  read:                 'carrier-error',
  complained:           'recipient-opted-out',
  malformed:            'malformed-for-carrier',
  unsupported:          'carrier-operation-unsupported',
  'missing-field':      'malformed-for-carrier',
  'invalid-field':      'malformed-for-carrier',
  'invalid-recipient':  'recipient-unknown',
  'invalid-sender':     'sender-refused',
  'too-many':           'carrier-operation-unsupported',
  'too-large':          'too-large-for-carrier',
  'not-found':          'malformed-for-carrier',
  'wrong-state':        'carrier-operation-unsupported',
  duplicate:            'carrier-refused',
  'media-type-refused': 'content-refused',
  'media-broken':       'content-refused',
  'media-unavailable':  'carrier-error',
  'policy-blocked':     'content-refused',
  // Who we are, whether we have paid, what was set up for us: messages wait until it is mended.
  unauthenticated:      'link-refused',
  'not-provisioned':    'link-refused',
  'account-suspended':  'link-refused',
  'no-funds':           'link-refused',
  forbidden:            'carrier-denied',
  'rate-limited':       'carrier-busy',
  'quota-exhausted':    'carrier-busy',
  busy:                 'carrier-busy',
  'unknown-recipient':  'recipient-unknown',
  'opted-out':          'recipient-opted-out',
  unreachable:          'carrier-error',
  incapable:            'carrier-operation-unsupported',
  'recipient-full':     'carrier-busy',
  'no-conversation':    'carrier-denied',
  'no-route':           'carrier-denied',
  'link-down':          'carrier-error',
  timeout:              'carrier-error',
  refused:              'carrier-refused',
  'downstream-error':   'carrier-error',
  'internal-error':     'carrier-error',
  expired:              'carrier-refused',
  cancelled:            'carrier-refused',
  'report-missing':     'carrier-error',
  unknown:              'carrier-error',
}
