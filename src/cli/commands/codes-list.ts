/** `carillon codes list`: the tables, whole or filtered, for people and for programs. */
import { list, OUTCOME_CLASSES } from '../../catalog/index.ts'
import { targetFor } from '../codes-lookup.ts'
import { entryLines } from '../codes-text.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'

const classes = Object.keys(OUTCOME_CLASSES)
const families = [...new Set(Object.values(OUTCOME_CLASSES).map(({ family }) => family))]
const permanences = ['ok', 'transient', 'permanent', 'unknown']

export const codesListCommand = defineCommand({
  name: 'codes list',
  summary: 'the codes of all providers, of one, or of one of its channels',
  examples: [
    ['carillon codes list sinch', 'one provider'],
    ['carillon codes list webex sms --permanence transient', 'what is worth a retry'],
    ['carillon codes list --class opted-out', 'how every provider says the same thing'],
    ['carillon codes list --json', 'everything, as one JSON array'],
  ],
  positionals: [
    { name: 'provider', optional: true, help: 'e.g. sinch' },
    { name: 'channel', optional: true, help: 'e.g. sms' },
  ],
  options: {
    class: { type: 'text', value: 'CLASS', choices: classes, help: 'one outcome class' },
    family: { type: 'text', value: 'FAMILY', choices: families, help: 'one family of classes' },
    permanence: {
      type: 'text',
      value: 'WORD',
      choices: permanences,
      help: 'ok, transient, permanent or unknown',
    },
  },
  notes: [
    'With --json: an array of {id, dialect, surface, code, variant, text, class, family, stage, party, finality, permanence, retry, billing, meaning, action, provoke} and more; its schema is docs/reference/codes/catalog.schema.json.',
    'Exit codes: 0 listed, 65 no such provider or channel; see help exit-codes.',
  ],
  run({ values, positionals }, terminal) {
    const target =
      positionals.length === 0 ? {} : targetFor(positionals.join('/'), terminal.paintTalk)
    const { class: klass, family, permanence } = values
    const rows = list({
      ...target,
      ...(klass !== undefined && { class: klass }),
      ...(family !== undefined && { family }),
      ...(permanence !== undefined && { permanence }),
    })
    if (terminal.json) terminal.printJson(rows)
    else for (const line of entryLines(rows, terminal.paint)) terminal.print(line)
    return EXIT.ok
  },
})
