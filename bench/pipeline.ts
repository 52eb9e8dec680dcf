/**
 * Short messages through the engine and its disk, with a carrier and a client that cost nothing:
 * beside what the store alone does in the same run.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Content } from '../src/core/message.ts'
import { createMessageIds } from '../src/engine/message-id.ts'
import type { Media } from '../src/engine/ports/media.ts'
import type { Store } from '../src/engine/ports/store.ts'
import { openSegments } from '../src/media/segments/segments.ts'
import { openSqliteStore } from '../src/stores/sqlite/store.ts'
import { atLeast, type Figure, type Floor, number, told } from './figure.ts'
import { medianOf } from './median.ts'
import { type CarrierHabit, openNullEngine } from './null-engine.ts'
import type { Bench, Section } from './section.ts'
import { queuedMessage } from './seed.ts'

const CONTENT_BYTES = 1024
/** Messages under way at once. */
export const PRODUCERS = 256
const ROUNDS = 3
const WARM_UP_MS = 1500
const MEASURE_MS = 2500
/** A share of what the store alone accepts, leases and settles. */
const PIPELINE_SHARE = 0.35
/** A share of what the store alone accepts. */
const ACCEPT_SHARE = 0.6
const LEASE_MS = 60_000
const CLAIM_MAX = 128

export const pipeline: Section = {
  name: 'pipeline',
  title: 'Short messages through the pipeline',
  about:
    `Messages of 1 KB, ${PRODUCERS} under way, in one process and on one disk, in turns. The store ` +
    'alone: one commit accepts, one leases many, one settles each. The engine: accept, route, an ' +
    'attempt at a carrier that takes everything and costs nothing, and a delivery report to a client ' +
    'that costs nothing; each step on disk before the next. The carrier says at once that the ' +
    'message arrived, or takes it and reports a moment later.',
  async run(bench) {
    const figures: Record<Subject, Sample[]> = {
      'store: accept': [],
      'store: accept, lease, settle': [],
      'engine: accept': [],
      'engine: delivered at once': [],
      'engine: reported later': [],
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const subject of SUBJECTS) {
        bench.say(`pipeline, round ${round + 1}, ${subject}`)
        figures[subject].push(await measure(bench, subject))
      }
    }
    return figuresOf(figures)
  },
}

const SUBJECTS = [
  'store: accept',
  'store: accept, lease, settle',
  'engine: accept',
  'engine: delivered at once',
  'engine: reported later',
] as const

type Subject = (typeof SUBJECTS)[number]

interface Sample {
  readonly perSecond: number
  /** CPU of this process, all its threads, per message; microseconds. */
  readonly cpuUs: number
}

/** A floor of other sections: what the store alone accepts, in the same run. */
export async function sampleBareAccepts(bench: Bench): Promise<number> {
  const { perSecond } = await measure(bench, 'store: accept')
  return perSecond
}

const FLOORS: Readonly<Partial<Record<Subject, readonly [Subject, number]>>> = {
  'engine: accept': ['store: accept', ACCEPT_SHARE],
  'engine: delivered at once': ['store: accept, lease, settle', PIPELINE_SHARE],
  'engine: reported later': ['store: accept, lease, settle', PIPELINE_SHARE],
}

function figuresOf(samples: Readonly<Record<Subject, readonly Sample[]>>): Figure[] {
  const speedOf = (subject: Subject) => medianOf(samples[subject].map(({ perSecond }) => perSecond))
  return SUBJECTS.flatMap((subject): Figure[] => {
    const perSecond = speedOf(subject)
    const [base, share] = FLOORS[subject] ?? []
    const floor: Floor | undefined =
      base === undefined ? undefined : { name: base, value: speedOf(base), unit: '/s' }
    return [
      {
        what: subject,
        value: `${number(perSecond)} /s`,
        bounds: floor === undefined ? [] : [atLeast(perSecond, share ?? 1, floor)],
      },
      told(`${subject}: CPU per message`, medianOf(samples[subject].map((one) => one.cpuUs)), 'µs'),
    ]
  })
}

/** Takes a message to its end; resolves when it is there. */
type Produce = () => Promise<unknown>

async function measure({ folder }: Bench, subject: Subject): Promise<Sample> {
  const place = join(folder, 'pipeline')
  await mkdir(place, { recursive: true })
  const onFatal = (error: Error) => {
    throw error
  }
  const store = await openSqliteStore({ path: join(place, 'rows.db'), onFatal })
  const inlineBytesMax = CONTENT_BYTES
  const media = await openSegments({ folder: join(place, 'media'), inlineBytesMax, onFatal })
  const subjectOf = openSubject(subject, store, media)
  try {
    await load(subjectOf.produce, WARM_UP_MS)
    const cpu = process.cpuUsage()
    const startedAt = performance.now()
    const count = await load(subjectOf.produce, MEASURE_MS)
    const seconds = (performance.now() - startedAt) / 1000
    const { user, system } = process.cpuUsage(cpu)
    return { perSecond: count / seconds, cpuUs: (user + system) / count }
  } finally {
    await subjectOf.stop()
    await media.close()
    await store.close()
    await rm(place, { recursive: true })
  }
}

async function load(produce: Produce, forMs: number): Promise<number> {
  const until = performance.now() + forMs
  let count = 0
  async function goOn(): Promise<void> {
    while (performance.now() < until) {
      await produce()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: PRODUCERS }, goOn))
  return count
}

interface OpenSubject {
  readonly produce: Produce
  stop(): Promise<void>
}

function openSubject(subject: Subject, store: Store, media: Media): OpenSubject {
  switch (subject) {
    case 'store: accept':
      return { produce: acceptBare(store), stop: async () => {} }
    case 'store: accept, lease, settle':
      return { produce: acceptLeaseSettle(store), stop: async () => {} }
    default:
      return openNullEngine({ store, media, habit: HABITS[subject], contentBytes: CONTENT_BYTES })
  }
}

const HABITS = {
  'engine: accept': 'later',
  'engine: delivered at once': 'delivers',
  'engine: reported later': 'reports',
} as const satisfies Readonly<Partial<Record<Subject, CarrierHabit>>>

function acceptBare(store: Store): Produce {
  const inline = randomBytes(CONTENT_BYTES)
  const nextId = createMessageIds(Math.random)
  const content: Content = { parts: [], length: inline.length, inline, extents: [] }
  return async () => {
    const now = Date.now()
    await store.commit([queuedMessage(nextId(now), now, content)])
  }
}

/** One claimer leases whatever is there; every message is settled by a commit of its own. */
function acceptLeaseSettle(store: Store): Produce {
  const accept = acceptBare(store)
  const waiting: (() => void)[] = []
  let claiming = false

  async function claim(): Promise<void> {
    claiming = true
    for (let asked = CLAIM_MAX; asked > 0; ) {
      const now = Date.now()
      const [found] = await store.commit([
        { op: 'claim', lane: 'emulated', now, leaseUntil: now + LEASE_MS, limit: asked },
      ])
      for (const { delivery } of found.claimed) void settle(delivery.id, delivery.version)
      if (found.claimed.length === 0) asked = 0
    }
    claiming = false
  }

  async function settle(deliveryId: number, version: number): Promise<void> {
    const at = Date.now()
    const change = { state: 'delivered', nextAt: undefined } as const
    const event = { type: 'timed-out', at, delivery: 0, reason: 'expired', state: 'delivered' }
    await store.commit([
      { op: 'settle', deliveryId, version, change, events: [event as never], notices: [] },
    ])
    waiting.shift()?.()
  }

  return async () => {
    const ended = new Promise<void>((resolve) => waiting.push(resolve))
    await accept()
    if (!claiming) void claim()
    await ended
  }
}
