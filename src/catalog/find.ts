/** Finding a row: by its whole identity, or by what a person types. */
import type { Dialect, Surface } from '../core/code-row.ts'
import { NAMED } from '../dialects/index.ts'
import { allEntries, type Entry, entries } from './entry.ts'
import { nearest } from './nearest.ts'

/** A whole identity. Without `variant` a code that a list prints twice is not found. */
export interface CodeId {
  readonly dialect: string
  readonly surface: string
  readonly code: string
  readonly variant?: string
}

/** What a lookup came to. */
export type Lookup =
  | { readonly kind: 'one'; readonly entry: Entry }
  /** A partial identity, a bare number or a code printed twice: what it can be, never a guess. */
  | { readonly kind: 'several'; readonly entries: readonly Entry[] }
  /** Nothing: which word was not known, and the nearest that are. */
  | {
      readonly kind: 'none'
      readonly what: 'dialect' | 'surface' | 'code' | 'name'
      readonly given: string
      readonly nearest: readonly string[]
    }

let byId: ReadonlyMap<string, Entry> | undefined

/** The row with this identity. */
export function find({ dialect, surface, code, variant }: CodeId): Entry | undefined {
  byId ??= new Map(allEntries().map((entry) => [entry.id, entry]))
  const id = `${dialect}/${surface}/${code}`
  return byId.get(variant === undefined ? id : `${id}/${variant}`)
}

/**
 * The rows that words like `sinch 3001`, `webex in-app 7704`, `webex/in-app/7704` or `470` can mean.
 * Only words that begin with a dialect can name one row; a bare number always gets the list.
 */
export function lookup(words: readonly string[]): Lookup {
  const parts = words.flatMap((word) => word.split(/[\s/]+/)).filter((word) => word !== '')
  const [first = '', ...rest] = parts
  const dialect = dialectNamed(first)
  if (dialect !== undefined) return inDialect(dialect, rest)
  const surfaces = surfacesNamed(first)
  if (surfaces.length > 0) return inSurfaces(surfaces, rest)
  return anywhere(first, rest)
}

/** A dialect and, optionally, one of its surfaces, by name as `webex` or `webex/in-app`. */
export type TargetLookup =
  | { readonly kind: 'one'; readonly dialect: Dialect; readonly surface?: Surface }
  | Extract<Lookup, { kind: 'none' }>

/** Where to translate to, by the words a person types. */
export function lookupTarget(words: string): TargetLookup {
  const [first = '', ...rest] = words.split(/[\s/]+/)
  const dialect = dialectNamed(first)
  if (dialect === undefined) return none('dialect', first, dialectNames())
  const name = rest.join('-')
  if (name === '') return { kind: 'one', dialect }
  const surface = surfaceNamed(dialect, name)
  if (surface === undefined) return none('surface', name, surfaceNames(dialect))
  return { kind: 'one', dialect, surface }
}

function inDialect(dialect: Dialect, words: readonly string[]): Lookup {
  const ofDialect = allEntries().filter((entry) => entry.dialect === dialect.name)
  const [word] = words
  if (word === undefined) return several(ofDialect)
  const surface = surfaceNamed(dialect, word)
  if (surface === undefined) {
    // Two words where the first is no surface: the surface is what was mistyped.
    const mistyped = words.length > 1 && !ofDialect.some(hasCode(word))
    if (mistyped) return none('surface', word, surfaceNames(dialect))
    return among(ofDialect, words)
  }
  return among(
    ofDialect.filter((entry) => entry.surface === surface.name),
    words.slice(1),
  )
}

function inSurfaces(surfaces: readonly string[], words: readonly string[]): Lookup {
  const rows = entries().filter((entry) => surfaces.includes(entry.surface))
  const found = among(rows, words)
  return found.kind === 'one' ? several([found.entry]) : found
}

function anywhere(word: string, rest: readonly string[]): Lookup {
  const rows = entries().filter(hasCode(word))
  if (rows.length > 0) return several(rows)
  if (rest.length > 0) return none('dialect', word, dialectNames())
  // A word with letters may be a name or one of the codes that are words.
  if (!/[a-z]/i.test(word)) return noCode(word, entries())
  const wordy = entries().filter((entry) => /[a-z]/i.test(entry.code))
  return none('name', word, [...dialectNames(), ...wordy.map((entry) => entry.code)])
}

function among(rows: readonly Entry[], words: readonly string[]): Lookup {
  const [code, ...variant] = words
  if (code === undefined) return several(rows)
  const coded = rows.filter(hasCode(code))
  if (coded.length === 0) return noCode(code, rows)
  const name = variant.join('-').toLowerCase()
  const found = name === '' ? coded : coded.filter((entry) => entry.variant?.toLowerCase() === name)
  const [only, second] = found
  if (only === undefined) return several(coded)
  return second === undefined ? { kind: 'one', entry: only } : several(found)
}

function noCode(code: string, rows: readonly Entry[]): Lookup {
  const codes = nearest(
    code,
    rows.map((entry) => entry.code),
  )
  const near = codes.flatMap((name) => rows.filter(hasCode(name)).map((entry) => entry.id))
  return { kind: 'none', what: 'code', given: code, nearest: near.slice(0, 8) }
}

function none(
  what: 'dialect' | 'surface' | 'name',
  given: string,
  known: readonly string[],
): NoneFound {
  const near = nearest(given, known)
  return { kind: 'none', what, given, nearest: near.length > 0 ? near : known.slice(0, 20) }
}

type NoneFound = Extract<Lookup, { kind: 'none' }>

function several(rows: readonly Entry[]): Lookup {
  return { kind: 'several', entries: rows }
}

function hasCode(code: string): (entry: Entry) => boolean {
  const wanted = code.toLowerCase()
  return (entry) => entry.code.toLowerCase() === wanted
}

function dialectNamed(word: string): Dialect | undefined {
  const name = word.toLowerCase()
  return NAMED.find((dialect) => dialect.name === name || dialect.title.toLowerCase() === name)
}

function surfaceNamed(dialect: Dialect, word: string): Surface | undefined {
  const name = word.toLowerCase()
  return dialect.surfaces.find((surface) => surface.name === name)
}

function surfacesNamed(word: string): readonly string[] {
  const found = NAMED.map((dialect) => surfaceNamed(dialect, word))
  return [...new Set(found.flatMap((surface) => (surface === undefined ? [] : [surface.name])))]
}

function dialectNames(): readonly string[] {
  return NAMED.map((dialect) => dialect.name)
}

function surfaceNames(dialect: Dialect): readonly string[] {
  return dialect.surfaces.map((surface) => surface.name)
}
