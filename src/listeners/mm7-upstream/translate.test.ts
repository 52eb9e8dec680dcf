import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DeliveryReportReq, Received } from '../../codecs/mm7/types.ts'
import type { ReportedStatus } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import { recipientsOf, reportOfDelivery, reportOfReading } from './translate.ts'

const standard = { forwardedMeans: 'forwarded' } as const
const interim = { forwardedMeans: 'handed-to-network' } as const

function saying(
  mmStatus: string,
  more: Partial<DeliveryReportReq> = {},
): Received<DeliveryReportReq> {
  return { name: 'DeliveryReportReq', mm7Version: '6.8.0', messageId: 'm', mmStatus, ...more }
}

// biome-ignore format: a table
const words: readonly (readonly [string, ReportedStatus, Reason | undefined])[] = [
  ['Retrieved',               'retrieved',     undefined],
  ['Expired',                 'expired',       undefined],
  ['Rejected',                'rejected',      'recipient-rejected'],
  ['Indeterminate',           'indeterminate', undefined],
  ['Forwarded',               'forwarded',     undefined],
  ['Deferred',                'deferred',      undefined],
  ['Unrecognised',            'unrecognised',  undefined],
  ['Unrecognized',            'unrecognised',  undefined],
  ['Unreachable',             'unreachable',   undefined],
  ['NotSupported',            'rejected',      'carrier-operation-unsupported'],
  ['Delivered',               'retrieved',     undefined],
  ['DeliveryConditionNotMet', 'rejected',      'carrier-denied'],
  ['Cancelled',               'rejected',      'cancelled'],
  ['Replaced',                'rejected',      'cancelled'],
  ['Processing',              'acknowledged',  undefined],
  ['retrieved',               'retrieved',     undefined],
  [' RETRIEVED ',             'retrieved',     undefined],
  ['Not Supported',           'rejected',      'carrier-operation-unsupported'],
  ['Teleported',              'indeterminate', undefined],
  ['constructor',             'indeterminate', undefined],
  ['',                        'indeterminate', undefined],
]
for (const [word, status, reason] of words) {
  test(`a report that says "${word}" is ${status}`, () => {
    const report = reportOfDelivery(saying(word), standard)
    assert.deepEqual([report.status, report.reason], [status, reason])
    assert.ok(report.raw.includes(word), 'the upstream’s own word is kept')
  })
}

test('Forwarded is an interim word where the upstream means it so', () => {
  const report = reportOfDelivery(saying('Forwarded'), interim)
  assert.deepEqual([report.status, report.expects], ['acknowledged', 'report'])
})

// biome-ignore format: a table
const rejections: readonly (readonly [string, Partial<DeliveryReportReq>, Reason])[] = [
  ['nothing more',            {},                                                    'recipient-rejected'],
  ['the recipient’s no',      { mmStatusExtension: 'RejectionByMMSRecipient' },      'recipient-rejected'],
  ['another relay’s no',      { mmStatusExtension: 'RejectionByOtherRS' },           'carrier-refused'],
  ['an opt-out',              { statusText: 'User opted out' },                      'recipient-opted-out'],
  ['STOP',                    { statusText: 'Recipient sent STOP' },                 'recipient-opted-out'],
  ['spam',                    { statusText: 'Looks like spam' },                     'spam-refused'],
  ['a code that is known',    { statusText: 'Rejected: 2004 Multimedia refused' },   'content-refused'],
  ['a code that passes',      { statusText: 'Rejected: 4006 Service unavailable' },  'recipient-rejected'],
  ['a code nobody knows',     { statusText: 'Rejected: 2777 Who knows' },            'recipient-rejected'],
  ['a number that is none',   { statusText: 'Rejected 120045' },                     'recipient-rejected'],
]
const reasonOfCode = (code: number): Reason | undefined =>
  (({ 2004: 'content-refused', 4006: 'carrier-busy' }) as const)[code as 2004 | 4006]
for (const [what, more, reason] of rejections) {
  test(`a rejection with ${what} is ${reason}`, () => {
    const report = reportOfDelivery(saying('Rejected', more), standard, reasonOfCode)
    assert.deepEqual([report.status, report.reason], ['rejected', reason])
  })
}

test('a report keeps its time and its words', () => {
  const dateMs = Date.UTC(2026, 0, 2)
  const report = reportOfDelivery(
    saying('Rejected', { dateMs, statusText: 'no', mmStatusExtension: 'RejectionByOtherRS' }),
    standard,
  )
  assert.equal(report.happenedAt, dateMs)
  assert.equal(report.raw, 'DeliveryReportReq Rejected RejectionByOtherRS "no"')
})

// biome-ignore format: a table
const readings: readonly (readonly [string, ReportedStatus | undefined])[] = [
  ['Read',                    'read'],
  [' read ',                  'read'],
  ['Deleted',                 'deleted-unread'],
  ['Deleted without being read', 'deleted-unread'],
  ['Indeterminate',           undefined],
  ['',                        undefined],
]
for (const [word, status] of readings) {
  test(`a read reply that says "${word}" is ${status ?? 'no news'}`, () => {
    const report = reportOfReading({ name: 'ReadReplyReq', mmStatus: word, timeStampMs: 5 })
    assert.equal(report?.status, status)
    if (status !== undefined) assert.equal(report?.happenedAt, 5)
  })
}

test('recipients are those to deliver to, each once, in any writing', () => {
  const recipients = recipientsOf({
    name: 'DeliverReq',
    recipients: [
      { list: 'To', address: { kind: 'Number', value: '+15550100777' } },
      { list: 'Cc', address: { kind: 'Number', value: '15550100777/TYPE=PLMN' } },
      { list: 'To', address: { kind: 'Number', value: '12345' } },
      { list: 'To', address: { kind: 'ShortCode', value: '54321' } },
      { list: 'To', address: { kind: 'Number', value: '15550100888', displayOnly: true } },
      {
        list: 'Bcc',
        address: { kind: 'RFC2822Address', value: '+15550100999/TYPE=PLMN@a.example' },
      },
      { list: 'Bcc', address: { kind: 'Number', value: '?' } },
    ],
  })
  assert.deepEqual(
    recipients.map(({ address }) => `${address.kind} ${address.text}`),
    ['number 15550100777', 'short-code 12345', 'short-code 54321', 'number 15550100999'],
  )
})

test('whatever a report says, it is a report', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (mmStatus, statusText) => {
      const report = reportOfDelivery(saying(mmStatus, { statusText }), standard, reasonOfCode)
      assert.ok(report.status.length > 0 && report.raw.length > 0)
    }),
  )
})
