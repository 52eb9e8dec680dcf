/** The list of dialects. A new provider is one folder and one line here. */
import type { Dialect } from '../core/code-row.ts'
import { bandwidth } from './bandwidth/dialect.ts'
import { sinch } from './sinch/dialect.ts'
import { skycore } from './skycore/dialect.ts'
import { smsglobal } from './smsglobal/dialect.ts'
import { webex } from './webex/dialect.ts'

/** Every dialect, in the order people see them. */
export const DIALECTS: readonly Dialect[] = [sinch, skycore, smsglobal, bandwidth, webex]

/** A dialect by name. */
export function findDialect(name: string): Dialect | undefined {
  return DIALECTS.find((dialect) => dialect.name === name)
}
