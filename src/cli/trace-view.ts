/** Draws a story: a heading, the swim lanes, the result and what to do about it. Pure. */
import { advise, find } from '../catalog/index.ts'
import { printAddress } from '../core/address.ts'
import { type DeliveryState, isFinal } from '../core/delivery-state.ts'
import type { Reason } from '../core/reason.ts'
import { faceOf } from '../dialects/face.ts'
import { findSpoken } from '../dialects/spoken.ts'
import type { Story } from './story.ts'
import { type Paint, printable, type Style, wrap } from './terminal.ts'
import { printMoment, printOffset, printSpan } from './time-words.ts'
import { LANES, type Row, reasonText, type Tone, timelineOf } from './timeline.ts'

/** Characters from one lane to the next. */
const LANE_WIDTH = 9
const OFFSET_WIDTH = 12
/** A pause shorter than this needs no label. */
const GAP_MS = 1000
const TEXT_WIDTH_MIN = 30
/** Rows left out at once, at least. */
const SKIPPED_MIN = 2

const STYLE_OF: Readonly<Record<Tone, Style | undefined>> = {
  good: 'green',
  bad: 'red',
  wait: 'yellow',
  plain: undefined,
}

const STATE_SIGN: Readonly<Record<DeliveryState, readonly [string, Style]>> = {
  queued: ['○', 'yellow'],
  attempting: ['◐', 'yellow'],
  deferred: ['◔', 'yellow'],
  submitted: ['◑', 'yellow'],
  delivered: ['●', 'green'],
  forwarded: ['●', 'green'],
  failed: ['✖', 'red'],
  expired: ['✖', 'red'],
  cancelled: ['✖', 'red'],
  unknown: ['?', 'yellow'],
}

export interface View {
  readonly paint: Paint
  readonly columns: number
}

/** The whole page. */
export function traceLines(story: Story, view: View): readonly string[] {
  const rows = shortened(timelineOf(story))
  const lines = timelineLines(rows, story.message.acceptedAt, view)
  return [...headingLines(story, view), ...lines, ...resultLines(story, view)]
}

interface ShownRow extends Row {
  /** Rows like it that were left out after it. */
  readonly skipped?: number
}

/** Of a long run of rows that say the same, the first and the last tell the story. */
function shortened(rows: readonly Row[]): readonly ShownRow[] {
  const kept: ShownRow[] = []
  for (let i = 0; i < rows.length; ) {
    const first = rows[i]
    if (first === undefined) break
    let end = i + 1
    while (first.alike !== undefined && rows[end]?.alike === first.alike) end += 1
    const last = rows[end - 1]
    const skipped = end - i - 2
    if (last === undefined || skipped < SKIPPED_MIN) kept.push(...rows.slice(i, end))
    else kept.push({ ...first, skipped }, last)
    i = end
  }
  return kept
}

/** What stands above the rows. */
export function headingLines({ message, deliveries }: Story, { paint }: View): readonly string[] {
  const { envelope, content } = message
  const to = deliveries.map(({ recipient }) => printAddress(recipient)).join(', ')
  const first = `${printAddress(envelope.sender)} → ${to}`
  const subject = envelope.subject === undefined ? [] : [`“${printable(envelope.subject)}”`]
  const facts = [
    `${message.channel} ${message.direction}`,
    `dialect ${message.dialect}`,
    `account ${message.accountId}`,
    `${content.parts.length} ${content.parts.length === 1 ? 'part' : 'parts'}, ${content.length} bytes`,
    ...subject,
  ]
  return [
    `${paint('bold', message.id)}  ${paint('bold', first)}`,
    paint('dim', facts.join(' · ')),
    paint('dim', `accepted ${printMoment(message.acceptedAt)}`),
    '',
    laneNames(paint),
  ]
}

function laneNames(paint: Paint): string {
  let line = ''
  for (const [i, lane] of LANES.entries()) line = line.padEnd(i * LANE_WIDTH) + lane
  return `${' '.repeat(OFFSET_WIDTH - 1)}${paint('bold', line)}`
}

/** The rows, with their gaps labelled. `base` is time zero. */
export function timelineLines(
  rows: readonly ShownRow[],
  base: number,
  view: View,
  before?: Row,
): readonly string[] {
  const lines: string[] = []
  let last: ShownRow | undefined = before
  for (const row of rows) {
    const gapMs = last === undefined ? 0 : row.at - last.at
    if (last !== undefined && (gapMs >= GAP_MS || last.skipped !== undefined)) {
      lines.push(gapLine(gapMs, last, view.paint))
    }
    lines.push(...rowLines(row, base, view))
    last = row
  }
  return lines
}

function gapLine(gapMs: number, { awaits, skipped }: ShownRow, paint: Paint): string {
  const words = [
    printSpan(gapMs),
    ...(skipped === undefined ? [] : [`${skipped} more like it`]),
    ...(awaits === undefined || skipped !== undefined ? [] : [`waiting for ${awaits}`]),
  ]
  return `${' '.repeat(OFFSET_WIDTH)}${lanesWith('┆', paint)}  ${paint('dim', words.join(', '))}`
}

function rowLines(row: Row, base: number, { paint, columns }: View): readonly string[] {
  const style = STYLE_OF[row.tone]
  const colour = (text: string) => (style === undefined ? text : paint(style, text))
  const lanesWidth = LANE_WIDTH * (LANES.length - 1) + 1
  const width = Math.max(TEXT_WIDTH_MIN, columns - OFFSET_WIDTH - lanesWidth - 2)
  const who = row.recipient === undefined ? '' : `[${row.recipient}] `
  // Good news needs no colour in words: its arrow has it.
  const word = (text: string) => (row.tone === 'good' ? text : colour(text))
  const [head = '', ...tail] = wrap(`${who}${printable(row.text)}`, width)
  const offset = printOffset(row.at - base).padStart(OFFSET_WIDTH - 2)
  const lines = [`${paint('dim', offset)}  ${arrow(row, paint, colour)}  ${word(head)}`]
  const indent = `${' '.repeat(OFFSET_WIDTH)}${lanesWith('│', paint)}  `
  for (const line of tail) lines.push(indent + word(line))
  for (const note of row.notes) {
    for (const line of wrap(printable(note), width - 2)) {
      lines.push(`${indent}${paint('dim', `  ${line}`)}`)
    }
  }
  return lines.map((line) => line.trimEnd())
}

function lanesWith(mark: string, paint: Paint): string {
  return paint('dim', LANES.map(() => mark).join(' '.repeat(LANE_WIDTH - 1)))
}

/** `│        ●───────▶│        │`, or a cross where it did not get there. */
function arrow(row: Row, paint: Paint, colour: (text: string) => string): string {
  const from = LANES.indexOf(row.from)
  const to = LANES.indexOf(row.to)
  const cells: string[] = []
  for (let x = 0; x <= LANE_WIDTH * (LANES.length - 1); x++) {
    cells.push(x % LANE_WIDTH === 0 ? paint('dim', '│') : ' ')
  }
  const start = from * LANE_WIDTH
  const end = to * LANE_WIDTH
  const step = end < start ? -1 : 1
  for (let x = start + step; x !== end && start !== end; x += step) cells[x] = colour('─')
  const head = row.broken === true ? '✖' : step > 0 ? '▶' : '◀'
  if (start !== end) cells[end - step] = colour(head)
  cells[start] = colour(start === end ? '◆' : '●')
  return cells.join('')
}

/** What stands below the rows: each recipient's result, or what it waits for. */
export function resultLines(story: Story, view: View): readonly string[] {
  const { paint } = view
  const lines: string[] = ['']
  for (const delivery of story.deliveries) {
    const [sign, style] = STATE_SIGN[delivery.state]
    const took = isFinal(delivery.state) ? finalAfter(story, delivery.index) : ''
    const to = printAddress(delivery.recipient)
    lines.push(`${paint(style, `${sign} ${delivery.state}`)}  ${to}${took}`)
    const waits = story.waiting.find(({ index }) => index === delivery.index)
    if (waits !== undefined) {
      lines.push(...hanging('Waiting', waits.because, view))
      continue
    }
    if (delivery.reason === undefined || isGood(delivery.state)) continue
    lines.push(...hanging('Why', reasonText(delivery.reason), view))
    lines.push(...codeLines(story.message.dialect, delivery.reason, view))
  }
  for (const { notice, nextAt, parked } of story.notices) {
    const when = nextAt === undefined ? '' : `, next try ${printMoment(nextAt)}`
    const text = parked ? 'parked until somebody replays it' : `not told yet${when}`
    lines.push(
      ...hanging('Report', `${notice.result} of recipient ${notice.index + 1}: ${text}`, view),
    )
  }
  return lines
}

function isGood(state: DeliveryState): boolean {
  return state === 'delivered' || state === 'forwarded'
}

function finalAfter(story: Story, index: number): string {
  const last = story.events.findLast(
    (event) => event.delivery === index && 'state' in event && isFinal(event.state),
  )
  return last === undefined ? '' : `  after ${printSpan(last.at - story.message.acceptedAt)}`
}

/** The code by which this dialect says the reason, with what it means and what to do. */
function codeLines(dialectName: string, reason: Reason, view: View): readonly string[] {
  const dialect = findSpoken(dialectName)
  const surface = dialect?.surfaces[0]
  if (dialect === undefined || surface === undefined) return []
  const { code, text, variant } = faceOf(dialect, reason)
  const id = { dialect: dialectName, surface: surface.name, code }
  const entry = find(variant === undefined ? id : { ...id, variant })
  const lines = hanging('Code', `${dialectName} ${code} ${text}`, view)
  if (entry === undefined) return lines
  return [
    ...lines,
    ...hanging('Means', entry.meaning, view),
    ...hanging('Do', advise(entry).action, view),
    ...hanging('More', `npx carillon codes explain ${dialectName} ${code}`, view),
  ]
}

const LABEL_WIDTH = 10

/** A label, and a text that hangs beside it. */
export function hanging(label: string, text: string, { paint, columns }: View): readonly string[] {
  return wrap(printable(text), columns - LABEL_WIDTH).map((line, i) =>
    i === 0
      ? `  ${paint('dim', label.padEnd(LABEL_WIDTH - 2))}${line}`
      : `${' '.repeat(LABEL_WIDTH)}${line}`,
  )
}
