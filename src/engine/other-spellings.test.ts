import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld, prefixOf, SECOND_MS } from '../../test/support/engine-world.ts'
import { heldBack } from '../../test/support/scripted.ts'
import type { Outcome, Report } from '../core/outcome.ts'
import { openMemoryStore } from '../stores/memory/store.ts'

const SILENCE: Outcome = { kind: 'unknown', reason: 'carrier-timeout' }
const LOOK_MS = 2 * SECOND_MS

/** As a centre that counts in hexadecimal and may report in decimal, or the other way. */
function spellingsOf(id: string): readonly string[] {
  const decimal = /^[0-9]+$/.test(id) ? [Number(id).toString(16).padStart(8, '0')] : []
  return [id, ...decimal, String(Number.parseInt(id, 16))]
}

const taken = (remoteId: string): Outcome => ({ kind: 'submitted', remoteId, expects: 'report' })

/** Messages under way whose answers the test gives; each to a number of its own, or all to one. */
async function underWay(count: number, oneNumber = false) {
  const { play, answers } = heldBack()
  const store = openMemoryStore()
  const world = await openWorld({ ways: { harbour: { lane: {}, play, spellingsOf } }, store })
  const number = (n: number) => `${prefixOf(0)}123400${oneNumber ? 0 : n}`
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) {
    ids.push(await world.send({ recipients: [{ kind: 'number', text: number(n) }] }))
    await world.clock.drain()
  }
  const answer = async (n: number, outcome: Outcome) => {
    answers[n]?.resolve(outcome)
    await world.clock.drain()
  }
  const report = (n: number, remoteId: string, more: Partial<Report> = {}) =>
    world.engine.receive(
      'harbour',
      remoteId,
      { status: 'retrieved', raw: 'DELIVRD', recipient: number(n), ...more },
      true,
    )
  const states = () => Promise.all(ids.map(async (id) => (await world.delivery(id)).state))
  const look = () => world.clock.advance(LOOK_MS)
  return { world, store, answer, report, states, look }
}

test('a report in another base finds its message, though not at once', async () => {
  const { answer, report, states, look } = await underWay(1)
  await answer(0, taken('0000000a'))
  assert.equal(await report(0, '10'), 'parked')
  assert.deepEqual(await states(), ['submitted'])
  await look()
  assert.deepEqual(await states(), ['delivered'])
})

test('a report that is faster than its answer never finds another message', async () => {
  const { answer, report, states, look } = await underWay(2, true)
  // 00000014 is 20 in decimal, and both are for one number.
  await answer(0, taken('00000014'))
  assert.equal(await report(1, '20', { status: 'rejected' }), 'parked')
  await look()
  assert.deepEqual(await states(), ['submitted', 'attempting'], 'the id itself may come yet')
  await answer(1, taken('20'))
  await look()
  assert.deepEqual(await states(), ['submitted', 'failed'])
})

test('a report of an attempt whose answer was lost ends no message to another number', async () => {
  const { answer, report, states, look } = await underWay(2)
  await answer(0, taken('00000014'))
  await answer(1, SILENCE)
  assert.equal(await report(1, '20', { status: 'rejected' }), 'parked')
  await look()
  assert.equal((await states())[0], 'submitted')
})

test('a report that may be of either of two messages is of none', async () => {
  const { answer, report, states, look } = await underWay(2, true)
  await answer(0, taken('00000014'))
  await answer(1, taken('32'))
  assert.equal(await report(0, '20'), 'parked')
  await look()
  assert.deepEqual(await states(), ['submitted', 'submitted'])
})

const WHOLE = `${prefixOf(0)}1234000`
// biome-ignore format: a table
const NUMBERS = [
  ['as we write it',          WHOLE,                  'delivered'],
  ['in its national form',    `0${WHOLE.slice(1)}`,   'delivered'],
  ['of another country',      `44${WHOLE.slice(1)}`,  'submitted'],
  ['too short to be told',    WHOLE.slice(-6),        'submitted'],
  ['not at all',              undefined,              'submitted'],
] as const

for (const [name, recipient, state] of NUMBERS) {
  test(`a report in another base that names the number ${name} leaves it ${state}`, async () => {
    const { world, answer, states, look } = await underWay(1)
    await answer(0, taken('0000000a'))
    const said: Report = { status: 'retrieved', raw: 'DELIVRD' }
    const report = recipient === undefined ? said : { ...said, recipient }
    assert.equal(await world.engine.receive('harbour', '10', report, true), 'parked')
    await look()
    assert.deepEqual(await states(), [state])
  })
}

test('what a process parked the next one looks at', async () => {
  const { world, store, answer, report } = await underWay(1)
  await answer(0, taken('0000000a'))
  assert.equal(await report(0, '10'), 'parked')
  await world.engine.stop()
  const [{ message } = assert.fail('no message')] = await store.read({
    query: 'messages',
    limit: 1,
  })
  const { play } = heldBack()
  const next = await openWorld({ ways: { harbour: { lane: {}, play, spellingsOf } }, store })
  await next.clock.advance(LOOK_MS)
  assert.equal((await next.delivery(message.id)).state, 'delivered')
})

test('a report that names nobody is looked at once, and stays for its own id', async () => {
  const { store, answer, report, look } = await underWay(1)
  await answer(0, taken('0000000a'))
  assert.equal(await report(0, '11'), 'parked')
  await look()
  const left = await store.read({ query: 'spelt-reports', limit: 10 })
  assert.deepEqual(left, { ready: [], waiting: false })
})
