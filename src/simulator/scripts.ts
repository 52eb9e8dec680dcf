/**
 * What the simulated carriers do for each sandbox number: +999, a dialect digit, a code padded to
 * seven digits. Only the simulated world reads these numbers; the gateway treats them like any
 * other.
 */
import type { CarrierBehaviour } from '../connectors/mm4/behaviour.ts'
import { ORDINARY_RELAY, type RelayBehaviour } from '../connectors/mm7/behaviour.ts'
import type { BandwidthCode } from '../dialects/bandwidth/codes.ts'
import { bandwidth } from '../dialects/bandwidth/dialect.ts'
import { type SkycoreStatus, skycoreStatuses } from '../dialects/skycore/codes.ts'
import { skycore } from '../dialects/skycore/dialect.ts'

/** A handset that takes everything: response at once, retrieved a moment later. */
export const ORDINARY: CarrierBehaviour = {
  response: 'Ok',
  responseAfterMs: 20,
  reports: [{ status: 'Retrieved', afterMs: 300 }],
}

/** The handset that writes back with a picture. */
export const ANSWERING: CarrierBehaviour = { ...ORDINARY, replyAfterMs: 600 }

const refusing = (
  response: CarrierBehaviour['response'],
  more: Partial<CarrierBehaviour> = {},
): CarrierBehaviour => ({ response, responseAfterMs: 20, reports: [], ...more })

const reporting = (...reports: CarrierBehaviour['reports']): CarrierBehaviour => ({
  response: 'Ok',
  responseAfterMs: 20,
  reports,
})

/** Carrier outcomes of the MM7 dialects, by code. */
const MM7_OUTCOMES: Readonly<Record<string, CarrierBehaviour>> = {
  '2004': refusing('Error-content-not-accepted'),
  '3002': refusing('Error-content-not-accepted', { responseText: 'Spam' }),
  // With its code for a message to an application; for any other a handset that is at a loss.
  '3004': { ...reporting({ status: 'Unrecognised', afterMs: 0 }), reportFirst: true },
  // The bytes are taken and then there is silence: no answer to the dot, ever.
  '3500': refusing('none', { line: { at: 'dot', silence: true } }),
  '4000': refusing('Error-unspecified'),
  '4002': refusing('Error-unsupported-message', { responseVersion: '9.0.0' }),
  '4003': refusing('Error-unsupported-message'),
  '4006': refusing('none', { line: { at: 'rcpt', code: 452, text: '4.3.1 Queue full' } }),
  '4007': refusing('Error-service-denied'),
}

const line = (
  at: 'rcpt' | 'dot',
  code: number,
  text: string,
  more: Partial<CarrierBehaviour> = {},
): CarrierBehaviour => ({ ...ORDINARY, line: { at, code, text }, ...more })

/** The first try of each message goes wrong, and the second well. */
const FIRST_TRY = { lineTries: 1, lineAgain: true } as const

/** Outcomes at carriers of the dialect with codes for them, by those codes. */
const MM4_OUTCOMES: Readonly<Partial<Record<BandwidthCode, CarrierBehaviour>>> = {
  '113': line('rcpt', 421, '4.3.2 Closing', FIRST_TRY),
  // One connection, and whoever has it is slow to let it go.
  '114': { ...ORDINARY, line: { at: 'dot', lateMs: 400 } },
  '115': line('rcpt', 451, '4.3.0 Local error', FIRST_TRY),
  '116': { ...ORDINARY, line: { at: 'dot', silence: true }, ...FIRST_TRY },
  '350': refusing('Error-message-format-corrupt'),
  '352': line('dot', 552, '5.3.4 Message too large'),
  '500': refusing('Error-unspecified'),
  '600': line('rcpt', 452, '4.3.1 Queue full'),
  '620': refusing('Error-network-problem'),
  '650': reporting({ status: 'Expired', afterMs: 200 }),
  '700': refusing('Error-unsupported-message'),
  '712': refusing('Error-content-not-accepted'),
  '720': line('rcpt', 550, '5.1.1 No such subscriber'),
  '740': line('rcpt', 550, '5.1.8 Sender not known here'),
  '750': reporting({ status: 'Rejected', afterMs: 200 }),
  '770': line('dot', 554, '5.7.1 Looks like spam'),
  '775': line('rcpt', 550, '5.7.1 The user opted out'),
  '902': refusing('Ok'),
  '999': line('dot', 599, 'No table holds this'),
}

/** The digit of the dialect whose codes these are. */
const MM4_DIGIT = bandwidth.sandboxDigit

/** Carriers in a condition of their own, by the code that comes of it. */
export const CONDITIONS = {
  '2': 'sandbox-paused',
  '112': 'sandbox-closed',
  '114': 'sandbox-narrow',
  '140': 'sandbox-off',
  '201': 'sandbox-closed',
  '421': 'sandbox-nowhere',
  '902': 'sandbox-impatient',
} as const satisfies Partial<Record<BandwidthCode, string>>

/** The sandbox number of a code of that dialect. */
export function mm4Number(code: string): string {
  return `999${MM4_DIGIT}${code.padStart(7, '0')}`
}

/** What the look-up service says of one of its numbers: a carrier, nobody's, or nothing at all. */
export const LOOKED_UP: Readonly<Record<string, string | null | undefined>> = {
  [mm4Number('130')]: undefined,
  [mm4Number('406')]: null,
  [mm4Number('420')]: '99999',
  ...Object.fromEntries(Object.entries(CONDITIONS).map(([code, name]) => [mm4Number(code), name])),
}

/** Words of the dialect that has a table of them; their numbers count from 1 in that table. */
const REPORT_STATUSES: Readonly<Record<SkycoreStatus, CarrierBehaviour>> = {
  Deferred: reporting({ status: 'Deferred', afterMs: 200 }, { status: 'Retrieved', afterMs: 2000 }),
  Expired: reporting({ status: 'Expired', afterMs: 200 }),
  Forwarded: refusing('Ok'),
  Indeterminate: reporting({ status: 'Indeterminate', afterMs: 200 }),
  NotSupported: refusing('Error-unsupported-message'),
  Rejected: reporting({ status: 'Rejected', afterMs: 200 }),
  Retrieved: reporting({ status: 'Retrieved', afterMs: 200 }),
  Unreachable: reporting({ status: 'Unreachable', afterMs: 200 }),
  Unrecognized: reporting({ status: 'Unrecognised', afterMs: 200 }),
}

/** The digit of the dialect whose words these are. */
const REPORTING_DIGIT = skycore.sandboxDigit

/** +999, dialect digit, code. */
const SANDBOX_NUMBER = /^999([0-9])([0-9]{7})$/

/** Numbers that begin so are served by the upstream that speaks MM7. */
export const UPSTREAM_PREFIX = '9998'

/** Numbers that begin so are served by a carrier that takes no large messages. */
export const SMALL_PREFIX = '9997'

/** The number whose owner likes to answer; the first thing a newcomer writes to. */
export const ANSWERING_NUMBER = '15550100123'

/** What the simulated world does with a message to this number (digits, no plus). */
export function behaviourOf(number: string): CarrierBehaviour {
  if (number === ANSWERING_NUMBER) return ANSWERING
  const [, digit, padded = ''] = SANDBOX_NUMBER.exec(number) ?? []
  if (digit === undefined) return ORDINARY
  const code = padded.replace(/^0+/, '')
  if (digit === MM4_DIGIT) return MM4_OUTCOMES[code as BandwidthCode] ?? ORDINARY
  const word = digit === REPORTING_DIGIT ? skycoreStatuses[Number(code) - 1]?.code : undefined
  return word === undefined ? (MM7_OUTCOMES[code] ?? ORDINARY) : REPORT_STATUSES[word]
}

const answering = (code: number, text: string): RelayBehaviour => ({
  answer: { kind: 'code', code, text },
  reports: [],
})

/** The same outcomes, by code, as an upstream that speaks MM7 brings them about. */
const RELAY_OUTCOMES: Readonly<Record<string, RelayBehaviour>> = {
  '2004': answering(2004, 'Multimedia content refused'),
  '3500': { answer: { kind: 'silence' }, reports: [] },
  // 4000 itself is tried again, as 3GPP says; this is the refusal that gives no reason.
  '4000': answering(4005, 'Service error'),
  '4002': answering(4002, 'Unsupported version'),
  '4003': answering(4003, 'Unsupported operation'),
  '4006': answering(4006, 'Service unavailable'),
  '4007': answering(4007, 'Service denied'),
}

/** Numbers of the upstream: +9998 in place of +999. */
const UPSTREAM_NUMBER = new RegExp(`^${UPSTREAM_PREFIX}([0-9])([0-9]{7})$`)

/** What the simulated upstream does with a message to this number (digits, no plus). */
export function relayBehaviourOf(number: string): RelayBehaviour {
  if (number === ANSWERING_NUMBER) return { ...ORDINARY_RELAY, replyAfterMs: 600 }
  const [, , padded = ''] = UPSTREAM_NUMBER.exec(number) ?? SANDBOX_NUMBER.exec(number) ?? []
  return RELAY_OUTCOMES[padded.replace(/^0+/, '')] ?? ORDINARY_RELAY
}

/** Every scripted number's code, for tests and the catalogue of the sandbox. */
export const SCRIPTED_CODES: readonly string[] = Object.keys(MM7_OUTCOMES)
