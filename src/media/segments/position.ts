import type { Extent } from '../../core/message.ts'
import type { MediaPosition } from '../../engine/ports/media.ts'

/** Negative, zero or positive as `a` lies before, at or after `b`. */
export function comparePositions(a: MediaPosition, b: MediaPosition): number {
  return a.segment - b.segment || a.offset - b.offset
}

/** The point just after the last byte of the extents, or `undefined` where there are none. */
export function endOf(extents: readonly Extent[]): MediaPosition | undefined {
  let last: MediaPosition | undefined
  for (const { segment, offset, length } of extents) {
    const end = { segment, offset: offset + length }
    if (last === undefined || comparePositions(end, last) > 0) last = end
  }
  return last
}
