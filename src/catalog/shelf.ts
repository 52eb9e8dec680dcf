/** A dialect's or a surface's rows, sorted by what they can stand for in a translation. */
import type { Dialect } from '../core/code-row.ts'
import type { OutcomeClass, Permanence, Retry } from '../core/outcome-class.ts'
import { DIALECTS } from '../dialects/index.ts'
import { type Entry, entries } from './entry.ts'

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

let shelves: ReadonlyMap<string, Shelf> | undefined

/** The rows of a dialect, or of one of its surfaces; `undefined` when there is no such target. */
export function shelfOf(dialect: string, surface: string | undefined): Shelf | undefined {
  shelves ??= new Map(DIALECTS.flatMap(shelvesOf))
  return shelves.get(surface === undefined ? dialect : `${dialect}/${surface}`)
}

function shelvesOf(dialect: Dialect): [string, Shelf][] {
  const lists = dialect.surfaces.map((surface) => {
    const rows = entries().filter(
      (entry) => entry.dialect === dialect.name && entry.surface === surface.name,
    )
    const general = (entry: Entry) => surface.general?.[entry.class] === entry.code
    const ordered = [...rows.filter(general), ...rows.filter((entry) => !general(entry))]
    return { name: `${dialect.name}/${surface.name}`, rows: ordered }
  })
  const all = lists.flatMap(({ rows }) => rows)
  return [
    [dialect.name, shelve(dialect, all, all)],
    ...lists.map(({ name, rows }): [string, Shelf] => [name, shelve(dialect, rows, all)]),
  ]
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
