/**
 * Judges a message by a dialect's order of policies before it is taken. What has to be waited for
 * is asked last and only where it can still change the answer: the content filter once per message,
 * the carrier look-up once per recipient. A message for which nobody has to be asked is judged at
 * once, without a promise.
 */
import type { Directory } from '../core/directory.ts'
import type { CarrierFact, PolicyFacts, Refusal, Verdict } from '../core/policy/facts.ts'
import { firstRefusal, type PolicyName } from '../core/policy/index.ts'
import type { CarrierLookup } from '../engine/ports/carrier-lookup.ts'
import type { ContentFilter, FilterFacts } from '../engine/ports/content-filter.ts'
import type { NumberPlan } from '../engine/ports/number-plan.ts'
import { type PolicyQuestion, policyFactsOf } from './policy-facts.ts'

/** What a judge asks. */
export interface PolicySources {
  readonly directory: () => Directory
  readonly plan: NumberPlan
  /** Absent: routes decide, and nobody is asked whose a number is. */
  readonly lookup?: CarrierLookup
  /** Absent: nothing is called spam. */
  readonly filter?: ContentFilter
}

/** A no, with the name of the policy that spoke. */
export type PolicyRefusal = Refusal & { readonly policy: PolicyName }

/** For each recipient, in their order: why not, or `undefined` for yes. */
export type Judgement = readonly (PolicyRefusal | undefined)[]

/** What the content filter is to be shown; made only when it is asked. */
export type ShownContent = () => Pick<
  FilterFacts,
  'subject' | 'text' | 'parts' | 'contentDigest' | 'bytes'
>

const CLEAN: Verdict = { kind: 'clean' }

/** Judges one message for all its recipients. Rejects only for an error of ours. */
export function judgeByPolicies(
  sources: PolicySources,
  order: readonly PolicyName[],
  question: PolicyQuestion,
  shown: ShownContent,
): Judgement | Promise<Judgement> {
  // A dialect that names no policies is not to cost their facts.
  if (order.length === 0) return question.recipients.map(() => undefined)
  const { filter, lookup } = sources
  const directory = sources.directory()
  const facts = policyFactsOf({ directory, plan: sources.plan }, question)
  const first = facts.map((each) => firstRefusal(order, each))
  const askFilter = filter !== undefined && passes(order, 'spam', first)
  const askLookup =
    lookup !== undefined &&
    question.account.carrierLookup &&
    passes(order, 'recipient-carrier', first)
  if (!askFilter && !askLookup) return first
  const answered: Verdict | Promise<Verdict> = askFilter
    ? filter.judge(filterFacts(question, shown()))
    : CLEAN
  if ('then' in answered) return answered.then(judgeFiltered)
  return judgeFiltered(answered)

  function judgeFiltered(verdict: Verdict): Judgement | Promise<Judgement> {
    // What was judged before supposed as much.
    const judged =
      verdict.kind === 'clean'
        ? first
        : facts.map((each) => firstRefusal(order, { ...each, filter: verdict }))
    const asks = askLookup && passes(order, 'recipient-carrier', judged)
    return asks ? judgeFound(lookup, verdict, judged) : judged
  }

  function judgeFound(
    source: CarrierLookup,
    verdict: Verdict,
    judged: Judgement,
  ): Promise<Judgement> {
    return Promise.all(
      facts.map(async (each, index) => {
        const refusal = judged[index]
        if (refusal !== undefined && !comesAfter(order, refusal, 'recipient-carrier')) {
          return refusal
        }
        const carrier = await carrierOf(each, source, directory)
        return firstRefusal(order, { ...each, filter: verdict, carrier })
      }),
    )
  }
}

/** Somebody gets as far as this policy, so its answer can still change something. */
function passes(order: readonly PolicyName[], name: PolicyName, judged: Judgement): boolean {
  return (
    order.includes(name) &&
    judged.some((refusal) => refusal === undefined || comesAfter(order, refusal, name))
  )
}

/** The policy that refused stands behind `name` in the order. */
function comesAfter(
  order: readonly PolicyName[],
  refusal: PolicyRefusal,
  name: PolicyName,
): boolean {
  return order.indexOf(refusal.policy) > order.indexOf(name)
}

function filterFacts(
  { account, channel, sender, recipients }: PolicyQuestion,
  shown: ReturnType<ShownContent>,
): FilterFacts {
  return {
    accountId: account.id,
    channel,
    sender: sender.address?.text ?? sender.given,
    recipients: recipients.map(({ address, given }) => address?.text ?? given),
    ...shown,
  }
}

/** Whose subscriber it is; numbers of ours need no look-up, and nothing else has a carrier. */
async function carrierOf(
  { recipient }: PolicyFacts,
  lookup: CarrierLookup,
  { carrierByName, carrierByClientId }: Directory,
): Promise<CarrierFact> {
  const { address, own } = recipient
  if (address?.kind !== 'number' || own !== undefined) return { kind: 'not-asked' }
  const found = await lookup.find(address.text)
  switch (found.kind) {
    case 'carrier': {
      const id = found.carrier
      const configured = carrierByClientId.has(id) || carrierByName.has(id)
      return { kind: configured ? 'known' : 'unconfigured', id }
    }
    case 'unknown':
      return { kind: 'unassigned' }
    case 'unavailable':
      return found
  }
}
