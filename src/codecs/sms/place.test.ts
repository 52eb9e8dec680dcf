import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPlace, type SarValues } from './place.ts'
import type { Concatenation } from './udh.ts'

const header = (referenceBits: 8 | 16, reference: number): Concatenation => ({
  ...{ kind: 'concatenation', referenceBits, reference, total: 3, sequence: 2 },
})
const sar = { reference: 0x1234, total: 3, sequence: 2 }

type Row = readonly [
  name: string,
  header: Concatenation | undefined,
  sar: SarValues | undefined,
  expected: string,
]
const ROWS: readonly Row[] = [
  ['neither', undefined, undefined, 'whole'],
  ['a header', header(8, 0x34), undefined, 'part 8'],
  ['parameters', undefined, sar, 'part 16'],
  ['two parameters of three', undefined, { reference: 1, total: 3 }, 'whole'],
  ['both, and they agree', header(16, 0x1234), sar, 'part 16'],
  ['both, of different sizes', header(8, 0x34), sar, 'part 8'],
  ['both, with another reference', header(8, 0x35), sar, 'sar-contradicts-header'],
  ['both, in another place', header(8, 0x34), { ...sar, sequence: 1 }, 'sar-contradicts-header'],
  ['both, of another total', header(8, 0x34), { ...sar, total: 4 }, 'sar-contradicts-header'],
  ['no parts', undefined, { ...sar, total: 0 }, 'total-zero'],
  ['part 0', undefined, { ...sar, sequence: 0 }, 'sequence-zero'],
  ['part 4 of 3', undefined, { ...sar, sequence: 4 }, 'sequence-past-total'],
]
for (const [name, element, values, expected] of ROWS) {
  test(`a message says its place by ${name}: ${expected}`, () => {
    const place = findPlace(element === undefined ? [] : [element], values)
    if (place.kind === 'fault') return assert.equal(place.because, expected)
    const bits = place.kind === 'part' ? ` ${place.concatenation.referenceBits}` : ''
    assert.equal(`${place.kind}${bits}`, expected)
  })
}
