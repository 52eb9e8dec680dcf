/**
 * Before an attempt: does the content fit what the way out takes? If not it is adapted for this
 * attempt alone, or the attempt ends before it began, with the reason a carrier would have given.
 */
import { type ContentBudget, excessOf, limitsOf } from '../core/content-budget.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Adapter, Fit } from './ports/adapter.ts'
import type { Attempt, Lane } from './ports/connector.ts'

/** An attempt that can be made, or the outcome of one that cannot. */
export type Fitted =
  | {
      readonly kind: 'ready'
      readonly attempt: Attempt
      readonly events: readonly MessageEvent[]
      /** The attempt is over: gives memory back. */
      release(): void
    }
  | { readonly kind: 'ended'; readonly outcome: Outcome }

export interface FittingParts {
  readonly adapter: Adapter | undefined
  /** Epoch milliseconds. */
  readonly now: () => number
}

export async function fitAttempt(
  { adapter, now }: FittingParts,
  route: string,
  { budget }: Lane,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Fitted> {
  const asItIs: Fitted = { kind: 'ready', attempt, events: [], release() {} }
  if (budget === undefined) return asItIs
  const { content, envelope, index: delivery, number } = attempt
  const request = {
    content,
    budget,
    allowed: envelope.adaptationAllowed,
    open: attempt.open,
  }
  const fit = await (adapter?.fit(request, signal) ?? withoutAdapter(attempt, budget))
  switch (fit.kind) {
    case 'fits':
      return asItIs
    case 'adapted':
      return {
        kind: 'ready',
        attempt: { ...attempt, content: fit.content, open: fit.open },
        events: [
          { type: 'adapted', at: now(), delivery, attempt: number, route, notes: fit.notes },
        ],
        release: fit.release,
      }
    case 'cannot':
      return { kind: 'ended', outcome: outcomeOf(fit) }
  }
}

/** The size of a picture cannot be told without reading it: bytes and types are what is judged. */
function withoutAdapter({ content }: Attempt, budget: ContentBudget): Fit {
  const excess = excessOf(content.parts, limitsOf(budget))
  if (excess === undefined) return { kind: 'fits' }
  const raw = 'no adapter is here'
  return { kind: 'cannot', because: 'adapter-unavailable', excess, raw }
}

/** Our own lack of time is no verdict on the content. */
function outcomeOf({ because, excess, raw }: Extract<Fit, { readonly kind: 'cannot' }>): Outcome {
  const said = `${because}: ${raw}`
  if (because === 'not-in-time') return { kind: 'deferred', reason: 'overloaded', raw: said }
  const reason = excess === 'bytes' ? 'too-large-for-carrier' : 'content-refused'
  return { kind: 'rejected', reason, raw: said }
}
