/**
 * Collects one content while it arrives. A slow upload keeps at most one chunk of `chunkBytes` and
 * what the network hands over at once; a content that comes in one piece becomes one extent.
 */
import { crc32 } from 'node:zlib'
import type { Content, Extent } from '../../core/message.ts'
import type { ContentWriter, MediaPosition } from '../../engine/ports/media.ts'

/**
 * Pieces below this are copied together: a client that drips single bytes would otherwise make each
 * of them cost a buffer object of some hundred bytes. The first few are kept as they come, so that
 * an ordinary short content is not copied.
 */
const copyBytesMax = 2048
const keptPiecesMax = 4
/** What such pieces are copied into, in bytes. */
const pageBytes = 8192
/** Runs that happen to lie end to end are joined up to this, to keep rows short. */
const joinedBytesMax = 1_048_576

export interface WriterLimits {
  readonly inlineBytesMax: number
  readonly chunkBytes: number
}

/** Where a writer's bytes go. */
export interface Sink {
  append(buffers: readonly Uint8Array[], length: number): MediaPosition
  room(): Promise<void> | undefined
  /** The content has bytes in this segment and is not finished. */
  take(segment: number): void
  release(segment: number, kept: boolean): void
}

export class SegmentWriter implements ContentWriter {
  readonly #sink: Sink
  readonly #limits: WriterLimits
  #length = 0
  #collected: Uint8Array[] = []
  #collectedBytes = 0
  /** The page small pieces go to, and how full it is. It is the last one collected. */
  #page: Uint8Array | undefined
  #pageBytes = 0
  #extents: Extent[] = []
  readonly #segments = new Set<number>()
  #ended = false

  constructor(sink: Sink, limits: WriterLimits) {
    this.#sink = sink
    this.#limits = limits
  }

  get length(): number {
    return this.#length
  }

  write(bytes: Uint8Array): void | Promise<void> {
    if (this.#ended) throw new Error('write to a content that has ended')
    this.#length += bytes.length
    this.#collectedBytes += bytes.length
    const small = bytes.length < copyBytesMax
    if (small && this.#collected.length >= keptPiecesMax) this.#copy(bytes)
    else {
      this.#closePage()
      this.#collected.push(bytes)
    }
    if (this.#collectedBytes >= this.#limits.chunkBytes) this.#append()
    return this.#sink.room()
  }

  finish(): Pick<Content, 'length' | 'inline' | 'extents'> {
    if (this.#ended) throw new Error('the content has ended already')
    if (this.#length <= this.#limits.inlineBytesMax && this.#extents.length === 0) {
      this.#end(true)
      return { length: this.#length, inline: this.#inline(), extents: [] }
    }
    if (this.#collectedBytes > 0) this.#append()
    this.#end(true)
    return { length: this.#length, extents: this.#extents }
  }

  abandon(): void {
    if (this.#ended) return
    this.#end(false)
    this.#collected = []
    this.#page = undefined
  }

  #end(kept: boolean): void {
    this.#ended = true
    for (const segment of this.#segments) this.#sink.release(segment, kept)
  }

  /** Small pieces share pages; the whole of `bytes` fits into at most two. */
  #copy(bytes: Uint8Array): void {
    let rest = bytes
    while (rest.length > 0) {
      this.#page ??= Buffer.allocUnsafeSlow(pageBytes)
      const taken = Math.min(rest.length, pageBytes - this.#pageBytes)
      this.#page.set(rest.subarray(0, taken), this.#pageBytes)
      this.#pageBytes += taken
      rest = rest.subarray(taken)
      if (this.#pageBytes === pageBytes) this.#closePage()
    }
  }

  #closePage(): void {
    if (this.#page !== undefined) this.#collected.push(this.#page.subarray(0, this.#pageBytes))
    this.#page = undefined
    this.#pageBytes = 0
  }

  #inline(): Uint8Array {
    this.#closePage()
    const [only] = this.#collected
    if (only !== undefined && this.#collected.length === 1) return only
    return Buffer.concat(this.#collected)
  }

  #append(): void {
    this.#closePage()
    const [buffers, length] = [this.#collected, this.#collectedBytes]
    const { segment, offset } = this.#sink.append(buffers, length)
    this.#collected = []
    this.#collectedBytes = 0
    if (!this.#segments.has(segment)) {
      this.#segments.add(segment)
      this.#sink.take(segment)
    }
    const last = this.#extents.at(-1)
    const joins =
      last !== undefined &&
      last.segment === segment &&
      last.offset + last.length === offset &&
      last.length + length <= joinedBytesMax
    if (!joins) {
      this.#extents.push({ segment, offset, length, crc32: checksum(buffers, 0) })
      return
    }
    const joined = { ...last, length: last.length + length, crc32: checksum(buffers, last.crc32) }
    this.#extents[this.#extents.length - 1] = joined
  }
}

/** The CRC-32 of what `before` covers followed by `buffers`. */
function checksum(buffers: readonly Uint8Array[], before: number): number {
  return buffers.reduce((crc, bytes) => crc32(bytes, crc), before)
}
