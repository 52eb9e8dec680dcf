/** Several sources asked in turn: the first that knows the carrier is believed. */
import type { CarrierFound, CarrierLookup } from '../engine/ports/carrier-lookup.ts'

/**
 * A look-up over others, in the order to ask. `unknown` only when every one of them said so: where
 * one gave no answer, nobody can say that the number has no carrier. Closing it closes them.
 */
export function createLookupChain(sources: readonly CarrierLookup[]): CarrierLookup {
  return {
    async find(number, signal) {
      let missing: CarrierFound | undefined
      for (const source of sources) {
        const found = await source.find(number, signal)
        if (found.kind === 'carrier') return found
        if (found.kind === 'unavailable') missing ??= found
      }
      return missing ?? { kind: 'unknown' }
    },
    async close() {
      await Promise.all(sources.map((source) => source.close()))
    },
  }
}
