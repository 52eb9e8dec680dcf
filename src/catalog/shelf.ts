/** A dialect's or a surface's rows, sorted by what they can stand for in a translation. */
import type { Dialect, Surface } from '../core/code-row.ts'
import type { OutcomeClass, Permanence, Retry } from '../core/outcome-class.ts'
import { findDialect } from '../dialects/index.ts'
import { allEntries, type Entry } from './entry.ts'

/** The rows of one target. In each list the general row of its class comes first. */
export interface Shelf {
  readonly dialect: Dialect
  /** By `exactKey`. */
  readonly byClass: ReadonlyMap<string, readonly Entry[]>
  /** By `retryKey`. */
  readonly byRetry: ReadonlyMap<string, readonly Entry[]>
  /** By `retryKey` of each class a row may stand for besides its own. */
  readonly byCandidate: ReadonlyMap<string, readonly Entry[]>
  readonly fallback: ReadonlyMap<Permanence, Entry>
}

/** Same class, same permanence. */
export function exactKey(entry: Entry): string {
  return `${entry.class} ${entry.permanence}`
}

/** Of that class, with the permanence and retry of the original. */
export function retryKey(klass: OutcomeClass, permanence: Permanence, retry: Retry): string {
  return `${klass} ${permanence} ${retry}`
}

const shelves = new Map<string, Shelf>()

/** The rows of a dialect, or of one of its surfaces; `undefined` when there is no such target. */
export function shelfOf(name: string, surface: string | undefined): Shelf | undefined {
  const key = surface === undefined ? name : `${name}/${surface}`
  const kept = shelves.get(key)
  if (kept !== undefined) return kept
  const dialect = findDialect(name)
  if (dialect === undefined) return undefined
  const exists = surface === undefined || dialect.surfaces.some((each) => each.name === surface)
  if (!exists) return undefined
  const all = dialect.surfaces.flatMap((each) => generalFirst(dialect, each))
  const rows = surface === undefined ? all : all.filter((entry) => entry.surface === surface)
  const shelf = shelve(dialect, rows, all)
  shelves.set(key, shelf)
  return shelf
}

function generalFirst(dialect: Dialect, surface: Surface): readonly Entry[] {
  const rows = allEntries().filter(
    (entry) => entry.dialect === dialect.name && entry.surface === surface.name,
  )
  const general = (entry: Entry) => surface.general?.[entry.class] === entry.code
  return [...rows.filter(general), ...rows.filter((entry) => !general(entry))]
}

function shelve(dialect: Dialect, rows: readonly Entry[], ofDialect: readonly Entry[]): Shelf {
  const names = Object.entries(dialect.fallback) as [Permanence, string][]
  const fallbacks = names.flatMap(([permanence, code]) => {
    const fits = (entry: Entry) => entry.code === code && entry.permanence === permanence
    const row = rows.find(fits) ?? ofDialect.find(fits)
    return row === undefined ? [] : [[permanence, row] as const]
  })
  return {
    dialect,
    byClass: group(rows, (entry) => [exactKey(entry)]),
    byRetry: group(rows, ({ class: klass, permanence, retry }) => [
      retryKey(klass, permanence, retry),
    ]),
    byCandidate: group(rows, ({ candidates, permanence, retry }) =>
      (candidates ?? []).map((klass) => retryKey(klass, permanence, retry)),
    ),
    fallback: new Map(fallbacks),
  }
}

function group(
  rows: readonly Entry[],
  keysOf: (entry: Entry) => readonly string[],
): ReadonlyMap<string, readonly Entry[]> {
  const grouped = new Map<string, Entry[]>()
  for (const entry of rows) {
    for (const key of keysOf(entry)) {
      const list = grouped.get(key)
      if (list === undefined) grouped.set(key, [entry])
      else list.push(entry)
    }
  }
  return grouped
}
