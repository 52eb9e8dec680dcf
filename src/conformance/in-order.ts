/** Rows end in any order; people and files want them in that of the catalogue. */
import type { Row } from './provocation.ts'
import type { RowResult } from './run.ts'

/** Tells each result as soon as those of all rows before it have been told. */
export function inOrder(
  rows: readonly Row[],
  tell: (result: RowResult, index: number) => void,
): (result: RowResult) => void {
  const ended = new Map<Row, RowResult>()
  let told = 0
  return (result) => {
    ended.set(result.row, result)
    for (let row = rows[told]; row !== undefined; row = rows[told]) {
      const next = ended.get(row)
      if (next === undefined) return
      ended.delete(row)
      tell(next, told)
      told += 1
    }
  }
}
