import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createMemoryGate } from './memory-gate.ts'

const NEVER = new AbortController().signal

test('whoever comes while the memory is full waits, in order, until there is room', async () => {
  const gate = createMemoryGate(10)
  const order: string[] = []
  const first = await gate.enter(8, NEVER)
  const second = gate.enter(6, NEVER).then((leave) => {
    order.push('second')
    return leave
  })
  const third = gate.enter(1, NEVER).then((leave) => {
    order.push('third')
    return leave
  })
  await setImmediate()
  assert.deepEqual(order, [], 'the small one does not push past the large one')
  first?.()
  first?.()
  const leaves = await Promise.all([second, third])
  assert.deepEqual(order, ['second', 'third'])
  for (const leave of leaves) leave?.()
  assert.ok(await gate.enter(10, NEVER), 'given back once, not twice')
})

test('what is larger than all the memory is never let in', async () => {
  assert.equal(await createMemoryGate(10).enter(11, NEVER), undefined)
})

test('whoever gives up waiting lets the next one pass', async () => {
  const gate = createMemoryGate(10)
  await gate.enter(8, NEVER)
  const abort = new AbortController()
  const large = gate.enter(5, abort.signal)
  const small = gate.enter(2, NEVER)
  abort.abort()
  assert.equal(await large, undefined)
  assert.ok(await small)
})
