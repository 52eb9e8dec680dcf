import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DELIVERED,
  HOUR_MS,
  MINUTE_MS,
  openWorld,
  prefixOf,
  SECOND_MS,
} from '../../test/support/engine-world.ts'
import { heldBack, inTurn } from '../../test/support/scripted.ts'
import type { Outcome } from '../core/outcome.ts'
import { openMemoryStore } from '../stores/memory/store.ts'

const HANGS = () => new Promise<Outcome>(() => {})

const toIsland = { recipients: [{ kind: 'number', text: `${prefixOf(1)}000001` }] } as const

test('a dead way out does not slow another', async () => {
  const world = await openWorld({
    ways: {
      harbour: { lane: {}, play: HANGS },
      island: { lane: { concurrency: 1 }, play: () => DELIVERED },
    },
  })
  for (let count = 0; count < 50; count += 1) await world.send()
  const ids = []
  for (let count = 0; count < 50; count += 1) ids.push(await world.send(toIsland))
  await world.clock.drain()
  for (const id of ids) assert.equal((await world.delivery(id)).state, 'delivered')
})

test('while a client is away its notices wait, are not tried, and go when it is there', async () => {
  let there = false
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: () => DELIVERED } },
    reachable: () => there,
  })
  const id = await world.send()
  await world.clock.advance(48 * HOUR_MS)
  assert.equal(world.told.length, 0)
  assert.equal((await world.story(id)).notices[0]?.attempts, 0)
  there = true
  world.engine.scheduler.notice('report:acme', world.clock.now())
  await world.clock.drain()
  assert.deepEqual(
    world.told.map(({ messageId }) => messageId),
    [id],
  )
})

test('a dead client does not slow another lane of work', async () => {
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: () => DELIVERED } },
    hears: HANGS,
  })
  const ids = []
  for (let count = 0; count < 50; count += 1) ids.push(await world.send())
  await world.clock.drain()
  for (const id of ids) assert.equal((await world.delivery(id)).state, 'delivered')
})

test('memory holds a window of a lane and not its backlog', async () => {
  const world = await openWorld({
    ways: { harbour: { lane: { concurrency: 3 }, play: HANGS } },
    limits: { laneWindowMax: 5 },
  })
  for (let count = 0; count < 200; count += 1) await world.send()
  await world.clock.advance(HOUR_MS)
  assert.ok(world.engine.scheduler.held() <= 5)
})

test('a slow peer is not sent twice what waits behind its slowness', async () => {
  const slow = (_attempt: unknown, signal: AbortSignal) =>
    new Promise<Outcome>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'deferred', reason: 'carrier-busy' }))
    })
  const world = await openWorld({
    ways: {
      harbour: {
        lane: { concurrency: 1, attemptTimeoutMs: 5 * MINUTE_MS, whenAmbiguous: 'hold' },
        play: slow,
      },
    },
  })
  const ids = [await world.send(), await world.send(), await world.send()]
  await world.clock.advance(2 * HOUR_MS)
  for (const id of ids) {
    assert.ok(!(await world.history(id)).includes('attempt-lost'))
    assert.notEqual((await world.delivery(id)).state, 'unknown')
  }
})

test('a graceful stop gives back what was not started, as if it had never been taken', async () => {
  const { play, answers } = heldBack()
  const store = openMemoryStore()
  const ways = { harbour: { lane: { concurrency: 1, whenAmbiguous: 'hold' as const }, play } }
  const world = await openWorld({ store, ways })
  const [running, waiting] = [await world.send(), await world.send()]
  await world.clock.drain()
  assert.equal((await world.delivery(waiting)).state, 'attempting')
  const stopping = world.engine.stop()
  answers[0]?.resolve(DELIVERED)
  await stopping
  assert.equal((await world.delivery(running)).state, 'delivered')
  const { state, nextAt, attempts } = await world.delivery(waiting)
  assert.deepEqual([state, nextAt, attempts], ['queued', world.clock.now(), 0])

  const next = await openWorld({
    store,
    clock: world.clock,
    ways: { harbour: { lane: { whenAmbiguous: 'hold' }, play: inTurn(DELIVERED) } },
  })
  await world.clock.advance(SECOND_MS)
  assert.deepEqual(await next.history(waiting), ['accepted', 'attempted', 'client-told'])
})

test('a new start takes up what a crash left: the lease runs out and the key stays', async () => {
  const store = openMemoryStore()
  const before = await openWorld({ store, ways: { harbour: { lane: {}, play: HANGS } } })
  const id = await before.send()
  await before.clock.drain()
  // It hangs in its attempt for ever, as a process does that is gone.
  void before.engine.stop()
  const after = await openWorld({
    store,
    clock: before.clock,
    ways: { harbour: { lane: {}, play: inTurn(DELIVERED) } },
  })
  await before.clock.advance(2 * MINUTE_MS)
  assert.equal((await after.delivery(id)).state, 'delivered')
  assert.equal(after.attempts[0]?.key, before.attempts[0]?.key)
  assert.deepEqual(await after.history(id), [
    'accepted',
    'attempt-lost',
    'attempted',
    'client-told',
  ])
})

test('after a stop nothing is sent any more, and what is accepted waits for the next start', async () => {
  const store = openMemoryStore()
  const ways = { harbour: { lane: {}, play: inTurn(DELIVERED) } }
  const world = await openWorld({ store, ways })
  await world.engine.stop()
  const id = await world.send()
  await world.clock.advance(HOUR_MS)
  assert.equal((await world.delivery(id)).state, 'queued')
  const next = await openWorld({ store, clock: world.clock, ways })
  await world.clock.advance(SECOND_MS)
  assert.equal((await next.delivery(id)).state, 'delivered')
})
