/**
 * One gateway process, the lines to and from it, and whoever is at their ends. A run does harm for a
 * moment, drawn from its seed, then heals everything and waits until nobody waits for anything.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { CRASH_VARIABLE } from '../../src/operations/crash-points.ts'
import { createRandom, type Random } from '../sim/random.ts'
import type { Harm } from '../support/fault-plan.ts'
import type { FaultProxy } from '../support/fault-proxy.ts'
import {
  askAdmin,
  type GatewayProcess,
  type GatewayStart,
  startGateway,
} from '../support/gateway-process.ts'
import { readKeptData } from '../support/kept-data.ts'

/** A line and how hard it is on its connections. */
export interface Line {
  readonly proxy: FaultProxy
  readonly harm: Harm
}

/** Whoever is around the gateway. */
export interface Scene {
  readonly directory: unknown
  readonly lines: readonly Line[]
  /** Everything one run sends; resolves when all of it has its answer. */
  traffic(seed: number, random: Random): Promise<void>
  /** Ends at once whatever has no answer. */
  abandon(): void
  close(): Promise<void>
}

/** Ports of the gateway, the same in every start. */
export interface Ports {
  readonly httpPort: number
  readonly smtpPort: number
  readonly smppPort: number
}

export interface House {
  /** One run; what was broken already while it ran. */
  run(seed: number): Promise<readonly string[]>
  /** Lets the last reports arrive where they may, stops the gateway and reads what it kept. */
  finish(
    patient: boolean,
  ): Promise<{ readonly stories: readonly MessageStory[]; readonly broken: string[] }>
  readonly kills: number
  close(): Promise<void>
}

/** A kill at a named point is armed for one of its first passages. */
const POINTS = [
  'C3-before-commit',
  'C4-committed',
  'C6-leased',
  'C8-mid-body',
  'C9-sent',
  'C10-answered',
  'C11-settled',
  'C12-report-in',
  'C13-report-kept',
  'C15-client-told',
  'C16-notice-settled',
] as const
const PASSAGES_MAX = 4
const HARM_MS_MIN = 120
const HARM_MS_MAX = 450
const POINT_SHARE = 0.5
/** Longest the traffic of a run may take once nothing is harmed any more. */
const ANSWERED_MS_MAX = 20_000
const DELIVERED_MS_MAX = 20_000
/** A report to a peer that was away is told again after half a minute. */
const TOLD_MS_MAX = 100_000
const POLL_MS = 25

interface Backlog {
  readonly deliveries: readonly unknown[]
  readonly notices: readonly unknown[]
}

export interface HouseOptions {
  readonly ports: Ports
  readonly scene: Scene
  /** Runs in which the gateway is killed. */
  readonly killShare: number
  readonly set?: readonly string[]
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { scene, ports, killShare } = options
  const folder = await mkdtemp(join(tmpdir(), 'carillon-faults-'))
  // A crash loop is no poison message.
  const set = ['engine.lostAttemptsMax=1000', ...(options.set ?? [])]
  const start: GatewayStart = { data: join(folder, 'data'), ...ports, set }
  let gateway = startGateway(start)
  let dead = false
  let kills = 0
  watch(gateway)
  await askAdmin(start.data, await gateway.ready, '/admin/directory', scene.directory)

  function watch(started: GatewayProcess): void {
    dead = false
    void started.exited.then(() => {
      if (started === gateway) dead = true
    })
  }

  async function again(env: GatewayStart['env'] = {}): Promise<void> {
    gateway = startGateway({ ...start, env })
    watch(gateway)
    // One that kills itself while it starts is as good.
    await gateway.ready.catch(() => undefined)
  }

  async function kill(): Promise<void> {
    kills += 1
    await gateway.kill()
  }

  /** What becomes of the gateway while the lines do harm; resolves when the harm is over. */
  async function suffer(random: Random, traffic: Promise<void>): Promise<void> {
    const harmMs = HARM_MS_MIN + random.below(HARM_MS_MAX)
    const kind = random.chance(killShare) ? (random.chance(POINT_SHARE) ? 'point' : 'chance') : ''
    if (kind === 'point') {
      const point = random.pick(POINTS)
      await kill()
      await again({ [CRASH_VARIABLE]: `${point}:${1 + random.below(PASSAGES_MAX)}` })
    }
    const over = kind === '' ? traffic : Promise.race([])
    await Promise.race([over, pause(harmMs), gateway.exited])
    if (kind === '') return
    if (dead) kills += 1
    else await kill()
    await again()
  }

  async function drained(ms: number, what: 'deliveries' | 'notices'): Promise<boolean> {
    const ready = await gateway.ready
    for (const until = Date.now() + ms; Date.now() < until; await pause(POLL_MS)) {
      const backlog = (await askAdmin(start.data, ready, '/admin/queue')) as Backlog
      if (backlog.deliveries.length === 0) {
        if (what === 'deliveries' || backlog.notices.length === 0) return true
      }
    }
    return false
  }

  async function run(seed: number): Promise<readonly string[]> {
    const random = createRandom(seed)
    for (const { proxy, harm } of scene.lines) proxy.harm(createRandom(random.below(2 ** 31)), harm)
    const traffic = scene.traffic(seed, createRandom(random.below(2 ** 31)))
    await suffer(random, traffic)
    await Promise.all(scene.lines.map(({ proxy }) => proxy.heal()))
    const late = new AbortController()
    const wait = pause(ANSWERED_MS_MAX, 'late' as const, { signal: late.signal })
    wait.catch(() => undefined)
    const answered = await Promise.race([traffic.then(() => 'answered' as const), wait])
    late.abort()
    if (dead) return [`seed ${seed}: the gateway ended by itself: ${gateway.said()}`]
    if (answered === 'late') return [`seed ${seed}: not everything was answered`]
    const over = await drained(DELIVERED_MS_MAX, 'deliveries')
    return over ? [] : [`seed ${seed}: not every delivery came to an end`]
  }

  return {
    run,
    get kills() {
      return kills
    },
    async finish(patient) {
      const broken: string[] = []
      if (!(await drained(patient ? TOLD_MS_MAX : POLL_MS, 'notices')))
        broken.push('not every report was told')
      const { code, signal } = await gateway.stop()
      if (code !== 0) broken.push(`it ended with ${code ?? signal}: ${gateway.said()}`)
      const kept = await readKeptData(start.data)
      broken.push(...kept.broken, ...kept.leases)
      return { stories: kept.stories, broken }
    },
    async close() {
      scene.abandon()
      await gateway.kill()
      await scene.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
