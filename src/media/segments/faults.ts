/** What we got wrong, or the disk did: the edges catch these by class and never by text. */
import type { Extent } from '../../core/message.ts'

/** Bytes we promised to keep are missing or do not match their checksum. */
export class MediaDamaged extends Error {
  override readonly name = 'MediaDamaged'
  readonly extent: Extent

  constructor(extent: Extent, because: 'missing' | 'checksum', cause?: unknown) {
    super(
      `segment ${extent.segment}, ${extent.length} bytes at ${extent.offset}: ${because}`,
      cause === undefined ? {} : { cause },
    )
    this.extent = extent
  }
}

/**
 * A write or a sync failed. After a failed sync the kernel may have dropped the pages and call the
 * next sync a success, so nothing this store could say afterwards would be true.
 */
export class MediaFailed extends Error {
  override readonly name = 'MediaFailed'

  constructor(cause: unknown) {
    super('the media disk failed', { cause })
  }
}
