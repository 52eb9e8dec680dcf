import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overriddenReason, saysOptOut, saysSender, saysSize, saysSpam } from './answer-words.ts'
import type { AnswerOverride } from './carrier.ts'

const OVERRIDES: readonly AnswerOverride[] = [
  { contains: 'greylist', reason: 'carrier-busy' },
  { contains: '550', reason: 'recipient-unreachable' },
  { contains: '5.7.1', reason: 'recipient-opted-out' },
  { contains: 'Grey', reason: 'carrier-error' },
]

// biome-ignore format: a table
const answers = [
  ['dot: 451 4.7.1 Greylisted',      'carrier-busy'],
  ['rcpt: 550 5.1.1 Nobody',         'recipient-unreachable'],
  ['rcpt: 553 5.7.1 No',             'recipient-opted-out'],
  ['rcpt: 1550 5.1.1',               undefined],
  ['rcpt: 553 15.7.1',               undefined],
  ['dot: 451 grey',                  'carrier-error'],
  ['dot: 451 Later',                 undefined],
] as const

for (const [raw, reason] of answers) {
  test(`an operator’s table reads "${raw}" as ${reason ?? 'nothing'}`, () => {
    assert.equal(overriddenReason(OVERRIDES, raw), reason)
  })
}

test('without a table nothing is overridden', () => {
  assert.equal(overriddenReason(undefined, '550'), undefined)
})

test('the words of carriers are told apart', () => {
  const about = (text: string) =>
    [saysOptOut(text), saysSpam(text), saysSize(text), saysSender(text)].map(Number).join('')
  assert.deepEqual(
    ['User opted out', 'STOP', 'looks like SPAM', 'message too large', 'bad originator', 'no'].map(
      about,
    ),
    ['1000', '1000', '0100', '0010', '0001', '0000'],
  )
})
