/**
 * The reading end: bytes from memory where they were just written, from the file otherwise, in
 * pieces of bounded size. A whole extent is checked before its last piece is handed out, so nobody
 * gets a damaged content to its end. Only one that is all in memory is not: its checksum was made of
 * the very same bytes. What is short besides is handed out at once.
 */
import { crc32 } from 'node:zlib'
import type { Content, Extent } from '../../core/message.ts'
import type { DiskFile } from './disk.ts'
import { MediaDamaged } from './faults.ts'
import type { OpenFiles } from './open-files.ts'
import type { Recent } from './recent.ts'

/** Most bytes handed out at once. */
const pieceBytesMax = 65_536
/** Most bytes handed out as a list: whoever has it keeps them in memory until all are gone. */
const atHandBytesMax = 131_072
/** Most bytes asked of the disk at once: each question costs a turn through another thread. */
const readBytesMax = 262_144

export class SegmentReader {
  readonly #recent: Recent
  readonly #files: OpenFiles

  constructor(recent: Recent, files: OpenFiles) {
    this.#recent = recent
    this.#files = files
  }

  /** The bytes, where every one is in memory and they are few enough. */
  atHand(
    content: Pick<Content, 'inline' | 'extents' | 'length'>,
    offset: number,
    length: number,
  ): readonly Uint8Array[] | undefined {
    if (offset < 0 || length < 0 || offset + length > content.length) return undefined
    if (length > atHandBytesMax) return undefined
    if (content.inline !== undefined) return [content.inline.subarray(offset, offset + length)]
    const pieces: Uint8Array[] = []
    let start = 0
    for (const extent of content.extents) {
      const end = Math.min(extent.length, offset + length - start)
      for (let at = Math.max(0, offset - start); at < end; ) {
        const { segment, offset: begin } = extent
        const piece = this.#recent.find({ segment, offset: begin + at }, end - at)
        if (piece === undefined) return undefined
        pieces.push(piece)
        at += piece.length
      }
      start += extent.length
    }
    return pieces
  }

  async *read(
    content: Pick<Content, 'inline' | 'extents' | 'length'>,
    offset: number,
    length: number,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    if (offset < 0 || length < 0 || offset + length > content.length) {
      throw new RangeError(`${length} bytes at ${offset} of a content of ${content.length}`)
    }
    if (content.inline !== undefined) {
      yield* piecesOf(content.inline.subarray(offset, offset + length))
      return
    }
    let start = 0
    for (const extent of content.extents) {
      const from = Math.max(0, offset - start)
      const to = Math.min(extent.length, offset + length - start)
      if (from < to) yield* this.readExtent(extent, from, to)
      start += extent.length
    }
  }

  /** The bytes `from` to `to` of an extent; its checksum is judged when they are all of it. */
  async *readExtent(
    extent: Extent,
    from = 0,
    to = extent.length,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const whole = from === 0 && to === extent.length
    const source = new Source(extent, this.#recent, this.#files)
    try {
      /** Of everything before `at`; not known as long as all of it came from memory. */
      let crc: number | undefined
      for (let at = from; at < to; ) {
        const recent = source.recent(at, Math.min(to - at, pieceBytesMax))
        if (whole && recent === undefined) crc ??= await source.checksum(at)
        const piece = recent ?? (await source.read(at, to))
        at += piece.length
        if (crc !== undefined) {
          crc = crc32(piece, crc)
          if (at === to && crc !== extent.crc32) throw new MediaDamaged(extent, 'checksum')
        }
        yield piece
      }
    } finally {
      source.done()
    }
  }

  /** True when every extent can be read to its end and matches. */
  async verify(extents: readonly Extent[]): Promise<boolean> {
    try {
      for (const extent of extents) for await (const _ of this.readExtent(extent));
      return true
    } catch (error) {
      if (error instanceof MediaDamaged) return false
      throw error
    }
  }
}

/** Where one reader gets the bytes of an extent; holds the file from its first use to the end. */
class Source {
  readonly #extent: Extent
  readonly #recent: Recent
  readonly #files: OpenFiles
  #held: { readonly file: DiskFile; done(): void } | undefined
  /** Read last, and where in the extent. */
  #read: Uint8Array = new Uint8Array(0)
  #readAt = 0

  constructor(extent: Extent, recent: Recent, files: OpenFiles) {
    this.#extent = extent
    this.#recent = recent
    this.#files = files
  }

  /** At least one byte and at most `length` from `at` on; `undefined` where the disk has to be asked. */
  recent(at: number, length: number): Uint8Array | undefined {
    const { segment, offset } = this.#extent
    return this.#recent.find({ segment, offset: offset + at }, length)
  }

  /** From the disk: at least one byte and at most a piece from `at` on, none of them behind `to`. */
  async read(at: number, to: number): Promise<Uint8Array> {
    if (at < this.#readAt || at >= this.#readAt + this.#read.length) await this.#readFrom(at, to)
    const from = at - this.#readAt
    return this.#read.subarray(from, from + Math.min(to - at, pieceBytesMax))
  }

  async #readFrom(at: number, to: number): Promise<void> {
    this.#held ??= await this.#open()
    const into = Buffer.allocUnsafe(Math.min(to - at, readBytesMax))
    const bytes = await this.#held.file.read(into, this.#extent.offset + at)
    if (bytes === 0) throw new MediaDamaged(this.#extent, 'missing')
    this.#read = into.subarray(0, bytes)
    this.#readAt = at
  }

  /** Of the first `length` bytes, as they are on disk. */
  async checksum(length: number): Promise<number> {
    let crc = 0
    for (let at = 0; at < length; ) {
      const piece = await this.read(at, length)
      crc = crc32(piece, crc)
      at += piece.length
    }
    return crc
  }

  done(): void {
    this.#held?.done()
    this.#held = undefined
  }

  async #open(): Promise<{ readonly file: DiskFile; done(): void }> {
    try {
      return await this.#files.acquire(this.#extent.segment)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      throw new MediaDamaged(this.#extent, 'missing', error)
    }
  }
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += pieceBytesMax) {
    yield bytes.subarray(at, at + pieceBytesMax)
  }
}
