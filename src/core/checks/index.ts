/**
 * All checks by name. Several may fail at once and one code may be sent, so a dialect writes down
 * the order; the first objection wins. A check that looks at something absent stays silent and
 * leaves the word to the check whose business the absence is.
 */
import { ACCOUNT_CHECKS } from './account.ts'
import { ADDRESS_CHECKS } from './address.ts'
import type { AccountFacts, Check, Objection, RequestFacts } from './check.ts'
import { CONTENT_CHECKS } from './content.ts'
import { ELEMENT_CHECKS } from './element.ts'
import { REFERENCE_CHECKS } from './reference.ts'

/** Every check the house knows. */
export const CHECKS = {
  ...ELEMENT_CHECKS,
  ...ACCOUNT_CHECKS,
  ...ADDRESS_CHECKS,
  ...REFERENCE_CHECKS,
  ...CONTENT_CHECKS,
} as const satisfies Record<string, Check>

/** Name of a check, for a dialect's written order. */
export type CheckName = keyof typeof CHECKS

/** The first objection in the dialect's order, or `undefined` when there is none. */
export function firstObjection(
  order: readonly CheckName[],
  request: RequestFacts,
  account: AccountFacts,
): Objection | undefined {
  for (const name of order) {
    const found = CHECKS[name](request, account)
    if (found !== undefined) return typeof found === 'string' ? { reason: found } : found
  }
  return undefined
}
