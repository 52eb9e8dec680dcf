/**
 * Kills the gateway with SIGKILL at every named crash point and at moments of chance while clients,
 * a carrier, handsets and an application go on, and then holds what is on disk against what each of
 * them was promised. `CRASH_LOOPS` kills at moments of chance; more make a longer run.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { CrashPoint } from '../../src/engine/parts.ts'
import { CRASH_VARIABLE } from '../../src/operations/crash-points.ts'
import { type CrashWorld, openCrashWorld, wordsOf } from '../support/crash-world.ts'
import { startGateway } from '../support/gateway-process.ts'
import { readKeptData } from '../support/kept-data.ts'

/** Every crash point but the one of retention, with the times it is passed before the kill. */
const POINTS: Readonly<Record<Exclude<CrashPoint, 'C17-purged'>, readonly number[]>> = {
  'C3-before-commit': [1, 3, 10, 25],
  'C4-committed': [1, 3, 10, 25],
  'C6-leased': [1, 2, 8, 20],
  'C8-mid-body': [1, 2, 8, 20],
  'C9-sent': [1, 2, 8, 20],
  'C10-answered': [1, 2, 8, 20],
  'C11-settled': [1, 2, 8, 20],
  'C12-report-in': [1, 2, 8, 20],
  'C13-report-kept': [1, 2, 8, 20],
  'C15-client-told': [1, 2, 8, 20],
  'C16-notice-settled': [1, 2, 8, 20],
}

const LOOPS = Number(process.env.CRASH_LOOPS ?? 56)
/** Longest a crash point may take to be passed; traffic passes each many times a second. */
const POINT_TIMEOUT_MS = 10_000
/** A kill by chance comes this long after the process was started, or a little after it is ready. */
const START_MS = 450
const RUN_MS_MAX = 500
/** How long forgetting everything may take. */
const FORGET_MS_MAX = 2500

/** Starts the gateway and lets it kill itself at a point. Answers false when it never came there. */
async function killAt(
  world: CrashWorld,
  point: string,
  timeoutMs = POINT_TIMEOUT_MS,
): Promise<boolean> {
  const gateway = startGateway({ ...world.start, env: { [CRASH_VARIABLE]: point } })
  const late = new AbortController()
  const exit = await Promise.race([
    gateway.exited,
    pause(timeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
  ])
  late.abort()
  if (exit?.signal === 'SIGKILL') return true
  await gateway.kill()
  assert.equal(exit, undefined, `${point}: ended by itself:\n${gateway.said()}`)
  return false
}

/** Kills at a moment of chance: every third time while the gateway is still starting. */
async function killByChance(world: CrashWorld, loop: number): Promise<void> {
  const gateway = startGateway(world.start)
  if (loop % 3 > 0) await gateway.ready
  await pause(Math.random() * (loop % 3 > 0 ? RUN_MS_MAX : START_MS))
  const { code, signal } = await gateway.kill()
  assert.equal(signal, 'SIGKILL', `ended by itself with ${code}:\n${gateway.said()}`)
}

/** Short retention: every start forgets another step of rows and is killed right after it. */
async function killWhileForgetting(world: CrashWorld): Promise<number> {
  const set = [...(world.start.set ?? []), 'engine.retentionMs=0', 'engine.sweepIntervalMs=20']
  const forgetting = { ...world, start: { ...world.start, set } }
  let kills = 0
  while (await killAt(forgetting, 'C17-purged', FORGET_MS_MAX)) kills += 1
  assert.ok(kills > 0, 'C17-purged was never passed')
  const gateway = startGateway(forgetting.start)
  await gateway.ready
  await pause(FORGET_MS_MAX)
  assert.deepEqual(await gateway.stop(), { code: 0, signal: null }, gateway.said())
  const { stories, broken } = await readKeptData(world.start.data)
  assert.deepEqual(broken, [])
  assert.equal(stories.length, 0, 'rows outlived their retention')
  return kills
}

/** Kills by chance in one part of the run. */
const PART = 14

test('nothing promised is lost, doubled or ended twice, wherever it is killed', async (t) => {
  // A crash loop is no poison message, and sealed segments are to be met.
  const set = ['engine.lostAttemptsMax=1000', 'store.segmentBytesMax=1048576']
  const world = await openCrashWorld({ set, clients: 8, handsets: 6 })
  let kills = 0
  try {
    for (const [point, times] of Object.entries(POINTS)) {
      await t.test(`killed at ${point}`, async () => {
        for (const time of times) {
          assert.ok(await killAt(world, `${point}:${time}`), `never passed ${time} times`)
          kills += 1
        }
      })
    }
    for (let first = 0; first < LOOPS; first += PART) {
      const count = Math.min(PART, LOOPS - first)
      await t.test(`killed ${count} times at moments of chance`, async () => {
        for (let loop = first; loop < first + count; loop += 1) await killByChance(world, loop)
        kills += count
      })
    }
    await t.test('healed: every promise was kept, once', async (audit) => {
      const figures = await world.heal()
      audit.diagnostic(`kills ${kills}, broken promises 0; ${wordsOf(figures)}`)
    })
    await t.test('killed while it forgets, it forgets the rest', async () => {
      kills += await killWhileForgetting(world)
    })
    assert.ok(kills >= 100 || LOOPS < 56, `${kills} kills`)
  } finally {
    await world.close()
  }
})
