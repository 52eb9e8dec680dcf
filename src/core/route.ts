/** Which way out a recipient takes, and why. Rules are data; the longest matching prefix wins. */
import type { Address } from './address.ts'
import type { Channel } from './message.ts'

/** One number route of the directory. */
export interface RouteRule {
  readonly name: string
  /** E.164 digits without plus; the empty string matches every number. */
  readonly prefix: string
  /** Way out, by name. */
  readonly carrier: string
  /** Only for these accounts; absent for all. */
  readonly accounts?: readonly string[]
  readonly enabled: boolean
}

/** A carrier as far as routing is concerned. */
export interface RouteTarget {
  readonly name: string
  readonly enabled: boolean
  /** It takes messages and attempts none of them for now. */
  readonly paused?: boolean
  /** What it takes; absent for everything. */
  readonly channels?: readonly Channel[]
}

/** The decision and the sentence that explains it. */
export interface RouteChoice {
  /** The recipient's index in the message. */
  readonly index: number
  /** Name of the way out; absent when there is none. */
  readonly route?: string
  /** Why nothing is attempted on that way for now. */
  readonly waits?: 'held' | 'route-unusable'
  readonly because: string
}

/** What routing looks at. */
export interface RouteFacts {
  readonly accountId: string
  /** What kind of message it is; absent: any way will do. */
  readonly channel?: Channel
  /** Carrier the client named itself. */
  readonly carrier?: string
}

/**
 * Picks the way out for one recipient. `rules` may come in any order; the longest prefix of a rule
 * that is enabled, open to the account and bound to a live carrier that takes such messages wins. Where every such carrier is
 * switched off, the message waits for the best of them.
 */
export function chooseRoute(
  recipient: Address,
  index: number,
  facts: RouteFacts,
  rules: readonly RouteRule[],
  target: (name: string) => RouteTarget | undefined,
): RouteChoice {
  if (recipient.kind !== 'number') {
    return { index, because: `no route serves a ${recipient.kind} recipient` }
  }
  let best: RouteRule | undefined
  let off: RouteRule | undefined
  let skipped = ''
  /** A carrier that matched and takes other kinds of messages. */
  let others: string | undefined
  for (const rule of rules) {
    if (!recipient.text.startsWith(rule.prefix)) continue
    if (facts.carrier !== undefined && rule.carrier !== facts.carrier) continue
    if (rule.accounts !== undefined && !rule.accounts.includes(facts.accountId)) continue
    const carrier = target(rule.carrier)
    if (!serves(carrier, facts.channel)) {
      others = rule.carrier
      continue
    }
    if (!rule.enabled || carrier?.enabled !== true) {
      if (rule.enabled && carrier !== undefined && isLonger(rule, off)) off = rule
      skipped += ` Rule ${rule.name} matched but ${rule.enabled ? `carrier ${rule.carrier}` : 'it'} is off.`
      continue
    }
    if (isLonger(rule, best)) best = rule
  }
  if (best === undefined && off !== undefined) {
    const because = `Every way for +${recipient.text} is off; it waits for ${off.carrier}.${skipped}`
    return { index, route: off.carrier, waits: 'route-unusable', because }
  }
  if (best === undefined) {
    const named = facts.carrier === undefined ? '' : ` towards carrier ${facts.carrier}`
    const kind =
      others === undefined ? '' : ` ${others} would, but takes no ${facts.channel?.toUpperCase()}.`
    const none = `No enabled rule matches +${recipient.text}${named}.`
    return { index, because: `${none}${kind}${skipped}` }
  }
  const which = best.prefix === '' ? 'the default rule' : `prefix +${best.prefix}`
  const asked = facts.carrier === undefined ? '' : ' and the carrier the client named'
  const paused = target(best.carrier)?.paused === true
  return {
    index,
    route: best.carrier,
    because: `Rule ${best.name}: ${which}${asked} → ${best.carrier}.${skipped}`,
    ...(paused ? { waits: 'held' } : {}),
  }
}

function serves(carrier: RouteTarget | undefined, channel: Channel | undefined): boolean {
  return (
    carrier?.channels === undefined || channel === undefined || carrier.channels.includes(channel)
  )
}

function isLonger(rule: RouteRule, than: RouteRule | undefined): boolean {
  return than === undefined || rule.prefix.length > than.prefix.length
}
