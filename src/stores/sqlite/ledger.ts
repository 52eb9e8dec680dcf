/**
 * What the writer counts in memory and writes once per transaction: the next delivery id, how far
 * the media store had synced, and the live bytes of segments. A rolled back transaction takes its
 * counts with it.
 */
import type { Extent } from '../../core/message.ts'
import type { MediaPosition } from '../../engine/ports/media.ts'
import type { SqlDatabase } from './driver.ts'
import { numberOf } from './rows.ts'

export interface Ledger {
  /** The first of the delivery ids that are still free; `useDeliveryIds` takes them. */
  nextDeliveryId(): number
  useDeliveryIds(count: number): void
  /** Notes what the media store says it has synced. */
  synced(segment: number, offset: number): void
  /** Bytes came into use, or with a `sign` of -1 went out of it. */
  live(extents: readonly Extent[], sign: 1 | -1): void
  /** The media position of the last transaction that was kept. */
  position(): MediaPosition | undefined
  /** Writes what changed; part of the transaction. */
  write(): void
  /** The transaction was kept. */
  keep(): void
  /** The transaction was rolled back. */
  forget(): void
}

interface Marks {
  nextDelivery: number
  mediaSegment: number
  mediaOffset: number
}

export function openLedger(db: SqlDatabase): Ledger {
  const read = db.prepare('SELECT value FROM mark WHERE name = ?')
  const mark = db.prepare(
    'INSERT INTO mark (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const addLive = db.prepare(
    `INSERT INTO segment (segment, live_bytes) VALUES (?, ?)
     ON CONFLICT (segment) DO UPDATE SET live_bytes = live_bytes + excluded.live_bytes`,
  )
  const dropDead = db.prepare('DELETE FROM segment WHERE segment = ? AND live_bytes <= 0')
  const stored = (name: string) => numberOf(read.get(name), 'value')

  let kept: Marks = {
    nextDelivery: stored('next-delivery') ?? 1,
    mediaSegment: stored('media-segment') ?? -1,
    mediaOffset: stored('media-offset') ?? 0,
  }
  let now = { ...kept }
  const live = new Map<number, number>()

  return {
    nextDeliveryId: () => now.nextDelivery,
    useDeliveryIds(count) {
      now.nextDelivery += count
    },
    synced(segment, offset) {
      if (segment < now.mediaSegment) return
      if (segment === now.mediaSegment && offset <= now.mediaOffset) return
      now.mediaSegment = segment
      now.mediaOffset = offset
    },
    live(extents, sign) {
      for (const { segment, length } of extents) {
        live.set(segment, (live.get(segment) ?? 0) + sign * length)
      }
    },
    position() {
      return kept.mediaSegment < 0
        ? undefined
        : { segment: kept.mediaSegment, offset: kept.mediaOffset }
    },
    write() {
      if (now.nextDelivery !== kept.nextDelivery) mark.run('next-delivery', now.nextDelivery)
      if (now.mediaSegment !== kept.mediaSegment) mark.run('media-segment', now.mediaSegment)
      if (now.mediaOffset !== kept.mediaOffset) mark.run('media-offset', now.mediaOffset)
      for (const [segment, bytes] of live) {
        addLive.run(segment, bytes)
        if (bytes <= 0) dropDead.run(segment)
      }
    },
    keep() {
      kept = { ...now }
      live.clear()
    },
    forget() {
      now = { ...kept }
      live.clear()
    },
  }
}
