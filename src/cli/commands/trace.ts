/** `carillon trace`: asks the running gateway for a message's story and draws it. */
import { isFinal } from '../../core/delivery-state.ts'
import type { Message } from '../../core/message.ts'
import { type AdminClient, CLIENT_OPTIONS, openAdminClient, problemText } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { followStory } from '../follow.ts'
import type { Story } from '../story.ts'
import type { Terminal } from '../terminal.ts'
import { traceLines } from '../trace-view.ts'

/** Of so many newest messages the last one sent is `latest`. */
const LATEST_AMONG = 50
const FOLLOW_SECONDS_MAX = 7 * 24 * 3600

export const traceCommand = defineCommand({
  name: 'trace',
  summary: 'the life of a message: what happened, when, and what it waits for',
  examples: [
    ['carillon trace latest', 'the message sent last'],
    ['carillon trace 176392011200000001', 'one by its id, as send printed it'],
    ['carillon trace latest --follow', 'stay until it ends; exit code 0 delivered, 1 not'],
    ['carillon trace latest --json', 'everything known, as JSON'],
  ],
  positionals: [{ name: 'message-id', help: 'id of a message, or latest: the one sent last' }],
  options: {
    follow: { type: 'switch', short: 'f', help: 'wait, and show what happens, until it ends' },
    timeout: {
      type: 'integer',
      value: 'SECONDS',
      min: 1,
      max: FOLLOW_SECONDS_MAX,
      help: 'with --follow: give up after this long (exit code 75)',
    },
    ...CLIENT_OPTIONS,
  },
  notes: [
    'With --json: {message, deliveries, events, notices, waiting}, times in epoch milliseconds; with --follow one event a line.',
  ],
  async run({ values, positionals }, terminal) {
    const client = openAdminClient(values, terminal.env)
    const story = await findStory(client, positionals[0] ?? '')
    if (values.follow) return followStory(client, story, terminal, values.timeout)
    show(story, terminal)
    return EXIT.ok
  },
})

function show(story: Story, terminal: Terminal): void {
  if (terminal.json) {
    terminal.printJson(story)
    return
  }
  for (const line of traceLines(story, terminal)) terminal.print(line)
  if (story.deliveries.some(({ state }) => !isFinal(state))) {
    terminal.say(`\nIt goes on: npx carillon trace ${story.message.id} --follow`)
  }
}

async function findStory(client: AdminClient, wanted: string): Promise<Story> {
  const id = wanted === 'latest' ? await latestId(client) : wanted
  const answer = await client.ask('GET', `/admin/messages/${encodeURIComponent(id)}`)
  if (answer.status !== 200) throw new CommandFailure(EXIT.unavailable, problemText(answer))
  return answer.body as Story
}

/** The last one sent: an answer of the handset that came after it is not what people mean. */
async function latestId(client: AdminClient): Promise<string> {
  const { body } = await client.ask('GET', `/admin/messages?limit=${LATEST_AMONG}`)
  const { messages } = body as MessageList
  const latest = messages.find(({ message }) => message.direction === 'mt') ?? messages[0]
  if (latest !== undefined) return latest.message.id
  throw new CommandFailure(
    EXIT.unavailable,
    'the gateway has no message yet',
    'Send one: npx carillon send mms --image examples/first-mms/photo.jpg --to +15550100123',
  )
}

interface MessageList {
  readonly messages: readonly { readonly message: Pick<Message, 'id' | 'direction'> }[]
}
