/**
 * Segment files open for reading. Who reads holds the file open, so a segment that is removed under
 * a slow reader stays readable to it; of those nobody reads only the latest used stay open.
 */
import type { Disk, DiskFile } from './disk.ts'
import { segmentPath } from './segment-name.ts'

interface Entry {
  readonly file: Promise<DiskFile>
  readers: number
  /** No longer in the map: closed with its last reader. */
  dropped: boolean
}

export class OpenFiles {
  readonly #disk: Disk
  readonly #folder: string
  readonly #filesMax: number
  /** Least lately used first. */
  readonly #entries = new Map<number, Entry>()

  constructor(disk: Disk, folder: string, filesMax: number) {
    this.#disk = disk
    this.#folder = folder
    this.#filesMax = filesMax
  }

  /** Opens a segment; call `done` exactly once. Fails with ENOENT where there is none. */
  async acquire(segment: number): Promise<{ readonly file: DiskFile; done(): void }> {
    const entry = this.#entryOf(segment)
    entry.readers += 1
    this.#trim()
    try {
      const file = await entry.file
      return { file, done: () => this.#release(entry) }
    } catch (error) {
      if (this.#entries.get(segment) === entry) this.#entries.delete(segment)
      throw error
    }
  }

  /** Lets go of a segment that is removed. */
  drop(segment: number): void {
    const entry = this.#entries.get(segment)
    if (entry === undefined) return
    this.#entries.delete(segment)
    entry.dropped = true
    if (entry.readers === 0) closeQuietly(entry)
  }

  close(): void {
    for (const segment of [...this.#entries.keys()]) this.drop(segment)
  }

  #entryOf(segment: number): Entry {
    const found = this.#entries.get(segment)
    if (found !== undefined) this.#entries.delete(segment)
    const entry = found ?? {
      file: this.#disk.open(segmentPath(this.#folder, segment)),
      readers: 0,
      dropped: false,
    }
    this.#entries.set(segment, entry)
    return entry
  }

  #release(entry: Entry): void {
    entry.readers -= 1
    if (entry.readers > 0) return
    if (entry.dropped) closeQuietly(entry)
    else this.#trim()
  }

  #trim(): void {
    for (const [segment, entry] of this.#entries) {
      if (this.#entries.size <= this.#filesMax) return
      if (entry.readers === 0) this.drop(segment)
    }
  }
}

/** Closing a file that was only read has nothing to lose. */
function closeQuietly({ file }: Entry): void {
  file.then((opened) => opened.close()).catch(() => {})
}
