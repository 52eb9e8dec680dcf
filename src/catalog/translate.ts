/**
 * What another dialect would call the same thing. By class, never by text or number; the permanence
 * of the original is kept without exception, and the original travels along.
 *
 * exact     the target has a row of the same class and permanence
 * narrowed  it has a row that may stand for the class, or one of the same family, permanence and
 *           retry
 * fallback  its general row of that permanence; for success in a dialect without a code for it,
 *           no row at all, since an error code would be a lie
 */
import type { Attributes, OutcomeClass } from '../core/outcome-class.ts'
import { DIALECTS } from '../dialects/index.ts'
import type { Entry } from './entry.ts'
import { neighboursOf } from './neighbours.ts'
import { exactKey, retryKey, type Shelf, shelfOf } from './shelf.ts'

/** How much of the meaning came through. */
export type Quality = 'exact' | 'narrowed' | 'fallback'

/** Where to: a dialect, and one of its surfaces when only that will do. */
export interface Target {
  readonly dialect: string
  readonly surface?: string
}

/** One translation, with the original. */
export interface Translation {
  readonly quality: Quality
  readonly from: Entry
  readonly target: Target
  /** Absent where the target has no code for success. */
  readonly to?: Entry
  /** Attributes in which `to` differs from the original. */
  readonly differs: readonly (keyof Attributes)[]
  /** One sentence: why this row. */
  readonly because: string
}

const ATTRIBUTES = ['stage', 'party', 'finality', 'permanence', 'retry', 'billing'] as const

/**
 * `from` in the words of `target`; `undefined` when there is no such dialect or surface. A
 * translation is translated from its original, so there and back again is where one began.
 */
export function translate(from: Entry | Translation, target: Target): Translation | undefined {
  const original = 'from' in from ? from.from : from
  const shelf = shelfOf(target.dialect, target.surface)
  if (shelf === undefined) return undefined
  if (isWithin(original, target)) {
    return made('exact', original, target, original, 'it is the same row')
  }
  const exact = findExact(shelf, original, target)
  if (exact !== undefined) {
    return made('exact', original, target, exact, `both are of class ${original.class}`)
  }
  const narrowed = findNarrowed(shelf, original)
  if (narrowed !== undefined) {
    const because = narrowed.candidates?.includes(original.class)
      ? `no row of class ${original.class}; this one may stand for it`
      : `no row of class ${original.class}; nearest is ${narrowed.class}`
    return made('narrowed', original, target, narrowed, because)
  }
  return fallback(shelf, original, target)
}

/** One row in every dialect but its own. */
export function translations(from: Entry): readonly Translation[] {
  return DIALECTS.filter((dialect) => dialect.name !== from.dialect).flatMap((dialect) => {
    const translation = translate(from, { dialect: dialect.name })
    return translation === undefined ? [] : [translation]
  })
}

function findExact(shelf: Shelf, original: Entry, target: Target): Entry | undefined {
  const key = exactKey(original)
  // A dialect's list of the original's name comes before its other lists.
  const near = target.surface === undefined && shelfOf(target.dialect, original.surface)
  return (near && pick(near.byClass.get(key), original)) || pick(shelf.byClass.get(key), original)
}

const neighbours = new Map<OutcomeClass, readonly OutcomeClass[]>()

function findNarrowed(shelf: Shelf, original: Entry): Entry | undefined {
  const { class: klass, permanence, retry } = original
  const candidate = pick(shelf.byCandidate.get(retryKey(klass, permanence, retry)), original)
  if (candidate !== undefined) return candidate
  const others = neighbours.get(klass) ?? neighboursOf(klass)
  neighbours.set(klass, others)
  for (const other of others) {
    const row = pick(shelf.byRetry.get(retryKey(other, permanence, retry)), original)
    if (row !== undefined) return row
  }
  return undefined
}

/** Among equals one that is also retried alike and as final; else the first, the general one. */
function pick(rows: readonly Entry[] | undefined, original: Entry): Entry | undefined {
  const alike = (row: Entry) => row.finality === original.finality && row.retry === original.retry
  return rows?.find(alike) ?? rows?.[0]
}

function fallback(shelf: Shelf, original: Entry, target: Target): Translation {
  const row = shelf.fallback.get(original.permanence)
  const { title } = shelf.dialect
  if (row === undefined) {
    const because = `${title} has no code for this success: nothing is said, rather than an error`
    return { quality: 'fallback', from: original, target, differs: [], because }
  }
  const because = `nothing near ${original.class}; the general ${original.permanence} row of ${title}`
  return made('fallback', original, target, row, because)
}

function made(
  quality: Quality,
  from: Entry,
  target: Target,
  to: Entry,
  because: string,
): Translation {
  const differs = ATTRIBUTES.filter((name) => from[name] !== to[name])
  return { quality, from, target, to, differs, because }
}

function isWithin(entry: Entry, { dialect, surface }: Target): boolean {
  return entry.dialect === dialect && (surface === undefined || entry.surface === surface)
}
