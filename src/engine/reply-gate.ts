/**
 * Keeps two machines from answering each other for ever: the same answer goes to the same number
 * once in a while only.
 */

/** Pause between two equal answers to one number, in milliseconds. */
const PAUSE_MS = 60_000
/** Answers remembered; the oldest are forgotten first. */
const REMEMBERED_MAX = 10_000

export interface ReplyGate {
  /** True when this answer may go now; it counts as gone then. */
  pass(name: string, now: number): boolean
}

export function createReplyGate(): ReplyGate {
  const lastAt = new Map<string, number>()
  return {
    pass(name, now) {
      const before = lastAt.get(name)
      if (before !== undefined && now - before < PAUSE_MS) return false
      lastAt.delete(name)
      lastAt.set(name, now)
      if (lastAt.size > REMEMBERED_MAX) {
        const [oldest] = lastAt.keys()
        if (oldest !== undefined) lastAt.delete(oldest)
      }
      return true
    },
  }
}
