/** SMSGlobal as accounts speak it: the codes of its MM7 door. */
import type { SpokenDialect } from '../../core/code-row.ts'
import { smsglobal } from './dialect.ts'
import { smsglobalFaces, smsglobalMm7 } from './profile.ts'

/** The provider with its door. */
export const smsglobalDoor: SpokenDialect = {
  ...smsglobal,
  faces: smsglobalFaces,
  mm7: smsglobalMm7,
}
