/**
 * The disk says no: at a sync, at a write, for lack of room. A gateway that can no longer say what
 * is on disk ends by itself at once and promises nothing; one that only has no room refuses, and
 * goes on when there is room again.
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type CrashWorld, openCrashWorld, wordsOf } from '../support/crash-world.ts'
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts'
import { type KeptData, readKeptData } from '../support/kept-data.ts'
import {
  auditPromises,
  exitedMs,
  promisesIn,
  readTrace,
  TRACED,
  tracer,
  whyNoTracer,
} from '../support/syscall-trace.ts'

const noTracer = whyNoTracer()

/**
 * What fails, and for which call of a thread. The writer's third sync is not among them: SQLite
 * syncs the folder once more there, after us, and does not look at the answer.
 */
const FAULTS: readonly (readonly [what: string, injection: string])[] = [
  ['the first sync of a folder', 'fsync:error=EIO:when=1'],
  ['the first sync of rows', 'fsync:error=EIO:when=2'],
  ['a sync of rows', 'fsync:error=EIO:when=9'],
  ['a later sync of rows', 'fsync:error=EIO:when=30'],
  ['the first sync of bytes', 'fdatasync:error=EIO:when=1'],
  ['a later sync of bytes', 'fdatasync:error=EIO:when=5'],
  ['a write of rows', 'pwrite64:error=EIO:when=60'],
  ['a write of bytes', 'pwritev:error=EIO:when=2'],
  ['room for bytes', 'pwritev:error=ENOSPC:when=3'],
]

/** How long a gateway may live on after a fault, in milliseconds: most times, and on a busy machine. */
const STOP_MS = 1000
const STOP_MS_MAX = 5000
/** How long the fault may take to come up under traffic. */
const FAULT_MS_MAX = 20_000

interface Failed {
  /** Promises it made before. */
  readonly promises: number
  readonly livedOnMs: number
}

/** Runs the gateway until the disk fails it, and judges what it said and how it ended. */
async function failOnce(world: CrashWorld, injection: string): Promise<Failed> {
  const file = join(world.folder, 'trace')
  const startedMs = Date.now()
  const gateway = startGateway({
    ...world.start,
    under: tracer(file, TRACED, '-e', `inject=${injection}`),
    env: { UV_USE_IO_URING: '0' },
  })
  const late = new AbortController()
  const hurry = pause(FAULT_MS_MAX, undefined, { signal: late.signal }).then(
    () => gateway.kill(),
    () => undefined,
  )
  const { code, signal } = await gateway.exited
  late.abort()
  await hurry
  assert.equal(signal, null, `${injection}: it did not stop by itself\n${gateway.said()}`)
  assert.notEqual(code, 0, `${injection}: it stopped as if nothing had happened`)

  const text = await readFile(file, 'latin1')
  const calls = readTrace(text)
  const fault = calls.find(({ injected }) => injected)
  const livedOnMs = (exitedMs(text) ?? 0) - (fault?.beganMs ?? 0)
  assert.ok(fault !== undefined, `${injection}: it ended with ${code} and no fault came up`)
  assert.ok(livedOnMs <= STOP_MS_MAX, `${injection}: it lived on for ${livedOnMs} ms`)
  const kept = await readKeptData(world.start.data)
  const places = placesOf(kept)
  // What an earlier process took may be promised again without a write.
  const promises = promisesIn(calls).filter(({ mark }) =>
    (places.get(mark) ?? []).every(({ acceptedAt }) => acceptedAt >= startedMs),
  )
  const extentsOf = (mark: string) => (places.get(mark) ?? []).flatMap(({ extents }) => extents)
  assert.deepEqual(auditPromises(calls, promises, extentsOf), [], injection)
  return { promises: promises.length, livedOnMs }
}

/** By the mark of each message: when it was taken and where its bytes lie. */
function placesOf({ stories }: KeptData) {
  const places = new Map<string, { acceptedAt: number; extents: KeptExtents }[]>()
  for (const { message } of stories) {
    const mark = /(?:tx|mo)-[0-9]+-[0-9]+/.exec(message.envelope.subject ?? '')?.[0] ?? ''
    const { acceptedAt, content } = message
    const place = { acceptedAt, extents: content.extents }
    places.set(mark, [...(places.get(mark) ?? []), place])
  }
  return places
}

type KeptExtents = KeptData['stories'][number]['message']['content']['extents']

test('a failing disk ends the gateway at once, and no promise is broken', {
  skip: noTracer ?? false,
}, async (t) => {
  const world = await openCrashWorld({ clients: 4, handsets: 2 })
  try {
    const ends: Failed[] = []
    for (const [what, injection] of FAULTS) {
      const end = await failOnce(world, injection)
      ends.push(end)
      const ms = Math.round(end.livedOnMs)
      t.diagnostic(`${what} failed: stopped in ${ms} ms, ${end.promises} promises before, all kept`)
    }
    const lives = ends.map(({ livedOnMs }) => livedOnMs).sort((a, b) => a - b)
    const middle = lives[lives.length >> 1] ?? 0
    assert.ok(middle <= STOP_MS, `it takes ${middle} ms to stop`)
    t.diagnostic(wordsOf(await world.heal()))
  } finally {
    await world.close()
  }
})

/** The code this dialect has for a full disk. */
const FULL = '3000'
/** Failing writes: enough for several refusals, and then there is room again. */
const NO_ROOM = 'inject=pwrite64:error=ENOSPC:when=60..75'

test('without room for rows it refuses with the code, and goes on when there is room', {
  skip: noTracer ?? false,
}, async (t) => {
  const world = await openCrashWorld({ clients: 4, handsets: 2 })
  try {
    const log = join(world.start.data, 'carillon.db-wal')
    const gateway = startGateway({
      ...world.start,
      under: tracer(join(world.folder, 'trace'), 'pwrite64', '-P', log, '-e', NO_ROOM),
    })
    await gateway.ready
    await until(gateway, () => (world.clients.refusals.get(FULL) ?? 0) > 0)
    const before = world.clients.ledger.size
    await until(gateway, () => world.clients.ledger.size > before + 20)
    const { code } = await gateway.stop()
    assert.equal(code, 0, gateway.said())
    assert.deepEqual([...world.clients.refusals.keys()], [FULL])
    const figures = await world.heal()
    t.diagnostic(`refused ${world.clients.refusals.get(FULL)} times; ${wordsOf(figures)}`)
  } finally {
    await world.close()
  }
})

/** Waits for something the clients see; fails when the gateway ends first or time runs out. */
async function until(gateway: GatewayProcess, happened: () => boolean): Promise<void> {
  let ended = false
  void gateway.exited.then(() => {
    ended = true
  })
  for (const end = Date.now() + FAULT_MS_MAX; !happened(); await pause(20)) {
    assert.ok(!ended, `it ended:\n${gateway.said()}`)
    assert.ok(Date.now() < end, `it never came:\n${gateway.said()}`)
  }
}
