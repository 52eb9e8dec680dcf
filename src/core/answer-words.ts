/**
 * What the free text of a far end's answer tells beyond its code. Peers agree on few codes and on
 * fewer words; what an operator wrote down for one peer goes before all of it.
 */
import type { AnswerOverride } from './carrier.ts'
import type { Reason } from './reason.ts'

/** What an operator says this answer means; the first entry whose words it holds. */
export function overriddenReason(
  overrides: readonly AnswerOverride[] | undefined,
  raw: string,
): Reason | undefined {
  if (overrides === undefined) return undefined
  const text = raw.toLowerCase()
  return overrides.find(({ contains }) => holds(text, contains.toLowerCase()))?.reason
}

/** Digits alone are a code and must stand alone: `50` is not in `550`. */
function holds(text: string, words: string): boolean {
  if (!/^[0-9.]+$/.test(words)) return text.includes(words)
  return text.split(/[^0-9.]+/).includes(words)
}

/** An opt-out, in the words carriers use for it. */
export function saysOptOut(text: string): boolean {
  return /opt(ed)?[- ]?out|\bstop\b|unsubscrib/i.test(text)
}

/** A refusal of what the message says, not of who it is from. */
export function saysSpam(text: string): boolean {
  return /spam|\bunsolicited\b|phish/i.test(text)
}

/** A size. */
export function saysSize(text: string): boolean {
  return /\b(size|large|big)\b/i.test(text)
}

/** The sender is what is refused. */
export function saysSender(text: string): boolean {
  return /\b(sender|originator|source|from)\b/i.test(text)
}
