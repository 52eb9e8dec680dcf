/** Recipients a policy refused, as they are kept: failed from the start, with the rule for `trace`. */
import type { MessageEvent } from '../core/event.ts'
import type { RefusedRecipient, Submission } from '../core/message.ts'
import type { Reason } from '../core/reason.ts'
import type { RouteChoice } from '../core/route.ts'

/** The refusal of one recipient, if there is one. */
export function refusalOf(
  index: number,
  refusals: readonly RefusedRecipient[],
): RefusedRecipient | undefined {
  return refusals.find((each) => each.index === index)
}

/**
 * Refused for everybody, a message is kept without its content, so that `trace` can explain it, and
 * without its key: the same request may pass tomorrow, and is not to find this one then.
 */
export function withoutLost(submission: Submission): Submission {
  const { refusals, recipients } = submission
  if (refusals === undefined || refusals.length < recipients.length) return submission
  const { idempotency: _key, ...rest } = submission
  return { ...rest, content: { parts: [], length: 0, extents: [] } }
}

/** The routes of a message, with none for those that were refused. */
export function withoutRefused(
  routes: readonly RouteChoice[],
  refusals: readonly RefusedRecipient[],
): readonly RouteChoice[] {
  if (refusals.length === 0) return routes
  return routes.map((choice) => {
    const refusal = refusalOf(choice.index, refusals)
    return refusal === undefined
      ? choice
      : { index: choice.index, because: `Refused by policy ${refusal.policy}.` }
  })
}

/** How a delivery that never begins is told in its history. */
export function failedAtOnce(
  at: number,
  { index, because }: RouteChoice,
  refusals: readonly RefusedRecipient[],
  otherwise: Reason = 'no-route',
): MessageEvent {
  const refusal = refusalOf(index, refusals)
  if (refusal === undefined) {
    return { type: 'failed', at, delivery: index, reason: otherwise, raw: because }
  }
  const { reason, policy, rule } = refusal
  return { type: 'failed', at, delivery: index, reason, raw: rule, policy }
}
