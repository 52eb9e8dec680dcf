/** Media for tests and simulations: the segments themselves, on a disk in memory. */
import type { Media } from '../../engine/ports/media.ts'
import { openSegments, type SegmentOptions } from '../segments/segments.ts'
import { createMemoryDisk } from './disk.ts'

const folder = '/media'

/** Mount one `MemoryDisk` again to find what an earlier media left there. */
export function openMemoryMedia(options: Partial<SegmentOptions> = {}): Promise<Media> {
  return openSegments({
    folder,
    disk: createMemoryDisk().mount(),
    // Whoever waits for durability is told by a rejection; nobody else listens here by default.
    onFatal: () => {},
    ...options,
  })
}
