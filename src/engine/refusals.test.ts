import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DELIVERED, openWorld, prefixOf, SECOND_MS } from '../../test/support/engine-world.ts'
import type { Address } from '../core/address.ts'
import type { RefusedRecipient } from '../core/message.ts'

const WAYS = { harbour: { lane: {}, play: () => DELIVERED } }
const recipients: readonly Address[] = ['1', '2'].map((end) => ({
  kind: 'number',
  text: `${prefixOf(0)}00000${end}`,
}))
const refusal = (index: number): RefusedRecipient => ({
  index,
  reason: 'country-forbidden',
  policy: 'country',
  rule: 'The account may not send to FR.',
})

test('a refused recipient is kept as failed with its rule, and nobody is sent a notice', async () => {
  const world = await openWorld({ ways: WAYS })
  const id = await world.send({ recipients, refusals: [refusal(1)] })
  await world.clock.advance(SECOND_MS)
  const { deliveries, events, message } = await world.story(id)
  assert.deepEqual(
    deliveries.map(({ state, reason }) => [state, reason]),
    [
      ['delivered', undefined],
      ['failed', 'country-forbidden'],
    ],
  )
  const failed = events.find(({ type }) => type === 'failed')
  assert.deepEqual(failed, {
    type: 'failed',
    at: failed?.at,
    delivery: 1,
    reason: 'country-forbidden',
    raw: 'The account may not send to FR.',
    policy: 'country',
  })
  assert.equal(world.attempts.length, 1)
  assert.deepEqual(
    world.told.map(({ index }) => index),
    [0],
  )
  assert.equal(message.content.length, 3)
})

test('a refusal that a door has no answer to tell of is told by a notice, with its reason', async () => {
  const world = await openWorld({ ways: WAYS })
  await world.send({ recipients, refusals: [refusal(1)], refusalsReported: true })
  await world.clock.advance(SECOND_MS)
  const refused = world.told.filter(({ index }) => index === 1)
  assert.deepEqual(
    refused.map(({ result, reason }) => [result, reason]),
    [['rejected', 'country-forbidden']],
  )
})

test('a message refused for everybody is kept without its content, and stops no repetition', async () => {
  const world = await openWorld({ ways: WAYS })
  const idempotency = { scope: 'acme', key: 'k', fingerprint: 'f' }
  const id = await world.send({ recipients, idempotency, refusals: [refusal(0), refusal(1)] })
  const { message } = await world.story(id)
  assert.deepEqual(message.content, { parts: [], length: 0, extents: [] })
  const again = await world.send({ recipients, idempotency })
  assert.notEqual(again, id)
  await world.clock.advance(SECOND_MS)
  assert.equal(world.attempts.length, 2)
  assert.ok(world.told.every(({ messageId }) => messageId === again))
})
