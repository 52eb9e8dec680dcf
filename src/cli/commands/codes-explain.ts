/** `carillon codes explain`: what support people ask first. */
import { type Entry, type Explanation, explain, lookup, type Lookup } from '../../catalog/index.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { columns, type Terminal } from '../terminal.ts'
import { hanging } from '../trace-view.ts'

export const codesExplainCommand = defineCommand({
  name: 'codes explain',
  summary: 'what a code of a provider means and what to do about it',
  examples: [
    ['carillon codes explain sinch 3001', 'one code of one provider'],
    ['carillon codes explain webex in-app 7704', 'where a provider has a list for each channel'],
    ['carillon codes explain 3001', 'a bare number: everything it can mean'],
  ],
  positionals: [{ name: 'words', help: 'provider, channel and code, or just the code', rest: true }],
  options: {},
  run({ positionals }, terminal) {
    const found = lookup(positionals)
    if (found.kind === 'none') throw nothing(found)
    if (terminal.json) {
      const rows = found.kind === 'one' ? [found.entry] : found.entries
      for (const row of rows) terminal.printJson(explain(row))
      return EXIT.ok
    }
    if (found.kind === 'one') show(explain(found.entry), terminal)
    else showSeveral(found.entries, terminal)
    return EXIT.ok
  },
})

function nothing({ what, given, nearest }: Extract<Lookup, { kind: 'none' }>): CommandFailure {
  const hint = nearest.length === 0 ? 'carillon codes list shows them.' : `Nearest: ${nearest.join(', ')}`
  return new CommandFailure(EXIT.failed, `no ${what} ${given}`, hint)
}

function show({ entry, where, classMeans, advice, elsewhere }: Explanation, terminal: Terminal): void {
  const { paint, print } = terminal
  const variant = entry.variant === null ? '' : ` (${entry.variant})`
  print(`${paint('bold', `${entry.code} ${entry.text}`)}${variant}`)
  print(paint('dim', `${where} · ${entry.class}: ${classMeans}`))
  print('')
  const rows: (readonly [string, string | undefined])[] = [
    ['Means', entry.meaning],
    ['Do', advice.action],
    ['Again?', advice.retry],
    ['Who', advice.party],
    ['Cost', advice.billing],
    ['Details', entry.details],
    ['Note', entry.note],
    ['Provoke', provokeWords(entry)],
  ]
  for (const [label, text] of rows) {
    if (text === undefined || text === '') continue
    for (const line of hanging(label, text, terminal)) print(line)
  }
  print('')
  print(paint('bold', 'In other dialects'))
  const translated = elsewhere.map(({ target, to, quality }) => [
    `  ${target.dialect}`,
    to === undefined ? '-' : `${to.code} ${to.text}`,
    quality,
  ])
  for (const line of columns(translated)) print(line)
}

function provokeWords({ provoke }: Entry): string {
  const { via, given, to } = provoke
  if (to !== undefined) return `npx carillon send mms --text Hi --to ${to}`
  return via === 'pending' ? '' : given
}

function showSeveral(entries: readonly Entry[], terminal: Terminal): void {
  terminal.print(terminal.paint('bold', `${entries.length} codes fit:`))
  const rows = entries.map(({ dialect, surface, code, variant, text }) => [
    `  ${dialect} ${surface} ${code}${variant === null ? '' : ` ${variant}`}`,
    text,
  ])
  for (const line of columns(rows)) terminal.print(line)
  terminal.say('\nName the provider (and channel) to see one: carillon codes explain sinch 3001')
}
