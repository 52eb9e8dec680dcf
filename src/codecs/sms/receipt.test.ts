import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseReceipt, printReceipt, type Receipt } from './receipt.ts'
import {
  parseReceiptDate,
  printReceiptDate,
  type ReceiptDate,
  receiptDateOf,
  receiptDateToMs,
} from './receipt-date.ts'

const date = (month: number, day: number, hour: number, minute: number, second = 0) =>
  ({ year: 2026, month, day, hour, minute, second }) satisfies ReceiptDate
const submitDate = date(11, 21, 10, 30)
const doneDate = date(11, 21, 10, 31)

const ROWS: readonly (readonly [name: string, written: string, receipt: Receipt | undefined])[] = [
  [
    'the form of the appendix',
    'id:0123456789 sub:001 dlvrd:001 submit date:2611211030 done date:2611211031 stat:DELIVRD ' +
      'err:000 text:Hello there',
    {
      ...{ id: '0123456789', sub: '001', dlvrd: '001', submitDate, doneDate },
      ...{ stat: 'DELIVRD', err: '000', text: 'Hello there' },
    },
  ],
  [
    'blanks after colons, capitals, seconds',
    'Id: a1-b2 Sub: 1 Dlvrd: 0 Submit Date: 261121103015 Done Date: 261121103116 Stat: undeliv Err: 0DA Text: ',
    {
      ...{ id: 'a1-b2', sub: '1', dlvrd: '0', submitDate: date(11, 21, 10, 30, 15) },
      ...{ doneDate: date(11, 21, 10, 31, 16), stat: 'undeliv', err: '0DA' },
    },
  ],
  ['only a state', 'stat:EXPIRED', { stat: 'EXPIRED' }],
  ['only an id', 'id:77', { id: '77' }],
  ['another order', 'stat:REJECTD err:SPAM id:5', { stat: 'REJECTD', err: 'SPAM', id: '5' }],
  [
    'empty fields',
    'id:5 sub: dlvrd: submit date: done date: stat:ENROUTE err: text:',
    { id: '5', stat: 'ENROUTE' },
  ],
  [
    'a text with colons and all',
    'id:5 stat:DELIVRD err:000 text:id:6 stat:EXPIRED 10:30 note: x',
    { id: '5', stat: 'DELIVRD', err: '000', text: 'id:6 stat:EXPIRED 10:30 note: x' },
  ],
  [
    'a text before the rest',
    'id:5 text:hello you stat:DELIVRD err:001',
    { id: '5', text: 'hello you', stat: 'DELIVRD', err: '001' },
  ],
  [
    'fields of the vendor in between',
    'id:5 stat:DELIVRD err:000 mcc:310 nnn: text:hi',
    { id: '5', stat: 'DELIVRD', err: '000', text: 'hi' },
  ],
  [
    'underscores and commas',
    'id:5,stat:DELIVRD,done_date:2611211031',
    { id: '5', stat: 'DELIVRD', doneDate },
  ],
  [
    'lines',
    'id:5\r\nstat:DELIVRD\r\ntext:two\nlines',
    { id: '5', stat: 'DELIVRD', text: 'two\nlines' },
  ],
  ['a date that is none', 'id:5 done date:2613451031', { id: '5' }],
  ['an ordinary message', 'see you at 10:30, bring the lid:', undefined],
  ['nothing', '', undefined],
]
for (const [name, written, receipt] of ROWS) {
  test(`a receipt is read: ${name}`, () => assert.deepEqual(parseReceipt(written), receipt))
}

test('a receipt is written as the appendix says, on one line', () => {
  const text = 'Hello\nthere, this is much too long'
  const receipt = { id: '12 3', sub: 1, dlvrd: 0, submitDate, doneDate, err: '00B', text }
  assert.equal(
    printReceipt({ ...receipt, stat: 'UNDELIV' }),
    'id:123 sub:001 dlvrd:000 submit date:2611211030 done date:2611211031 stat:UNDELIV err:00B ' +
      'text:Hello there, this is',
  )
  assert.match(printReceipt({ ...receipt, stat: 'DELIVRD' }, true), /done date:261121103100 /)
})

const DATES: readonly (readonly [text: string, date: ReceiptDate | undefined])[] = [
  ['2611211030', submitDate],
  ['261121103000', submitDate],
  ['202611211030', submitDate],
  ['20261121103015', date(11, 21, 10, 30, 15)],
  ['2602291030', undefined],
  ['2802291030', { ...date(2, 29, 10, 30), year: 2028 }],
  ['2611212430', undefined],
  ['261121', undefined],
  ['26112110301', undefined],
  ['0000000000', undefined],
  ['never', undefined],
]
for (const [text, expected] of DATES) {
  test(`a date of a receipt is a day of the calendar: ${text}`, () =>
    assert.deepEqual(parseReceiptDate(text), expected))
}

test('a date becomes a moment only with the offset of the clock that wrote it', () => {
  assert.equal(receiptDateToMs(submitDate), Date.UTC(2026, 10, 21, 10, 30))
  assert.equal(receiptDateToMs(submitDate, 120), Date.UTC(2026, 10, 21, 8, 30))
  assert.deepEqual(receiptDateOf(Date.UTC(2026, 10, 21, 8, 30), 120), submitDate)
})

const moments = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) })

test('dates come back as they were written', () => {
  fc.assert(
    fc.property(moments, (atMs) => {
      const each = receiptDateOf(atMs)
      assert.deepEqual(parseReceiptDate(printReceiptDate(each)), each)
    }),
  )
})

test('a receipt comes back as it was written, whatever its text', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/)
  const counts = fc.nat(999)
  fc.assert(
    fc.property(
      fc.record({ id: word, sub: counts, dlvrd: counts, stat: word, err: word, text: fc.string() }),
      moments,
      (fields, atMs) => {
        const at = receiptDateOf(atMs)
        const written = { ...fields, submitDate: at, doneDate: at }
        const read = parseReceipt(printReceipt(written, true))
        assert.equal(read?.id, fields.id)
        assert.equal(read?.stat, fields.stat)
        assert.equal(read?.err, fields.err)
        assert.equal(Number(read?.sub), fields.sub)
        assert.deepEqual(read?.doneDate, at)
      },
    ),
  )
})

test('whatever text comes, it is a receipt or none', () => {
  const pieces = fc.constantFrom(
    'id:',
    ' stat:',
    ' text:',
    'done date:',
    ' err:',
    '26112110',
    ' ',
    'x',
  )
  const written = fc.oneof(
    fc.string(),
    fc.array(pieces).map((each) => each.join('')),
  )
  fc.assert(
    fc.property(written, (text) => {
      const read = parseReceipt(text)
      if (read !== undefined) assert.ok(read.id !== undefined || read.stat !== undefined)
    }),
  )
  assert.equal(parseReceipt(`${' '.repeat(1_000_000)}id:5`), undefined)
})
