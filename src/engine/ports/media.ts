/**
 * Where message bodies lie. Bytes stream in while they arrive; small contents come back inline, to
 * travel with their row, and larger ones as extents of append-only segments.
 *
 * The promise: after `durable(content)` resolves, the bytes survive a power cut. Only then may
 * anybody say yes to a client, and only then may the bytes be sent on. A write or sync error is
 * fatal: the store tells its owner and never answers again.
 */
import type { Content, Extent } from '../../core/message.ts'

/** Stored bytes in pieces: a list of them where they are in memory, to be read and never changed. */
export type StoredBytes = AsyncIterable<Uint8Array> | readonly Uint8Array[]

/** Takes one content while it arrives. Exactly one of `finish` and `abandon` ends it. */
export interface ContentWriter {
  /** Bytes written so far. */
  readonly length: number
  /**
   * Takes over `bytes` without copying: the caller must not change them afterwards. Resolves at
   * once unless more waits for the disk than the store allows; await it before reading on.
   */
  write(bytes: Uint8Array): void | Promise<void>
  /** Where the bytes are. Does not wait for the disk: that is `Media.durable`. */
  finish(): Pick<Content, 'length' | 'inline' | 'extents'>
  /** Gives the bytes up. What already reached a segment is reclaimed with it. */
  abandon(): void
}

/** A point in the sequence of segments; everything before it is on disk. */
export interface MediaPosition {
  readonly segment: number
  readonly offset: number
}

export interface Media {
  openWriter(): ContentWriter
  /** Resolves when every byte of the content is on stable storage. */
  durable(content: Pick<Content, 'extents'>): Promise<void>
  /** Everything before this point is on stable storage. */
  syncedPosition(): MediaPosition
  /**
   * Reads `length` bytes from `offset` of the content in pieces of bounded size. Fails when the
   * bytes are not there or, read from the disk, do not match their checksum.
   */
  read(
    content: Pick<Content, 'inline' | 'extents' | 'length'>,
    offset: number,
    length: number,
  ): StoredBytes
  /** True when every extent is present and matches its checksum; used once at start. */
  verify(extents: readonly Extent[]): Promise<boolean>
  /**
   * Appends copies of the extents to the current segment and returns the new ones, durable. For
   * compaction.
   */
  relocate(extents: readonly Extent[]): Promise<readonly Extent[]>
  /** Sealed segments and their size in bytes, oldest first. The one being written is not listed. */
  sealedSegments(): readonly { readonly segment: number; readonly bytes: number }[]
  /** Deletes a sealed segment. Its rows must be gone first. */
  remove(segment: number): Promise<void>
  close(): Promise<void>
}
