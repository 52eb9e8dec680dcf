import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPending, type Pending } from '../../test/support/scripted.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import { type Claim, LanePump, type LaneSettings, longestPaceMs } from './lane-pump.ts'

interface Bench {
  readonly settings: LaneSettings
  readonly windowMax?: number
  /** Entries that are due. */
  due: number
  /** What runs; the test ends each. */
  readonly run?: (entry: number) => Promise<void>
}

function openBench({ settings, windowMax = 256, due, run }: Bench) {
  const clock = createVirtualClock()
  const bench = {
    clock,
    due,
    claims: [] as number[],
    started: [] as { readonly entry: number; readonly at: number }[],
    released: [] as number[],
    alarms: [] as unknown[],
    heldMax: 0,
    pending: [] as Pending<void>[],
    nextAt: undefined as number | undefined,
    failing: false,
  }
  let next = 0
  const pump: LanePump<number> = new LanePump<number>({
    clock,
    windowMax,
    settings: () => settings,
    async claim(limit): Promise<Claim<number>> {
      if (bench.failing) throw new Error('the store is away')
      bench.claims.push(limit)
      const count = Math.min(limit, bench.due)
      bench.due -= count
      const entries = Array.from({ length: count }, () => next++)
      return { entries, ...(bench.nextAt === undefined ? {} : { nextAt: bench.nextAt }) }
    },
    run(entry) {
      bench.started.push({ entry, at: clock.now() })
      bench.heldMax = Math.max(bench.heldMax, pump.held)
      if (run !== undefined) return run(entry)
      const pending = createPending<void>()
      bench.pending.push(pending)
      return pending.promise
    },
    async release(entry) {
      bench.released.push(entry)
    },
    alarm: (error) => bench.alarms.push(error),
  })
  const finishOne = () => bench.pending.shift()?.resolve()
  return { ...bench, bench, pump, finishOne }
}

test('a lane holds no more than its window, however much is due', async () => {
  const { bench, pump, clock } = openBench({
    settings: { concurrency: 8 },
    windowMax: 12,
    due: 100_000,
    run: () => Promise.resolve(),
  })
  pump.kick(clock.now())
  await clock.drain()
  assert.equal(bench.started.length, 100_000)
  assert.ok(bench.heldMax <= 12, `${bench.heldMax} held`)
  assert.ok(Math.max(...bench.claims) <= 12)
  assert.equal(pump.held, 0)
})

test('a place is promised only to what would start at once', async () => {
  const { bench, pump, clock, finishOne } = openBench({ settings: { concurrency: 2 }, due: 1 })
  pump.kick(clock.now())
  await clock.drain()
  assert.equal(pump.reserve(), true)
  assert.equal(pump.reserve(), false, 'one runs, one place is promised')
  assert.equal(pump.held, 2)
  pump.fill(77)
  assert.deepEqual(
    bench.started.map(({ entry }) => entry),
    [0, 77],
  )
  finishOne()
  await clock.drain()
  assert.equal(pump.reserve(), true)
  bench.due = 9
  pump.kick(clock.now())
  await clock.drain()
  assert.equal(bench.started.length, 3, 'a promised place is nobody else’s')
  pump.fill()
  assert.equal(pump.reserve(), false, 'others wait already')
  await clock.drain()
  assert.equal(pump.held, 4)
})

test('what was leased for a lane that has stopped is given back', async () => {
  const { bench, pump } = openBench({ settings: { concurrency: 2 }, due: 0 })
  assert.equal(pump.reserve(), true)
  await pump.stop()
  pump.fill(77)
  assert.deepEqual([bench.started, bench.released], [[], [77]])
  assert.equal(pump.reserve(), false)
})

test('claims are made for a worthwhile number, not for each place that falls free', async () => {
  const { bench, pump, clock, finishOne } = openBench({ settings: { concurrency: 8 }, due: 1000 })
  pump.kick(clock.now())
  await clock.drain()
  assert.deepEqual(bench.claims, [16])
  for (let count = 0; count < 3; count += 1) finishOne()
  await clock.drain()
  assert.deepEqual(bench.claims, [16])
  finishOne()
  await clock.drain()
  assert.deepEqual(bench.claims, [16, 4])
})

test('no more run at once than the lane allows', async () => {
  const { bench, pump, clock, finishOne } = openBench({ settings: { concurrency: 3 }, due: 10 })
  pump.kick(clock.now())
  await clock.drain()
  assert.equal(bench.started.length, 3)
  finishOne()
  await clock.drain()
  assert.equal(bench.started.length, 4)
})

// biome-ignore format: a table
const PACES = [
  ['ten a second',           { perSecond: 10, burst: 1 },  1,   91],
  ['ten a second, five at once', { perSecond: 10, burst: 5 }, 5, 95],
  ['one in two seconds',     { perSecond: 0.5, burst: 1 }, 1,   5],
] as const

for (const [name, rate, atOnce, inNineSeconds] of PACES) {
  test(`a paced lane keeps its pace: ${name}`, async () => {
    const { bench, pump, clock } = openBench({
      settings: { concurrency: 4, rate },
      due: 1000,
      run: () => Promise.resolve(),
    })
    pump.kick(clock.now())
    await clock.advance(0)
    assert.equal(bench.started.length, atOnce)
    await clock.advance(9000)
    assert.equal(bench.started.length, inNineSeconds)
    const window = rate.burst + rate.perSecond * 5
    assert.ok(bench.heldMax <= Math.ceil(window), 'it holds only what it can soon send')
  })
}

test('a paced entry never waits longer than the lease allows for', () => {
  assert.equal(longestPaceMs(undefined), 0)
  assert.equal(longestPaceMs({ perSecond: 10, burst: 10 }), 6000)
  assert.equal(longestPaceMs({ perSecond: 0, burst: 1 }), 0)
})

test('a lane sleeps until the moment the store names', async () => {
  const { bench, pump, clock } = openBench({
    settings: { concurrency: 4 },
    due: 0,
    run: () => Promise.resolve(),
  })
  bench.nextAt = clock.now() + 5000
  pump.kick(clock.now())
  await clock.drain()
  bench.due = 1
  bench.nextAt = undefined
  await clock.advance(4999)
  assert.equal(bench.started.length, 0)
  await clock.advance(1)
  assert.equal(bench.started.length, 1)
})

test('an earlier moment takes the place of a later one, and not the reverse', async () => {
  const { bench, pump, clock } = openBench({ settings: { concurrency: 4 }, due: 0 })
  const at = clock.now()
  for (const wait of [5000, 2000, 8000]) pump.kick(at + wait)
  await clock.advance(2000)
  assert.equal(bench.claims.length, 1)
})

test('a store that fails is asked again after a rest, not hammered', async () => {
  const { bench, pump, clock } = openBench({ settings: { concurrency: 1 }, due: 1 })
  bench.failing = true
  pump.kick(clock.now())
  await clock.advance(10_000)
  assert.equal(bench.alarms.length, 11)
  bench.failing = false
  await clock.advance(1000)
  assert.equal(bench.started.length, 1)
})

test('an entry that fails frees its place and rings the alarm', async () => {
  const { bench, pump, clock } = openBench({
    settings: { concurrency: 1 },
    due: 3,
    run: async () => {
      throw new Error('ours')
    },
  })
  pump.kick(clock.now())
  await clock.drain()
  assert.equal(bench.started.length, 3)
  assert.equal(bench.alarms.length, 3)
})

test('to stop is to give back what waits and to finish what runs', async () => {
  const { bench, pump, clock, finishOne } = openBench({ settings: { concurrency: 2 }, due: 10 })
  pump.kick(clock.now())
  await clock.drain()
  let stopped = false
  const stopping = pump.stop().then(() => {
    stopped = true
  })
  await clock.drain()
  assert.deepEqual(bench.released, [2, 3])
  assert.equal(stopped, false)
  finishOne()
  finishOne()
  await stopping
  assert.equal(bench.started.length, 2)
  pump.kick(clock.now())
  await clock.advance(60_000)
  assert.equal(bench.started.length, 2)
})

test('to stop while a claim is at the store gives back what it brings', async () => {
  const { bench, pump, clock } = openBench({ settings: { concurrency: 2 }, due: 10 })
  pump.kick(clock.now())
  await pump.stop()
  assert.deepEqual(bench.started, [])
  assert.deepEqual(bench.released, [0, 1, 2, 3])
})
