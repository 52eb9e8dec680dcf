/** A conformance run as text: a table that grows row by row, and the bytes behind what failed. */
import type { Entry } from '../catalog/index.ts'
import type { Face, Row, Said } from '../conformance/provocation.ts'
import type { RowResult } from '../conformance/run.ts'
import { printable, type Style, type Terminal, wrap } from './terminal.ts'

const SIGNS = {
  seen: ['✔', 'green'],
  failed: ['✖', 'red'],
  pending: ['◌', 'yellow'],
} as const satisfies Record<RowResult['state'], readonly [string, Style]>

/** From this width on there is room to say what was expected where it is what was seen. */
const ROOMY_COLUMNS = 100
const GAP = 2
const SIGN_WIDTH = 3
/** A message id, or the id of a request. */
const EVIDENCE_WIDTH = 18
const HOW_WIDTH_MIN = 16
/** Of each direction, so many bytes of a failing row are shown. */
const BYTES_SHOWN = 4096

/** Widths of one table, in characters. */
export interface Layout {
  readonly code: number
  readonly how: number
  /** 0: the column is left out. */
  readonly expected: number
  readonly seen: number
}

/** The longest word there is besides those with the row's own code. */
const SUCCESS = 'SubmitRsp 1000'

/** Fits the table of these rows, all of one surface, into the terminal. */
export function layoutFor(rows: readonly Row[], terminalColumns: number): Layout {
  const widest = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length))
  const codes = rows.map(({ entry }) => entry.code)
  const reports = rows.every(
    ({ provocation }) => 'seenIn' in provocation && provocation.seenIn === 'report',
  )
  const code = widest([...codes, 'row'])
  const seen = widest(reports ? [...codes, 'expected'] : [SUCCESS])
  const expected = terminalColumns >= ROOMY_COLUMNS ? seen : 0
  const fixed = [SIGN_WIDTH + code, seen, EVIDENCE_WIDTH, ...(expected === 0 ? [] : [expected])]
  const used = fixed.reduce((sum, width) => sum + width + GAP, 0)
  return { code, seen, expected, how: Math.max(terminalColumns - used, HOW_WIDTH_MIN) }
}

/** Heading of one surface. */
export function headLines(title: string, layout: Layout, { paint }: Terminal): readonly string[] {
  const names = line(
    '   ',
    layout,
    { code: 'row', how: 'provoked how', expected: 'expected', seen: 'seen' },
    'evidence',
  )
  return [paint('bold', title), paint('dim', names)]
}

/** A row of the table; the way to provoke it may take several lines. */
export function rowLines(result: RowResult, layout: Layout, { paint }: Terminal): string[] {
  const { row, state, sighting } = result
  const [sign, style] = SIGNS[state]
  const [how = '', ...more] = wrap(howOf(result), layout.how)
  const seen = state === 'seen' || sighting.seen !== undefined ? shortFace(sighting.seen) : state
  const first = line(
    ` ${paint(style, sign)} `,
    layout,
    {
      code: row.entry.code,
      how,
      expected: shortFace(sighting.expected),
      seen: seen.slice(0, layout.seen),
    },
    paint('dim', sighting.evidence),
    (text) => paint(style, text),
  )
  const indent = ' '.repeat(SIGN_WIDTH + layout.code + GAP)
  return [first, ...more.map((text) => indent + text)]
}

interface Cells {
  readonly code: string
  readonly how: string
  readonly expected: string
  readonly seen: string
}

function line(
  sign: string,
  layout: Layout,
  cells: Cells,
  evidence: string,
  paintSeen: (text: string) => string = (text) => text,
): string {
  const padded = (text: string, width: number, drawn = text) =>
    drawn + ' '.repeat(Math.max(width - text.length, 0) + GAP)
  return [
    sign,
    padded(cells.code, layout.code),
    padded(cells.how, layout.how),
    layout.expected === 0 ? '' : padded(cells.expected, layout.expected),
    padded(cells.seen, layout.seen, paintSeen(cells.seen)),
    evidence,
  ]
    .join('')
    .trimEnd()
}

/** The scenario's own sentence, after the number that stands for it. */
function howOf({ row: { entry } }: RowResult): string {
  const { to, given } = entry.provoke
  return to === undefined ? given : `${to}: ${given}`
}

/** Reports are words already; the rest says where it stood. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  DeliveryReportReq: '',
  'MM4_forward.RES': 'RES ',
  'MM4_delivery_report.REQ': 'report ',
  submit_sm_resp: 'resp ',
  deliver_sm: 'receipt ',
  'carillon send': 'command ',
}

/** `Fault 2503`, `SubmitRsp 1000`, `Retrieved`. */
export function shortFace(face: Face | undefined): string {
  if (face === undefined) return 'nothing'
  return `${SHORT_FORMS[face.form] ?? `${face.form} `}${face.code}`
}

/** Everything about a row that was not seen as its table says. */
export function failureLines(
  result: RowResult,
  withBytes: boolean,
  { paint, columns }: Terminal,
): readonly string[] {
  const { row, state, sighting } = result
  const [sign, style] = SIGNS[state]
  const { entry } = row
  const name = `${entry.dialect} ${entry.surface} ${entry.code}`
  const label = (text: string) => `   ${paint('dim', text.padEnd(LABEL_WIDTH))}`
  const fact = (about: string, text: string | undefined) =>
    text === undefined
      ? []
      : wrap(text, columns - LABEL_WIDTH - SIGN_WIDTH).map(
          (each, i) => label(i === 0 ? about : '') + each,
        )
  const said = ({ who, bytes }: Said) => [
    `${label(who)}${bytes.length} bytes`,
    ...bytesShown(bytes).map((text) => `   ${paint('dim', '│')} ${text}`),
  ]
  return [
    `${paint(style, sign)} ${paint('bold', name)}  ${howOf(result)}`,
    ...fact('expected', longFace(sighting.expected)),
    ...fact('seen', sighting.seen === undefined ? 'nothing' : longFace(sighting.seen)),
    ...fact('because', sighting.because),
    ...(withBytes ? sighting.transcript.flatMap(said) : fact('bytes', commandFor(entry))),
    '',
  ]
}

const LABEL_WIDTH = 10

function commandFor({ dialect, code }: Entry): string {
  return `npx carillon conformance --dialect ${dialect} --row ${code}`
}

function longFace({ form, code, text, details }: Face): string {
  return printable(`${form} ${code} ${text}${details === undefined ? '' : `\n${details}`}`)
}

/** As they travelled; what no terminal can show is a dot. */
export function bytesShown(bytes: Said['bytes']): readonly string[] {
  const text = Buffer.from(bytes).subarray(0, BYTES_SHOWN).toString('utf8')
  const rest = bytes.length - BYTES_SHOWN
  const lines = text.split(/\r?\n/).map((each) => printable(each).replaceAll('\ufffd', '·'))
  return rest > 0 ? [...lines, `… and ${rest} bytes more`] : lines
}
