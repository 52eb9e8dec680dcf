import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Fineness, nextRung, RUNGS_MAX, type Tried } from './ladder.ts'

const COST: Readonly<Record<Fineness, number>> = { fine: 1, fair: 0.7, coarse: 0.5 }

/** Walks down with a picture whose bytes follow its area. */
function walk(bytesAtFullSize: number, bytesMax: number): readonly Tried[] {
  const tried: Tried[] = []
  for (;;) {
    const rung = nextRung(tried, bytesMax, 1_000_000)
    if (rung === undefined) return tried
    const bytes = Math.round(bytesAtFullSize * COST[rung.fineness] * rung.scale ** 2)
    tried.push({ ...rung, bytes })
  }
}

const words = (tried: readonly Tried[]) =>
  tried.map(({ scale, fineness }) => `${scale === 1 ? 'full' : 'less'} ${fineness}`)

test('a picture that fits finely is tried once', () => {
  assert.deepEqual(words(walk(100_000, 100_000)), ['full fine'])
})

test('one that fits coarsely gets back what there is room for', () => {
  assert.deepEqual(words(walk(100_000, 80_000)), ['full fine', 'full coarse', 'full fair'])
})

test('one that does not shrinks to a size near to what is aimed at', () => {
  const tried = walk(400_000, 50_000)
  assert.deepEqual(words(tried), ['full fine', 'full coarse', 'less coarse', 'less fair'])
  assert.ok((tried[2]?.bytes ?? 0) > 40_000)
})

test('the way down is bounded, only ever goes down, and ends where something fits', () => {
  const bytes = fc.integer({ min: 1, max: 1e9 })
  fc.assert(
    fc.property(bytes, bytes, (full, max) => {
      const tried = walk(full, max)
      assert.ok(tried.length <= RUNGS_MAX)
      for (const [index, rung] of tried.entries()) {
        assert.ok(rung.scale > 0 && rung.scale <= (tried[index - 1]?.scale ?? 1))
      }
      if (max > 1000) assert.ok(tried.some((rung) => rung.bytes <= max))
    }),
  )
})
