import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createNumberMap } from './number-map.ts'

test('the map answers like a Map', () => {
  const key = fc.oneof(
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: 999_999_999_999_999 }),
  )
  const entries = fc.array(fc.tuple(key, fc.integer({ min: 0, max: 65_535 })), { maxLength: 3000 })
  fc.assert(
    fc.property(entries, fc.array(key), (pairs, others) => {
      const map = createNumberMap()
      const model = new Map<number, number>()
      for (const [number, value] of pairs) {
        map.set(number, value)
        model.set(number, value)
      }
      assert.equal(map.size, model.size)
      for (const number of [...model.keys(), ...others]) {
        assert.equal(map.get(number), model.get(number))
      }
    }),
    { numRuns: 50 },
  )
})

test('neighbouring numbers are found fast and lie in little memory', () => {
  const count = 200_000
  const map = createNumberMap(count)
  const bytesBefore = map.bytes
  for (let index = 0; index < count; index += 1) map.set(15_550_000_000 + index, index % 7)
  assert.equal(map.bytes, bytesBefore, 'the arrays were made large enough')
  assert.ok(map.bytes / count < 30, `${map.bytes / count} bytes an entry`)
  const startedAt = performance.now()
  for (let index = 0; index < count; index += 1) {
    if (map.get(15_550_000_000 + index) !== index % 7) assert.fail(String(index))
  }
  // A hash that clusters would take seconds.
  assert.ok(performance.now() - startedAt < 1000)
})
