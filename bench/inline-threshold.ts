/**
 * Up to which size a content is better kept inside its row than in a segment: the same accepts
 * through store and media, both ways.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Content } from '../src/core/message.ts'
import { createMessageIds } from '../src/engine/message-id.ts'
import type { Media } from '../src/engine/ports/media.ts'
import type { Store } from '../src/engine/ports/store.ts'
import { openSegments } from '../src/media/segments/segments.ts'
import { openSqliteStore } from '../src/stores/sqlite/store.ts'
import { type Figure, number } from './figure.ts'
import { medianOf } from './median.ts'
import type { Section } from './section.ts'
import { queuedMessage } from './seed.ts'

const KIB = 1024
const SIZES = [1, 2, 4, 8, 16] as const
const ROUNDS = 3
const MEASURE_MS = 600
/** Accepts under way at once: a lone client, and a crowd. */
const CROWDS = [1, 64] as const
const INLINE_ALWAYS = 1024 * KIB

export const inlineThreshold: Section = {
  name: 'inline',
  title: 'Inline or segment',
  about:
    'Accepts of one content through the store and the media ports alone, everything on disk before each answer: the content inside its row, or in a segment beside it. ' +
    'In turns, medians. Written: what the process gave to the disk for each message, logs and ' +
    'checkpoints counted.',
  async run({ folder, say }) {
    const figures: Figure[] = []
    for (const kib of SIZES) {
      say(`inline or segment, ${kib} KB`)
      for (const crowd of CROWDS) {
        const inline: Sample[] = []
        const segment: Sample[] = []
        for (let round = 0; round < ROUNDS; round += 1) {
          inline.push(await measure(join(folder, 'inline'), kib, crowd, INLINE_ALWAYS))
          segment.push(await measure(join(folder, 'inline'), kib, crowd, 0))
        }
        figures.push(figureOf(`${kib} KB, ${crowd} at once`, inline, segment))
      }
    }
    return figures
  },
}

interface Sample {
  readonly perSecond: number
  /** Given to the disk, in KiB; not known everywhere. */
  readonly writtenKib: number
}

function figureOf(what: string, inline: readonly Sample[], segment: readonly Sample[]): Figure {
  const speed = (samples: readonly Sample[]) => medianOf(samples.map((one) => one.perSecond))
  const written = (samples: readonly Sample[]) => medianOf(samples.map((one) => one.writtenKib))
  const ratio = speed(inline) / speed(segment)
  const say = (samples: readonly Sample[]) =>
    `${number(Math.round(speed(samples)))}/s, ${number(written(samples))} KiB written`
  return {
    what: `${what}: inline, segment, ratio`,
    value: `${say(inline)}; ${say(segment)}; ${number(ratio)}`,
    bounds: [],
  }
}

async function measure(
  folder: string,
  kib: number,
  crowd: number,
  inlineBytesMax: number,
): Promise<Sample> {
  await mkdir(folder, { recursive: true })
  const onFatal = (error: Error) => {
    throw error
  }
  const store = await openSqliteStore({ path: join(folder, 'rows.db'), onFatal })
  const media = await openSegments({ folder: join(folder, 'media'), inlineBytesMax, onFatal })
  try {
    await accepts(store, media, { kib, crowd, forMs: MEASURE_MS / 3 })
    const before = writtenBytes()
    const startedAt = performance.now()
    const count = await accepts(store, media, { kib, crowd, forMs: MEASURE_MS })
    const seconds = (performance.now() - startedAt) / 1000
    const writtenKib = (writtenBytes() - before) / count / KIB
    return { perSecond: count / seconds, writtenKib }
  } finally {
    await media.close()
    await store.close()
    await rm(folder, { recursive: true })
  }
}

interface Load {
  readonly kib: number
  readonly crowd: number
  readonly forMs: number
}

async function accepts(store: Store, media: Media, { kib, crowd, forMs }: Load): Promise<number> {
  const bytes = randomBytes(kib * KIB)
  const nextId = createMessageIds(Math.random)
  const until = performance.now() + forMs
  let count = 0
  async function produce(): Promise<void> {
    while (performance.now() < until) {
      const writer = media.openWriter()
      await writer.write(bytes)
      const content: Content = { ...writer.finish(), parts: [partOf(bytes.length)] }
      const now = Date.now()
      const durable = media.durable(content)
      await store.commit([
        {
          ...queuedMessage(nextId(now), now, content),
          mediaSynced: media.syncedPosition(),
        },
      ])
      await durable
      count += 1
    }
  }
  await Promise.all(Array.from({ length: crowd }, produce))
  return count
}

function partOf(length: number): Content['parts'][number] {
  return {
    mediaType: 'image/jpeg',
    contentType: 'image/jpeg',
    encoding: 'binary',
    offset: 0,
    length,
    decodedLength: length,
  }
}

/** Bytes this process has sent to the disk so far; 0 where the system does not count them. */
function writtenBytes(): number {
  try {
    const counted = /^write_bytes: ([0-9]+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))
    return Number(counted?.[1] ?? 0)
  } catch {
    return 0
  }
}
