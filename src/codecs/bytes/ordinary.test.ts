import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { skipOrdinary, viewOf } from './ordinary.ts'

const CR = 13

test('the first byte up to CR is found wherever it stands, whatever stands around it', () => {
  const byte = fc.oneof(
    fc.constantFrom(0, 10, 13, 14, 127, 128, 141, 142, 255),
    fc.integer({ min: 14, max: 255 }),
  )
  fc.assert(
    fc.property(
      fc.array(byte, { maxLength: 70 }),
      fc.nat({ max: 9 }),
      fc.nat({ max: 70 }),
      (values, offset, from) => {
        // A view into the middle of something, as chunks of a socket are.
        const memory = new Uint8Array(values.length + offset + 8)
        memory.set(values, offset)
        const bytes = memory.subarray(offset, offset + values.length)
        const start = Math.min(from, bytes.length)
        const found = values.findIndex((value, at) => at >= start && value <= CR)
        const expected = found === -1 ? bytes.length : found
        assert.equal(skipOrdinary(bytes, viewOf(bytes), start), expected)
      },
    ),
  )
})
