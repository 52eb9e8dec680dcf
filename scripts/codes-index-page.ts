/** The index of the code reference: pages, words, and the matrix of classes and dialects. */
import { entries, list, type Mark, matrix, OUTCOME_CLASSES } from '../src/catalog/index.ts'
import { DIALECTS } from '../src/dialects/index.ts'
import { ATTRIBUTES } from './codes-schema.ts'

const MARKS: Readonly<Record<Mark, string>> = {
  'several-causes': 'one code for several faults',
  'catch-all': 'used when nothing finer is known',
  inferred: 'the source prints no explanation; the meaning is ours, from the name',
  'blame-unclear': 'the source does not say whose fault it is',
  'time-of-what': 'time ran out, and the source does not say which time',
  'pass-through': 'wraps an error of the next party',
  'text-contradicts-code': 'the printed text contradicts the number or the title',
  'per-recipient': 'true of some recipients or parts, never of a whole message',
  'sub-codes': 'means nothing without its sub-code',
  'about-the-report': 'about the delivery report, not about the message',
}

/** docs/reference/codes/README.md. */
export function codesIndexPage(): string {
  const { rows, total, pending } = matrix()
  const names = DIALECTS.map((dialect) => dialect.name)
  const sum = (counts: Readonly<Record<string, number>>) =>
    names.reduce((all, name) => all + (counts[name] ?? 0), 0)
  return [
    '# Codes',
    '',
    '<!-- Generated from src/dialects; do not edit. -->',
    '',
    `${entries().length} rows. A number means something only as dialect / surface / code, and a variant`,
    'where a list prints one code twice. The same data: [catalog.json](catalog.json), with its',
    '[schema](catalog.schema.json); `npx carillon codes list --json`; `carillon/catalog` as a library.',
    '',
    '| Dialect | Surface | Rows | Not yet provoked |',
    '|---|---|---|---|',
    ...DIALECTS.flatMap((dialect) =>
      dialect.surfaces.map((surface) => {
        const own = list({ dialect: dialect.name, surface: surface.name })
        const waiting = own.filter((entry) => entry.provoke.via === 'pending').length
        const page = `[${surface.title}](${dialect.name}/${surface.name}.md)`
        return `| ${dialect.title} | ${page} | ${own.length} | ${waiting} |`
      }),
    ),
    `| all | | ${sum(total)} | ${sum(pending)} |`,
    '',
    '## How to read a row',
    '',
    ...Object.entries(ATTRIBUTES).map(
      ([name, { description, enum: words }]) =>
        `- **${name}**: ${description} (${words.join(', ')})`,
    ),
    '',
    'Translations are by class and never change permanence: *exact* is a row of the same class,',
    '*narrowed* one that may stand for it or of the same family, permanence and retry, *fallback* the',
    'general row of that permanence.',
    '',
    'Marks:',
    '',
    ...Object.entries(MARKS).map(([mark, meaning]) => `- \`${mark}\`: ${meaning}`),
    '',
    '## Which dialect can say what',
    '',
    `| Class | Means | ${names.join(' | ')} |`,
    `|---|---|${names.map(() => '---|').join('')}`,
    ...rows.map(({ class: klass, codes }) => {
      const cells = names.map((name) => (codes[name] ?? []).join(' '))
      return `| \`${klass}\` | ${OUTCOME_CLASSES[klass].means} | ${cells.join(' | ')} |`
    }),
    '',
  ].join('\n')
}
