/**
 * Which segments hold bytes that no row names yet: of contents still arriving, and of finished ones
 * whose row may be on its way. Such a segment looks dead to the store and must not be reclaimed.
 */
export class Holds {
  readonly #now: () => number
  readonly #rowWaitMsMax: number
  readonly #segments = new Map<number, { open: number; heldUntil: number }>()

  /** `now` counts milliseconds and never goes back. */
  constructor(now: () => number, rowWaitMsMax: number) {
    this.#now = now
    this.#rowWaitMsMax = rowWaitMsMax
  }

  /** A content that is not finished has bytes in the segment. */
  take(segment: number): void {
    const hold = this.#segments.get(segment) ?? { open: 0, heldUntil: 0 }
    hold.open += 1
    this.#segments.set(segment, hold)
  }

  /** The content ended; `kept` when a row is going to name it. */
  release(segment: number, kept: boolean): void {
    const hold = this.#segments.get(segment)
    if (hold === undefined) return
    hold.open -= 1
    if (kept) hold.heldUntil = this.#now() + this.#rowWaitMsMax
  }

  holds(segment: number): boolean {
    const hold = this.#segments.get(segment)
    if (hold === undefined) return false
    if (hold.open > 0 || this.#now() < hold.heldUntil) return true
    this.#segments.delete(segment)
    return false
  }
}
