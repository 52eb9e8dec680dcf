/** Codes as text: one line each in aligned columns, or a whole card; coloured by permanence. */
import { advise, type Entry, type Explanation, type Translation } from '../catalog/index.ts'
import { type Paint, type Style, wrap } from './terminal.ts'

const STYLE_OF = {
  ok: 'green',
  transient: 'yellow',
  permanent: 'red',
  unknown: 'magenta',
} as const satisfies Record<Entry['permanence'], Style>

/** One cell of a table; the style is put on after the columns are aligned. */
export interface Cell {
  readonly text: string
  readonly style?: Style
}

/** Rows in aligned columns, two spaces apart; the last column is not padded. */
export function table(rows: readonly (readonly Cell[])[], paint: Paint): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [i, { text }] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, text.length)
  }
  return rows.map((row) => {
    const cells = row.map(({ text, style }, i) => {
      const padding = ' '.repeat(i === row.length - 1 ? 0 : (widths[i] ?? 0) - text.length)
      return (style === undefined ? text : paint(style, text)) + padding
    })
    return cells.join('  ').trimEnd()
  })
}

/** A row's identity as a person types it. */
export function nameOf({ dialect, surface, code, variant }: Entry): string {
  return [dialect, surface, code, ...(variant === null ? [] : [variant])].join(' ')
}

/** The colour of a row: green for success, yellow for transient, red for permanent. */
export function styleOf(entry: Entry): Style {
  return STYLE_OF[entry.permanence]
}

/** One line for each row: who says it, what it says, what it is. */
export function entryLines(rows: readonly Entry[], paint: Paint): readonly string[] {
  const line = (entry: Entry): readonly Cell[] => [
    { text: nameOf(entry), style: styleOf(entry) },
    { text: entry.text, style: 'bold' },
    { text: `${entry.class}, ${entry.permanence}`, style: 'dim' },
  ]
  return table(rows.map(line), paint)
}

/** One line for each translation. */
export function translationLines(rows: readonly Translation[], paint: Paint): readonly string[] {
  const line = ({ from, to, quality, because }: Translation): readonly Cell[] => [
    { text: nameOf(from), style: styleOf(from) },
    { text: to === undefined ? '→ no code' : `→ ${nameOf(to)}`, ...(to && { style: styleOf(to) }) },
    { text: to?.text ?? '', style: 'bold' },
    { text: quality },
    { text: because, style: 'dim' },
  ]
  return table(rows.map(line), paint)
}

/** Everything about one row. */
export function card(explanation: Explanation, paint: Paint, width: number): readonly string[] {
  const { entry, where } = explanation
  const title = `${paint(styleOf(entry), nameOf(entry))}  ${paint('bold', entry.text)}`
  const meaning = wrap(entry.meaning, Math.min(width, 100) - 2).map((line) => `  ${line}`)
  const fields = fieldsOf(explanation, paint)
  const labelWidth = Math.max(...fields.map(({ label }) => label.length))
  const lines = fields.flatMap(({ label, lines: texts }) => {
    const room = Math.min(width, 100) - labelWidth - 4
    const wrapped = texts.flatMap((text) => (text.includes('\u001b') ? [text] : wrap(text, room)))
    return wrapped.map((text, i) => {
      const head = (i === 0 ? label : '').padEnd(labelWidth)
      return `  ${paint('dim', head)}  ${text}`
    })
  })
  return [title, paint('dim', where), '', ...meaning, '', ...lines]
}

interface Field {
  readonly label: string
  readonly lines: readonly string[]
}

function fieldsOf(explanation: Explanation, paint: Paint): readonly Field[] {
  const { entry, classMeans, elsewhere } = explanation
  const { action, retry, party, billing } = advise(entry)
  const { stage, finality, permanence, provoke, override, note } = entry
  const field = (label: string, lines: readonly string[]): readonly Field[] =>
    lines.length === 0 ? [] : [{ label, lines }]
  const text = (label: string, line: string | undefined): readonly Field[] =>
    line === undefined ? [] : [{ label, lines: [line] }]
  return [
    ...field('do', [action]),
    ...field('again?', [retry]),
    ...field('who acts', [party]),
    ...field('paid for?', [billing]),
    ...field(
      'causes',
      (entry.causes ?? []).map((cause, i) => `${i + 1}. ${cause}`),
    ),
    ...field('class', [`${entry.class} (${entry.family}): ${classMeans}`]),
    ...field('state', [`${paint(styleOf(entry), permanence)}, ${finality}, seen at ${stage}`]),
    ...text('because', override?.because),
    ...text('or else', entry.candidates?.join(', ')),
    ...text('marked', entry.marks?.join(', ')),
    ...text('details', entry.details),
    ...text('note', note),
    ...field(
      'sub-codes',
      (entry.subCodes ?? []).map((sub) => `${sub.code} (${sub.class}): ${sub.meaning}`),
    ),
    ...field('provoke', [[provoke.via, provoke.to, provoke.given].filter(Boolean).join(': ')]),
    ...field('elsewhere', elsewhereLines(elsewhere, paint)),
  ]
}

function elsewhereLines(rows: readonly Translation[], paint: Paint): readonly string[] {
  const line = ({ to, target, quality }: Translation): readonly Cell[] =>
    to === undefined
      ? [{ text: target.dialect }, { text: 'no code says success' }, { text: '' }]
      : [
          { text: nameOf(to), style: styleOf(to) },
          { text: to.text },
          { text: quality, style: 'dim' },
        ]
  return table(rows.map(line), paint)
}
