/** The list of dialects. A new provider is one folder and one line here. */
import type { Dialect } from '../core/code-row.ts'
import { sinch } from './sinch/dialect.ts'

/** Every dialect, in the order people see them. */
export const DIALECTS: readonly Dialect[] = [sinch]

/** A dialect by name. */
export function findDialect(name: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name)
}
