import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENVELOPE, HOUR_MS, MINUTE_MS, PLAIN_LANE } from '../../test/support/engine-world.ts'
import { DELIVERY_STATES, type DeliveryState, isFinal } from '../core/delivery-state.ts'
import type { Message } from '../core/message.ts'
import type { Outcome, Report, ReportedStatus } from '../core/outcome.ts'
import { REASONS, type Reason } from '../core/reason.ts'
import type { Lane } from './ports/connector.ts'
import type { ReportSender } from './ports/report-sender.ts'
import type { Delivery } from './ports/store.ts'
import {
  type Circumstances,
  type Settlement,
  settleAttempt,
  settleLostAttempt,
  settleReport,
  settleTimeout,
} from './settle.ts'

const NOW = Date.UTC(2026, 0, 1)
const LEASE_END = NOW + 50_000

const MESSAGE: Message = {
  id: '176722560000000001',
  accountId: 'acme',
  direction: 'mt',
  channel: 'mms',
  dialect: 'plain',
  acceptedAt: NOW - MINUTE_MS,
  expiresAt: NOW + HOUR_MS,
  envelope: ENVELOPE,
  content: { parts: [], length: 0, extents: [] },
}

const ATTEMPTING: Delivery = {
  id: 1,
  messageId: MESSAGE.id,
  index: 0,
  recipient: { kind: 'number', text: '15550000001' },
  lane: 'harbour',
  state: 'attempting',
  nextAt: LEASE_END,
  expiresAt: MESSAGE.expiresAt,
  attempts: 0,
  token: 1,
  version: 1,
}

const EVERYBODY: ReportSender = {
  laneFor: () => ({
    name: 'report:acme',
    concurrency: 1,
    retry: PLAIN_LANE.retry,
    attemptTimeoutMs: 1000,
  }),
  send: async () => ({ kind: 'delivered' }),
}

function circumstances(given: {
  readonly delivery?: Partial<Delivery>
  readonly lane?: Partial<Lane>
  readonly message?: Partial<Message>
  readonly reports?: ReportSender
}): Circumstances {
  return {
    message: { ...MESSAGE, ...given.message },
    delivery: { ...ATTEMPTING, ...given.delivery },
    lane: { ...PLAIN_LANE, ...given.lane },
    now: NOW,
    random: () => 0.5,
    reports: given.reports ?? EVERYBODY,
  }
}

/** A settlement in one line: state, reason, wait in seconds, what the client is told. */
function summary({ change, notices }: Settlement): string {
  const wait = change.nextAt === undefined ? 'end' : `${(change.nextAt - NOW) / 1000} s`
  const told = notices.map(({ notice }) => notice.result).join(' then ')
  return [change.state, change.reason ?? '-', wait, told || 'nothing'].join(' | ')
}

const FIRST = {}
const LAST = { attempts: 2 }
const HOLD: Partial<Lane> = { whenAmbiguous: 'hold' }
const SUBMITTED = { kind: 'submitted', remoteId: 'r1' } as const

// biome-ignore format: a table
const OUTCOMES: readonly (readonly [string, Outcome, Partial<Delivery>, Partial<Lane>, string])[] = [
  ['taken, a report is to come', { ...SUBMITTED, expects: 'report' }, FIRST, {},
    'submitted | - | 7200 s | handed-to-network'],
  ['bytes taken, the answer is to come', { ...SUBMITTED, expects: 'response' }, FIRST, {},
    'submitted | - | 300 s | nothing'],
  ['taken, nothing more will come', { ...SUBMITTED, expects: 'nothing' }, FIRST, {},
    'forwarded | - | end | handed-to-network then forwarded'],
  ['delivered on the spot', { kind: 'delivered' }, FIRST, {},
    'delivered | - | end | delivered'],
  ['refused for good', { kind: 'rejected', reason: 'recipient-unknown' }, FIRST, {},
    'failed | recipient-unknown | end | rejected'],
  ['the handset is too old', { kind: 'rejected', reason: 'handset-incapable' }, FIRST, {},
    'failed | handset-incapable | end | incapable'],
  ['the format is not taken', { kind: 'rejected', reason: 'carrier-operation-unsupported' }, FIRST, {},
    'failed | carrier-operation-unsupported | end | unsupported'],
  ['busy, attempts are left', { kind: 'deferred', reason: 'carrier-busy' }, FIRST, {},
    'deferred | carrier-busy | 60 s | retrying'],
  ['busy, and says for how long', { kind: 'deferred', reason: 'carrier-busy', retryAfterMs: 90_000 }, FIRST, {},
    'deferred | carrier-busy | 90 s | retrying'],
  ['busy, the last attempt', { kind: 'deferred', reason: 'carrier-busy' }, LAST, {},
    'expired | retries-exhausted | end | expired'],
  ['busy beyond the validity', { kind: 'deferred', reason: 'carrier-busy', retryAfterMs: HOUR_MS }, FIRST, {},
    'expired | retries-exhausted | end | expired'],
  ['busy, and out of time by now', { kind: 'deferred', reason: 'carrier-busy' }, { expiresAt: NOW }, {},
    'expired | expired | end | expired'],
  ['no line, the last attempt', { kind: 'deferred', reason: 'link-down' }, LAST, {},
    'failed | link-down | end | unreachable'],
  ['no line, attempts are left', { kind: 'deferred', reason: 'link-down' }, FIRST, {},
    'deferred | link-down | 60 s | retrying'],
  ['deferred for a reason that will not mend', { kind: 'deferred', reason: 'spam-refused' }, FIRST, {},
    'failed | spam-refused | end | rejected'],
  ['silence, the peer drops doubles', { kind: 'unknown', reason: 'carrier-timeout' }, FIRST, {},
    'deferred | carrier-timeout | 60 s | retrying'],
  ['silence, the peer keeps doubles', { kind: 'unknown', reason: 'carrier-timeout' }, FIRST, HOLD,
    'unknown | carrier-timeout | end | unknown'],
  ['silence, the last attempt', { kind: 'unknown', reason: 'carrier-timeout' }, LAST, {},
    'unknown | carrier-timeout | end | unknown'],
  ['silence once, then busy to the end', { kind: 'deferred', reason: 'carrier-busy' },
    { ...LAST, reason: 'carrier-timeout' }, {}, 'unknown | carrier-timeout | end | unknown'],
  ['silence once, then no line to the end', { kind: 'deferred', reason: 'link-down' },
    { ...LAST, reason: 'response-missing' }, {}, 'unknown | response-missing | end | unknown'],
  ['silence once, then a clear refusal', { kind: 'rejected', reason: 'recipient-unknown' },
    { ...LAST, reason: 'carrier-timeout' }, {}, 'failed | recipient-unknown | end | rejected'],
  ['silence once, then taken', { ...SUBMITTED, expects: 'report' },
    { attempts: 1, reason: 'carrier-timeout' }, {}, 'submitted | - | 7200 s | handed-to-network'],
]

for (const [name, outcome, delivery, lane, expected] of OUTCOMES) {
  test(`an attempt ends: ${name}`, () => {
    const settled = settleAttempt(circumstances({ delivery, lane }), outcome, NOW - 1000)
    assert.equal(summary(settled), expected)
    assert.equal(settled.change.attempts, (delivery.attempts ?? 0) + 1)
    const [event, ...more] = settled.events
    assert.equal(more.length, 0)
    assert.equal(event?.type, 'attempted')
    assert.equal(event?.type === 'attempted' && event.state, settled.change.state)
  })
}

test('a silence between others is not forgotten while later attempts surely failed', () => {
  const delivery = { attempts: 1, reason: 'carrier-timeout' } as const
  const settled = settleAttempt(
    circumstances({ delivery }),
    { kind: 'deferred', reason: 'link-down' },
    NOW,
  )
  assert.equal(summary(settled), 'deferred | carrier-timeout | 60 s | nothing')
})

test('an attempt that says what the one before said is no news', () => {
  const again = { kind: 'deferred', reason: 'carrier-busy' } as const
  const told = (reason: Reason) =>
    settleAttempt(circumstances({ delivery: { attempts: 1, reason } }), again, NOW).notices.length
  assert.deepEqual([told('carrier-busy'), told('link-down')], [0, 1])
})

// biome-ignore format: a table
const LAST_WORDS = [
  ['the same twice',     'carrier-error', 'carrier-error', 'carrier-error', true],
  ['another at the end', 'link-down',     'carrier-error', 'carrier-error', undefined],
] as const

for (const [name, before, last, behind, steady] of LAST_WORDS) {
  test(`what stands behind used up attempts is told: ${name}`, () => {
    const delivery = { attempts: 2, reason: before }
    const outcome = { kind: 'deferred', reason: last } as const
    const { notices } = settleAttempt(circumstances({ delivery }), outcome, NOW)
    const [notice] = notices.map((one) => one.notice)
    assert.deepEqual(
      [notice?.reason, notice?.behind, notice?.steady],
      ['retries-exhausted', behind, steady],
    )
  })
}

test('a validity that ends tells what the message waited for', () => {
  const delivery = { state: 'queued', reason: 'route-unusable' } as const
  const { notices } = settleTimeout(circumstances({ delivery }))
  assert.deepEqual(
    notices.map(({ notice }) => [notice.reason, notice.behind]),
    [['expired', 'route-unusable']],
  )
})

test('every reason that can be retried is, and every other ends the delivery', () => {
  for (const reason of Object.keys(REASONS) as Reason[]) {
    const settled = settleAttempt(circumstances({}), { kind: 'deferred', reason }, NOW)
    const { state } = settled.change
    assert.equal(state, REASONS[reason].handling === 'final' ? 'failed' : 'deferred', reason)
  }
})

test('the far end’s id is learnt with the outcome that carries it, and only then', () => {
  const outcomes: readonly (readonly [Outcome, string | undefined])[] = [
    [{ ...SUBMITTED, expects: 'report' }, 'r1'],
    [{ kind: 'unknown', reason: 'carrier-timeout', remoteId: 'r2' }, 'r2'],
    [{ kind: 'unknown', reason: 'carrier-timeout' }, undefined],
    [{ kind: 'deferred', reason: 'carrier-busy' }, undefined],
  ]
  for (const [outcome, id] of outcomes) {
    const { link } = settleAttempt(circumstances({}), outcome, NOW)
    assert.deepEqual(link, id === undefined ? undefined : { route: 'harbour', remoteId: id })
  }
})

for (const state of DELIVERY_STATES.filter((each) => isFinal(each) || each === 'submitted')) {
  test(`an attempt that ends after a report said ${state} moves nothing`, () => {
    const nextAt = state === 'submitted' ? { nextAt: NOW + HOUR_MS } : {}
    const { nextAt: _lease, ...rest } = ATTEMPTING
    const at = { ...circumstances({}), delivery: { ...rest, ...nextAt, state } }
    for (const [, outcome] of OUTCOMES) {
      const settled = settleAttempt(at, outcome, NOW)
      assert.equal(settled.change.state, state)
      assert.equal(settled.change.nextAt, nextAt.nextAt)
      assert.equal(settled.change.attempts, 1)
      assert.ok(!Object.hasOwn(settled.change, 'reason'), 'the reason of the end is kept')
      assert.deepEqual(settled.notices, [])
      assert.equal(settled.events[0]?.type, 'attempted')
      const id = 'remoteId' in outcome ? outcome.remoteId : undefined
      assert.equal(settled.link?.remoteId, id, 'later reports still find the delivery')
    }
  })
}

// biome-ignore format: a table
const LOST: readonly (readonly [string, Partial<Delivery>, Partial<Lane>, boolean, string])[] = [
  ['the peer drops doubles',   FIRST, {},   false, 'deferred | attempt-lost | 0 s | retrying'],
  ['the peer keeps doubles',   FIRST, HOLD, false, 'unknown | attempt-lost | end | unknown'],
  ['no attempt is left',       LAST,  {},   false, 'unknown | attempt-lost | end | unknown'],
  ['it was lost again and again', FIRST, {}, true, 'failed | poison-message | end | rejected'],
]

for (const [name, delivery, lane, poisoned, expected] of LOST) {
  test(`an attempt is lost with its process: ${name}`, () => {
    const settled = settleLostAttempt(circumstances({ delivery, lane }), poisoned)
    assert.equal(summary(settled), expected)
    assert.equal(settled.events[0]?.type, 'attempt-lost')
  })
}

// biome-ignore format: a table
const TIMEOUTS: readonly (readonly [string, Partial<Delivery>, Partial<Lane>, string])[] = [
  ['validity, never attempted',      { state: 'attempting' }, {}, 'expired | expired | end | expired'],
  ['validity, the peer was busy',    { reason: 'carrier-busy' }, {}, 'expired | expired | end | expired'],
  ['validity, the peer was silent',  { reason: 'carrier-timeout' }, {}, 'unknown | carrier-timeout | end | unknown'],
  ['the answer, the peer drops doubles', { state: 'submitted', expects: 'response', attempts: 1 }, {},
    'deferred | response-missing | 0 s | retrying'],
  ['the answer, the peer keeps doubles', { state: 'submitted', expects: 'response', attempts: 1 }, HOLD,
    'unknown | response-missing | end | unknown'],
  ['the answer, no attempt is left', { state: 'submitted', expects: 'response', attempts: 3 }, {},
    'unknown | response-missing | end | unknown'],
  ['the report',                     { state: 'submitted', expects: 'report', attempts: 1 }, {},
    'unknown | report-missing | end | unknown'],
]

for (const [name, delivery, lane, expected] of TIMEOUTS) {
  test(`time runs out: ${name}`, () => {
    const settled = settleTimeout(circumstances({ delivery, lane }))
    assert.equal(summary(settled), expected)
    assert.equal(settled.events[0]?.type, 'timed-out')
  })
}

const AWAITING_RESPONSE: Partial<Delivery> = {
  state: 'submitted',
  expects: 'response',
  attempts: 1,
  nextAt: NOW + MINUTE_MS,
  submittedAt: NOW - MINUTE_MS,
}
const AWAITING_REPORT: Partial<Delivery> = { ...AWAITING_RESPONSE, expects: 'report' }
const WAITING: Partial<Delivery> = {
  state: 'deferred',
  attempts: 1,
  nextAt: NOW + 5000,
  reason: 'carrier-timeout',
}

// biome-ignore format: a table
const REPORTS: readonly (readonly [string, Partial<Report> & { status: ReportedStatus }, Partial<Delivery>, string])[] = [
  ['yes to the request', { status: 'acknowledged' }, AWAITING_RESPONSE, 'submitted | - | 7200 s | handed-to-network'],
  ['yes, and no report will come', { status: 'acknowledged', expects: 'nothing' }, AWAITING_RESPONSE,
    'forwarded | - | end | handed-to-network then forwarded'],
  ['yes, to a request that seemed lost', { status: 'acknowledged' }, WAITING, 'submitted | - | 7200 s | handed-to-network'],
  ['yes again', { status: 'acknowledged' }, AWAITING_REPORT, 'evidence'],
  ['no, for now', { status: 'refused', reason: 'carrier-busy' }, AWAITING_RESPONSE, 'deferred | carrier-busy | 60 s | retrying'],
  ['no, for now, to a request that seemed lost', { status: 'refused', reason: 'carrier-busy' }, WAITING,
    'deferred | carrier-busy | 60 s | retrying'],
  ['no, for good', { status: 'refused', reason: 'recipient-unknown' }, AWAITING_RESPONSE, 'failed | recipient-unknown | end | rejected'],
  ['no, without a reason', { status: 'refused' }, AWAITING_RESPONSE, 'failed | carrier-refused | end | rejected'],
  ['no, after yes', { status: 'refused', reason: 'recipient-unknown' }, AWAITING_REPORT, 'evidence'],
  ['still trying', { status: 'deferred' }, AWAITING_REPORT, 'submitted | - | 60 s | deferred'],
  ['still trying, before we know it was taken', { status: 'deferred' }, WAITING, 'deferred | carrier-timeout | 5 s | deferred'],
  ['fetched', { status: 'retrieved' }, AWAITING_REPORT, 'delivered | - | end | delivered'],
  ['fetched, before the answer', { status: 'retrieved' }, AWAITING_RESPONSE, 'delivered | - | end | delivered'],
  ['fetched, of an attempt that seemed lost', { status: 'retrieved' }, WAITING, 'delivered | - | end | delivered'],
  ['read', { status: 'read' }, AWAITING_REPORT, 'delivered | - | end | delivered'],
  ['passed on', { status: 'forwarded' }, AWAITING_REPORT, 'forwarded | - | end | forwarded'],
  ['never fetched', { status: 'expired' }, AWAITING_REPORT, 'expired | expired-at-carrier | end | expired'],
  ['refused by the recipient', { status: 'rejected' }, AWAITING_REPORT, 'failed | recipient-rejected | end | rejected'],
  ['refused, with a reason', { status: 'rejected', reason: 'recipient-opted-out' }, AWAITING_REPORT,
    'failed | recipient-opted-out | end | rejected'],
  ['not understood', { status: 'unrecognised' }, AWAITING_REPORT, 'failed | handset-incapable | end | incapable'],
  ['switched off', { status: 'unreachable' }, AWAITING_REPORT, 'failed | recipient-unreachable | end | unreachable'],
  ['deleted', { status: 'deleted-unread' }, AWAITING_REPORT, 'unknown | indeterminate | end | unknown'],
  ['not known', { status: 'indeterminate' }, AWAITING_REPORT, 'unknown | indeterminate | end | unknown'],
]

for (const [name, report, delivery, expected] of REPORTS) {
  test(`a far end reports: ${name}`, () => {
    const settled = settleReport(circumstances({ delivery }), { raw: 'words', ...report })
    assert.equal(settled === undefined ? 'evidence' : summary(settled), expected)
  })
}

test('nothing a far end says later moves a delivery that has ended', () => {
  const finals: readonly DeliveryState[] = DELIVERY_STATES.filter(isFinal)
  for (const state of finals) {
    for (const [, report] of REPORTS) {
      const at = circumstances({ delivery: { state } })
      assert.equal(settleReport(at, { raw: '', ...report }), undefined)
    }
  }
})

test('a client is told when it happened at the handset, not when we heard of it', () => {
  const report: Report = { status: 'retrieved', raw: '', happenedAt: NOW - 5000 }
  const settled = settleReport(circumstances({ delivery: AWAITING_REPORT }), report)
  assert.deepEqual(
    settled?.notices.map(({ notice }) => notice.happenedAt),
    [NOW - 5000],
  )
})

test('who did not ask is told nothing, and who cannot be told costs no outbox row', () => {
  const outcome: Outcome = { kind: 'delivered' }
  const silent = circumstances({
    message: { envelope: { ...ENVELOPE, deliveryReports: false } },
  })
  assert.deepEqual(settleAttempt(silent, outcome, NOW).notices, [])
  const homeless = circumstances({ reports: { ...EVERYBODY, laneFor: () => undefined } })
  assert.deepEqual(settleAttempt(homeless, outcome, NOW).notices, [])
})

test('an attempt whose pace alone was refused does not count', () => {
  const outcome: Outcome = {
    kind: 'deferred',
    reason: 'carrier-busy',
    uncounted: true,
    retryAfterMs: 90_000,
  }
  const delivery = { attempts: PLAIN_LANE.retry.attemptsMax - 1 }
  const settlement = settleAttempt(circumstances({ delivery }), outcome, NOW)
  assert.equal(settlement.change.attempts, delivery.attempts)
  assert.match(summary(settlement), /^deferred . carrier-busy . 90 s/)
})
