import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sinchCodes } from './sinch/codes.ts'
import { skycoreCodes } from './skycore/codes.ts'

test('Skycore is Sinch with two codes more, in order', () => {
  const codes = skycoreCodes.map((row) => row.code)
  const own = codes.filter((code) => !sinchCodes.some((row) => row.code === code))
  assert.deepEqual(own, ['2569', '2570'])
  assert.deepEqual(codes, [...codes].sort())
})

test('only the two texts that are printed otherwise differ', () => {
  const differing = sinchCodes.filter(
    (row) => skycoreCodes.find(({ code }) => code === row.code)?.text !== row.text,
  )
  assert.deepEqual(
    differing.map((row) => row.code),
    ['2506', '4002'],
  )
})

test('a note about one provider’s print does not travel to the other', () => {
  const texts = skycoreCodes.map((row) => row.note ?? '')
  assert.ok(!texts.some((note) => note.includes('Misprinted')))
})
