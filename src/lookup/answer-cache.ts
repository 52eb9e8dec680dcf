/** Answers kept for a while: bounded, the longest unused goes first. Time is an argument. */
import type { CarrierFound } from '../engine/ports/carrier-lookup.ts'

export interface AnswerCache {
  find(number: string, now: number): CarrierFound | undefined
  keep(number: string, found: CarrierFound, until: number): void
  readonly size: number
}

interface Kept {
  readonly found: CarrierFound
  /** Epoch milliseconds. */
  readonly until: number
}

export function createAnswerCache(entriesMax: number): AnswerCache {
  // A Map keeps the order of setting: the first key is the longest unused.
  const kept = new Map<string, Kept>()
  return {
    get size() {
      return kept.size
    },
    find(number, now) {
      const entry = kept.get(number)
      if (entry === undefined) return undefined
      kept.delete(number)
      if (entry.until <= now) return undefined
      kept.set(number, entry)
      return entry.found
    },
    keep(number, found, until) {
      kept.delete(number)
      kept.set(number, { found, until })
      if (kept.size <= entriesMax) return
      for (const oldest of kept.keys()) {
        kept.delete(oldest)
        return
      }
    },
  }
}
