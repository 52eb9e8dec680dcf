/** The national language tables a user data header names, and the elements that name them. */
import { findNationalLanguage, NATIONAL_LANGUAGES, type ShiftTables } from './gsm7-tables.ts'
import type { InformationElement } from './udh.ts'

/** The tables named by a header; a reserved language leaves the default, the last element counts. */
export function shiftTablesOf(elements: readonly InformationElement[]): ShiftTables {
  let shift: ShiftTables = {}
  for (const element of elements) {
    if (element.kind !== 'single-shift' && element.kind !== 'locking-shift') continue
    const language = findNationalLanguage(element.language)
    if (language === undefined) continue
    shift =
      element.kind === 'single-shift'
        ? { ...shift, single: language }
        : { ...shift, locking: language }
  }
  return shift
}

/** The elements that name these tables: none, one or two, single shift first. */
export function shiftElementsOf({ single, locking }: ShiftTables): readonly InformationElement[] {
  const elements: InformationElement[] = []
  if (single !== undefined) {
    elements.push({ kind: 'single-shift', language: NATIONAL_LANGUAGES[single] })
  }
  if (locking !== undefined) {
    elements.push({ kind: 'locking-shift', language: NATIONAL_LANGUAGES[locking] })
  }
  return elements
}
