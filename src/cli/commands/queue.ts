/** `carillon queue`: what waits where. */
import type { DeliveryState } from '../../core/delivery-state.ts'
import { CLIENT_OPTIONS, openAdminClient } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { columns, type Terminal } from '../terminal.ts'
import { printSpan } from '../time-words.ts'

interface Backlog {
  readonly now: number
  readonly deliveries: readonly {
    readonly lane: string
    readonly state: DeliveryState
    readonly count: number
    readonly oldestAt: number
    readonly nextAt?: number
  }[]
  readonly notices: readonly {
    readonly lane: string
    readonly count: number
    readonly parked: number
  }[]
}

export const queueCommand = defineCommand({
  name: 'queue',
  summary: 'what waits, where, since when',
  examples: [
    ['carillon queue', 'the backlog of every way out'],
    ['carillon queue --json', 'the same for a program'],
  ],
  options: CLIENT_OPTIONS,
  notes: [
    'With --json: {now, deliveries: [{lane, state, count, oldestAt, nextAt}], notices: [{lane, count, parked}]}.',
    'carillon trace <message-id> tells why one message waits.',
  ],
  async run({ values }, terminal) {
    const client = openAdminClient(values, terminal.env)
    const { body } = await client.ask('GET', '/admin/queue')
    if (terminal.json) terminal.printJson(body)
    else show(body as Backlog, terminal)
    return EXIT.ok
  },
})

function show({ now, deliveries, notices }: Backlog, { print, paint }: Terminal): void {
  if (deliveries.length === 0 && notices.length === 0) {
    print('Nothing waits: every message has ended and every client was told.')
    return
  }
  if (deliveries.length > 0) {
    const rows = deliveries.map(({ lane, state, count, oldestAt, nextAt }) => [
      `  ${lane}`,
      state,
      String(count),
      `oldest ${printSpan(now - oldestAt)}`,
      nextAt === undefined ? '' : dueWords(nextAt - now),
    ])
    print(paint('bold', 'Deliveries'))
    for (const line of columns(rows)) print(line)
  }
  if (notices.length > 0) {
    const rows = notices.map(({ lane, count, parked }) => [
      `  ${lane}`,
      `${count} to tell`,
      parked === 0 ? '' : `${parked} parked until somebody replays them`,
    ])
    print(paint('bold', 'Reports to clients'))
    for (const line of columns(rows)) print(line)
  }
}

function dueWords(inMs: number): string {
  return inMs <= 0 ? 'due now' : `next in ${printSpan(inMs)}`
}
