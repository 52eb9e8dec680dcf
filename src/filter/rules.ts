/**
 * The content filter that needs nobody else: rules that are data, over the beginning of the text,
 * its links, its attachments and how much of it comes.
 */
import type { Verdict } from '../core/policy/facts.ts'
import type { ContentFilter, FilterFacts } from '../engine/ports/content-filter.ts'
import { LINK_SHORTENERS } from './default-rules.ts'
import { linkHostsIn, listedHost } from './links.ts'
import { createTextMatcher, isAscii } from './text-pattern.ts'
import { createVolume } from './volume.ts'

/** A regular expression by name; matched without case, over all of the text that is shown. */
export interface TextPattern {
  readonly name: string
  readonly pattern: string
}

/** What is spam. Zero switches a limit off. */
export interface FilterRules {
  readonly patterns: readonly TextPattern[]
  /** Hosts no link may lead to, with everything below them. */
  readonly linkHosts: readonly string[]
  /** Links of public shorteners are spam. */
  readonly shortenersRefused: boolean
  /** SHA-256 of attachments nobody may send, in hex. */
  readonly digests: readonly string[]
  /** Messages with the same content from one sender of one account inside a window. */
  readonly repeatsMax: number
  readonly repeatsWindowMs: number
  /** Messages of one sender in a minute, each recipient counted. */
  readonly perMinuteMax: number
}

const MINUTE_MS = 60_000
/** Senders and contents that are counted at once; a count takes some 200 bytes. */
const COUNTED_MAX = 100_000
const CLEAN: Verdict = { kind: 'clean' }
/** Characters that show nothing, put into words so that they are not found. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g

/** A filter by rules. Throws a SyntaxError for a pattern that is none. `now`: epoch milliseconds. */
export function createRuleFilter(rules: FilterRules, now: () => number): ContentFilter {
  const patterns = rules.patterns.map(
    ({ name, pattern }) => [name, createTextMatcher(pattern)] as const,
  )
  const hosts = new Set(rules.linkHosts.map((host) => host.toLowerCase()))
  const shorteners = new Set(rules.shortenersRefused ? LINK_SHORTENERS : [])
  const digests = new Set(rules.digests.map((digest) => digest.toLowerCase()))
  const repeats = createVolume(rules.repeatsWindowMs, COUNTED_MAX, now)
  const perMinute = createVolume(MINUTE_MS, COUNTED_MAX, now)

  function volumeRule(facts: FilterFacts): string | undefined {
    const { accountId, sender, recipients, contentDigest } = facts
    const { repeatsMax, perMinuteMax } = rules
    const from = `${accountId} ${sender}`
    const count = recipients.length
    if (perMinuteMax > 0 && perMinute.add(from, count) > perMinuteMax) {
      return `More than ${perMinuteMax} messages of one sender in a minute.`
    }
    if (repeatsMax > 0 && repeats.add(`${from} ${contentDigest}`, count) > repeatsMax) {
      return `More than ${repeatsMax} messages of one content from one sender.`
    }
    return undefined
  }

  function textRule({ subject = '', text }: FilterFacts): string | undefined {
    const given = `${subject}\n${text}`
    const ascii = isAscii(given)
    const shown = ascii ? given : given.replace(INVISIBLE, '').normalize('NFKC')
    const matched = patterns.find(([, pattern]) => pattern.test(shown, ascii))
    if (matched !== undefined) return `Text pattern ${matched[0]}.`
    if (hosts.size === 0 && shorteners.size === 0) return undefined
    for (const host of linkHostsIn(shown)) {
      const listed = listedHost(host, hosts)
      if (listed !== undefined) return `A link to ${listed}.`
      const shortener = listedHost(host, shorteners)
      if (shortener !== undefined) return `A link of the shortener ${shortener}.`
    }
    return undefined
  }

  function attachmentRule({ parts }: FilterFacts): string | undefined {
    if (digests.size === 0) return undefined
    const known = parts.find(({ digest }) => digest !== undefined && digests.has(digest))
    return known === undefined ? undefined : `A listed attachment (${known.type}).`
  }

  return {
    judge(facts) {
      // Counted whatever the text is: a flood of spam is a flood.
      const volume = volumeRule(facts)
      const rule = textRule(facts) ?? attachmentRule(facts) ?? volume
      return rule === undefined ? CLEAN : { kind: 'spam', rule }
    },
    close: () => Promise.resolve(),
  }
}
