/** `carillon codes explain`: what support people ask first. */
import { explain } from '../../catalog/index.ts'
import { isOneCode, rowsFor } from '../codes-lookup.ts'
import { card, entryLines } from '../codes-text.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'

export const codesExplainCommand = defineCommand({
  name: 'codes explain',
  summary: 'what a code of a provider means and what to do about it',
  examples: [
    ['carillon codes explain sinch 3001', 'the meaning, the advice, the same thing elsewhere'],
    ['carillon codes explain webex whatsapp 7704', 'a provider with a list for each channel'],
    ['carillon codes explain 470', 'whose code can this be? lists, never guesses'],
  ],
  positionals: [
    { name: 'words', rest: true, help: 'provider, channel, code; or provider/channel/code' },
  ],
  options: {},
  notes: [
    'With --json: {kind: "one", entry, where, classMeans, advice: {again, who, retry, party, billing, action}, elsewhere: [{quality, from, target, to, differs, because}]}, or {kind: "several", entries}; entries have the fields of carillon codes list.',
    'Exit codes: 0 explained or listed, 65 no such provider, channel or code; see help exit-codes.',
  ],
  run({ positionals }, terminal) {
    const found = rowsFor(positionals, terminal.paintTalk)
    const rows = found.kind === 'one' ? [found.entry] : found.entries
    if (terminal.json) {
      terminal.printJson(found.kind === 'one' ? { kind: 'one', ...explain(found.entry) } : found)
      return EXIT.ok
    }
    if (found.kind === 'one' || (isOneCode(rows) && positionals.length > 1)) {
      for (const [i, row] of rows.entries()) {
        if (i > 0) terminal.print('')
        for (const line of card(explain(row), terminal.paint, terminal.columns)) {
          terminal.print(line)
        }
      }
      return EXIT.ok
    }
    const typed = positionals.join(' ')
    terminal.say(`${typed} can be ${rows.length === 1 ? 'this one' : `any of ${rows.length}`}:`)
    for (const line of entryLines(rows, terminal.paint)) terminal.print(line)
    const example = (rows[0]?.id ?? typed).replaceAll('/', ' ')
    terminal.say(`Explain one with: carillon codes explain ${example}`)
    return EXIT.ok
  },
})
