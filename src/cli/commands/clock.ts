/** `carillon clock`: the time of the sandbox, which may be moved forward. */
import {
  type AdminAnswer,
  CLIENT_OPTIONS,
  jsonBody,
  openAdminClient,
  problemText,
} from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import type { Terminal } from '../terminal.ts'
import { parseSpan, printMoment, printSpan } from '../time-words.ts'

const CLOCK_PATH = '/sandbox/clock'
const JSON_NOTE = 'With --json: {now, offsetMs}, epoch milliseconds and how far it was moved.'

export const clockShowCommand = defineCommand({
  name: 'clock show',
  summary: 'the time in the sandbox',
  examples: [['carillon clock show', 'how far it is ahead of the wall clock']],
  options: CLIENT_OPTIONS,
  notes: [JSON_NOTE],
  async run({ values }, terminal) {
    const client = openAdminClient(values, terminal.env)
    show(await client.ask('GET', CLOCK_PATH), terminal)
    return EXIT.ok
  },
})

export const clockAdvanceCommand = defineCommand({
  name: 'clock advance',
  summary: 'move the time of the sandbox forward, to see expiry and retries now',
  examples: [
    ['carillon clock advance 2h', 'what would happen in the next two hours happens now'],
    ['carillon clock advance 1d12h', 'days, hours, minutes (m), seconds and ms add up'],
  ],
  positionals: [{ name: 'span', help: 'how far: 500ms, 90s, 5m, 2h, 3d, 1h30m' }],
  options: CLIENT_OPTIONS,
  notes: [JSON_NOTE],
  async run({ values, positionals: [span = ''] }, terminal) {
    const advanceMs = parseSpan(span)
    if (advanceMs === undefined) {
      throw new CommandFailure(EXIT.usage, `${span} is no span of time`, 'Try: 90s, 5m, 2h, 1h30m')
    }
    const client = openAdminClient(values, terminal.env)
    show(await client.send(CLOCK_PATH, jsonBody({ advanceMs })), terminal)
    return EXIT.ok
  },
})

function show(answer: AdminAnswer, terminal: Terminal): void {
  if (answer.status === 404) {
    throw new CommandFailure(
      EXIT.unavailable,
      'this gateway has no clock to move: its sandbox is off',
      'Only simulated time moves; start without --no-sandbox.',
    )
  }
  if (answer.status !== 200) throw new CommandFailure(EXIT.usage, problemText(answer))
  if (terminal.json) {
    terminal.printJson(answer.body)
    return
  }
  const { now, offsetMs } = answer.body as { readonly now: number; readonly offsetMs: number }
  const ahead =
    offsetMs === 0 ? 'as the wall clock' : `${printSpan(offsetMs)} ahead of the wall clock`
  terminal.print(`${printMoment(now)}  ${ahead}`)
}
