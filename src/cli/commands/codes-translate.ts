/** `carillon codes translate`: one provider's code in another's words, with what got lost. */
import { translate } from '../../catalog/index.ts'
import { rowsFor, targetFor } from '../codes-lookup.ts'
import { translationLines } from '../codes-text.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'

export const codesTranslateCommand = defineCommand({
  name: 'codes translate',
  summary: 'a code in the words of another provider, with a mark of what got lost',
  examples: [
    ['carillon codes translate bandwidth 475 --to skycore', 'one code'],
    ['carillon codes translate sinch 3510 --to webex/sms', 'into one list of a provider'],
    ['carillon codes translate sinch --to bandwidth', 'a whole table'],
  ],
  positionals: [
    { name: 'words', rest: true, help: 'provider, channel, code; or provider/channel/code' },
  ],
  options: {
    to: { type: 'text', value: 'PROVIDER[/CHANNEL]', required: true, help: 'where to' },
  },
  notes: [
    'exact: the same class. narrowed: one that may stand for it, or the nearest of its family. fallback: the general code of the same permanence. A transient code never becomes a permanent one, nor the reverse.',
    'With --json: an array of {quality, from, target, to, differs, because}; from and to have the fields of carillon codes list; no "to" where the provider has no code for success.',
    'Exit codes: 0 translated, 65 no such provider, channel or code; see help exit-codes.',
  ],
  run({ values, positionals }, terminal) {
    const found = rowsFor(positionals, terminal.paintTalk)
    const target = targetFor(values.to, terminal.paintTalk)
    const rows = found.kind === 'one' ? [found.entry] : found.entries
    // The target was looked up, so each row has a translation.
    const translations = rows.flatMap((row) => translate(row, target) ?? [])
    if (terminal.json) terminal.printJson(translations)
    else for (const line of translationLines(translations, terminal.paint)) terminal.print(line)
    return EXIT.ok
  },
})
