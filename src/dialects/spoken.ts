/** The list of dialects that accounts speak: codes and doors. */
import type { SpokenDialect } from '../core/code-row.ts'
import { standardDoor } from './3gpp/door.ts'
import { bandwidthDoor } from './bandwidth/door.ts'
import { sinchDoor } from './sinch/door.ts'
import { skycoreDoor } from './skycore/door.ts'
import { smsglobalDoor } from './smsglobal/door.ts'
import { webexDoor } from './webex/door.ts'

/** Everything an account can speak, in the order people see it. */
export const SPOKEN: readonly SpokenDialect[] = [
  sinchDoor,
  skycoreDoor,
  smsglobalDoor,
  bandwidthDoor,
  webexDoor,
  standardDoor,
]

/** A dialect with its doors by name, a provider's or a standard's. */
export function findSpoken(name: string): SpokenDialect | undefined {
  return SPOKEN.find((dialect) => dialect.name === name)
}
