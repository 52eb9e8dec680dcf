/**
 * Turns what a terminal showed into a picture for the README: ANSI text on standard input, SVG on
 * standard output. `script -qec "npx carillon trace latest" /dev/null | node dist/scripts/picture.js`
 */
import { text } from 'node:stream/consumers'

const CHARACTER_WIDTH = 8.4
const LINE_HEIGHT = 18
const MARGIN = 16
const FONT_SIZE = 14

/** Dark background, and the eight colours the command line uses on it. */
const BACKGROUND = '#14213d'
const FOREGROUND = '#e5e5e5'
const COLOURS: Readonly<Record<number, string>> = {
  31: '#ff6b6b',
  32: '#80ed99',
  33: '#fca311',
  34: '#74c0fc',
  35: '#e599f7',
  36: '#66d9e8',
}

interface Pen {
  colour: string
  bold: boolean
  dim: boolean
}

interface Run extends Pen {
  readonly column: number
  readonly text: string
}

function freshPen(): Pen {
  return { colour: FOREGROUND, bold: false, dim: false }
}

/** Applies one SGR sequence (ECMA-48 §8.3.117), as far as the command line uses it. */
function apply(pen: Pen, codes: readonly number[]): void {
  for (const code of codes) {
    if (code === 0) Object.assign(pen, freshPen())
    else if (code === 1) pen.bold = true
    else if (code === 2) pen.dim = true
    else if (code === 22) Object.assign(pen, { bold: false, dim: false })
    else if (code === 39) pen.colour = FOREGROUND
    else pen.colour = COLOURS[code] ?? pen.colour
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what it looks for
const SEQUENCE = /\u001b\[([0-9;]*)m/g

function runsOf(line: string, pen: Pen): Run[] {
  const runs: Run[] = []
  let column = 0
  let from = 0
  const add = (text: string) => {
    if (text !== '') runs.push({ ...pen, column, text })
    column += [...text].length
  }
  for (const found of line.matchAll(SEQUENCE)) {
    add(line.slice(from, found.index))
    apply(pen, (found[1] ?? '').split(';').map(Number))
    from = found.index + found[0].length
  }
  add(line.slice(from))
  return runs
}

function escapeText(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The picture of some lines. */
export function drawTerminal(output: string): string {
  const lines = output.replaceAll('\r', '').trimEnd().split('\n')
  const pen = freshPen()
  let columns = 0
  const rows = lines.map((line, index) => {
    const y = MARGIN + (index + 1) * LINE_HEIGHT
    return runsOf(line, pen)
      .map((run) => {
        columns = Math.max(columns, run.column + [...run.text].length)
        const weight = run.bold ? ' font-weight="bold"' : ''
        const opacity = run.dim ? ' opacity="0.6"' : ''
        const x = MARGIN + run.column * CHARACTER_WIDTH
        const length = [...run.text].length * CHARACTER_WIDTH
        return `<text x="${x.toFixed(1)}" y="${y}" textLength="${length.toFixed(1)}" fill="${run.colour}"${weight}${opacity}>${escapeText(run.text)}</text>`
      })
      .join('')
  })
  const width = Math.ceil(MARGIN * 2 + columns * CHARACTER_WIDTH)
  const height = MARGIN * 2 + lines.length * LINE_HEIGHT
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...rows,
    '</g></svg>',
    '',
  ].join('\n')
}

if (process.argv[1]?.endsWith('picture.js') === true) {
  process.stdout.write(drawTerminal(await text(process.stdin)))
}
