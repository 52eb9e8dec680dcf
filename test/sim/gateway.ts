/**
 * The gateway of a simulated story: the real engine, one life after the other over the same disks.
 */
import type { Submission } from '../../src/core/message.ts'
import type { Report } from '../../src/core/outcome.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import type { CrashPoint, EngineParts } from '../../src/engine/parts.ts'
import type { Connector, Lane } from '../../src/engine/ports/connector.ts'
import type { Media } from '../../src/engine/ports/media.ts'
import { StoreFullError } from '../../src/engine/ports/store-error.ts'
import { createMemoryDisk } from '../../src/media/memory/disk.ts'
import { openMemoryMedia } from '../../src/media/memory/media.ts'
import { directoryOf, ENVELOPE, PLAIN_LIMITS } from '../support/engine-world.ts'
import { type Carrier, NATURES } from './carrier.ts'
import { hear, type Request, type Withdrawals } from './client.ts'
import { createDiskWatch } from './disk-watch.ts'
import { createDurableStore } from './durable-store.ts'
import { STORY, TIMES } from './faults.ts'
import { weaken } from './guards.ts'
import { createLife, type Life, ProcessDied } from './life.ts'
import { slowDisk } from './slow-disk.ts'
import type { World } from './world.ts'

const SECOND_MS = 1000

/** What a process holds while it lives. */
interface Process {
  readonly life: Life
  readonly engine: Engine
  readonly media: Media
}

export interface Gateway {
  /** Starts a process over what the disks hold. */
  start(): Promise<void>
  /** The process dies here and now; another comes up after a while. */
  crash(because: string): void
  /** Stops as an operator would, and starts again. */
  restart(): Promise<void>
  /** Switches a way out off or on. */
  setOpen(lane: string, open: boolean): void
  /** An operator replays every parked notice. */
  replay(): Promise<void>
  accept(request: Request): Promise<string | undefined>
  receive(lane: string, remoteId: string, report: Report): Promise<boolean>
  cancel: Withdrawals
  readonly disk: ReturnType<typeof createDurableStore>
}

const LANE: Omit<Lane, 'whenAmbiguous'> = {
  concurrency: 3,
  retry: { attemptsMax: 8, delayMsMin: SECOND_MS, delayMsMax: 20 * SECOND_MS, jitter: 0.5 },
  attemptTimeoutMs: 3 * SECOND_MS,
  responseTimeoutMs: 15 * SECOND_MS,
  reportWindowMs: 120 * SECOND_MS,
}

const NOTICE_LANE = {
  concurrency: 2,
  retry: { attemptsMax: 6, delayMsMin: 500, delayMsMax: 10 * SECOND_MS, jitter: 0.5 },
  attemptTimeoutMs: 5 * SECOND_MS,
}

export function createGateway(world: World, carriersNow: () => readonly Carrier[]): Gateway {
  const { random, ledger, clock, without } = world
  const closed = new Set<string>()
  const directory = directoryOf(NATURES.map(({ name }) => name))
  const bytes = createMemoryDisk()
  let crashes = 0
  let running: Process | undefined
  const disk = createDurableStore({
    random,
    faults: () => world.faults,
    watch: createDiskWatch(ledger),
    now: () => clock.now(),
    yesBeforeSync: without === 'sync-before-yes',
  })

  async function start(): Promise<void> {
    const life = createLife(clock)
    const store = weaken(await disk.open(life), without)
    const connectors = connectorsOf(life)
    const media = await openMemoryMedia({
      disk: slowDisk(bytes.mount(), life, random),
      inlineBytesMax: 64,
      chunkBytes: 256,
      segmentBytesMax: 4096,
      recentBytesMax: 0,
      now: () => clock.now(),
    })
    const parts: EngineParts = {
      store,
      media: without === 'bytes-before-yes' ? { ...media, durable: async () => {} } : media,
      clock: life.clock,
      random: () => random.next(),
      directory: () => directory,
      connectorFor: (name) => (closed.has(name) ? undefined : connectors.get(name)),
      reports: {
        laneFor: ({ accountId, result }) =>
          result === 'retrying' ? undefined : { ...NOTICE_LANE, name: `report:${accountId}` },
        send: (notice, _attempt, signal) => life.keep(hear(world, life, notice, signal)),
      },
      limits: { ...PLAIN_LIMITS, lostAttemptsMax: 4, sweepIntervalMs: 5 * SECOND_MS },
      observe: () => {},
      crashPoint: (name) => maybeCrash(life, name),
      alarm: (where, error) => alarm(life, where, error),
    }
    const engine = createEngine(parts, async () => {})
    running = { life, engine, media }
    world.trace('the gateway is up')
    engine.start().catch((error) => {
      alarm(life, 'start', error)
      if (life.alive) crash('it could not start')
    })
  }

  function alarm(life: Life, where: string, error: unknown): void {
    if (!life.alive || error instanceof StoreFullError || error instanceof ProcessDied) return
    world.object('alarm', `${where}: ${error instanceof Error ? error.stack : error}`)
  }

  function maybeCrash(life: Life, name: CrashPoint): void {
    if (!life.alive) throw new ProcessDied(name)
    if (crashes >= STORY.crashesMax || !random.chance(world.faults.crashAtPoint)) return
    crash(name)
    throw new ProcessDied(name)
  }

  function connectorsOf(life: Life): ReadonlyMap<string, Connector> {
    return new Map(
      carriersNow().map((carrier) => [carrier.nature.name, connectorTo(life, carrier)]),
    )
  }

  function connectorTo(life: Life, carrier: Carrier): Connector {
    const { name, dropsDoubles } = carrier.nature
    const resend = dropsDoubles || without === 'hold-when-ambiguous'
    return {
      name,
      lane: { ...LANE, whenAmbiguous: resend ? 'resend' : 'hold' },
      open: async () => {},
      close: async () => {},
      deliver(attempt, signal) {
        const key = without === 'stable-key' ? `${attempt.key}-${attempt.number}` : attempt.key
        return life.keep(carrier.deliver(life, { ...attempt, key }, signal))
      },
    }
  }

  function end(): void {
    running?.life.end()
    running = undefined
    bytes.powerLoss((unsynced) => random.below(unsynced + 1))
  }

  function crash(because: string): void {
    if (running === undefined) return
    crashes += 1
    world.trace(`the gateway dies: ${because}`)
    end()
    disk
      .crash()
      .then(() => world.wait(random.waitMs(TIMES.downtime)))
      .then(start)
  }

  async function restart(): Promise<void> {
    const stopping = running
    if (stopping === undefined) return
    world.trace('the gateway is stopped')
    await Promise.race([stopping.engine.stop(), world.wait(10 * SECOND_MS)])
    // It may have died, and another may be up, while it was stopping.
    if (running !== stopping) return
    end()
    await disk.crash()
    await start()
  }

  async function accept(request: Request): Promise<string | undefined> {
    const process = running
    if (process === undefined) return undefined
    const { life, engine, media } = process
    try {
      const submission = await submissionOf(media, request, clock.now())
      const answer = await life.keep(engine.accept(submission))
      return answer.kind === 'refused' ? undefined : answer.messageId
    } catch (error) {
      alarm(life, 'accept', error)
      return undefined
    }
  }

  async function receive(lane: string, remoteId: string, report: Report): Promise<boolean> {
    const process = running
    if (process === undefined) return false
    const { life, engine } = process
    const work = life.keep(engine.receive(lane, remoteId, report, true))
    if (without === 'kept-before-yes') {
      work.catch((error) => alarm(life, 'receive', error))
      return true
    }
    try {
      return (await work) !== 'unknown'
    } catch (error) {
      alarm(life, 'receive', error)
      return false
    }
  }

  async function cancel(accountId: string, messageId: string): ReturnType<Withdrawals> {
    const process = running
    if (process === undefined) return undefined
    const { life, engine } = process
    try {
      return await life.keep(engine.reviser.cancel({ accountId, messageId }))
    } catch (error) {
      alarm(life, 'cancel', error)
      return undefined
    }
  }

  return {
    start,
    cancel,
    crash,
    restart,
    accept,
    receive,
    disk,
    setOpen(lane, open) {
      if (open) closed.delete(lane)
      else closed.add(lane)
      world.trace(`${lane} is ${open ? 'opened' : 'closed'}`)
      running?.engine.scheduler.wakeAll()
    },
    async replay() {
      const nextAt = clock.now()
      await disk.disk.commit([{ op: 'replay-notices', nextAt }])
      const { notices } = await disk.disk.read({ query: 'lanes' })
      for (const lane of notices) running?.engine.scheduler.notice(lane, nextAt)
    },
  }
}

/** Streams the body into the media as a listener does, and says what was asked for. */
async function submissionOf(
  media: Media,
  { accountId, key, recipients, body, validityMs, wantsReports, delayMs }: Request,
  now: number,
): Promise<Submission> {
  const writer = media.openWriter()
  for (let at = 0; at < body.length; at += 100) await writer.write(body.slice(at, at + 100))
  const stored = writer.finish()
  return {
    accountId,
    direction: 'mt',
    channel: 'mms',
    dialect: 'plain',
    envelope: { ...ENVELOPE, deliveryReports: wantsReports, clientReference: key },
    recipients,
    content: { ...stored, parts: [{ ...PART, length: body.length, decodedLength: body.length }] },
    expiresAt: now + validityMs,
    notBefore: now + delayMs,
    idempotency: { scope: accountId, key, fingerprint: key },
  }
}

const PART = {
  mediaType: 'image/gif',
  contentType: 'image/gif',
  encoding: 'binary',
  offset: 0,
} as const
