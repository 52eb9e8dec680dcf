/**
 * The closed vocabulary of what can happen to a message: 46 classes in 10 families, each with its
 * default attributes. A dialect's code row names a class and may override attributes; nothing else
 * in the house decides whether an outcome is worth a retry.
 */

export type Family =
  | 'progress'
  | 'request'
  | 'content'
  | 'access'
  | 'limit'
  | 'recipient'
  | 'route'
  | 'fault'
  | 'time'
  | 'unknown'

/** Where on its way the message was. */
export type Stage =
  | 'ingress'
  | 'admission'
  | 'media'
  | 'routing'
  | 'handoff'
  | 'network'
  | 'device'
  | 'feedback'

/** Who must act, which is not always who caused it. */
export type Party =
  | 'nobody'
  | 'sender'
  | 'account'
  | 'provider'
  | 'carrier'
  | 'recipient'
  | 'third-party'
  | 'unknown'

export type Finality = 'interim' | 'final' | 'after-final'

/** Permanent: the same message, unchanged, fails the same way. */
export type Permanence = 'ok' | 'transient' | 'permanent' | 'unknown'

export type Retry =
  | 'none'
  | 'auto'
  | 'later'
  | 'window'
  | 'fix'
  | 'provision'
  | 'switch'
  | 'check'
  | 'never'

export type Billing = 'no' | 'maybe' | 'yes'

/** The attributes every outcome carries. */
export interface Attributes {
  readonly stage: Stage
  readonly party: Party
  readonly finality: Finality
  readonly permanence: Permanence
  readonly retry: Retry
  readonly billing: Billing
}

/** One class: its family, its meaning in a few words, its default attributes. */
export interface OutcomeClassRow extends Attributes {
  readonly family: Family
  readonly means: string
}

type Row = readonly [Family, string, Stage, Party, Finality, Permanence, Retry, Billing]

function row([family, means, stage, party, finality, permanence, retry, billing]: Row) {
  return { family, means, stage, party, finality, permanence, retry, billing }
}

// biome-ignore format: a table
const ROWS = {
  accepted:            ['progress', 'taken and stored', 'ingress', 'nobody', 'interim', 'ok', 'none', 'no'],
  partial:             ['progress', 'some recipients or parts only', 'ingress', 'sender', 'interim', 'unknown', 'fix', 'maybe'],
  submitted:           ['progress', 'the next hop took it', 'handoff', 'nobody', 'interim', 'ok', 'none', 'maybe'],
  deferred:            ['progress', 'waiting, still trying', 'network', 'nobody', 'interim', 'transient', 'auto', 'maybe'],
  delivered:           ['progress', 'the handset, mailbox or call got it', 'device', 'nobody', 'final', 'ok', 'none', 'yes'],
  read:                ['progress', 'opened by the recipient', 'feedback', 'nobody', 'after-final', 'ok', 'none', 'yes'],
  complained:          ['progress', 'the recipient complained', 'feedback', 'recipient', 'after-final', 'permanent', 'never', 'yes'],
  malformed:           ['request', 'cannot be parsed', 'ingress', 'sender', 'final', 'permanent', 'fix', 'no'],
  unsupported:         ['request', 'understood, but not offered here', 'ingress', 'sender', 'final', 'permanent', 'fix', 'no'],
  'missing-field':     ['request', 'something required is absent', 'ingress', 'sender', 'final', 'permanent', 'fix', 'no'],
  'invalid-field':     ['request', 'a value is not allowed', 'ingress', 'sender', 'final', 'permanent', 'fix', 'no'],
  'invalid-recipient': ['request', 'the address is not an address', 'admission', 'sender', 'final', 'permanent', 'fix', 'no'],
  'invalid-sender':    ['request', 'the source address is wrong', 'admission', 'sender', 'final', 'permanent', 'fix', 'no'],
  'too-many':          ['request', 'a count is over its limit', 'admission', 'sender', 'final', 'permanent', 'fix', 'no'],
  'too-large':         ['request', 'a size, length or duration is over its limit', 'admission', 'sender', 'final', 'permanent', 'fix', 'no'],
  'not-found':         ['request', 'refers to something unknown', 'admission', 'sender', 'final', 'permanent', 'fix', 'no'],
  'wrong-state':       ['request', 'not possible now', 'admission', 'sender', 'final', 'permanent', 'check', 'no'],
  duplicate:           ['request', 'already have it', 'admission', 'sender', 'final', 'permanent', 'check', 'no'],
  'media-type-refused':['content', 'a media type is not accepted', 'media', 'sender', 'final', 'permanent', 'fix', 'no'],
  'media-broken':      ['content', 'media cannot be decoded', 'media', 'sender', 'final', 'permanent', 'fix', 'no'],
  'media-unavailable': ['content', 'media cannot be fetched or stored', 'media', 'third-party', 'final', 'transient', 'later', 'no'],
  'policy-blocked':    ['content', 'a rule forbids it', 'admission', 'sender', 'final', 'permanent', 'fix', 'maybe'],
  unauthenticated:     ['access', 'who are you', 'ingress', 'sender', 'final', 'permanent', 'fix', 'no'],
  forbidden:           ['access', 'you may not', 'admission', 'account', 'final', 'permanent', 'provision', 'no'],
  'not-provisioned':   ['access', 'not set up', 'admission', 'account', 'final', 'permanent', 'provision', 'no'],
  'account-suspended': ['access', 'the account is switched off', 'admission', 'account', 'final', 'permanent', 'provision', 'no'],
  'no-funds':          ['access', 'the sender has no credit', 'admission', 'account', 'final', 'permanent', 'provision', 'no'],
  'rate-limited':      ['limit', 'too fast', 'admission', 'sender', 'final', 'transient', 'later', 'no'],
  'quota-exhausted':   ['limit', 'the allowance is used up', 'admission', 'account', 'final', 'transient', 'window', 'no'],
  busy:                ['limit', 'full, draining or down', 'handoff', 'carrier', 'final', 'transient', 'later', 'no'],
  'unknown-recipient': ['recipient', 'nobody there', 'network', 'recipient', 'final', 'permanent', 'never', 'maybe'],
  'opted-out':         ['recipient', 'does not want it', 'admission', 'recipient', 'final', 'permanent', 'never', 'no'],
  unreachable:         ['recipient', 'switched off or out of coverage', 'device', 'recipient', 'final', 'transient', 'later', 'maybe'],
  incapable:           ['recipient', 'the device or line cannot take it', 'device', 'recipient', 'final', 'permanent', 'switch', 'maybe'],
  'recipient-full':    ['recipient', 'no room or no credit at the recipient', 'device', 'recipient', 'final', 'transient', 'later', 'maybe'],
  'no-conversation':   ['recipient', 'no session, consent or follow', 'admission', 'recipient', 'final', 'permanent', 'switch', 'no'],
  'no-route':          ['route', 'no way there', 'routing', 'provider', 'final', 'permanent', 'switch', 'no'],
  'link-down':         ['route', 'the connection failed', 'handoff', 'carrier', 'final', 'transient', 'later', 'no'],
  timeout:             ['route', 'no answer came', 'handoff', 'carrier', 'final', 'transient', 'check', 'maybe'],
  refused:             ['fault', 'rejected without a reason', 'network', 'carrier', 'final', 'unknown', 'switch', 'maybe'],
  'downstream-error':  ['fault', 'an error inside the next party', 'network', 'carrier', 'final', 'transient', 'later', 'maybe'],
  'internal-error':    ['fault', 'an error inside the gateway', 'admission', 'provider', 'final', 'transient', 'later', 'no'],
  expired:             ['time', 'time ran out', 'network', 'recipient', 'final', 'transient', 'later', 'maybe'],
  cancelled:           ['time', 'withdrawn or deleted', 'network', 'sender', 'final', 'permanent', 'none', 'maybe'],
  'report-missing':    ['unknown', 'nobody told the gateway what happened', 'feedback', 'carrier', 'final', 'unknown', 'check', 'maybe'],
  unknown:             ['unknown', 'not mapped, or cannot be known', 'network', 'unknown', 'final', 'unknown', 'check', 'maybe'],
} as const satisfies Record<string, Row>

/** Name of one of the 46 outcome classes. */
export type OutcomeClass = keyof typeof ROWS

/** Every class with its family, meaning and default attributes. */
export const OUTCOME_CLASSES: Readonly<Record<OutcomeClass, OutcomeClassRow>> = Object.fromEntries(
  Object.entries(ROWS).map(([name, values]) => [name, row(values)]),
) as Record<OutcomeClass, OutcomeClassRow>
