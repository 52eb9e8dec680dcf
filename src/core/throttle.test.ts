import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { throttle } from './throttle.ts'

test('a rate of ten lets ten pass in a second, evenly, after its burst', () => {
  const rate = { perSecond: 10, burst: 3 }
  let state = 0
  const passed: number[] = []
  for (let now = 1000; now < 2000; now += 10) {
    const turn = throttle(rate, state, now)
    if (turn.kind === 'pass') {
      state = turn.state
      passed.push(now)
    }
  }
  assert.deepEqual(passed.slice(0, 4), [1000, 1010, 1020, 1100])
  assert.equal(passed.length, 12)
})

test('the wait it names is enough and not longer than needed', () => {
  const rate = { perSecond: 7, burst: 1 }
  const first = throttle(rate, 0, 500)
  const second = throttle(rate, first.state, 500)
  assert.equal(second.kind, 'wait')
  const waitMs = second.kind === 'wait' ? second.waitMs : 0
  assert.equal(throttle(rate, first.state, 500 + waitMs).kind, 'pass')
  assert.equal(throttle(rate, first.state, 500 + waitMs - 1).kind, 'wait')
})

test('a rate of zero never lets anything pass', () => {
  assert.equal(throttle({ perSecond: 0, burst: 5 }, 0, 1).kind, 'wait')
})

test('no pattern of asking passes more than rate times time plus burst', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 })
  fc.assert(
    fc.property(
      gaps,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (g, r, b) => {
        let now = 0
        let state = 0
        let passed = 0
        for (const gap of g) {
          now += gap
          const turn = throttle({ perSecond: r, burst: b }, state, now)
          if (turn.kind === 'pass') {
            state = turn.state
            passed += 1
          }
        }
        assert.ok(passed <= (now / 1000) * r + b + 1e-6, `${passed} in ${now} ms`)
      },
    ),
  )
})
