/** What the numbering plans of the world say about a number. No network is asked. */
import type { LineType } from '../../core/policy/facts.ts'

/** One number, judged by its form alone. */
export interface NumberFacts {
  /** ISO 3166-1 alpha-2; absent where the number belongs to no country. */
  readonly country?: string
  readonly line: LineType
  /** Some subscriber could have it: length and leading digits exist. */
  readonly formValid: boolean
}

export interface NumberPlan {
  /** `number`: E.164 digits without plus. */
  describe(number: string): NumberFacts
}
