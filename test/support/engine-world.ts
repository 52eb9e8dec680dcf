/**
 * An engine over the memory store, with a clock that moves when told, carriers that do what a
 * script says, and clients whose post box can be read.
 */
import { indexDirectory } from '../../src/core/directory.ts'
import type { MessageEvent } from '../../src/core/event.ts'
import type { Envelope, Submission } from '../../src/core/message.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import type { DirectoryHolder } from '../../src/engine/directory-holder.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import type { EngineLimits } from '../../src/engine/parts.ts'
import type { Adapter } from '../../src/engine/ports/adapter.ts'
import type { Attempt, Cancellation, Connector, Lane } from '../../src/engine/ports/connector.ts'
import type { Media } from '../../src/engine/ports/media.ts'
import type { PartJoiner } from '../../src/engine/ports/part-joiner.ts'
import type { Notice, NoticeLane } from '../../src/engine/ports/report-sender.ts'
import type { Delivery, MessageStory, Store } from '../../src/engine/ports/store.ts'
import { openMemoryMedia } from '../../src/media/memory/media.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

export const SECOND_MS = 1000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** A way out that repeats after a minute, three times, without chance. */
export const PLAIN_LANE: Lane = {
  concurrency: 4,
  retry: { attemptsMax: 3, delayMsMin: MINUTE_MS, delayMsMax: MINUTE_MS, jitter: 0 },
  attemptTimeoutMs: 10_000,
  responseTimeoutMs: 5 * MINUTE_MS,
  reportWindowMs: 2 * HOUR_MS,
  whenAmbiguous: 'resend',
}

/** Tells again after ten seconds, three times in all. */
export const PLAIN_NOTICE_LANE: NoticeLane = {
  name: 'report:acme',
  concurrency: 2,
  retry: { attemptsMax: 3, delayMsMin: 10_000, delayMsMax: 10_000, jitter: 0 },
  attemptTimeoutMs: 20_000,
}

export const PLAIN_LIMITS: EngineLimits = {
  validityMsMax: DAY_MS,
  idempotencyWindowMs: DAY_MS,
  laneWindowMax: 64,
  lostAttemptsMax: 3,
  partsWaitMs: 300_000,
  partSetsMax: 100,
  retentionMs: 30 * DAY_MS,
  sweepIntervalMs: MINUTE_MS,
}

/** What a far end does with one attempt. A promise that never settles is a far end that hangs. */
export type Play = (attempt: Attempt, signal: AbortSignal) => Outcome | Promise<Outcome>

export interface Way {
  readonly lane: Partial<Lane>
  readonly play: Play
  readonly spellingsOf?: (remoteId: string) => readonly string[]
  /** What it says to a withdrawal; absent: it cannot be asked. */
  readonly cancel?: (remoteId: string, signal: AbortSignal) => Promise<Cancellation>
}

export interface WorldOptions {
  /** Ways out by name; the n-th takes the numbers that begin with `prefixOf(n)`. */
  readonly ways: Readonly<Record<string, Way>>
  readonly limits?: Partial<EngineLimits>
  readonly noticeLane?: Partial<NoticeLane> | 'none'
  /** What the client's callback does with the n-th telling of a notice, 1 for the first. */
  readonly hears?: (notice: Notice, attempt: number) => Outcome | Promise<Outcome>
  readonly store?: Store
  readonly clock?: VirtualClock
  readonly random?: () => number
  readonly adapter?: Adapter
  readonly joiner?: PartJoiner
  /** Runs beside what the world notes of events. */
  readonly observer?: () => void
  /** Whether the client is there. */
  readonly reachable?: () => boolean
  /** The directory, live, in place of a fixed one with nothing but the ways out. */
  readonly holder?: DirectoryHolder
}

export interface World {
  readonly engine: Engine
  readonly store: Store
  readonly media: Media
  readonly clock: VirtualClock
  /** Every attempt that reached a far end, in order. */
  readonly attempts: Attempt[]
  /** Every notice a client took, in order. */
  readonly told: Notice[]
  readonly alarms: string[]
  /** Events in the order in which they were observed. */
  readonly observed: MessageEvent[]
  /** Ways out that are switched off now. */
  readonly closed: Set<string>
  /** Accepts a message and answers its id; fails when it is refused. */
  send(submission?: Partial<Submission>): Promise<string>
  story(messageId: string): Promise<MessageStory>
  /** The first delivery of a message, or the one with the index given. */
  delivery(messageId: string, index?: number): Promise<Delivery>
  /** Types of the events of a message. */
  history(messageId: string): Promise<readonly string[]>
}

/** Opens a world whose engine is running. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const clock = options.clock ?? createVirtualClock()
  const store = options.store ?? openMemoryStore()
  const media = await openMemoryMedia()
  const world = {
    attempts: [] as Attempt[],
    told: [] as Notice[],
    alarms: [] as string[],
    observed: [] as MessageEvent[],
    closed: new Set<string>(),
  }
  const connectors = new Map(
    Object.entries(options.ways).map(([name, way]) => [
      name,
      connectorOf(name, way, world.attempts),
    ]),
  )
  const lane = {
    ...PLAIN_NOTICE_LANE,
    ...(options.noticeLane === 'none' ? {} : options.noticeLane),
  }
  const engine = createEngine(
    {
      store,
      media,
      clock,
      random: options.random ?? (() => 0.5),
      directory: () => options.holder?.current() ?? directoryOf(Object.keys(options.ways)),
      ...(options.holder === undefined ? {} : { optOuts: options.holder }),
      connectorFor: (name) => (world.closed.has(name) ? undefined : connectors.get(name)),
      reports: {
        // Nobody here asks to hear of single attempts.
        laneFor: ({ result }) =>
          options.noticeLane === 'none' || result === 'retrying' ? undefined : lane,
        reachable: options.reachable ?? (() => true),
        async send(notice, attempt) {
          const outcome = await (options.hears?.(notice, attempt) ?? DELIVERED)
          if (outcome.kind === 'delivered') world.told.push(notice)
          return outcome
        },
      },
      ...(options.adapter === undefined ? {} : { adapter: options.adapter }),
      ...(options.joiner === undefined ? {} : { joiner: options.joiner }),
      limits: { ...PLAIN_LIMITS, ...options.limits },
      observe(_subject, events) {
        world.observed.push(...events)
        options.observer?.()
      },
      crashPoint: () => {},
      alarm: (where, error) => world.alarms.push(`${where}: ${error}`),
    },
    async () => {},
  )
  await engine.start()
  return { engine, store, media, clock, ...world, ...readingOf(engine, store) }
}

export const DELIVERED: Outcome = { kind: 'delivered' }

function connectorOf(
  name: string,
  { lane, play, spellingsOf, cancel }: Way,
  attempts: Attempt[],
): Connector {
  return {
    name,
    lane: { ...PLAIN_LANE, ...lane },
    ...(spellingsOf === undefined ? {} : { spellingsOf }),
    ...(cancel === undefined ? {} : { cancel }),
    async open() {},
    async deliver(attempt, signal) {
      attempts.push(attempt)
      return play(attempt, signal)
    },
    async close() {},
  }
}

export function directoryOf(names: readonly string[]) {
  return indexDirectory({
    accounts: [],
    numbers: [],
    blocks: [],
    carriers: names.map((name) => ({ ...CARRIER, name, title: name })),
    routes: names.map((name, index) => ({
      name,
      prefix: prefixOf(index),
      carrier: name,
      enabled: true,
    })),
  })
}

/** Numbers of the n-th way begin with this. */
export function prefixOf(index: number): string {
  return `1555${index}`
}

const CARRIER = {
  enabled: true,
  ids: [],
  mm4: {
    host: 'localhost',
    port: 25,
    domain: 'mms.example',
    tls: 'off' as const,
    fromAddresses: [],
    version: '6.10.0',
    ackRequest: true,
    sendsReports: true,
    dropsDuplicates: true,
    connections: 1,
    attemptsMax: 3,
    retryDelayMsMin: MINUTE_MS,
    retryDelayMsMax: MINUTE_MS,
    attemptTimeoutMs: 10_000,
    responseTimeoutMs: MINUTE_MS,
    reportWindowMs: HOUR_MS,
  },
}

export const ENVELOPE: Envelope = {
  sender: { kind: 'short-code', text: '55501' },
  messageClass: 'personal',
  priority: 'normal',
  senderVisible: true,
  adaptationAllowed: false,
  deliveryReports: true,
  readReports: false,
}

/** One recipient of the first way, a small inline body, delivery reports wanted. */
export function plainSubmission(given: Partial<Submission> = {}): Submission {
  return {
    accountId: 'acme',
    direction: 'mt',
    channel: 'mms',
    dialect: 'plain',
    envelope: ENVELOPE,
    recipients: [{ kind: 'number', text: `${prefixOf(0)}000001` }],
    content: { parts: [], length: 3, inline: Uint8Array.of(1, 2, 3), extents: [] },
    ...given,
  }
}

function readingOf(engine: Engine, store: Store) {
  async function story(messageId: string): Promise<MessageStory> {
    const found = await store.read({ query: 'message', messageId })
    if (found === undefined) throw new Error(`no message ${messageId}`)
    return found
  }
  return {
    story,
    async send(given: Partial<Submission> = {}) {
      const answer = await engine.accept(plainSubmission(given))
      if (answer.kind === 'refused') throw new Error(`refused: ${answer.reason}`)
      return answer.messageId
    },
    async delivery(messageId: string, index = 0) {
      const { deliveries } = await story(messageId)
      const delivery = deliveries.find((each) => each.index === index)
      if (delivery === undefined) throw new Error(`no delivery ${index} of ${messageId}`)
      return delivery
    },
    async history(messageId: string) {
      const { events } = await story(messageId)
      return events.map(({ type }) => type)
    },
  }
}
