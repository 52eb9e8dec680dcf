/** The standard as accounts speak it: the codes of its MM7 door, and MM4, which has none. */
import type { SpokenDialect } from '../../core/code-row.ts'
import { standardMm7Dialect } from './dialect.ts'
import { standardMm4 } from './mm4-profile.ts'
import { standardFaces, standardMm7 } from './profile.ts'

/** The standard with its doors. */
export const standardDoor: SpokenDialect = {
  ...standardMm7Dialect,
  faces: standardFaces,
  mm7: standardMm7,
  mm4: standardMm4,
}
