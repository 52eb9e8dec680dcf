/** `carillon codes list`: the table of a provider. */
import { type Filter, list } from '../../catalog/index.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { columns } from '../terminal.ts'

export const codesListCommand = defineCommand({
  name: 'codes list',
  summary: 'the codes of one provider, or of one kind',
  examples: [
    ['carillon codes list sinch', 'every code of a provider'],
    ['carillon codes list webex --surface in-app', 'of one of its channels'],
    ['carillon codes list --class opted-out', 'how every provider says the same thing'],
  ],
  positionals: [{ name: 'dialect', help: 'name of a provider', optional: true }],
  options: {
    surface: { type: 'text', value: 'NAME', help: 'one list of the provider, e.g. mm7, in-app' },
    class: { type: 'text', value: 'NAME', help: 'one outcome class, e.g. opted-out' },
    permanence: {
      type: 'text',
      value: 'WORD',
      choices: ['ok', 'transient', 'permanent', 'unknown'],
      help: 'whether later may help',
    },
  },
  run({ values, positionals: [dialect] }, terminal) {
    const wanted = { dialect, ...pick(values) }
    const filter: Filter = Object.fromEntries(
      Object.entries(wanted).filter(([, value]) => value !== undefined),
    )
    const rows = list(filter)
    if (rows.length === 0) {
      throw new CommandFailure(EXIT.failed, 'no code fits', 'Without words every code is listed.')
    }
    if (terminal.json) for (const row of rows) terminal.printJson(row)
    else {
      const cells = rows.map((row) => [row.dialect, row.surface, row.code, row.class, row.text])
      for (const line of columns(cells)) terminal.print(line)
    }
    return EXIT.ok
  },
})

interface Wishes {
  readonly surface: string | undefined
  readonly class: string | undefined
  readonly permanence: string | undefined
}

function pick({ surface, class: klass, permanence }: Wishes): Wishes {
  return { surface, class: klass, permanence }
}
