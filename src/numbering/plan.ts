/**
 * Numbering plans by libphonenumber's metadata, with the widest set: only that tells fixed lines
 * and toll-free numbers from mobile ones. Loaded at the first question, because it takes longer
 * than the rest of a start and a gateway without MM4 and SMPP clients never asks.
 */
import { createRequire } from 'node:module'
import type { NumberFacts, NumberPlan } from '../engine/ports/number-plan.ts'
import { createPlanRules, lineOf, type PlanMetadata } from './plan-rules.ts'

/**
 * Numbers remembered: a campaign asks for its senders and recipients again and again. Two generations
 * of half as many; to forget the oldest of one map means to step over all that was forgotten before.
 */
const REMEMBERED_MAX = 50_000

/** A calling code of no plan: E.164 still allows the number, and routes may know it. */
const UNPLANNED: NumberFacts = { line: 'unknown', formValid: true }

type Library = typeof import('libphonenumber-js/max')
type Core = typeof import('libphonenumber-js/core')

/** What the library says, and the same by its patterns compiled once. */
interface Loaded {
  readonly library: Library
  readonly rules: (number: string) => NumberFacts | undefined
}

function load(): Loaded {
  const require = createRequire(import.meta.url)
  const library = require('libphonenumber-js/max') as Library
  const { Metadata } = require('libphonenumber-js/core') as Core
  const plans = require('libphonenumber-js/metadata.max.json')
  // The library's declarations leave out what a plan consists of.
  const metadata = new Metadata(plans) as unknown as PlanMetadata
  return { library, rules: createPlanRules(metadata) }
}

/** What the library itself says. */
export function askLibrary({ parsePhoneNumberFromString }: Library, number: string): NumberFacts {
  const found = parsePhoneNumberFromString(`+${number}`)
  if (found === undefined) return UNPLANNED
  // A number nobody has yet still lies in the main country of its calling code.
  const country = found.country ?? found.getPossibleCountries()[0]
  return {
    ...(country === undefined ? {} : { country }),
    line: lineOf(found.getType()),
    formValid: found.isPossible(),
  }
}

/** A plan that forgets what was not asked for longest. */
export function createNumberPlan(): NumberPlan {
  let young = new Map<string, NumberFacts>()
  let old = young
  let loaded: Loaded | undefined

  function ask(number: string): NumberFacts {
    loaded ??= load()
    return loaded.rules(number) ?? askLibrary(loaded.library, number)
  }

  return {
    describe(number) {
      const fresh = young.get(number)
      if (fresh !== undefined) return fresh
      const facts = old.get(number) ?? ask(number)
      if (young.size >= REMEMBERED_MAX / 2) {
        old = young
        young = new Map()
      }
      young.set(number, facts)
      return facts
    },
  }
}
