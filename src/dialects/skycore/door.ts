/** Skycore as accounts speak it: the codes of its MM7 door. */
import type { SpokenDialect } from '../../core/code-row.ts'
import { skycore } from './dialect.ts'
import { skycoreFaces, skycoreMm7 } from './profile.ts'

/** The provider with its door. */
export const skycoreDoor: SpokenDialect = { ...skycore, faces: skycoreFaces, mm7: skycoreMm7 }
