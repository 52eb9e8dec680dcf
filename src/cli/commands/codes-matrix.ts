/** `carillon codes matrix`. */
import { matrix, OUTCOME_CLASSES } from '../../catalog/index.ts'
import { type Cell, table } from '../codes-text.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'

const codesShown = 3
const permanenceStyle = {
  ok: 'green',
  transient: 'yellow',
  permanent: 'red',
  unknown: 'magenta',
} as const

export const codesMatrixCommand = defineCommand({
  name: 'codes matrix',
  summary: 'which provider can say what, and how much cannot be provoked yet',
  examples: [
    ['carillon codes matrix', 'a few codes of each class'],
    ['carillon codes matrix --json', 'all of them'],
  ],
  options: {},
  notes: ['With --json: {rows: [{class, codes}], total, pending}.'],
  run(_input, terminal) {
    const { rows, total, pending } = matrix()
    if (terminal.json) {
      terminal.printJson({ rows, total, pending })
      return EXIT.ok
    }
    const names = Object.keys(total)
    const head: readonly Cell[] = ['class', ...names].map((text) => ({ text, style: 'bold' }))
    const body = rows.map(({ class: klass, codes }): readonly Cell[] => [
      { text: klass, style: permanenceStyle[OUTCOME_CLASSES[klass].permanence] },
      ...names.map((name) => ({ text: few(codes[name] ?? []) })),
    ])
    const counts = (label: string, of: Readonly<Record<string, number>>): readonly Cell[] => [
      { text: label, style: 'bold' },
      ...names.map((name) => ({ text: String(of[name] ?? 0) })),
    ]
    const lines = table(
      [head, ...body, counts('rows', total), counts('pending', pending)],
      terminal.paint,
    )
    for (const line of lines) terminal.print(line)
    terminal.print('')
    terminal.print(`${sum(pending)} of ${sum(total)} rows cannot be provoked yet.`)
    return EXIT.ok
  },
})

function few(codes: readonly string[]): string {
  if (codes.length === 0) return '–'
  const more = codes.length - codesShown
  return `${codes.slice(0, codesShown).join(' ')}${more > 0 ? ` +${more}` : ''}`
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0)
}
