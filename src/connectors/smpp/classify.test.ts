import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COMMAND_STATUS, parseStatus } from '../../codecs/smpp/command-status.ts'
import type { SmppOverride } from '../../core/smpp-peer.ts'
import { classifyStatus, classifySubmit } from './classify.ts'

/** command_status, kind, reason, and what it says of more than the message. */
// biome-ignore format: a table
const STATUSES = [
  ['ESME_RINVMSGLEN',     'rejected', 'too-large-for-carrier',         undefined],
  ['ESME_RINVCMDLEN',     'rejected', 'malformed-for-carrier',         undefined],
  ['ESME_RINVBNDSTS',     'deferred', 'session-gone',                  'session'],
  ['ESME_RINVREGDLVFLG',  'rejected', 'receipt-flag-invalid',          undefined],
  ['ESME_RSYSERR',        'deferred', 'carrier-error',                 undefined],
  ['ESME_RINVSRCADR',     'rejected', 'sender-refused',                undefined],
  ['ESME_RINVDSTADR',     'rejected', 'recipient-unknown',             undefined],
  ['ESME_RBINDFAIL',      'deferred', 'link-refused',                  'session'],
  ['ESME_RMSGQFUL',       'deferred', 'carrier-busy',                  'pace'],
  ['ESME_RTHROTTLED',     'deferred', 'carrier-busy',                  'pace'],
  ['ESME_RINVSERTYP',     'rejected', 'carrier-operation-unsupported', undefined],
  ['ESME_RINVNUMDESTS',   'rejected', 'recipients-too-many',           undefined],
  ['ESME_RINVESMCLASS',   'rejected', 'header-invalid',                undefined],
  ['ESME_RSUBMITFAIL',    'rejected', 'carrier-failed',                undefined],
  ['0x0000004A',          'rejected', 'recipient-unknown',             undefined],
  ['ESME_RX_T_APPN',      'deferred', 'carrier-error',                 undefined],
  ['ESME_RX_P_APPN',      'rejected', 'recipient-unreachable',         undefined],
  ['ESME_RX_R_APPN',      'rejected', 'carrier-refused',               undefined],
  ['ESME_ROPTPARNOTALLWD','rejected', 'malformed-for-carrier',         undefined],
  ['ESME_RDELIVERYFAILURE','rejected','recipient-unreachable',         undefined],
  ['ESME_RINVDCS',        'rejected', 'coding-refused',                undefined],
  ['ESME_RUNKNOWNERR',    'rejected', 'unrecognised-response',         undefined],
  ['0x00002602',          'rejected', 'unrecognised-response',         undefined],
] as const

for (const [name, kind, reason, about] of STATUSES) {
  test(`${name} is ${kind}: ${reason}`, () => {
    const judged = classifyStatus(parseStatus(name) ?? 0)
    assert.ok(judged.kind === 'ended')
    assert.equal(judged.outcome.kind, kind)
    assert.equal(judged.outcome.reason, reason)
    assert.equal(judged.about, about)
    assert.match(judged.outcome.raw ?? '', /0x[0-9A-F]{8}/, 'the number is kept')
  })
}

test('a carrier’s own word goes before the table', () => {
  const own: SmppOverride = { on: 'status', value: '0x45', reason: 'recipient-opted-out' }
  const judged = classifyStatus(COMMAND_STATUS.ESME_RSUBMITFAIL, [own])
  assert.equal(judged.kind === 'ended' && judged.outcome.reason, 'recipient-opted-out')
})

test('what was never sent is put off, and what was sent and not answered is unknown', () => {
  const detail = 'gone'
  const unsent = classifySubmit({ kind: 'not-sent', because: 'not-bound', detail })
  assert.ok(unsent.kind === 'ended')
  assert.deepEqual([unsent.outcome.kind, unsent.outcome.reason], ['deferred', 'link-closed'])
  const silent = classifySubmit({
    kind: 'unanswered',
    because: 'closed',
    sequenceNumber: 7,
    detail,
  })
  assert.ok(silent.kind === 'ended')
  assert.deepEqual([silent.outcome.kind, silent.outcome.reason], ['unknown', 'carrier-timeout'])
})

test('a full window uses up no attempt', () => {
  const judged = classifySubmit({ kind: 'not-sent', because: 'window-full', detail: '' })
  assert.ok(judged.kind === 'ended' && judged.outcome.kind === 'deferred')
  assert.equal(judged.outcome.uncounted, true)
})
