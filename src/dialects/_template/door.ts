/** Template of a provider's doors. Add the copy to the list in `../spoken.ts`. */
import type { SpokenDialect } from '../../core/code-row.ts'
import { template } from './dialect.ts'

/** The provider with its doors: `faces`, and `mm7` or `mm4` for what it speaks. */
export const templateDoor: SpokenDialect = { ...template, faces: {} }
