/**
 * Where a command writes. Data goes to stdout, talk to stderr, so that a pipe sees only data; colour
 * only where a person looks.
 */
import type { Environment } from '../config/given-values.ts'

const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const

export type Style = keyof typeof STYLES
/** Wraps a text in a style, or returns it as it is. */
export type Paint = (style: Style, text: string) => string

/** Colours a text. */
export const colour: Paint = (style, text) => {
  const [on, off] = STYLES[style]
  return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`
}

/** Leaves a text alone. */
export const plain: Paint = (_style, text) => text

export interface Terminal {
  /** `--json` was given: one JSON value, or one line for each, on stdout. */
  readonly json: boolean
  readonly env: Environment
  /** Width to wrap at, in characters. */
  readonly columns: number
  readonly paint: Paint
  readonly paintTalk: Paint
  /** A line of data, on stdout. */
  print(line: string): void
  /** A line of talk, on stderr. */
  say(line: string): void
  /** One JSON value on a line of its own, on stdout. */
  printJson(value: unknown): void
}

const COLUMNS_DEFAULT = 100
const COLUMNS_MIN = 60

/** https://no-color.org says that every value but the empty one switches colour off. */
function wantsColour(stream: NodeJS.WriteStream, env: Environment, forbidden: boolean): boolean {
  if (forbidden || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return false
  return stream.isTTY === true
}

/** The process's own streams. */
export function createTerminal(
  env: Environment,
  wishes: { readonly json: boolean; readonly noColour: boolean },
): Terminal {
  const { stdout, stderr } = process
  // `carillon … | head` closes the pipe early; that is no fault of anyone.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  return {
    json: wishes.json,
    env,
    columns: Math.max(stdout.columns ?? COLUMNS_DEFAULT, COLUMNS_MIN),
    paint: wantsColour(stdout, env, wishes.noColour) ? colour : plain,
    paintTalk: wantsColour(stderr, env, wishes.noColour) ? colour : plain,
    print: (line) => void stdout.write(`${line}\n`),
    say: (line) => void stderr.write(`${line}\n`),
    printJson: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
  }
}

/** Characters that control a terminal, out of texts that came from elsewhere. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '·')
}

/** Breaks a text into lines of at most `width` characters at its spaces. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      if (line !== '' && line.length + 1 + word.length > width) {
        lines.push(line)
        line = word
      } else line = line === '' ? word : `${line} ${word}`
    }
    lines.push(line)
  }
  return lines
}

/** Rows in columns, two spaces apart; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
