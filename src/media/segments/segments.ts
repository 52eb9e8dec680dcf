/**
 * Message bodies in append-only segment files. Rows name the bytes by segment, offset, length and
 * checksum; the files hold nothing else, so a byte no row names is free space in waiting.
 */
import type { Extent } from '../../core/message.ts'
import type { Media } from '../../engine/ports/media.ts'
import { SegmentWriter, type Sink } from './content-writer.ts'
import { type Disk, nodeDisk } from './disk.ts'
import type { MediaFailed } from './faults.ts'
import { Holds } from './holds.ts'
import { SegmentLog } from './log.ts'
import { OpenFiles } from './open-files.ts'
import { endOf } from './position.ts'
import { SegmentReader } from './reader.ts'
import { Recent } from './recent.ts'
import { segmentOf, segmentPath } from './segment-name.ts'

export interface SegmentLimits {
  /** Contents up to this size travel with their row instead. */
  readonly inlineBytesMax: number
  /** How much of one content is collected before it goes to the disk. */
  readonly chunkBytes: number
  /** A segment that would grow past this is sealed. */
  readonly segmentBytesMax: number
  /** Writers are told to wait while more than this is not on stable storage. */
  readonly queueBytesMax: number
  /** Bytes kept in memory after they were written, for those who send them on at once. */
  readonly recentBytesMax: number
  /** Files kept open for reading while nobody reads them. */
  readonly openFilesMax: number
  /** How long the row of a finished content may take; until then its segments are not offered. */
  readonly rowWaitMsMax: number
}

export const defaultSegmentLimits: SegmentLimits = {
  inlineBytesMax: 4096,
  chunkBytes: 65_536,
  segmentBytesMax: 268_435_456,
  queueBytesMax: 33_554_432,
  recentBytesMax: 16_777_216,
  openFilesMax: 32,
  rowWaitMsMax: 600_000,
}

export interface SegmentOptions extends Partial<SegmentLimits> {
  readonly folder: string
  /** Told once, when a write or sync failed. The process must stop: nothing is promised any more. */
  readonly onFatal: (error: MediaFailed) => void
  readonly disk?: Disk
  /** Milliseconds that never go back. */
  readonly now?: () => number
}

/** Opens the folder and starts a segment of its own; whatever lies there is sealed. */
export async function openSegments(options: SegmentOptions): Promise<Media> {
  const { folder, disk = nodeDisk, now = () => performance.now() } = options
  const limits = { ...defaultSegmentLimits, ...options }
  const sealed = await readFolder(disk, folder)
  const segment = Math.max(0, ...sealed.keys()) + 1
  const recent = new Recent(limits.recentBytesMax, { segment, offset: 0 })
  const log = await SegmentLog.open({
    ...limits,
    disk,
    segment,
    onSynced: (synced) => recent.advance(synced),
    onSealed: (full, bytes) => sealed.set(full, bytes),
  })
  const files = new OpenFiles(disk, folder, limits.openFilesMax)
  return assemble({
    log,
    recent,
    files,
    sealed,
    limits,
    reader: new SegmentReader(recent, files),
    holds: new Holds(now, limits.rowWaitMsMax),
    unlink: (number) => disk.remove(segmentPath(folder, number)),
  })
}

interface Parts {
  readonly log: SegmentLog
  readonly recent: Recent
  readonly files: OpenFiles
  readonly reader: SegmentReader
  readonly holds: Holds
  readonly limits: SegmentLimits
  /** Bytes of each sealed segment, oldest first. */
  readonly sealed: Map<number, number>
  readonly unlink: (segment: number) => Promise<void>
}

function assemble(parts: Parts): Media {
  const { log, recent, files, sealed, limits, reader, holds } = parts
  const sink: Sink = {
    append: (buffers, length) => {
      const at = log.append(buffers, length)
      recent.add(at, buffers)
      return at
    },
    room: () => log.room(),
    take: (segment) => holds.take(segment),
    release: (segment, kept) => holds.release(segment, kept),
  }
  return {
    openWriter: () => new SegmentWriter(sink, limits),
    async durable(content) {
      if (log.failure !== undefined) throw log.failure
      const end = endOf(content.extents)
      if (end !== undefined) await log.durable(end)
    },
    syncedPosition: () => log.synced,
    read(content, offset, length) {
      if (log.failure !== undefined) throw log.failure
      return reader.atHand(content, offset, length) ?? reader.read(content, offset, length)
    },
    verify: (extents) => reader.verify(extents),
    relocate: (extents) => relocate(sink, log, reader, extents),
    sealedSegments: () =>
      [...sealed]
        .filter(([segment]) => !holds.holds(segment))
        .map(([segment, bytes]) => ({ segment, bytes })),
    async remove(segment) {
      if (segment >= log.segment || holds.holds(segment)) {
        throw new Error(`segment ${segment} is in use`)
      }
      if (!sealed.has(segment)) return
      await parts.unlink(segment)
      sealed.delete(segment)
      files.drop(segment)
    },
    async close() {
      await log.close()
      files.close()
    },
  }
}

/** Extents are copied one for one, each in one piece, so they can replace the old ones in place. */
async function relocate(
  sink: Sink,
  log: SegmentLog,
  reader: SegmentReader,
  extents: readonly Extent[],
): Promise<readonly Extent[]> {
  const copies: Extent[] = []
  try {
    for (const extent of extents) {
      const pieces: Uint8Array[] = []
      for await (const piece of reader.readExtent(extent)) pieces.push(piece)
      await sink.room()
      const at = sink.append(pieces, extent.length)
      sink.take(at.segment)
      copies.push({ ...extent, ...at })
    }
    const end = endOf(copies)
    if (end !== undefined) await log.durable(end)
    return copies
  } finally {
    for (const { segment } of copies) sink.release(segment, true)
  }
}

/**
 * The segments of earlier processes and their sizes. The newest may have been killed before it
 * synced: its bytes are made durable before anybody may find them and promise them.
 */
async function readFolder(disk: Disk, folder: string): Promise<Map<number, number>> {
  await disk.makeFolder(folder)
  const found: { readonly segment: number; readonly bytes: number }[] = []
  for (const { name, bytes } of await disk.list(folder)) {
    const segment = segmentOf(name)
    if (segment !== undefined) found.push({ segment, bytes })
  }
  found.sort((a, b) => a.segment - b.segment)
  const newest = found.at(-1)
  if (newest !== undefined) await syncFile(disk, segmentPath(folder, newest.segment))
  return new Map(found.map(({ segment, bytes }) => [segment, bytes]))
}

async function syncFile(disk: Disk, path: string): Promise<void> {
  const file = await disk.open(path)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
