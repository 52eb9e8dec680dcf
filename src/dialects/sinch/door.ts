/** Sinch as accounts speak it: the codes of its MM7 door. */
import type { SpokenDialect } from '../../core/code-row.ts'
import { sinch } from './dialect.ts'
import { sinchFaces, sinchMm7 } from './profile.ts'

/** The provider with its door. */
export const sinchDoor: SpokenDialect = { ...sinch, faces: sinchFaces, mm7: sinchMm7 }
