import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  normaliseNumber,
  parseBoolean,
  parseDateTime,
  parseDuration,
  parsePositive,
  parseWhen,
  printWhen,
} from './values.ts'

const at = (iso: string) => Date.parse(iso)
const DAY_MS = 86_400_000

const dates: [string, string, number | undefined][] = [
  ['UTC', '2026-03-01T08:00:00Z', at('2026-03-01T08:00:00Z')],
  ['milliseconds', '2026-03-01T08:00:00.891Z', at('2026-03-01T08:00:00.891Z')],
  ['one digit of fraction', '2026-03-01T08:00:00.5Z', at('2026-03-01T08:00:00.500Z')],
  ['a zone to the east', '2026-03-01T10:00:00+02:00', at('2026-03-01T08:00:00Z')],
  ['a zone to the west', '2026-03-01T01:30:00-06:30', at('2026-03-01T08:00:00Z')],
  ['a zone without a colon', '2026-03-01T10:00:00+0200', at('2026-03-01T08:00:00Z')],
  ['no zone, which is UTC', '2026-03-01T08:00:00', at('2026-03-01T08:00:00Z')],
  ['blanks round it', '\n 2026-03-01T08:00:00Z ', at('2026-03-01T08:00:00Z')],
  ['midnight as 24:00', '2026-02-28T24:00:00Z', at('2026-03-01T00:00:00Z')],
  ['a leap day', '2024-02-29T00:00:00Z', at('2024-02-29T00:00:00Z')],
  ['no leap day', '2026-02-29T00:00:00Z', undefined],
  ['a thirteenth month', '2026-13-01T00:00:00Z', undefined],
  ['a sixtieth minute', '2026-03-01T08:60:00Z', undefined],
  ['a zone of 20 hours', '2026-03-01T08:00:00+20:00', undefined],
  ['the year nought', '0000-12-31T23:00:00Z', undefined],
  ['a zone that leads before the first year', '0001-01-01T00:00:00+14:00', undefined],
  ['a zone that leads into the year 10000', '9999-12-31T23:00:00-14:00', undefined],
  ['a day only', '2026-03-01', undefined],
  ['a duration', 'P1D', undefined],
  ['nothing', '', undefined],
]

for (const [name, text, ms] of dates) {
  test(`a date is read: ${name}`, () => assert.equal(parseDateTime(text), ms))
}

const durations: [string, number | undefined][] = [
  ['P3D', 3 * DAY_MS],
  ['P1M', 30 * DAY_MS],
  ['PT1M', 60_000],
  ['P1Y', 365 * DAY_MS],
  ['P1DT2H3M4.5S', DAY_MS + 2 * 3_600_000 + 3 * 60_000 + 4_500],
  ['PT0S', 0],
  ['-PT5M', -300_000],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['1D', undefined],
  ['P1S', undefined],
  ['P-1D', undefined],
  ['P9999999999D', undefined],
]

for (const [text, ms] of durations) {
  test(`the duration ${text} is read`, () => assert.equal(parseDuration(text), ms))
}

test('a date or duration comes back as it was printed', () => {
  const ms = fc.integer({ min: at('1970-01-01'), max: at('2999-01-01') })
  const after = fc.integer({ min: -(10 ** 11), max: 10 ** 11 })
  fc.assert(
    fc.property(ms, after, (dateMs, durationMs) => {
      const date = { kind: 'at', ms: dateMs } as const
      const duration = { kind: 'after', ms: durationMs } as const
      assert.deepEqual(parseWhen(printWhen(date)), date)
      assert.deepEqual(parseWhen(printWhen(duration)), duration)
    }),
  )
})

test('booleans are read in any case', () => {
  const texts = ['true', 'False', 'TRUE', ' 1 ', '0', 'yes', '']
  const expected = [true, false, true, true, false, undefined, undefined]
  assert.deepEqual(texts.map(parseBoolean), expected)
})

test('numbers above zero are read, with a cap', () => {
  const texts = ['7', ' +7 ', '007', '0', '-1', '1.5', '1e3', '9999999999', '']
  const expected = [7, 7, 7, undefined, undefined, undefined, undefined, undefined, undefined]
  assert.deepEqual(texts.map(parsePositive), expected)
})

test('a number loses its plus and what peers append', () => {
  const texts = [
    '+15005550006',
    '15005550006/TYPE=PLMN',
    '+15005550006/type=plmn@mms.example',
    ' 40404 ',
    '++1',
    '',
  ]
  assert.deepEqual(texts.map(normaliseNumber), [
    '15005550006',
    '15005550006',
    '15005550006',
    '40404',
    '+1',
    '',
  ])
})
