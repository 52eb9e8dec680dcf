/** Everything about one row, ready to be shown. */
import { OUTCOME_CLASSES } from '../core/outcome-class.ts'
import { findDialect } from '../dialects/index.ts'
import { type Advice, advise } from './advise.ts'
import type { Entry } from './entry.ts'
import { type Translation, translations } from './translate.ts'

/** One row, explained. */
export interface Explanation {
  readonly entry: Entry
  /** The dialect and the list, in the words people use for them. */
  readonly where: string
  /** The class in a few words. */
  readonly classMeans: string
  readonly advice: Advice
  /** The same thing in every other dialect. */
  readonly elsewhere: readonly Translation[]
}

/** Explains a row. */
export function explain(entry: Entry): Explanation {
  return {
    entry,
    where: whereIs(entry),
    classMeans: OUTCOME_CLASSES[entry.class].means,
    advice: advise(entry),
    elsewhere: translations(entry),
  }
}

/** Title of the list a row belongs to. */
export function whereIs(entry: Entry): string {
  const dialect = findDialect(entry.dialect)
  return dialect?.surfaces.find(({ name }) => name === entry.surface)?.title ?? entry.dialect
}
