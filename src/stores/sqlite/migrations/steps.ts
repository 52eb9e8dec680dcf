/** Every step of the schema, in order. A step that was released never changes. */
import { initial } from './0001-initial.ts'
import { parts } from './0002-parts.ts'
import { spellings } from './0003-spellings.ts'
import { partSets } from './0004-part-sets.ts'

export interface MigrationStep {
  readonly number: number
  readonly name: string
  readonly sql: string
}

export const MIGRATION_STEPS: readonly MigrationStep[] = [
  { number: 1, name: 'initial', sql: initial },
  { number: 2, name: 'parts', sql: parts },
  { number: 3, name: 'spellings', sql: spellings },
  { number: 4, name: 'part-sets', sql: partSets },
]
