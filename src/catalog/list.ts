/** Listing rows, and the matrix of which dialect can say what. */
import { OUTCOME_CLASSES, type OutcomeClass } from '../core/outcome-class.ts'
import { DIALECTS } from '../dialects/index.ts'
import { allEntries, type Entry, entries } from './entry.ts'

/** Which rows; an absent field lets all through. */
export interface Filter {
  readonly dialect?: string
  readonly surface?: string
  readonly class?: string
  readonly family?: string
  readonly permanence?: string
}

/** The rows that match, in the order of dialects, surfaces and tables; a standard's by its name. */
export function list(filter: Filter = {}): readonly Entry[] {
  const wanted = Object.entries(filter) as [keyof Filter, string][]
  const among = filter.dialect === undefined ? entries() : allEntries()
  return among.filter((entry) => wanted.every(([field, value]) => entry[field] === value))
}

/** One class, and the codes with which each dialect says it. */
export interface MatrixRow {
  readonly class: OutcomeClass
  readonly codes: Readonly<Record<string, readonly string[]>>
}

/** Which dialect can say which class, and what still cannot be provoked. */
export interface Matrix {
  readonly rows: readonly MatrixRow[]
  readonly total: Readonly<Record<string, number>>
  readonly pending: Readonly<Record<string, number>>
}

/** The matrix of classes and dialects. */
export function matrix(): Matrix {
  const names = DIALECTS.map((dialect) => dialect.name)
  const classes = Object.keys(OUTCOME_CLASSES) as OutcomeClass[]
  const pending = entries().filter((entry) => entry.provoke.via === 'pending')
  return {
    rows: classes.map((klass) => ({
      class: klass,
      codes: Object.fromEntries(names.map((name) => [name, codesOf(name, klass)])),
    })),
    total: count(names, entries()),
    pending: count(names, pending),
  }
}

function codesOf(dialect: string, klass: OutcomeClass): readonly string[] {
  const rows = entries().filter((entry) => entry.dialect === dialect && entry.class === klass)
  return [...new Set(rows.map((entry) => entry.code))]
}

function count(names: readonly string[], rows: readonly Entry[]): Record<string, number> {
  return Object.fromEntries(
    names.map((name) => [name, rows.filter((entry) => entry.dialect === name).length]),
  )
}
