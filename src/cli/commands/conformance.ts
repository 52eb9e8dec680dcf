/** `carillon conformance`: every code of a provider, provoked from outside. */
import { performance } from 'node:perf_hooks'
import { inOrder } from '../../conformance/in-order.ts'
import type { Row } from '../../conformance/provocation.ts'
import { rowsOf, TRIED_DIALECTS } from '../../conformance/rows.ts'
import { type RowResult, runRows } from '../../conformance/run.ts'
import type { World } from '../../conformance/world.ts'
import { CLIENT_OPTIONS } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { conformanceJson } from '../conformance-json.ts'
import { type ConformanceTable, openTable } from '../conformance-table.ts'
import { openTarget } from '../conformance-target.ts'
import { failureLines } from '../conformance-view.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import type { Terminal } from '../terminal.ts'

/** Rows under way at once: most are over in milliseconds, the rest waits for carriers. */
const WINDOW = 16
const SECOND_MS = 1000
/** Of more failing rows than this only the words are shown; a run of one shows its bytes. */
const BYTES_OF_ROWS_MAX = 3

export const conformanceCommand = defineCommand({
  name: 'conformance',
  summary: 'provoke every code of a provider from outside, and show what was seen',
  examples: [
    ['carillon conformance', 'all that can be tried, on a gateway of its own'],
    ['carillon conformance --dialect sinch', 'one provider'],
    ['carillon conformance --dialect sinch --row 2503', 'one row; a failing one shows its bytes'],
    ['carillon conformance --data .carillon', 'on the sandbox gateway that runs there'],
    ['carillon conformance --json', 'a line of JSON for each row: for scripts'],
  ],
  options: {
    dialect: { type: 'list', value: 'NAME', help: `${TRIED_DIALECTS.join(', ')} (all)` },
    row: { type: 'list', value: 'CODE', help: 'only this row; repeatable' },
    url: { type: 'text', value: 'URL', help: 'MM7 door of a running gateway, http://HOST:PORT' },
    admin: { type: 'text', value: 'URL', help: 'its door for operators, where --data is not here' },
    ...CLIENT_OPTIONS,
  },
  notes: [
    'Without --url, --admin, --data and --config the run starts a gateway of its own, sandbox on, on free ports and in a folder that is gone afterwards. On a gateway that runs, the accounts of the run (conformance-…) stay behind. Its doors for MM4 and SMPP are found by --data. A few rows need a gateway that comes to harm: each starts one of its own, always.',
    'A row is seen when form, code, text and details are those of the table, letter by letter. How each row is provoked is the sentence that carillon codes explain prints.',
    'With --json, for each row: {dialect, surface, code, state, via, given, to, expected: {form, code, text, details}, seen, evidence, because, tookMs, transcript: [{who, text}]}, where state is seen, failed or pending and only rows not seen have because and transcript; then {total, seen, failed, pending, tookMs}.',
    'Exit codes: 0 every row was seen, 1 at least one was not.',
  ],
  async run({ values }, terminal) {
    const rows = chooseRows(values.dialect, values.row)
    const dialects = [...new Set(rows.map(({ entry }) => entry.dialect))]
    const startedAt = performance.now()
    leaveOnSignal()
    const target = await openTarget(values, dialects, terminal)
    try {
      const results = await tryRows(rows, target.world, terminal)
      return tell(results, Math.round(performance.now() - startedAt), terminal)
    } finally {
      await target.close()
    }
  },
})

function chooseRows(wanted: readonly string[], codes: readonly string[]): readonly Row[] {
  const stranger = wanted.find((name) => !TRIED_DIALECTS.includes(name))
  if (stranger !== undefined) {
    const hint = `There are: ${TRIED_DIALECTS.join(', ')}.`
    throw new CommandFailure(EXIT.usage, `--dialect ${stranger}: nothing is provoked there`, hint)
  }
  const dialects = wanted.length === 0 ? TRIED_DIALECTS : wanted
  const missing = codes.find((code) => rowsOf(dialects, [code]).length === 0)
  if (missing !== undefined) {
    const where = dialects.join(', ')
    throw new CommandFailure(EXIT.usage, `--row ${missing}: no such row of ${where}`)
  }
  return rowsOf(dialects, codes)
}

/** Interrupted: leaving by `exit` takes the gateway of our own along. */
function leaveOnSignal(): void {
  const leave = () => process.exit(EXIT.temporary)
  process.once('SIGINT', leave)
  process.once('SIGTERM', leave)
}

async function tryRows(
  rows: readonly Row[],
  world: World,
  terminal: Terminal,
): Promise<readonly RowResult[]> {
  const show = terminal.json ? jsonLines(rows, terminal) : openTable(rows, terminal)
  const results = await runRows(rows, world, {
    window: WINDOW,
    now: () => performance.now(),
    onStart: show.start,
    onEnd: show.end,
  })
  show.close()
  return results
}

function jsonLines(rows: readonly Row[], terminal: Terminal): ConformanceTable {
  const nothing = () => undefined
  const end = inOrder(rows, (result) => terminal.printJson(conformanceJson(result)))
  return { start: nothing, end, close: nothing }
}

function tell(results: readonly RowResult[], tookMs: number, terminal: Terminal): ExitCode {
  const count = (state: RowResult['state']) =>
    results.filter((result) => result.state === state).length
  const counts = { seen: count('seen'), failed: count('failed'), pending: count('pending') }
  const total = results.length
  const good = counts.seen === total
  if (terminal.json) {
    terminal.printJson({ total, ...counts, tookMs })
    return good ? EXIT.ok : EXIT.failed
  }
  const { paint, print } = terminal
  const withBytes = counts.failed <= BYTES_OF_ROWS_MAX
  for (const result of results) {
    if (result.state !== 'failed') continue
    for (const line of failureLines(result, withBytes, terminal)) print(line)
  }
  const rest = [
    ...(counts.failed > 0 ? [paint('red', `${counts.failed} failed`)] : []),
    ...(counts.pending > 0 ? [paint('yellow', `${counts.pending} pending`)] : []),
  ]
  const sum = `${counts.seen} of ${total} rows seen as printed`
  const head = paint(good ? 'green' : 'red', `${good ? '✔' : '✖'} ${sum}`)
  print([head, ...rest, `${(tookMs / SECOND_MS).toFixed(1)} s`].join(', '))
  return good ? EXIT.ok : EXIT.failed
}
