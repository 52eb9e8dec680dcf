/**
 * Numbering plans by libphonenumber's metadata, with the widest set: only that tells fixed lines
 * and toll-free numbers from mobile ones. Loaded at the first question, because it takes longer
 * than the rest of a start and a gateway without MM4 and SMPP clients never asks.
 */
import { createRequire } from 'node:module'
import type { NumberFacts, NumberPlan } from '../engine/ports/number-plan.ts'
import { createPlanRules, type PlanMetadata } from './plan-rules.ts'

/**
 * Numbers remembered: a campaign asks for its senders and recipients again and again. Two generations
 * of half as many; to forget the oldest of one map means to step over all that was forgotten before.
 */
const REMEMBERED_MAX = 50_000

type Core = typeof import('libphonenumber-js/core')

function loadRules(): (number: string) => NumberFacts {
  const require = createRequire(import.meta.url)
  const { Metadata } = require('libphonenumber-js/core') as Core
  const plans = require('libphonenumber-js/metadata.max.json')
  // The library's declarations leave out what a plan consists of.
  return createPlanRules(new Metadata(plans) as unknown as PlanMetadata)
}

/** A plan that forgets what was not asked for longest. */
export function createNumberPlan(): NumberPlan {
  let young = new Map<string, NumberFacts>()
  let old = young
  let rules: ((number: string) => NumberFacts) | undefined

  return {
    describe(number) {
      const fresh = young.get(number)
      if (fresh !== undefined) return fresh
      rules ??= loadRules()
      const facts = old.get(number) ?? rules(number)
      if (young.size >= REMEMBERED_MAX / 2) {
        old = young
        young = new Map()
      }
      young.set(number, facts)
      return facts
    },
  }
}
