/** Whether two contents lie at the same place. */
import type { Extent } from '../core/message.ts'

export function sameExtents(left: readonly Extent[], right: readonly Extent[]): boolean {
  return (
    left.length === right.length &&
    left.every((extent, index) => {
      const other = right[index]
      return (
        other !== undefined &&
        extent.segment === other.segment &&
        extent.offset === other.offset &&
        extent.length === other.length &&
        extent.crc32 === other.crc32
      )
    })
  )
}
