/**
 * Bytes that were appended lately, by position: everything not yet synced, and after that as much
 * as fits, so that a message sent on at once is not read back from disk. Keeps references and
 * copies nothing.
 */
import type { MediaPosition } from '../../engine/ports/media.ts'
import { comparePositions } from './position.ts'

interface Kept {
  readonly segment: number
  readonly offset: number
  readonly bytes: Uint8Array
}

export class Recent {
  readonly #bytesMax: number
  /** By rising position. Those before `#first` are gone. */
  #kept: (Kept | undefined)[] = []
  #first = 0
  #bytes = 0
  #synced: MediaPosition

  constructor(bytesMax: number, synced: MediaPosition) {
    this.#bytesMax = bytesMax
    this.#synced = synced
  }

  /** Remembers what was appended at `position`, which lies after everything known. */
  add({ segment, offset }: MediaPosition, buffers: readonly Uint8Array[]): void {
    let at = offset
    for (const bytes of buffers) {
      if (bytes.length === 0) continue
      this.#kept.push({ segment, offset: at, bytes })
      at += bytes.length
      this.#bytes += bytes.length
    }
    this.#trim()
  }

  /** Everything before `synced` may be forgotten from now on. */
  advance(synced: MediaPosition): void {
    this.#synced = synced
    this.#trim()
  }

  /** At most `length` bytes from `position` on, or `undefined` where they must come from disk. */
  find(position: MediaPosition, length: number): Uint8Array | undefined {
    let low = this.#first
    let high = this.#kept.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const kept = this.#kept[middle]
      if (kept !== undefined && comparePositions(kept, position) > 0) high = middle
      else low = middle + 1
    }
    const kept = low > this.#first ? this.#kept[low - 1] : undefined
    if (kept === undefined || kept.segment !== position.segment) return undefined
    const from = position.offset - kept.offset
    if (from >= kept.bytes.length) return undefined
    return kept.bytes.subarray(from, from + length)
  }

  #trim(): void {
    while (this.#bytes > this.#bytesMax) {
      const oldest = this.#kept[this.#first]
      if (oldest === undefined || comparePositions(oldest, this.#synced) >= 0) break
      this.#kept[this.#first] = undefined
      this.#first += 1
      this.#bytes -= oldest.bytes.length
    }
    // Moving the rest down once half is gone costs one move per entry.
    if (this.#first < 64 || this.#first * 2 < this.#kept.length) return
    this.#kept = this.#kept.slice(this.#first)
    this.#first = 0
  }
}
