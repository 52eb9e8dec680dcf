/**
 * The table of a conformance run while it grows: rows come out in the order of the catalogue, each
 * as soon as those before it are known; what is under way stands below it on a live line.
 */
import type { Row } from '../conformance/provocation.ts'
import type { RowResult } from '../conformance/run.ts'
import { DIALECTS } from '../dialects/index.ts'
import { headLines, type Layout, layoutFor, rowLines } from './conformance-view.ts'
import { openLiveLine } from './live-line.ts'
import type { Terminal } from './terminal.ts'

export interface ConformanceTable {
  start(row: Row): void
  end(result: RowResult): void
  close(): void
}

export function openTable(rows: readonly Row[], terminal: Terminal): ConformanceTable {
  const live = openLiveLine(process.stderr, terminal.env)
  const running = new Set<Row>()
  const ended = new Map<Row, RowResult>()
  const layouts = new Map<string, Layout>()
  let printed = 0

  function printRow(result: RowResult, index: number): void {
    const surface = surfaceOf(result.row)
    if (index === 0 || surfaceOf(rows[index - 1]) !== surface) {
      if (index > 0) terminal.print('')
      const own = rows.filter((row) => surfaceOf(row) === surface)
      const layout = layoutFor(own, terminal.columns)
      layouts.set(surface, layout)
      for (const line of headLines(titleOf(result.row), layout, terminal)) terminal.print(line)
    }
    const layout = layouts.get(surface)
    if (layout === undefined) return
    for (const line of rowLines(result, layout, terminal)) terminal.print(line)
  }

  function flush(): void {
    for (let row = rows[printed]; row !== undefined; row = rows[printed]) {
      const result = ended.get(row)
      if (result === undefined) return
      live.clear()
      printRow(result, printed)
      printed += 1
    }
  }

  function showRunning(): void {
    const names = [...running].map(({ entry }) => entry.code)
    const text = ` ${bar(ended.size / rows.length)} ${ended.size} of ${rows.length}  ${names.join(' ')}`
    live.show(terminal.paintTalk('dim', text.slice(0, terminal.columns - 1)))
  }

  return {
    start(row) {
      running.add(row)
      showRunning()
    },
    end(result) {
      running.delete(result.row)
      ended.set(result.row, result)
      flush()
      showRunning()
    },
    close() {
      live.clear()
      terminal.print('')
    },
  }
}

const BAR_WIDTH = 20

function bar(share: number): string {
  return '━'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '┄')
}

function surfaceOf(row: Row | undefined): string {
  return `${row?.entry.dialect}/${row?.entry.surface}`
}

function titleOf({ entry }: Row): string {
  const dialect = DIALECTS.find(({ name }) => name === entry.dialect)
  const surface = dialect?.surfaces.find(({ name }) => name === entry.surface)
  return surface?.title ?? surfaceOf({ entry } as Row)
}
