/** Where tests keep media, and the few things they do with it again and again. */

import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Content } from '../core/message.ts'
import type { Media } from '../engine/ports/media.ts'
import { createProbeDisk } from './probe-disk.ts'
import type { Disk } from './segments/disk.ts'
import type { SegmentLimits } from './segments/segments.ts'

export interface PlaceSettings extends Partial<SegmentLimits> {
  readonly onFatal?: (error: Error) => void
  /** Stands between the media and its disk. */
  readonly watch?: (disk: Disk) => Disk
  readonly now?: () => number
}

/** Somewhere media can be opened, closed and opened again. */
export interface Place {
  open(settings?: PlaceSettings): Promise<Media>
  /** Changes bytes of a segment behind the media's back. */
  corrupt(segment: number, offset: number, bytes: Uint8Array): Promise<void>
}

export interface MediaUnderTest {
  /** A new and empty place; cleaned up with the test. */
  place(t: TestContext): Promise<Place>
}

export type Stored = Pick<Content, 'length' | 'inline' | 'extents'>

/** Small limits, so that little bytes reach every corner. */
export const small = {
  inlineBytesMax: 16,
  chunkBytes: 64,
  segmentBytesMax: 1000,
  recentBytesMax: 0,
  rowWaitMsMax: 0,
} satisfies PlaceSettings

/** Bytes that differ from place to place and from seed to seed. */
export function bytesOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + seed * 17 + (at >> 8)) & 0xff
  return bytes
}

/** Writes a content in pieces of the given size. */
export async function store(media: Media, bytes: Uint8Array, pieceBytes = bytes.length) {
  const writer = media.openWriter()
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await writer.write(Uint8Array.from(bytes.subarray(at, at + pieceBytes)))
  }
  return writer.finish()
}

export async function fetchBytes(
  media: Media,
  content: Stored,
  offset = 0,
  length = content.length - offset,
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of media.read(content, offset, length)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Whether a promise has settled once everything that can run has run. */
export async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  const mark = () => {
    done = true
  }
  promise.then(mark, mark)
  for (let turns = 0; turns < 3; turns += 1) await turn()
  return done
}

/** Opens with a probe between media and disk. */
export async function openProbed(place: Place, settings: PlaceSettings = {}) {
  const fatal: Error[] = []
  let probe = createProbeDisk({} as Disk)
  const media = await place.open({
    ...small,
    ...settings,
    onFatal: (error) => void fatal.push(error),
    watch: (disk) => {
      probe = createProbeDisk(disk)
      return probe
    },
  })
  return { media, probe, fatal }
}
