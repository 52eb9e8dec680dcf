/** The list of dialects. A new provider is one folder and one line here. */
import type { Dialect } from '../core/code-row.ts'
import { standardMm7Dialect } from './3gpp/dialect.ts'
import { bandwidth } from './bandwidth/dialect.ts'
import { sinch } from './sinch/dialect.ts'
import { skycore } from './skycore/dialect.ts'
import { smsglobal } from './smsglobal/dialect.ts'
import { webex } from './webex/dialect.ts'

/** Every provider's dialect, in the order people see them: what is counted and compared. */
export const DIALECTS: readonly Dialect[] = [sinch, skycore, smsglobal, bandwidth, webex]

/** Dialects of standards: doors with meanings of their own, and no provider's table. */
export const STANDARDS: readonly Dialect[] = [standardMm7Dialect]

/** Everything an account can speak. */
export const SPOKEN: readonly Dialect[] = [...DIALECTS, ...STANDARDS]

/** A dialect by name, a provider's or a standard's. */
export function findDialect(name: string): Dialect | undefined {
  return SPOKEN.find((dialect) => dialect.name === name)
}
