/** Several content filters in turn: the first that says spam is believed. */
import type { Verdict } from '../core/policy/facts.ts'
import type { ContentFilter } from '../engine/ports/content-filter.ts'

/**
 * Clean only when every one of them said so. One that cannot be asked does not keep the others from
 * being asked: spam is spam. Closing it closes them.
 */
export function createFilterChain(filters: readonly ContentFilter[]): ContentFilter {
  const [only] = filters
  if (only !== undefined && filters.length === 1) return only
  return {
    async judge(facts) {
      let missing: Verdict | undefined
      for (const filter of filters) {
        const verdict = await filter.judge(facts)
        if (verdict.kind === 'spam') return verdict
        if (verdict.kind === 'unavailable') missing ??= verdict
      }
      return missing ?? { kind: 'clean' }
    },
    async close() {
      await Promise.all(filters.map((filter) => filter.close()))
    },
  }
}
