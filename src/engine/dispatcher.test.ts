import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DELIVERED,
  HOUR_MS,
  MINUTE_MS,
  openWorld,
  type Play,
  SECOND_MS,
  type Way,
} from '../../test/support/engine-world.ts'
import { heldBack, inTurn, interrupted } from '../../test/support/scripted.ts'
import type { Outcome } from '../core/outcome.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import type { Lane } from './ports/connector.ts'
import type { Op, Store } from './ports/store.ts'
import { StoreFullError } from './ports/store-error.ts'

const TAKEN: Outcome = { kind: 'submitted', remoteId: 'r1', expects: 'report' }
const ASKED: Outcome = { kind: 'submitted', remoteId: 'r1', expects: 'response' }
const SILENCE: Outcome = { kind: 'unknown', reason: 'carrier-timeout', remoteId: 'r1' }
const BUSY: Outcome = { kind: 'deferred', reason: 'carrier-busy' }

function harbour(play: Play, lane: Partial<Lane> = {}): { readonly harbour: Way } {
  return { harbour: { lane, play } }
}

const results = (told: readonly { readonly result: string }[]) => told.map(({ result }) => result)

test('every attempt of a delivery carries one key, and no two deliveries share it', async () => {
  const world = await openWorld({ ways: harbour(inTurn(BUSY, SILENCE, TAKEN)) })
  await world.send()
  await world.clock.advance(10 * MINUTE_MS)
  await world.send()
  await world.clock.advance(MINUTE_MS)
  const [first, second, third, other] = world.attempts
  assert.deepEqual([first?.number, second?.number, third?.number, other?.number], [1, 2, 3, 1])
  assert.equal(second?.key, first?.key)
  assert.equal(third?.key, first?.key)
  assert.notEqual(other?.key, first?.key)
})

test('a request that is never answered is made again under its key, then called unknown', async () => {
  const world = await openWorld({ ways: harbour(inTurn(ASKED)) })
  const id = await world.send()
  await world.clock.advance(HOUR_MS)
  assert.equal(new Set(world.attempts.map(({ key }) => key)).size, 1)
  assert.equal(world.attempts.length, 3)
  const { state, reason } = await world.delivery(id)
  assert.deepEqual([state, reason], ['unknown', 'response-missing'])
  assert.deepEqual(results(world.told), ['unknown'])
})

test('a request that is never answered is not made again where the peer keeps doubles', async () => {
  const world = await openWorld({ ways: harbour(inTurn(ASKED), { whenAmbiguous: 'hold' }) })
  const id = await world.send()
  await world.clock.advance(HOUR_MS)
  assert.equal(world.attempts.length, 1)
  assert.equal((await world.delivery(id)).state, 'unknown')
})

test('a report that never comes leaves the delivery unknown when its window ends', async () => {
  const world = await openWorld({ ways: harbour(inTurn(TAKEN)) })
  const id = await world.send()
  await world.clock.advance(2 * HOUR_MS - SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'submitted')
  await world.clock.advance(2 * SECOND_MS)
  const { state, reason, nextAt } = await world.delivery(id)
  assert.deepEqual([state, reason, nextAt], ['unknown', 'report-missing', undefined])
  assert.deepEqual(results(world.told), ['handed-to-network', 'unknown'])
})

test('an attempt that hangs is told to stop when its time is over', async () => {
  const play: Play = (_attempt, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(SILENCE)))
  const world = await openWorld({ ways: harbour(play, { attemptTimeoutMs: 10_000 }) })
  const id = await world.send()
  await world.clock.advance(9999)
  assert.equal((await world.delivery(id)).state, 'attempting')
  await world.clock.advance(1)
  assert.equal((await world.delivery(id)).state, 'deferred')
})

test('a connector that throws costs an attempt and rings the alarm, never the message', async () => {
  const plays: Play[] = [
    () => {
      throw new Error('ours')
    },
    () => DELIVERED,
  ]
  const world = await openWorld({
    ways: harbour((attempt, signal) => (plays.shift() ?? plays[0])?.(attempt, signal) ?? DELIVERED),
  })
  const id = await world.send()
  await world.clock.advance(2 * MINUTE_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
  assert.deepEqual(world.alarms, ['attempt on harbour: Error: ours'])
})

test('whoever lost the lease writes nothing: the younger attempt decides', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: harbour(play) })
  const id = await world.send()
  await world.clock.advance(MINUTE_MS)
  assert.equal(answers.length, 2, 'the lease ran out and the attempt was made again')
  answers[1]?.resolve(TAKEN)
  await world.clock.drain()
  const before = await world.story(id)
  answers[0]?.resolve(DELIVERED)
  await world.clock.drain()
  assert.deepEqual(await world.story(id), before)
  assert.equal(before.deliveries[0]?.state, 'submitted')
})

test('a delivery whose attempts vanish again and again is taken out of the way', async () => {
  const world = await openWorld({
    ways: harbour(() => new Promise(() => {}), {
      retry: { attemptsMax: 50, delayMsMin: 1000, delayMsMax: 1000, jitter: 0 },
    }),
    limits: { lostAttemptsMax: 2 },
  })
  const id = await world.send()
  await world.clock.advance(HOUR_MS)
  const { state, reason } = await world.delivery(id)
  assert.deepEqual([state, reason], ['failed', 'poison-message'])
  assert.deepEqual(await world.history(id), [
    'accepted',
    'attempt-lost',
    'attempt-lost',
    'attempt-lost',
    'client-told',
  ])
})

test('only losses count as losses: a busy peer poisons nothing', async () => {
  const plays: (Outcome | 'vanishes')[] = [BUSY, BUSY, BUSY, 'vanishes', 'vanishes', DELIVERED]
  const world = await openWorld({
    ways: harbour(
      () => {
        const next = plays.shift() ?? DELIVERED
        return next === 'vanishes' ? new Promise(() => {}) : next
      },
      { retry: { attemptsMax: 50, delayMsMin: 1000, delayMsMax: 1000, jitter: 0 } },
    ),
    limits: { lostAttemptsMax: 2 },
  })
  const id = await world.send()
  await world.clock.advance(HOUR_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
})

test('a report that comes during a repeated attempt decides, and the attempt is evidence', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: harbour(play) })
  const id = await world.send()
  await world.clock.drain()
  answers[0]?.resolve(SILENCE)
  await world.clock.advance(MINUTE_MS)
  assert.equal(answers.length, 2)
  await world.engine.receive('harbour', 'r1', { status: 'retrieved', raw: '' }, true)
  answers[1]?.resolve(TAKEN)
  await world.clock.advance(3 * HOUR_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
  assert.deepEqual(results(world.told), ['delivered'])
  assert.deepEqual(await world.history(id), [
    'accepted',
    'attempted',
    'reported',
    'client-told',
    'attempted',
  ])
})

// biome-ignore format: a table
const RACES = [
  ['the handset has it',   { status: 'retrieved', raw: '' },    'delivered', ['delivered']],
  ['the answer comes',     { status: 'acknowledged', raw: '' }, 'submitted', ['handed-to-network']],
  ['it is still trying',   { status: 'deferred', raw: '' },     'deferred',  ['deferred']],
] as const

for (const [name, report, state, told] of RACES) {
  test(`a timer that runs out at the moment when ${name} does not undo the news`, async () => {
    let race: (() => Promise<unknown>) | undefined
    const store = interrupted(openMemoryStore(), async ([op]) => {
      if (op?.op !== 'settle' || op.events[0]?.type !== 'timed-out') return
      const news = race
      race = undefined
      await news?.()
    })
    const world = await openWorld({
      ways: harbour(inTurn(ASKED, BUSY)),
      store,
    })
    const id = await world.send()
    race = () => world.engine.receive('harbour', 'r1', report, true)
    await world.clock.advance(5 * MINUTE_MS + SECOND_MS)
    assert.equal((await world.delivery(id)).state, state)
    assert.deepEqual(results(world.told), told)
  })
}

test('behind a closed way nothing is tried, and all of it goes when the way opens', async () => {
  const world = await openWorld({ ways: harbour(inTurn(DELIVERED)) })
  world.closed.add('harbour')
  const ids = [await world.send(), await world.send(), await world.send()]
  await world.clock.advance(3 * HOUR_MS)
  assert.equal(world.attempts.length, 0)
  for (const id of ids) assert.deepEqual(await world.history(id), ['accepted'])
  world.closed.delete('harbour')
  world.engine.scheduler.wakeAll()
  await world.clock.advance(SECOND_MS)
  for (const id of ids) assert.equal((await world.delivery(id)).state, 'delivered')
})

test('what had left before its way was closed still comes to an end', async () => {
  const world = await openWorld({ ways: harbour(inTurn(TAKEN)) })
  const [silent, reported] = [await world.send(), await world.send()]
  await world.clock.drain()
  await world.engine.receive('harbour', 'r1', { status: 'deferred', raw: '' }, true)
  world.closed.add('harbour')
  await world.clock.advance(HOUR_MS)
  const receipt = await world.engine.receive(
    'harbour',
    'r1',
    { status: 'retrieved', raw: '' },
    true,
  )
  assert.equal(receipt, 'applied', 'a report is true whatever became of its way')
  await world.clock.advance(2 * HOUR_MS)
  assert.equal((await world.delivery(silent)).state, 'unknown')
  assert.equal((await world.delivery(reported)).state, 'delivered')
})

test('an attempt is judged by the settings it was made under, though its way was closed', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: harbour(play) })
  const id = await world.send()
  await world.clock.drain()
  world.closed.add('harbour')
  answers[0]?.resolve(TAKEN)
  await world.clock.drain()
  const { state, nextAt } = await world.delivery(id)
  assert.deepEqual([state, nextAt], ['submitted', world.clock.now() + 2 * HOUR_MS])
})

/** A store that refuses one kind of op for a while, as a full disk does. */
function fullFor(op: Op['op'], isFull: () => boolean): Store {
  return interrupted(openMemoryStore(), async ([first]) => {
    if (first?.op === op && isFull()) throw new StoreFullError('no room')
  })
}

test('an outcome that meets a full store is not lost: it is kept when there is room', async () => {
  let full = true
  const world = await openWorld({
    ways: harbour(inTurn(TAKEN), { whenAmbiguous: 'hold' }),
    store: fullFor('settle', () => full),
  })
  const id = await world.send()
  await world.clock.advance(20 * SECOND_MS)
  full = false
  await world.clock.advance(2 * SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'submitted')
  assert.equal(world.attempts.length, 1)
  assert.deepEqual(world.alarms, [])
})

test('an early report that meets a full store when its id is learnt is used later', async () => {
  const { play, answers } = heldBack()
  let settled = 0
  let full = true
  const store = interrupted(openMemoryStore(), async ([op]) => {
    if (op?.op !== 'settle') return
    settled += 1
    if (settled > 1 && full) throw new StoreFullError('no room')
  })
  const world = await openWorld({ ways: harbour(play), store })
  const id = await world.send()
  await world.clock.drain()
  await world.engine.receive('harbour', 'r1', { status: 'retrieved', raw: '' }, true)
  answers[0]?.resolve(TAKEN)
  await world.clock.advance(10 * SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'submitted')
  full = false
  await world.clock.advance(2 * SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
})
