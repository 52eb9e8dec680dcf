/** The list of dialects that accounts speak: codes and doors. */
import type { SpokenDialect } from '../core/code-row.ts'
import { standardDoor } from './3gpp/door.ts'
import { bandwidthDoor } from './bandwidth/door.ts'
import { sinchDoor } from './sinch/door.ts'
import { skycoreDoor } from './skycore/door.ts'
import { smsglobalDoor } from './smsglobal/door.ts'
import { webexDoor } from './webex/door.ts'

/** Every provider an account can speak like, in the order people see them. */
export const PROVIDERS: readonly SpokenDialect[] = [
  sinchDoor,
  skycoreDoor,
  smsglobalDoor,
  bandwidthDoor,
  webexDoor,
]

/** Everything an account can speak: the standard, too. */
export const SPOKEN: readonly SpokenDialect[] = [...PROVIDERS, standardDoor]

/** A dialect with its doors by name, a provider's or a standard's. */
export function findSpoken(name: string): SpokenDialect | undefined {
  return SPOKEN.find((dialect) => dialect.name === name)
}
