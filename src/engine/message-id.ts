/**
 * Message ids: ten digits of Unix seconds and eight of a count that starts anywhere, so that one
 * process never repeats itself within a second. Eighteen digits is the shape the MM7 providers use.
 * Uniqueness across processes is the store's word (`id-taken`), not a hope. Neighbours in time are
 * neighbours in the index: scattered tails made a store write a fifth more.
 */
import type { MessageId } from '../core/message.ts'

const TAIL_SPACE = 100_000_000

/** Makes ids; `random` gives numbers in [0, 1) and is asked once. */
export function createMessageIds(random: () => number): (now: number) => MessageId {
  let tail = Math.floor(random() * TAIL_SPACE)
  return (now) => {
    tail = (tail + 1) % TAIL_SPACE
    const seconds = String(Math.floor(now / 1000)).padStart(10, '0')
    return seconds + String(tail).padStart(8, '0')
  }
}
