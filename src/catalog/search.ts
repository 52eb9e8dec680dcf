/** Finding rows by words: what support people remember is rarely the number. */
import { type Entry, entries } from './entry.ts'

/** One hit; a higher score is a better match. */
export interface Hit {
  readonly entry: Entry
  readonly score: number
}

const weights = { text: 8, class: 6, meaning: 4, rest: 1 } as const

/** Rows that hold every word of `query`, best first. Case and hyphens do not matter. */
export function search(query: string, max = Number.POSITIVE_INFINITY): readonly Hit[] {
  const phrase = normalise(query)
  const words = phrase.split(' ').filter((word) => word !== '')
  if (words.length === 0) return []
  return entries()
    .map((entry) => ({ entry, score: scoreOf(entry, phrase, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, max)
}

function scoreOf(entry: Entry, phrase: string, words: readonly string[]): number {
  const fields = {
    text: normalise(`${entry.code} ${entry.text}`),
    class: normalise(entry.class),
    meaning: normalise(entry.meaning),
    rest: normalise(
      [entry.id, entry.action, entry.details, entry.note, ...(entry.causes ?? [])].join(' '),
    ),
  }
  let score = 0
  for (const word of words) {
    const best = weightOf(fields, word)
    if (best === 0) return 0
    score += best
  }
  return score + 2 * weightOf(fields, phrase)
}

function weightOf(fields: Record<keyof typeof weights, string>, needle: string): number {
  const names = Object.keys(weights) as (keyof typeof weights)[]
  return names.reduce(
    (best, name) => (fields[name].includes(needle) ? Math.max(best, weights[name]) : best),
    0,
  )
}

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
