/** `carillon optouts`: who said STOP to whom. */
import { CLIENT_OPTIONS, openAdminClient } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { columns } from '../terminal.ts'

interface Found {
  readonly count: number
  readonly optOuts: readonly {
    readonly number: string
    readonly account?: string
    readonly sender?: string
    readonly because: string
  }[]
}

export const optoutsCommand = defineCommand({
  name: 'optouts',
  summary: 'who said STOP, to whom and when',
  examples: [
    ['carillon optouts', 'everybody'],
    ['carillon optouts --number +15550100123', 'one subscriber'],
  ],
  options: {
    number: { type: 'text', value: 'NUMBER', help: 'only this subscriber' },
    ...CLIENT_OPTIONS,
  },
  notes: [
    'With --json: {count, optOuts}, each with number, account, sender and because.',
    'The subscriber takes it back with START; an operator can, too: POST /admin/opt-outs/remove.',
  ],
  async run({ values }, terminal) {
    const client = openAdminClient(values, terminal.env)
    const { number } = values
    const query = number === undefined ? '' : `?number=${encodeURIComponent(number)}`
    const { body } = await client.ask('GET', `/admin/opt-outs${query}`)
    const found = body as Found
    if (terminal.json) {
      terminal.printJson(found)
      return EXIT.ok
    }
    const rows = found.optOuts.map(({ number: who, account = '', sender = '', because }) => [
      `+${who}`,
      account,
      sender,
      because,
    ])
    for (const line of columns(rows)) terminal.print(line)
    const more = found.count - rows.length
    if (more > 0) terminal.say(`… and ${more} more; narrow it down with --number.`)
    if (found.count === 0) terminal.say('Nobody said STOP.')
    return EXIT.ok
  },
})
