/**
 * The appending end: hands out positions at once and brings bytes to stable storage in groups.
 *
 * Appended bytes wait in a group; `#write` takes one group at a time to the file, and `#sync` makes
 * everything written so far durable while the next group is being written. Letting the two overlap
 * carried 1.1 to 1.7 times the bytes of one after the other.
 *
 * A file is made only after every earlier one is synced, so after a crash only the newest file can
 * have an unsynced tail. Nobody appends to a file of an earlier process: a torn tail stays at its
 * end, where checksums find it.
 *
 * Any failed write, sync or create is final, ENOSPC included: the row that names the bytes may
 * already be committed beside them, and only a restart sorts that out. The reserve of free space
 * keeps the disk from coming to it.
 */
import type { MediaPosition } from '../../engine/ports/media.ts'
import { createDeferred, type Deferred } from './deferred.ts'
import type { Disk, DiskFile } from './disk.ts'
import { MediaFailed } from './faults.ts'
import { comparePositions } from './position.ts'
import { segmentPath } from './segment-name.ts'

/** Buffers one vectored write may take: IOV_MAX of Linux, and of the BSDs. */
const vectorsMax = 1024

/**
 * A group this big takes no more, so that it can be synced while the next is written. Without a
 * limit all who wait for one long sync come back together and the two stages take turns instead.
 */
const groupBytesMax = 2_097_152

export interface LogOptions {
  readonly disk: Disk
  readonly folder: string
  /** Number of the first segment to write. */
  readonly segment: number
  readonly segmentBytesMax: number
  readonly queueBytesMax: number
  readonly onFatal: (error: MediaFailed) => void
  /** Called with every advance of the synced position, before those who wait for it go on. */
  readonly onSynced: (synced: MediaPosition) => void
  /** Called when a segment will not grow any more. */
  readonly onSealed: (segment: number, bytes: number) => void
}

/** Bytes of one segment that are written together. */
interface Group {
  readonly segment: number
  /** Where its first byte goes. */
  readonly start: number
  end: number
  /** Emptied once written. */
  buffers: Uint8Array[]
  readonly synced: Deferred
}

export class SegmentLog {
  readonly #options: LogOptions
  #file: DiskFile
  /** The segment `#file` is. */
  #segment: number
  /** Where the next appended byte goes. */
  #end: MediaPosition
  #synced: MediaPosition
  #failure: MediaFailed | undefined
  #closing = false
  /** Every group that is not synced, oldest first. */
  readonly #groups: Group[] = []
  /** Of those, the ones not yet taken for writing. */
  readonly #gathering: Group[] = []
  /** Of those, the ones written. All belong to `#segment`. */
  #written: Group[] = []
  #writing: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  #unsyncedBytes = 0
  #room: Deferred | undefined

  private constructor(options: LogOptions, file: DiskFile) {
    this.#options = options
    this.#file = file
    this.#segment = options.segment
    this.#end = { segment: options.segment, offset: 0 }
    this.#synced = this.#end
  }

  static async open(options: LogOptions): Promise<SegmentLog> {
    return new SegmentLog(options, await createSegment(options, options.segment))
  }

  /** The segment being written; smaller numbers are sealed. */
  get segment(): number {
    return this.#segment
  }

  get synced(): MediaPosition {
    return this.#synced
  }

  get failure(): MediaFailed | undefined {
    return this.#failure
  }

  /** Takes `length` bytes over and says where they will lie, all in one run. */
  append(buffers: readonly Uint8Array[], length: number): MediaPosition {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#closing) throw new Error('append to a closed media store')
    const { segment, offset } = this.#end
    const full = offset > 0 && offset + length > this.#options.segmentBytesMax
    const at = full ? { segment: segment + 1, offset: 0 } : this.#end
    this.#end = { segment: at.segment, offset: at.offset + length }
    const group = this.#groupFor(at)
    for (const buffer of buffers) if (buffer.length > 0) group.buffers.push(buffer)
    group.end = this.#end.offset
    this.#unsyncedBytes += length
    // What else is appended in this turn still joins the group.
    this.#writing ??= Promise.resolve().then(() => this.#write())
    return at
  }

  /** Resolves when more may be appended; nothing to wait for where there is room. */
  room(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#unsyncedBytes <= this.#options.queueBytesMax) return undefined
    this.#room ??= createDeferred()
    return this.#room.promise
  }

  /** Resolves when everything before `position` is on stable storage. */
  async durable(position: MediaPosition): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (comparePositions(position, this.#synced) <= 0) return
    const group = this.#groups.find(
      ({ segment, end }) => comparePositions({ segment, offset: end }, position) >= 0,
    )
    if (group === undefined) throw new Error('asked to sync bytes that were never appended')
    return group.synced.promise
  }

  /** Writes and syncs what is left, then lets go of the file. */
  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    while (this.#writing !== undefined || this.#syncing !== undefined) {
      await this.#writing
      await this.#syncing
    }
    await this.#file.close()
  }

  #groupFor({ segment, offset }: MediaPosition): Group {
    const last = this.#gathering.at(-1)
    const joins = last !== undefined && last.segment === segment
    if (joins && offset - last.start < groupBytesMax) return last
    const group = { segment, start: offset, end: offset, buffers: [], synced: createDeferred() }
    this.#gathering.push(group)
    this.#groups.push(group)
    return group
  }

  async #write(): Promise<void> {
    try {
      for (let group = this.#next(); group !== undefined; group = this.#next()) {
        if (group.segment !== this.#segment) await this.#roll(group.segment)
        await writeAll(this.#file, group.buffers, group.start)
        group.buffers = []
        this.#written.push(group)
        this.#syncing ??= Promise.resolve().then(() => this.#sync())
      }
    } catch (error) {
      this.#fail(error)
    }
    this.#writing = undefined
  }

  #next(): Group | undefined {
    return this.#failure === undefined ? this.#gathering.shift() : undefined
  }

  async #sync(): Promise<void> {
    try {
      while (this.#written.length > 0 && this.#failure === undefined) {
        const groups = this.#written
        this.#written = []
        await this.#file.sync()
        if (this.#failure === undefined) this.#settle(groups)
      }
    } catch (error) {
      this.#fail(error)
    }
    this.#syncing = undefined
  }

  /** The groups are on stable storage: those who wait for them go on. */
  #settle(groups: readonly Group[]): void {
    this.#groups.splice(0, groups.length)
    for (const { segment, start, end } of groups) {
      this.#synced = { segment, offset: end }
      this.#unsyncedBytes -= end - start
    }
    this.#options.onSynced(this.#synced)
    for (const group of groups) group.synced.resolve()
    if (this.#unsyncedBytes > this.#options.queueBytesMax) return
    this.#room?.resolve()
    this.#room = undefined
  }

  async #roll(segment: number): Promise<void> {
    while (this.#syncing !== undefined) await this.#syncing
    if (this.#failure !== undefined) throw this.#failure
    const [sealed, bytes] = [this.#segment, this.#synced.offset]
    const full = this.#file
    this.#file = await createSegment(this.#options, segment)
    this.#segment = segment
    this.#options.onSealed(sealed, bytes)
    await full.close()
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return
    const failure = new MediaFailed(cause)
    this.#failure = failure
    for (const group of this.#groups) group.synced.reject(failure)
    this.#room?.reject(failure)
    this.#options.onFatal(failure)
  }
}

/** The name is durable before the first byte is, or a synced file could vanish with its folder. */
async function createSegment(options: LogOptions, segment: number): Promise<DiskFile> {
  const file = await options.disk.create(segmentPath(options.folder, segment))
  await options.disk.syncFolder(options.folder)
  return file
}

async function writeAll(
  file: DiskFile,
  buffers: readonly Uint8Array[],
  start: number,
): Promise<void> {
  let position = start
  for (let first = 0; first < buffers.length; first += vectorsMax) {
    let rest = buffers.slice(first, first + vectorsMax)
    while (rest.length > 0) {
      const written = await file.write(rest, position)
      if (written <= 0) throw new Error('the disk took no bytes')
      position += written
      rest = after(rest, written)
    }
  }
}

/** What is left of `buffers` once their first `written` bytes are gone. */
function after(buffers: readonly Uint8Array[], written: number): Uint8Array[] {
  let left = written
  for (const [index, buffer] of buffers.entries()) {
    if (left < buffer.length) return [buffer.subarray(left), ...buffers.slice(index + 1)]
    left -= buffer.length
  }
  return []
}
