/**
 * The catalog: every status code of every dialect, explained, classified and translated. A library
 * of its own: pure, without dependencies, at home in a browser.
 */
export type { Mark } from '../core/code-row.ts'
export type {
  Attributes,
  Billing,
  Family,
  Finality,
  OutcomeClass,
  Party,
  Permanence,
  Retry,
  Stage,
} from '../core/outcome-class.ts'
export { OUTCOME_CLASSES } from '../core/outcome-class.ts'
export { type Advice, type Again, advise, adviseOn } from './advise.ts'
export { type Entry, entries, type Provoke } from './entry.ts'
export { type Explanation, explain, whereIs } from './explain.ts'
export {
  type CodeId,
  find,
  type Lookup,
  lookup,
  lookupTarget,
  type TargetLookup,
} from './find.ts'
export { type Filter, list, type Matrix, type MatrixRow, matrix } from './list.ts'
export { type Hit, search } from './search.ts'
export {
  type Quality,
  type Target,
  type Translation,
  translate,
  translations,
} from './translate.ts'
