import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CONSENT_KEYWORDS, consentOf } from './consent.ts'

// biome-ignore format: a table
const cases = [
  ['STOP',                        'stop'],
  [' stop. ',                     'stop'],
  ['Stop-all!',                   'stop'],
  ['opt   out',                   'stop'],
  ['arrêt',                       'stop'],
  ['Start',                       'start'],
  ['help?',                       'help'],
  ['please stop calling me Sir',  undefined],
  ['stopp',                       undefined],
  ['yes',                         undefined],
  ['',                            undefined],
  ['🛑',                          undefined],
  [`STOP${' '.repeat(100)}`,      undefined],
] as const

for (const [text, consent] of cases) {
  test(`${JSON.stringify(text.slice(0, 30))} means ${consent ?? 'nothing'}`, () => {
    assert.equal(consentOf(text)?.consent, consent)
  })
}

test('no keyword means two things', () => {
  const words = Object.values(CONSENT_KEYWORDS).flat()
  assert.equal(new Set(words).size, words.length)
})
