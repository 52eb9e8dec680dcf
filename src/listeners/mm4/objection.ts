/**
 * What is wrong with a client's message whoever it is for, in the order of the stages: what it is, who
 * sends it, where its content lies. Policies are asked afterwards.
 */
import type { RefusedRecipient } from '../../core/message.ts'
import { firstRefusal, type PolicyName } from '../../core/policy/index.ts'
import type { Reason } from '../../core/reason.ts'
import { type PolicyQuestion, policyFactsOf } from '../policy-facts.ts'
import { parseEnvelopeAddress } from './peer.ts'
import type { Submitted } from './submission.ts'

/** A no, with what asked and the sentence that `trace` shows. */
export type Objection = Omit<RefusedRecipient, 'index'>

/** Policies that look at the content; those before them are asked before anything is fetched. */
const ABOUT_CONTENT: ReadonlySet<PolicyName> = new Set([
  'encoding',
  'content-size',
  'media-type',
  'spam',
])

const UNREADABLE: Objection = {
  reason: 'request-unreadable',
  policy: 'readable',
  rule: 'Its MIME structure or a transfer encoding is broken.',
}

/** `paced`: the account's calls have not come too fast. */
export function objectionTo(
  { account, request, faulty, envelope, parts }: Submitted,
  paced: boolean,
): Objection | undefined {
  if (faulty) return UNREADABLE
  if (request.unclear !== undefined) {
    const rule = `Neither yes nor no: ${request.unclear.join(', ')}.`
    return { reason: 'receipt-flag-invalid', policy: 'receipt-flag', rule }
  }
  if (!account.mm4.enabled) {
    const rule = 'The account may not speak MM4.'
    return { reason: 'api-not-enabled', policy: 'door', rule }
  }
  if (!paced) {
    const rule = 'The account calls too fast.'
    return { reason: 'call-rate-exceeded', policy: 'call-rate', rule }
  }
  const { domain } = parseEnvelopeAddress(envelope.from)
  const own = domain === account.mm4.domain.toLowerCase()
  if (domain === undefined || own || domain === parts.identity.domain.toLowerCase()) {
    return undefined
  }
  return {
    reason: 'identity-mismatch',
    policy: 'identity',
    rule: 'The envelope’s sender is in a domain that is not the account’s.',
  }
}

/** What shows only when all of the content is there: one part cannot be decoded. */
export function unreadable(readable: boolean): Objection | undefined {
  return readable ? undefined : UNREADABLE
}

/** Why a content that lies elsewhere is not there. */
export function unfetched(reason: Reason): Objection {
  const rule = 'A part that lies elsewhere could not be fetched.'
  return { reason, policy: 'media-by-address', rule }
}

/** The policies that need not see the content, which others stand behind. */
export function orderBeforeContent(order: readonly PolicyName[]): readonly PolicyName[] {
  const first = order.findIndex((name) => ABOUT_CONTENT.has(name))
  return first < 0 ? order : order.slice(0, first)
}

/** Somebody may get it as far as can be told without the content: nobody is called for nothing. */
export function worthFetching({ parts, dialect }: Submitted, question: PolicyQuestion): boolean {
  const order = orderBeforeContent(dialect.mm4?.policyOrder ?? [])
  const { plan } = parts.policies
  return policyFactsOf({ directory: parts.directory(), plan }, question).some(
    (facts) => firstRefusal(order, facts) === undefined,
  )
}
