import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeEncodedWords, encodeWords } from './encoded-word.ts'

const readings: [string, string, string][] = [
  ['plain text', 'hello', 'hello'],
  ['base64', '=?utf-8?B?Y2Fmw6k=?=', 'café'],
  ['quoted', '=?ISO-8859-1?q?caf=E9_noir?=', 'café noir'],
  ['text around a word', 'a =?utf-8?Q?=C3=A9?= b', 'a é b'],
  ['blanks between two words are dropped', '=?utf-8?Q?a?= \t =?utf-8?Q?b?=', 'ab'],
  ['a character cut between two words', '=?utf-8?B?w6==?= =?utf-8?Q?=A9?=', 'é'],
  ['a language tag', '=?utf-8*en?Q?hi?=', 'hi'],
  ['a blank inside the word', '=?utf-8?Q?hello world?=', 'hello world'],
  ['an unknown charset stays', '=?x-none?Q?hi?=', '=?x-none?Q?hi?='],
  ['something that only looks encoded', '=?utf-8?X?hi?=', '=?utf-8?X?hi?='],
  ['two charsets side by side', '=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?=', 'aé'],
]

for (const [name, value, text] of readings) {
  test(`encoded words are read: ${name}`, () => assert.equal(decodeEncodedWords(value), text))
}

test('encoded words are at most 75 columns and start as late as they can', () => {
  const encoded = encodeWords(`Subject of ${'ü'.repeat(100)} end`)
  assert.ok(encoded.startsWith('Subject of =?utf-8?B?'))
  assert.ok(encoded.endsWith('?= end'))
  for (const word of encoded.split(' ')) assert.ok(word.length <= 75)
})

test('a flood of openings takes linear time', () => {
  const flood = '=?utf-8?Q?'.repeat(20_000)
  const started = performance.now()
  decodeEncodedWords(flood)
  assert.ok(performance.now() - started < 1_000)
})

test('no value makes the reader of encoded words throw', () => {
  const pieces = fc.constantFrom('=?', '?=', '?', 'utf-8', 'B', 'Q', '=C3', ' ', '*', 'é', '==')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
      decodeEncodedWords(list.join(''))
    }),
  )
})
