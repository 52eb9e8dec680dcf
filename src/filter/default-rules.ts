/** Rules that come with the house: what is refused nearly everywhere, and nothing that is a matter of taste. */
import type { TextPattern } from './rules.ts'

/** Repetitions are bounded, so that no text makes a pattern slow. */
export const DEFAULT_PATTERNS: readonly TextPattern[] = [
  {
    name: 'prize',
    pattern: String.raw`\b(?:you (?:have |just )?won|claim your (?:prize|winnings|reward))\b`,
  },
  {
    name: 'lottery',
    pattern: String.raw`\blottery\b.{0,60}\b(?:winner|winning|jackpot)\b`,
  },
  {
    name: 'advance-fee',
    pattern: String.raw`\b(?:next of kin|inheritance|unclaimed funds?)\b.{0,120}\b(?:million|transfer|fee)\b`,
  },
  {
    name: 'gift-cards',
    pattern: String.raw`\b(?:buy|purchase|send)\b.{0,40}\bgift ?cards?\b.{0,60}\b(?:codes?|numbers?|pins?)\b`,
  },
  {
    name: 'phishing',
    pattern: String.raw`\b(?:account|card|parcel|package)\b.{0,60}\b(?:suspended|locked|on hold|restricted)\b.{0,120}https?://`,
  },
  {
    name: 'credentials',
    pattern: String.raw`\b(?:confirm|verify|update) your (?:password|pin|bank details|card details|social security)\b`,
  },
]

/** Public link shorteners: North American carriers refuse messages with their links. */
export const LINK_SHORTENERS: readonly string[] = [
  'adf.ly',
  'bit.do',
  'bit.ly',
  'bl.ink',
  'buff.ly',
  'clck.ru',
  'cutt.ly',
  'goo.gl',
  'is.gd',
  'ow.ly',
  'rb.gy',
  'rebrand.ly',
  's.id',
  'shorturl.at',
  'surl.li',
  't.co',
  't.ly',
  'tiny.cc',
  'tinyurl.com',
  'u.to',
  'urlz.fr',
  'v.gd',
]
