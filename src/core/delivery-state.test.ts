import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DELIVERY_STATES, isFinal, step } from './delivery-state.ts'

const finals = ['delivered', 'forwarded', 'failed', 'expired', 'cancelled', 'unknown'] as const

test('six states are final and nothing leaves them', () => {
  assert.deepEqual(DELIVERY_STATES.filter(isFinal), [...finals])
  for (const from of finals) {
    for (const to of DELIVERY_STATES) assert.equal(step(from, to).kind, 'ignored')
  }
})

test('a repeat, a straggler and a step out of order are told apart', () => {
  assert.deepEqual(step('delivered', 'delivered'), { kind: 'ignored', because: 'repeat' })
  assert.deepEqual(step('delivered', 'failed'), { kind: 'ignored', because: 'after-final' })
  assert.deepEqual(step('queued', 'submitted'), { kind: 'ignored', because: 'out-of-order' })
  assert.deepEqual(step('submitted', 'delivered'), { kind: 'moved', to: 'delivered' })
})

test('whatever steps are tried, a delivery enters at most one final state', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...DELIVERY_STATES), { maxLength: 40 }), (wishes) => {
      let state = DELIVERY_STATES[0] ?? 'queued'
      let finalsEntered = 0
      for (const wish of wishes) {
        const moved = step(state, wish)
        if (moved.kind !== 'moved') continue
        state = moved.to
        if (isFinal(state)) finalsEntered += 1
      }
      assert.ok(finalsEntered <= 1)
    }),
  )
})
