import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSpan, printOffset, printSpan } from './time-words.ts'

const HOUR_MS = 3_600_000

// biome-ignore format: a table
const SPANS: readonly (readonly [number, string, string])[] = [
  [0,                     '0 ms',      '0 ms'],
  [999,                   '999 ms',    '999 ms'],
  [1340,                  '1.3 s',     '1.3 s'],
  [65_000,                '1 m 5 s',   '1:05'],
  [600_000,               '10 m',      '10:00'],
  [2 * HOUR_MS + 61_000,  '2 h 1 m',   '2:01:01'],
  [52 * HOUR_MS + 9_000,  '2 d 4 h',   '2 d 4:00:09'],
  [-1500,                 '-1.5 s',    '-1.5 s'],
]

for (const [ms, span, offset] of SPANS) {
  test(`${ms} ms reads ${span} as a span and ${offset} as an offset`, () => {
    assert.equal(printSpan(ms), span)
    assert.equal(printOffset(ms), offset)
  })
}

test('spans are read in the units people type, and nothing else is', () => {
  const read = ['500ms', '90s', '5m', '2h', '1d12h', '1h30m', '0s'].map(parseSpan)
  assert.deepEqual(read, [500, 90_000, 300_000, 7_200_000, 129_600_000, 5_400_000, 0])
  for (const wrong of ['', '2', 'h', '-1h', '1.5h', '2 h', '1w', '9999999999s', '2h!']) {
    assert.equal(parseSpan(wrong), undefined, wrong)
  }
})
