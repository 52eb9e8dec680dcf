import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DAY_MS,
  DELIVERED,
  ENVELOPE,
  HOUR_MS,
  MINUTE_MS,
  openWorld,
  SECOND_MS,
  type WorldOptions,
} from '../../test/support/engine-world.ts'
import { inTurn, interrupted } from '../../test/support/scripted.ts'
import type { Outcome } from '../core/outcome.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { StoreFullError } from './ports/store-error.ts'

const TAKEN: Outcome = { kind: 'submitted', remoteId: 'r1', expects: 'report' }
const DEAF: Outcome = { kind: 'deferred', reason: 'client-unreachable' }
const FETCHED = { status: 'retrieved', raw: '' } as const

/** A message that was handed over and then fetched, whose client hears as it is told. */
async function fetchedMessage(options: Partial<WorldOptions>) {
  const calls: string[] = []
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: inTurn(TAKEN) } },
    ...options,
    hears(notice, attempt) {
      calls.push(`${notice.result} ${attempt}`)
      return options.hears?.(notice, attempt) ?? DELIVERED
    },
  })
  const id = await world.send()
  await world.clock.advance(SECOND_MS)
  await world.engine.receive('harbour', 'r1', FETCHED, true)
  await world.clock.drain()
  const told = () => world.told.map(({ result }) => result)
  return { world, id, calls, told }
}

test('a client is told in order, each thing once', async () => {
  const { world, id, told, calls } = await fetchedMessage({})
  await world.clock.advance(HOUR_MS)
  assert.deepEqual(told(), ['handed-to-network', 'delivered'])
  assert.deepEqual(calls, ['handed-to-network 1', 'delivered 1'])
  assert.deepEqual((await world.story(id)).notices, [])
})

test('the final report waits while the interim one is repeated', async () => {
  const { world, told, calls } = await fetchedMessage({
    hears: ({ result }, attempt) =>
      result === 'handed-to-network' && attempt < 3 ? DEAF : DELIVERED,
  })
  await world.clock.advance(5 * SECOND_MS)
  assert.deepEqual(told(), [])
  await world.clock.advance(MINUTE_MS)
  assert.deepEqual(calls, [
    'handed-to-network 1',
    'handed-to-network 2',
    'handed-to-network 3',
    'delivered 1',
  ])
})

test('one delivery that cannot be told does not hold up the others of its client', async () => {
  const { world, told } = await fetchedMessage({
    ways: {
      harbour: { lane: {}, play: inTurn(TAKEN) },
      island: { lane: {}, play: inTurn(DELIVERED) },
    },
    hears: ({ result }) => (result === 'handed-to-network' ? DEAF : DELIVERED),
  })
  await world.send({ recipients: [{ kind: 'number', text: '15551000002' }] })
  await world.clock.drain()
  assert.deepEqual(told(), ['delivered'])
})

test('a repeated notice keeps its id, so that a client can drop doubles', async () => {
  const ids: string[] = []
  const { world } = await fetchedMessage({
    hears(notice) {
      ids.push(notice.id)
      return ids.length === 2 ? DELIVERED : DEAF
    },
  })
  await world.clock.advance(15 * SECOND_MS)
  assert.equal(ids[0], ids[1])
  assert.notEqual(ids[0], ids[2], 'the next notice has another')
})

test('when the plan is used up the notice is parked, and what comes after it is told', async () => {
  const { world, id, told, calls } = await fetchedMessage({
    hears: ({ result }) => (result === 'handed-to-network' ? DEAF : DELIVERED),
  })
  await world.clock.advance(DAY_MS)
  assert.deepEqual(calls.slice(0, 3), [
    'handed-to-network 1',
    'handed-to-network 2',
    'handed-to-network 3',
  ])
  assert.deepEqual(told(), ['delivered'])
  const { notices, events } = await world.story(id)
  assert.deepEqual(
    notices.map(({ notice, parked }) => [notice.result, parked]),
    [['handed-to-network', true]],
  )
  const last = events.findLast((event) => event.type === 'client-told' && event.attempt === 3)
  assert.equal(last?.type === 'client-told' && last.parked, true)
})

test('a client that refuses for good has its report parked at once', async () => {
  const { world, id, calls } = await fetchedMessage({
    hears: () => ({ kind: 'rejected', reason: 'client-refused' }),
  })
  await world.clock.advance(MINUTE_MS)
  assert.deepEqual(calls, ['handed-to-network 1', 'delivered 1'])
  assert.equal((await world.story(id)).notices.filter(({ parked }) => parked).length, 2)
})

test('a replay tells what was parked', async () => {
  let mended = false
  const { world, told } = await fetchedMessage({ hears: () => (mended ? DELIVERED : DEAF) })
  await world.clock.advance(DAY_MS)
  assert.deepEqual(told(), [])
  mended = true
  const nextAt = world.clock.now()
  const [{ count }] = await world.store.commit([{ op: 'replay-notices', nextAt }])
  assert.equal(count, 2)
  world.engine.scheduler.wakeAll()
  await world.clock.advance(SECOND_MS)
  // "On its way" would only confuse now; what became of it is what the client needs.
  assert.deepEqual(told(), ['delivered'])
})

test('a replay says "on its way" while that is still true', async () => {
  let mended = false
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: inTurn(TAKEN) } },
    hears: () => (mended ? DELIVERED : DEAF),
  })
  await world.send()
  await world.clock.advance(HOUR_MS)
  mended = true
  await world.store.commit([{ op: 'replay-notices', nextAt: world.clock.now() }])
  world.engine.scheduler.wakeAll()
  await world.clock.advance(SECOND_MS)
  assert.deepEqual(
    world.told.map(({ result }) => result),
    ['handed-to-network'],
  )
})

test('a replay never says "on its way" to a client that was told the end', async () => {
  let mended = false
  const { world, id, told } = await fetchedMessage({
    hears: ({ result }) => (result === 'handed-to-network' && !mended ? DEAF : DELIVERED),
  })
  await world.clock.advance(DAY_MS)
  mended = true
  await world.store.commit([{ op: 'replay-notices', nextAt: world.clock.now() }])
  world.engine.scheduler.wakeAll()
  await world.clock.advance(SECOND_MS)
  assert.deepEqual(told(), ['delivered'])
  const { notices, events } = await world.story(id)
  assert.deepEqual(notices, [], 'it is let go, and its history says so')
  const last = events.at(-1)
  assert.equal(
    last?.type === 'client-told' && last.outcome.raw?.slice(0, 22),
    'the delivery has ended',
  )
})

test('a client that hangs is let go in time and told again', async () => {
  let first = true
  const { world, told } = await fetchedMessage({
    hears() {
      if (!first) return DELIVERED
      first = false
      return new Promise(() => {})
    },
  })
  // A sender that ignores its signal costs a lease, not the report.
  await world.clock.advance(15 * MINUTE_MS)
  assert.deepEqual(told(), ['handed-to-network', 'delivered'])
})

test('a client that asks for patience gets it', async () => {
  const { world, calls } = await fetchedMessage({
    hears: () => ({ kind: 'deferred', reason: 'client-refused', retryAfterMs: 30_000 }),
  })
  await world.clock.advance(28 * SECOND_MS)
  assert.equal(calls.length, 1)
  await world.clock.advance(2 * SECOND_MS)
  assert.equal(calls.length, 2)
})

test('a sender that throws costs an attempt and rings the alarm, never the report', async () => {
  let thrown = false
  const { world, told } = await fetchedMessage({
    hears() {
      if (thrown) return DELIVERED
      thrown = true
      throw new Error('ours')
    },
  })
  await world.clock.advance(MINUTE_MS)
  assert.deepEqual(told(), ['handed-to-network', 'delivered'])
  assert.deepEqual(world.alarms, ['report to report:acme: Error: ours'])
})

test('a client that did not ask is told nothing', async () => {
  const world = await openWorld({ ways: { harbour: { lane: {}, play: inTurn(TAKEN) } } })
  const id = await world.send({ envelope: { ...ENVELOPE, deliveryReports: false } })
  await world.clock.advance(SECOND_MS)
  await world.engine.receive('harbour', 'r1', FETCHED, true)
  await world.clock.advance(MINUTE_MS)
  assert.deepEqual(world.told, [])
  assert.equal((await world.delivery(id)).state, 'delivered')
})

test('a client with nowhere to be told fills no outbox', async () => {
  const { world, id, told } = await fetchedMessage({ noticeLane: 'none' })
  await world.clock.advance(MINUTE_MS)
  assert.deepEqual(told(), [])
  assert.deepEqual((await world.story(id)).notices, [])
})

test('a client that was told is not told again because the store was full for a moment', async () => {
  let full = true
  const store = interrupted(openMemoryStore(), async ([op]) => {
    if (op?.op === 'settle-notice' && full) throw new StoreFullError('no room')
  })
  const { world, calls } = await fetchedMessage({ store })
  await world.clock.advance(5 * SECOND_MS)
  full = false
  await world.clock.advance(HOUR_MS)
  assert.deepEqual(calls, ['handed-to-network 1', 'delivered 1'])
})
