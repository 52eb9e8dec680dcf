import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPace } from './pace.ts'

function open(perSecond?: number) {
  let now = 1_000_000
  const pace = createPace(perSecond, () => now)
  return {
    pace,
    advance: (ms: number) => {
      now += ms
    },
    rate: () => pace.rate()?.perSecond,
  }
}

test('without a limit and without trouble nothing is held back', () => {
  const { pace, rate } = open()
  pace.sent(1)
  pace.taken()
  assert.equal(rate(), undefined)
})

test('a refusal for the pace halves it, a burst of them once, and it comes back in time', () => {
  const { pace, rate, advance } = open(100)
  for (let n = 0; n < 300; n += 1) {
    pace.sent(1)
    advance(10)
  }
  for (let n = 0; n < 10; n += 1) pace.throttled()
  const slowed = rate() ?? 0
  assert.ok(slowed > 30 && slowed <= 50, String(slowed))
  advance(2000)
  assert.ok((rate() ?? 0) > slowed)
  advance(60_000)
  assert.equal(rate(), 100)
})

test('without a limit by contract the rate is freed again', () => {
  const { pace, rate, advance } = open()
  pace.sent(1)
  pace.throttled()
  assert.ok((rate() ?? 0) > 0)
  advance(120_000)
  assert.equal(rate(), undefined)
})

test('what is refused again and again rests longer, up to a minute', () => {
  const { pace } = open(10)
  const rests = Array.from({ length: 8 }, () => pace.throttled())
  assert.deepEqual(rests, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  pace.taken()
  assert.equal(pace.throttled(), 1000)
})

test('however often it is refused, somebody goes to see', () => {
  const { pace, rate, advance } = open(10)
  for (let n = 0; n < 50; n += 1) {
    pace.throttled()
    advance(1000)
  }
  assert.ok((rate() ?? 0) >= 0.2)
})

test('a congested centre is slowed down for before it refuses', () => {
  const { pace, rate } = open(100)
  pace.congested(79)
  assert.equal(rate(), 100)
  pace.congested(99)
  assert.ok((rate() ?? 100) < 10)
})

test('parts count, not messages', () => {
  const { pace, rate } = open(100)
  for (let n = 0; n < 300; n += 1) pace.sent(4)
  assert.ok(Math.abs((rate() ?? 0) - 25) < 1)
})
