/**
 * Kills the gateway with SIGKILL at every named crash point and at moments of chance while clients,
 * a carrier, handsets and an application go on, and then holds what is on disk against what each of
 * them was promised. `CRASH_LOOPS` kills at moments of chance; more make a longer run.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { CrashPoint } from '../../src/engine/parts.ts'
import { CRASH_VARIABLE } from '../../src/operations/crash-points.ts'
import { auditStories } from '../support/crash-audit.ts'
import {
  type CrashCarrier,
  type HandsetMessage,
  openCrashCarrier,
} from '../support/crash-carrier.ts'
import { startCrashClients } from '../support/crash-client.ts'
import { CLIENT_SENDER, crashDirectory, OTHER_NUMBER } from '../support/crash-directory.ts'
import { openCrashVasp } from '../support/crash-vasp.ts'
import {
  askAdmin,
  type GatewayProcess,
  type GatewayStart,
  reservePort,
  startGateway,
} from '../support/gateway-process.ts'
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
const CLIENTS = 8
const HANDSETS = 6
/** Longest a crash point may take to be passed; traffic passes each many times a second. */
const POINT_TIMEOUT_MS = 10_000
/** A kill by chance comes this long after the process was started, or a little after it is ready. */
const START_MS = 450
const RUN_MS_MAX = 500
/** How long the last deliveries may take once nothing is killed any more. */
const HEAL_MS_MAX = 60_000
/** How long forgetting everything may take. */
const FORGET_MS_MAX = 2500

interface World {
  readonly gateway: GatewayStart
  readonly carrier: CrashCarrier
}

/** Starts the gateway and lets it kill itself at a point. Answers false when it never came there. */
async function killAt(world: World, point: string, timeoutMs = POINT_TIMEOUT_MS): Promise<boolean> {
  const gateway = startGateway({ ...world.gateway, env: { [CRASH_VARIABLE]: point } })
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
async function killByChance(world: World, loop: number): Promise<void> {
  const gateway = startGateway(world.gateway)
  if (loop % 3 > 0) await gateway.ready
  await pause(Math.random() * (loop % 3 > 0 ? RUN_MS_MAX : START_MS))
  const { code, signal } = await gateway.kill()
  assert.equal(signal, 'SIGKILL', `ended by itself with ${code}:\n${gateway.said()}`)
}

interface Backlog {
  readonly deliveries: readonly unknown[]
  readonly notices: readonly unknown[]
}

/** Nothing is killed any more: everything must come to its end. */
async function heal(world: World, gateway: GatewayProcess): Promise<void> {
  const ready = await gateway.ready
  for (const until = Date.now() + HEAL_MS_MAX; Date.now() < until; await pause(200)) {
    const backlog = (await askAdmin(world.gateway.data, ready, '/admin/queue')) as Backlog
    if (backlog.deliveries.length + backlog.notices.length === 0) return
  }
}

/** Handsets that write one message after the other until told to stop. */
function startHandsets(carrier: CrashCarrier, count: number) {
  const sent: HandsetMessage[] = []
  let serial = 0
  let stopped = false
  async function write(): Promise<void> {
    while (!stopped) {
      serial += 1
      const body = randomBytes(serial % 2 === 0 ? 1500 : 20_000)
      const to = serial % 4 === 0 ? [CLIENT_SENDER, OTHER_NUMBER] : [CLIENT_SENDER]
      sent.push(await carrier.sendFromHandset(serial, to, body))
      await pause(20)
    }
  }
  const writing = Promise.all(Array.from({ length: count }, write))
  return {
    sent,
    async stop() {
      stopped = true
      await writing
    },
  }
}

/** Short retention: every start forgets another step of rows and is killed right after it. */
async function killWhileForgetting(world: World): Promise<number> {
  const set = [...(world.gateway.set ?? []), 'engine.retentionMs=0', 'engine.sweepIntervalMs=20']
  const forgetting = { ...world, gateway: { ...world.gateway, set } }
  let kills = 0
  while (await killAt(forgetting, 'C17-purged', FORGET_MS_MAX)) kills += 1
  assert.ok(kills > 0, 'C17-purged was never passed')
  const gateway = startGateway(forgetting.gateway)
  await gateway.ready
  await pause(FORGET_MS_MAX)
  assert.deepEqual(await gateway.stop(), { code: 0, signal: null }, gateway.said())
  const { stories, broken } = await readKeptData(world.gateway.data)
  assert.deepEqual(broken, [])
  assert.equal(stories.length, 0, 'rows outlived their retention')
  return kills
}

test('nothing promised is lost, doubled or ended twice, wherever the gateway is killed', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'carillon-kill-'))
  const vasp = await openCrashVasp()
  const carrier = await openCrashCarrier()
  const [httpPort, smtpPort] = [await reservePort(), await reservePort()]
  // A crash loop is no poison message, and sealed segments are to be met.
  const set = ['engine.lostAttemptsMax=1000', 'store.segmentBytesMax=1048576']
  const world: World = { gateway: { data, httpPort, smtpPort, set }, carrier }
  try {
    const first = startGateway(world.gateway)
    const directory = crashDirectory(carrier.port, vasp.url)
    await askAdmin(data, await first.ready, '/admin/directory', directory)
    carrier.connect({ port: smtpPort, domain: 'carillon.localhost' })
    const clients = startCrashClients(httpPort, CLIENTS)
    const handsets = startHandsets(carrier, HANDSETS)
    await first.kill()
    let kills = 1

    const missed: string[] = []
    for (const [point, times] of Object.entries(POINTS)) {
      for (const time of times) {
        if (!(await killAt(world, `${point}:${time}`))) missed.push(`${point}:${time}`)
        kills += 1
      }
    }
    for (let loop = 0; loop < LOOPS; loop += 1, kills += 1) await killByChance(world, loop)

    const last = startGateway(world.gateway)
    await last.ready
    vasp.behave()
    await Promise.all([clients.stop(), handsets.stop()])
    await heal(world, last)
    assert.deepEqual(await last.stop(), { code: 0, signal: null }, last.said())

    const kept = await readKeptData(data)
    const { broken, figures } = auditStories(kept.stories, {
      ledger: clients.ledger,
      forwards: carrier.forwards,
      heard: vasp.reports,
      fromHandsets: handsets.sent,
      delivered: vasp.messages,
      peerReports: carrier.reports,
    })
    assert.deepEqual([...kept.broken, ...broken].slice(0, 40), [])
    kills += await killWhileForgetting(world)
    t.diagnostic(summary(kills, { ...figures, unanswered: clients.unanswered }))
    t.diagnostic(`refused and repeated: ${JSON.stringify(Object.fromEntries(clients.refusals))}`)
    assert.deepEqual(missed, [], 'crash points that were never passed')
    assert.ok(kills >= 100 || LOOPS < 56, `${kills} kills`)
  } finally {
    await vasp.close()
    await carrier.close()
    await rm(data, { recursive: true, force: true })
  }
})

function summary(kills: number, figures: Readonly<Record<string, number>>): string {
  const words = Object.entries(figures).map(([name, count]) => `${name} ${count}`)
  return `kills ${kills}, lost 0, accepted twice 0, ended twice 0; ${words.join(', ')}`
}
