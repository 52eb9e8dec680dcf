/** The reference page of one surface: a table of its codes, then a section for each. */
import { advise, type Entry, explain, list, type Translation } from '../src/catalog/index.ts'
import type { Dialect, Surface } from '../src/core/code-row.ts'
import { prose } from './markdown.ts'

/** The page; every code has an anchor of its own. */
export function codesPage(dialect: Dialect, surface: Surface): string {
  const rows = list({ dialect: dialect.name, surface: surface.name })
  return [
    `# ${surface.title}`,
    '',
    '<!-- Generated from src/dialects; do not edit. -->',
    '',
    `${rows.length} rows of \`${dialect.name}/${surface.name}\`. Texts are exactly as the source`,
    'prints them; everything else is ours. How to read a section: [all codes](../README.md).',
    '',
    '| Code | Text | Class | Permanence | The same message again? |',
    '|---|---|---|---|---|',
    ...rows.map(summaryRow),
    '',
    ...rows.flatMap(section),
  ].join('\n')
}

/** Anchor of a row on the page of its surface. */
export function anchorOf(entry: Entry): string {
  return entry.variant === null ? entry.code : `${entry.code}-${entry.variant}`
}

function summaryRow(entry: Entry): string {
  const { class: klass, permanence } = entry
  const link = `[${entry.code}](#${anchorOf(entry)})`
  return `| ${link} | ${cell(entry.text)} | ${klass} | ${permanence} | ${advise(entry).retry} |`
}

function section(entry: Entry): readonly string[] {
  const { advice, classMeans, elsewhere } = explain(entry)
  const variant = entry.variant === null ? '' : ` (${entry.variant})`
  return [
    `<a id="${anchorOf(entry)}"></a>`,
    '',
    `## ${entry.code} ${prose(entry.text)}${variant}`,
    '',
    prose(entry.meaning),
    '',
    ...causes(entry),
    `- **What to do:** ${prose(entry.action)}`,
    `- **The same message again?** ${advice.retry}`,
    `- **Who must act:** ${advice.party}`,
    `- **Paid for?** ${advice.billing}`,
    `- **Class:** \`${entry.class}\` (${classMeans}), family ${entry.family}`,
    `- **Attributes:** ${attributes(entry)}`,
    ...because(entry),
    ...source(entry),
    `- **Provoke:** ${provoke(entry)}`,
    `- **In other dialects:** ${elsewhere.map(translated).join('; ')}`,
    ...subCodes(entry),
    '',
    `\`npx carillon codes explain ${entry.id}\``,
    '',
  ]
}

function causes({ causes: likely = [] }: Entry): readonly string[] {
  return likely.length === 0 ? [] : [`- **Likely causes, in order:** ${prose(likely.join('; '))}`]
}

function attributes(entry: Entry): string {
  const { stage, party, finality, permanence, retry, billing } = entry
  return `stage ${stage}, party ${party}, ${finality}, permanence ${permanence}, retry ${retry}, billing ${billing}`
}

function because({ override }: Entry): readonly string[] {
  if (override === undefined) return []
  const { because: reason, ...changed } = override
  return [`- **Differs from its class** in ${Object.keys(changed).join(', ')}: ${prose(reason)}`]
}

function source(entry: Entry): readonly string[] {
  const { details, printed, deliveryStatus, note, marks = [], candidates = [] } = entry
  const lines: string[] = []
  if (details !== undefined) lines.push(`- **Details on the wire:** ${prose(details)}`)
  if (printed !== undefined) {
    lines.push(`- **Printed as:** ${printed.fault} error, reported by the ${printed.by}`)
  }
  if (deliveryStatus !== undefined) lines.push(`- **Delivery status:** ${deliveryStatus}`)
  if (marks.length > 0) lines.push(`- **Marked:** ${marks.join(', ')}`)
  if (candidates.length > 0) lines.push(`- **May also stand for:** ${candidates.join(', ')}`)
  if (note !== undefined) lines.push(`- **Note:** ${prose(note)}`)
  return lines
}

function provoke({ provoke: { via, given, to } }: Entry): string {
  const recipient = to === undefined ? '' : `\`${to}\`: `
  return `${via === 'pending' ? 'pending; ' : `${via}: `}${recipient}${prose(given)}`
}

function translated({ quality, target, to }: Translation): string {
  if (to === undefined) return `${target.dialect}: no code says success`
  const name = `${to.dialect} ${to.surface} ${anchorOf(to)}`
  return `[${name}](../${to.dialect}/${to.surface}.md#${anchorOf(to)}) ${quality}`
}

function subCodes({ subCodes: finer = [] }: Entry): readonly string[] {
  if (finer.length === 0) return []
  return [
    '',
    '| Sub-code | Class | Meaning |',
    '|---|---|---|',
    ...finer.map((sub) => `| \`${sub.code}\` | ${sub.class} | ${cell(sub.meaning)} |`),
  ]
}

function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|')
}
