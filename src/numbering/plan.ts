/**
 * Numbering plans by libphonenumber's metadata, with the widest set: only that tells fixed lines
 * and toll-free numbers from mobile ones. Loaded at the first question, because it takes longer
 * than the rest of a start and a gateway without policies never asks.
 */
import { createRequire } from 'node:module'
import type { LineType } from '../core/policy/facts.ts'
import type { NumberFacts, NumberPlan } from '../engine/ports/number-plan.ts'

/** Numbers remembered: a campaign asks for its senders and recipients again and again. */
const REMEMBERED_MAX = 50_000

/** A calling code of no plan: E.164 still allows the number, and routes may know it. */
const UNPLANNED: NumberFacts = { line: 'unknown', formValid: true }

const LINES: Readonly<Record<string, LineType>> = {
  MOBILE: 'mobile',
  // North America gives both the same numbers; what is not known to be fixed is tried.
  FIXED_LINE_OR_MOBILE: 'mobile',
  FIXED_LINE: 'fixed',
  TOLL_FREE: 'toll-free',
  PREMIUM_RATE: 'premium',
}

type Library = typeof import('libphonenumber-js/max')

/** A plan that forgets the oldest of what it remembers first. */
export function createNumberPlan(): NumberPlan {
  const remembered = new Map<string, NumberFacts>()
  let library: Library | undefined

  function ask(number: string): NumberFacts {
    library ??= createRequire(import.meta.url)('libphonenumber-js/max') as Library
    const found = library.parsePhoneNumberFromString(`+${number}`)
    if (found === undefined) return UNPLANNED
    // A number nobody has yet still lies in the main country of its calling code.
    const country = found.country ?? found.getPossibleCountries()[0]
    return {
      ...(country === undefined ? {} : { country }),
      line: LINES[found.getType() ?? ''] ?? 'other',
      formValid: found.isPossible(),
    }
  }

  return {
    describe(number) {
      const known = remembered.get(number)
      if (known !== undefined) return known
      const facts = ask(number)
      if (remembered.size >= REMEMBERED_MAX) {
        for (const oldest of remembered.keys()) {
          remembered.delete(oldest)
          break
        }
      }
      remembered.set(number, facts)
      return facts
    },
  }
}
