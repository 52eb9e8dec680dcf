/** The code by which a dialect says a reason: one place, used by every door. */
import type { CodeRow, SpokenDialect, Surface } from '../core/code-row.ts'
import { OUTCOME_CLASSES, type Permanence } from '../core/outcome-class.ts'
import { REASONS, type Reason } from '../core/reason.ts'

/**
 * The row with which `dialect` answers `reason`: the face it chose for it, else a row of the same
 * class, else its general row of the same permanence. What may be repeated is never called
 * permanent, nor the reverse.
 */
export function faceOf(dialect: SpokenDialect, reason: Reason): CodeRow {
  const surface = dialect.surfaces[0]
  if (surface === undefined) throw new Error(`dialect ${dialect.name} has no surface`)
  const chosen = dialect.faces[reason]
  const klass = REASONS[reason].class
  const { permanence } = OUTCOME_CLASSES[klass]
  const general = surface.general?.[klass]
  return (
    find(surface, (row) => row.code === chosen) ??
    find(surface, (row) => row.code === general && permanenceOf(row) === permanence) ??
    find(surface, (row) => row.class === klass && permanenceOf(row) === permanence) ??
    fallbackOf(dialect, surface, permanence)
  )
}

/** Whether the same message would fail the same way, by the row's word or its class's. */
export function permanenceOf(row: CodeRow): Permanence {
  return row.override?.permanence ?? OUTCOME_CLASSES[row.class].permanence
}

function fallbackOf(dialect: SpokenDialect, surface: Surface, permanence: Permanence): CodeRow {
  const code = dialect.fallback[permanence === 'ok' ? 'unknown' : permanence]
  const row = find(surface, (candidate) => candidate.code === code)
  // A dialect whose fallback is not in its own table is our mistake; a test holds it.
  if (row === undefined) throw new Error(`dialect ${dialect.name} has no row ${code}`)
  return row
}

function find(surface: Surface, test: (row: CodeRow) => boolean): CodeRow | undefined {
  return surface.codes.find(test)
}
