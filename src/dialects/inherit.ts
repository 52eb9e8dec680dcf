/** A dialect that is another one with differences, in data. */
import type { CodeRow } from '../core/code-row.ts'

/** What one row has instead; `without` names fields of the parent that do not hold here. */
export interface RowChange extends Partial<Omit<CodeRow, 'code'>> {
  readonly without?: readonly ('note' | 'marks' | 'candidates')[]
}

/**
 * The parent's rows with `changes` by code and `added` rows, in the order of the codes. A change
 * for a code the parent does not have does not compile.
 */
export function inheritCodes<Parent extends CodeRow, Added extends CodeRow>(
  parent: readonly Parent[],
  changes: Readonly<Partial<Record<Parent['code'], RowChange>>>,
  added: readonly Added[],
): readonly CodeRow[] {
  const changed = parent.map((row) => change(row, changes[row.code as Parent['code']]))
  return [...changed, ...added].sort((a, b) => Number(a.code) - Number(b.code))
}

function change(row: CodeRow, by: RowChange | undefined): CodeRow {
  if (by === undefined) return row
  const { without = [], ...fields } = by
  const left: readonly string[] = without
  const kept = Object.entries(row).filter(([name]) => !left.includes(name))
  return { ...(Object.fromEntries(kept) as unknown as CodeRow), ...fields }
}
