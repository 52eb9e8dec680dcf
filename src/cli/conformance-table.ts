/**
 * The table of a conformance run while it grows: rows come out in the order of the catalogue, each
 * as soon as those before it are known; what is under way stands below it on a live line.
 */
import { inOrder } from '../conformance/in-order.ts'
import type { Row } from '../conformance/provocation.ts'
import type { RowResult } from '../conformance/run.ts'
import { DIALECTS } from '../dialects/index.ts'
import { headLines, type Layout, layoutFor, rowLines } from './conformance-view.ts'
import { openLiveLine } from './live-line.ts'
import { type Terminal, wrap } from './terminal.ts'

export interface ConformanceTable {
  start(row: Row): void
  end(result: RowResult): void
  close(): void
}

export function openTable(rows: readonly Row[], terminal: Terminal): ConformanceTable {
  const live = openLiveLine(process.stderr, terminal.env)
  const running = new Set<Row>()
  const layouts = new Map<string, Layout>()
  let ended = 0

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

  const printInOrder = inOrder(rows, (result, index) => {
    live.clear()
    printRow(result, index)
  })

  function showRunning(): void {
    const names = [...running].map(({ entry }) => entry.code)
    const text = ` ${bar(ended / rows.length)} ${ended} of ${rows.length}  ${names.join(' ')}`
    const [line = ''] = wrap(text, terminal.columns - 1)
    live.show(terminal.paintTalk('dim', line))
  }

  return {
    start(row) {
      running.add(row)
      showRunning()
    },
    end(result) {
      running.delete(result.row)
      ended += 1
      printInOrder(result)
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
