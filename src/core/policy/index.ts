/**
 * All policies by name: what a provider checks before it takes responsibility for a message. A
 * dialect writes down the order; the first refusal wins.
 */
import { ADDRESSING_POLICIES } from './addressing.ts'
import { CONTENT_POLICIES } from './content.ts'
import type { Policy, PolicyFacts, Refusal } from './facts.ts'
import { PROVISIONING_POLICIES } from './provisioning.ts'

/** Every policy the house knows. */
export const POLICIES = {
  ...ADDRESSING_POLICIES,
  ...PROVISIONING_POLICIES,
  ...CONTENT_POLICIES,
} as const satisfies Record<string, Policy>

/** Name of a policy, for a dialect's written order. */
export type PolicyName = keyof typeof POLICIES

/** The first refusal in the given order, with the name of the policy that spoke. */
export function firstRefusal(
  order: readonly PolicyName[],
  facts: PolicyFacts,
): (Refusal & { readonly policy: PolicyName }) | undefined {
  for (const policy of order) {
    const refusal = POLICIES[policy](facts)
    if (refusal !== undefined) return { ...refusal, policy }
  }
  return undefined
}
