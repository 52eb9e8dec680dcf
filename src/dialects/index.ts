/**
 * The list of dialects as the catalog has them: names and codes. A new provider is one folder, one
 * line here and one in `spoken.ts`, where the doors are: a browser that explains codes loads no door.
 */
import type { Dialect } from '../core/code-row.ts'
import { standardMm7Dialect } from './3gpp/dialect.ts'
import { bandwidth } from './bandwidth/dialect.ts'
import { sinch } from './sinch/dialect.ts'
import { skycore } from './skycore/dialect.ts'
import { smsglobal } from './smsglobal/dialect.ts'
import { webex } from './webex/dialect.ts'

/** Every provider's dialect, in the order people see them: what is counted and compared. */
export const DIALECTS: readonly Dialect[] = [sinch, skycore, smsglobal, bandwidth, webex]

/** Dialects of standards: meanings of their own, and no provider's table. */
export const STANDARDS: readonly Dialect[] = [standardMm7Dialect]

/** Everything that has a name. */
export const NAMED: readonly Dialect[] = [...DIALECTS, ...STANDARDS]

/** The codes of a dialect by its name, a provider's or a standard's. */
export function findDialect(name: string): Dialect | undefined {
  return NAMED.find((dialect) => dialect.name === name)
}
