/**
 * Gives back the space of messages that are gone. Rows first, bytes after, never the reverse: a
 * segment is removed only when no row names it, and a message's bytes are copied, durable and named
 * by its row before the originals lose their last row. Killed anywhere, it leaves at worst copies
 * nobody names, and the next run counts them as free space (reliability C17).
 *
 * A segment emptied by moving is removed by the next run, not by this one: whoever leased a message
 * before it was moved can still read the old place in between.
 */
import type { Content, Extent, MessageId } from '../../core/message.ts'
import type { Media } from '../../engine/ports/media.ts'
import type { Store } from '../../engine/ports/store.ts'
import { MediaDamaged } from './faults.ts'

export interface ReclaimLimits {
  /** A segment with a smaller share of living bytes is emptied; 0 to 1. */
  readonly liveShareMin: number
  /** Most bytes one run copies; the message that reaches it is still moved. */
  readonly movedBytesMax: number
  /** Most messages one run moves. */
  readonly messagesMax: number
  /** Most segments one run removes. */
  readonly segmentsMax: number
}

export const defaultReclaimLimits: ReclaimLimits = {
  liveShareMin: 0.3,
  movedBytesMax: 134_217_728,
  messagesMax: 1000,
  segmentsMax: 64,
}

/** What one run did. */
export interface Reclaimed {
  readonly removed: readonly number[]
  readonly freedBytes: number
  readonly movedMessages: number
  readonly movedBytes: number
  /** Messages whose bytes are not what was stored. Their segment stays until they are purged. */
  readonly damaged: readonly MessageId[]
  /** A limit ended the run: there is more to do at once. */
  readonly more: boolean
}

/** Messages moved at the same time, so that they share their syncs and commits. */
const movesAtOnce = 16

interface Segment {
  readonly segment: number
  readonly bytes: number
  readonly liveBytes: number
}

/** One bounded run. Not to be called again before it has ended. */
export async function reclaim({
  store,
  media,
  limits = defaultReclaimLimits,
}: {
  readonly store: Store
  readonly media: Media
  readonly limits?: ReclaimLimits
}): Promise<Reclaimed> {
  // In this order: a segment that is offered now can only lose rows from here on.
  const sealed = media.sealedSegments()
  const live = new Map<number, number>()
  for (const { segment, liveBytes } of await store.read({ query: 'segments' })) {
    live.set(segment, liveBytes)
  }
  const segments = sealed.map((one) => ({ ...one, liveBytes: live.get(one.segment) ?? 0 }))
  const dead = segments.filter(({ liveBytes }) => liveBytes === 0)
  const removing = dead.slice(0, limits.segmentsMax)
  for (const { segment } of removing) await media.remove(segment)
  const sparse = segments
    .filter(({ liveBytes, bytes }) => liveBytes > 0 && liveBytes < bytes * limits.liveShareMin)
    .sort((a, b) => a.liveBytes / a.bytes - b.liveBytes / b.bytes)
  const moved = await emptyAll(store, media, sparse, limits)
  return {
    removed: removing.map(({ segment }) => segment),
    freedBytes: removing.reduce((sum, { bytes }) => sum + bytes, 0),
    movedMessages: moved.messages,
    movedBytes: moved.bytes,
    damaged: moved.damaged,
    more: moved.more || removing.length < dead.length,
  }
}

interface Moved {
  messages: number
  bytes: number
  readonly damaged: MessageId[]
  more: boolean
}

/** Moves messages out of the segments, sparsest first, until a limit ends it. */
async function emptyAll(
  store: Store,
  media: Media,
  segments: readonly Segment[],
  limits: ReclaimLimits,
): Promise<Moved> {
  const moved: Moved = { messages: 0, bytes: 0, damaged: [], more: false }
  for (const { segment } of segments) {
    const limit = limits.messagesMax - moved.messages
    if (limit <= 0) return { ...moved, more: true }
    const messages = await store.read({ query: 'segment-messages', segment, limit })
    for (let at = 0; at < messages.length; at += movesAtOnce) {
      if (moved.bytes >= limits.movedBytesMax) return { ...moved, more: true }
      const batch = messages.slice(at, at + movesAtOnce)
      const results = await Promise.all(
        batch.map(({ messageId, content }) => move(store, media, segment, messageId, content)),
      )
      for (const [index, bytes] of results.entries()) {
        const messageId = batch[index]?.messageId
        if (bytes !== undefined) {
          moved.messages += 1
          moved.bytes += bytes
        } else if (messageId !== undefined) moved.damaged.push(messageId)
      }
    }
  }
  return moved
}

/**
 * Copies what one message has in the segment and points its row at the copies. A row that changed
 * meanwhile keeps what it has. Answers the bytes copied, or `undefined` where they are damaged.
 */
async function move(
  store: Store,
  media: Media,
  segment: number,
  messageId: MessageId,
  { extents: from }: Content,
): Promise<number | undefined> {
  const old = from.filter((extent) => extent.segment === segment)
  try {
    const copies = await media.relocate(old)
    const copyOf = new Map<Extent, Extent | undefined>(old.map((one, at) => [one, copies[at]]))
    const to = from.map((extent) => copyOf.get(extent) ?? extent)
    await store.commit([{ op: 'relocate', messageId, from, to }])
    return copies.reduce((sum, { length }) => sum + length, 0)
  } catch (error) {
    if (error instanceof MediaDamaged) return undefined
    throw error
  }
}
