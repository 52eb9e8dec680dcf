/** The table fits the terminal it is drawn in, and a failing row hides nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsOf } from '../conformance/rows.ts'
import type { RowResult } from '../conformance/run.ts'
import { bytesShown, failureLines, headLines, layoutFor, rowLines } from './conformance-view.ts'
import { openLiveLine } from './live-line.ts'
import { plain, type Terminal } from './terminal.ts'

function terminal(columns: number): Terminal {
  const ignore = () => undefined
  const paints = { paint: plain, paintTalk: plain }
  return { json: false, env: {}, columns, ...paints, print: ignore, say: ignore, printJson: ignore }
}

const rows = rowsOf(['sinch', 'skycore', 'smsglobal'], [])
const results = rows.map((row): RowResult => {
  const form = row.entry.surface === 'report' ? 'DeliveryReportReq' : 'SubmitRsp'
  const face = { form, code: row.entry.code, text: row.entry.text }
  const evidence = '179527365775508606'
  const sighting = { expected: face, seen: face, matches: true, evidence, transcript: [] }
  return { row, state: 'seen', sighting, tookMs: 1 }
})

for (const columns of [80, 100, 120, 200]) {
  test(`no line of a table is wider than ${columns} columns, and no sentence is cut`, () => {
    for (const surface of ['mm7', 'report']) {
      const own = results.filter(({ row }) => row.entry.surface === surface)
      const layout = layoutFor(
        own.map(({ row }) => row),
        columns,
      )
      for (const line of headLines('', layout, terminal(columns))) assert.ok(line.length <= columns)
      for (const result of own) {
        const lines = rowLines(result, layout, terminal(columns))
        for (const line of lines) assert.ok(line.length <= columns, line)
        const words = lines.join(' ').split(/\s+/)
        for (const word of result.row.entry.provoke.given.split(' ')) {
          assert.ok(words.includes(word), `${word} of ${result.row.entry.id}`)
        }
      }
    }
  })
}

test('what was expected has a column of its own where there is room for it', () => {
  const count = (columns: number) => {
    const layout = layoutFor(rows.slice(7, 8), columns)
    const [line = ''] = results
      .slice(7, 8)
      .flatMap((one) => rowLines(one, layout, terminal(columns)))
    return line.split('SubmitRsp 2503').length - 1
  }
  assert.equal(count(80), 1)
  assert.equal(count(120), 2)
})

test('a failing row tells both faces, why, and the bytes; control characters stay inside', () => {
  const [result] = results
  assert.ok(result !== undefined)
  const failed: RowResult = {
    ...result,
    state: 'failed',
    sighting: {
      ...result.sighting,
      seen: { form: 'Fault', code: '2502', text: 'other\u001b[2J', details: 'why' },
      because: 'no such report',
      transcript: [
        { who: 'sent', bytes: Buffer.from('POST / HTTP/1.1\r\n\u0007') },
        { who: 'received', bytes: Buffer.from([0xff, 0xfe]) },
      ],
    },
  }
  const text = failureLines(failed, true, terminal(80)).join('\n')
  for (const word of ['2502', 'why', 'no such report', 'POST / HTTP/1.1', '18 bytes', '2 bytes']) {
    assert.ok(text.includes(word), word)
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f]/)
  const short = failureLines(failed, false, terminal(80)).join('\n')
  assert.match(short, /npx carillon conformance --dialect sinch --row 1000/)
})

test('of a long exchange the beginning is shown, and how much is not', () => {
  const lines = bytesShown(Buffer.alloc(5000, 'x'))
  assert.match(lines.at(-1) ?? '', /904 bytes more/)
})

test('the live line is written over, cleared, and silent where nobody looks', () => {
  const written: string[] = []
  const stream = { isTTY: true, write: (text: string) => written.push(text) > 0 }
  const line = openLiveLine(stream as never, {})
  line.show('one')
  line.show('one')
  line.clear()
  assert.deepEqual(written, ['\r\u001b[Kone', '\r\u001b[K'])
  openLiveLine({ ...stream, isTTY: false } as never, {}).show('two')
  assert.equal(written.length, 2)
})
