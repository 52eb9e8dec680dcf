/** Policies about what a message carries, and about whether its recipient wants it. */
import type { MediaFact, Policy, PolicyFacts } from './facts.ts'

export const CONTENT_POLICIES = {
  encoding: ({ content }) =>
    content.textReadable
      ? undefined
      : { reason: 'text-undecodable', rule: 'A text does not decode in the charset it names.' },
  'media-type': ({ content, policy }) => {
    const refused = content.media.find((part) => !taken(part, policy.mediaTypes))
    if (refused === undefined) return undefined
    const rule =
      refused.sniffed === undefined
        ? `The account may not send ${refused.type}.`
        : `A part called ${refused.type} looks like ${refused.sniffed}.`
    return { reason: 'media-type-refused', rule }
  },
  'content-size': (facts) => {
    const limit = bytesMax(facts)
    return facts.content.bytes > limit
      ? { reason: 'content-too-large', rule: `${facts.content.bytes} bytes of ${limit}.` }
      : undefined
  },
  spam: ({ filter, policy }) => {
    switch (filter.kind) {
      case 'spam':
        return { reason: 'spam-detected', rule: filter.rule }
      case 'unavailable':
        return policy.filterRequired
          ? { reason: 'policy-service-down', rule: `Content filter: ${filter.because}.` }
          : undefined
      default:
        return undefined
    }
  },
  'opt-out': ({ block }) =>
    block === undefined ? undefined : { reason: 'recipient-blocked', rule: block.because },
} as const satisfies Record<string, Policy>

/** Toll-free numbers carry less. */
function bytesMax({ sender, recipient, policy }: PolicyFacts): number {
  const tollFree = sender.line === 'toll-free' || recipient.line === 'toll-free'
  return tollFree
    ? Math.min(policy.tollFreeBytesMax, policy.contentBytesMax)
    : policy.contentBytesMax
}

/** A list entry is a whole type or `image/*`; a type and its bytes must not contradict each other. */
function taken({ type, sniffed }: MediaFact, allowed: readonly string[]): boolean {
  if (sniffed !== undefined && major(sniffed) !== major(type)) return false
  return (
    allowed.length === 0 || allowed.some((each) => each === type || each === `${major(type)}/*`)
  )
}

function major(type: string): string {
  const slash = type.indexOf('/')
  return slash < 0 ? type : type.slice(0, slash)
}
