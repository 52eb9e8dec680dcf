import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DAY_MS,
  DELIVERED,
  HOUR_MS,
  MINUTE_MS,
  openWorld,
  SECOND_MS,
} from '../../test/support/engine-world.ts'
import { inTurn, interrupted } from '../../test/support/scripted.ts'
import type { Outcome } from '../core/outcome.ts'
import { openMemoryStore } from '../stores/memory/store.ts'

const HANGS = () => new Promise<Outcome>(() => {})
const SILENCE: Outcome = { kind: 'unknown', reason: 'carrier-timeout' }

const SWIFT = { sweepIntervalMs: SECOND_MS }

const shortLived = (now: number) => ({ expiresAt: now + HOUR_MS })

test('a message expires on time although its way out is closed', async () => {
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: () => DELIVERED } },
    limits: SWIFT,
  })
  world.closed.add('harbour')
  const id = await world.send(shortLived(world.clock.now()))
  await world.clock.advance(HOUR_MS - SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'queued')
  await world.clock.advance(2 * SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'expired')
  assert.deepEqual(
    world.told.map(({ result }) => result),
    ['expired'],
  )
  world.closed.delete('harbour')
  world.engine.scheduler.wakeAll()
  await world.clock.advance(HOUR_MS)
  assert.equal(world.attempts.length, 0, 'what is expired is not sent')
})

test('a message expires on time although its lane is stuck', async () => {
  const world = await openWorld({
    ways: { harbour: { lane: { concurrency: 1, attemptTimeoutMs: 6 * HOUR_MS }, play: HANGS } },
    limits: SWIFT,
  })
  const ids = []
  for (let count = 0; count < 10; count += 1) {
    ids.push(await world.send(shortLived(world.clock.now())))
  }
  await world.clock.advance(HOUR_MS + 2 * SECOND_MS)
  const states = await Promise.all(ids.map(async (id) => (await world.delivery(id)).state))
  // One is under way and one is next in line; nobody may say of those that they were not sent.
  assert.deepEqual(states.filter((state) => state !== 'expired').length, 2)
})

test('a message that was sent into silence and then expired is unknown, not expired', async () => {
  const world = await openWorld({
    ways: {
      harbour: {
        lane: { retry: { attemptsMax: 9, delayMsMin: DAY_MS, delayMsMax: DAY_MS, jitter: 0 } },
        play: inTurn(SILENCE),
      },
    },
    limits: { validityMsMax: 3 * DAY_MS },
  })
  const id = await world.send({ expiresAt: world.clock.now() + DAY_MS + HOUR_MS })
  await world.clock.advance(HOUR_MS)
  world.closed.add('harbour')
  await world.clock.advance(3 * DAY_MS)
  const { state, reason } = await world.delivery(id)
  assert.deepEqual([state, reason], ['unknown', 'carrier-timeout'])
})

test('a report that is faster than the sweeper stands', async () => {
  let race: (() => Promise<unknown>) | undefined
  const store = interrupted(openMemoryStore(), async ([op]) => {
    if (op?.op !== 'settle' || op.events[0]?.type !== 'timed-out') return
    const news = race
    race = undefined
    await news?.()
  })
  const silence: Outcome = { ...SILENCE, remoteId: 'r1' }
  const retry = { attemptsMax: 9, delayMsMin: 50 * MINUTE_MS, delayMsMax: DAY_MS, jitter: 0 }
  const world = await openWorld({
    store,
    ways: { harbour: { lane: { retry }, play: inTurn(silence) } },
  })
  const id = await world.send(shortLived(world.clock.now()))
  await world.clock.drain()
  world.closed.add('harbour')
  race = () => world.engine.receive('harbour', 'r1', { status: 'retrieved', raw: '' }, true)
  await world.clock.advance(2 * HOUR_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
})

test('what ended and was told is forgotten after its time, and not before', async () => {
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: () => DELIVERED } },
    limits: { retentionMs: DAY_MS },
  })
  const id = await world.send()
  await world.clock.advance(DAY_MS - HOUR_MS)
  assert.ok(await world.store.read({ query: 'message', messageId: id }))
  await world.clock.advance(2 * HOUR_MS)
  assert.equal(await world.store.read({ query: 'message', messageId: id }), undefined)
})

test('what its client was not told of is kept', async () => {
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: () => DELIVERED } },
    limits: { retentionMs: DAY_MS },
    hears: () => ({ kind: 'rejected', reason: 'client-refused' }),
  })
  const id = await world.send()
  await world.clock.advance(3 * DAY_MS)
  assert.ok(await world.store.read({ query: 'message', messageId: id }))
})

test('a round that fails rings the alarm, and the next one comes all the same', async () => {
  let failing = true
  const store = interrupted(openMemoryStore(), async ([op]) => {
    if (failing && op?.op === 'claim-expired') throw new Error('the store is away')
  })
  const world = await openWorld({
    store,
    ways: { harbour: { lane: {}, play: () => DELIVERED } },
    limits: SWIFT,
  })
  world.closed.add('harbour')
  const id = await world.send({ expiresAt: world.clock.now() + SECOND_MS })
  await world.clock.advance(5 * SECOND_MS)
  assert.equal(world.alarms.length, 5)
  failing = false
  await world.clock.advance(2 * SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'expired')
})
