import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMessageIds } from './message-id.ts'

test('ids have eighteen digits that begin with the second of acceptance', () => {
  const nextId = createMessageIds(() => 0.25)
  assert.equal(nextId(1_767_225_600_999), '176722560025000001')
  assert.match(nextId(5000), /^0000000005[0-9]{8}$/)
})

test('a process does not repeat itself within a second', () => {
  const seed = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(seed, (random) => {
      const nextId = createMessageIds(() => random)
      const ids = Array.from({ length: 2000 }, () => nextId(1_767_225_600_000))
      assert.equal(new Set(ids).size, ids.length)
    }),
    { numRuns: 20 },
  )
})

test('ids sort by the second they were made in', () => {
  const nextId = createMessageIds(() => 0.999)
  const ids = Array.from({ length: 100 }, (_, index) => nextId(1_767_225_600_000 + index * 1000))
  assert.deepEqual([...ids].sort(), ids)
})
