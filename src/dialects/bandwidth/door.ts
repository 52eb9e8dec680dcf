/** Bandwidth as accounts speak it: the codes of its MM4 door. */
import type { SpokenDialect } from '../../core/code-row.ts'
import { bandwidth } from './dialect.ts'
import { bandwidthFaces } from './faces.ts'
import { bandwidthMm4 } from './profile.ts'

/** The provider with its door. */
export const bandwidthDoor: SpokenDialect = {
  ...bandwidth,
  faces: bandwidthFaces,
  mm4: bandwidthMm4,
}
