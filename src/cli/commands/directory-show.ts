/** `carillon directory show`: who may use the running gateway. */
import type { Carrier } from '../../core/carrier.ts'
import type { DirectoryData } from '../../core/directory.ts'
import { CLIENT_OPTIONS, openAdminClient } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { columns, type Terminal } from '../terminal.ts'

export const directoryShowCommand = defineCommand({
  name: 'directory show',
  summary: 'who may use the running gateway; secrets are stars',
  examples: [
    ['carillon directory show', 'accounts, carriers, routes and blocks in a few lines'],
    ['carillon directory show --json', 'everything'],
  ],
  options: CLIENT_OPTIONS,
  notes: [
    'With --json: {accounts, numbers, carriers, routes, blocks, applications}, as carillon directory schema describes them.',
  ],
  async run({ values }, terminal) {
    const client = openAdminClient(values, terminal.env)
    const { body } = await client.ask('GET', '/admin/directory')
    if (terminal.json) terminal.printJson(body)
    else show(body as DirectoryData, terminal)
    return EXIT.ok
  },
})

function show(data: DirectoryData, terminal: Terminal): void {
  const on = (enabled: boolean) => (enabled ? 'on' : 'off')
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    [
      'Accounts',
      data.accounts.map((account) => [
        account.id,
        account.dialect,
        on(account.enabled),
        `senders ${account.services.flatMap(({ senders }) => senders).join(', ') || '-'}`,
        account.mm7?.callbackUrl ?? '',
      ]),
    ],
    ['Numbers', data.numbers.map(({ number, account, state }) => [number, account ?? '-', state])],
    [
      'Carriers',
      data.carriers.map((carrier) => [carrier.name, on(carrier.enabled), ...wayTo(carrier)]),
    ],
    [
      'Routes',
      data.routes.map(({ name, prefix, carrier, enabled }) => [
        name,
        prefix === '' ? 'every number' : `+${prefix}…`,
        `→ ${carrier}`,
        on(enabled),
      ]),
    ],
    [
      'Blocks',
      data.blocks.map(({ number, account = '', sender = '', because }) => [
        number,
        account,
        sender,
        because,
      ]),
    ],
    [
      'Applications',
      (data.applications ?? []).map(({ id, account, enabled }) => [id, account ?? '', on(enabled)]),
    ],
  ]
  for (const [title, rows] of sections) {
    terminal.print(terminal.paint('bold', `${title} (${rows.length})`))
    for (const line of columns(rows)) terminal.print(`  ${line}`)
  }
}

/** The protocol a carrier is spoken to in, and where. */
function wayTo({ mm4, mm7, smpp }: Carrier): readonly [string, string] {
  if (mm7 !== undefined) return ['MM7', mm7.url]
  if (mm4 !== undefined) return ['MM4', `${mm4.host}:${mm4.port}`]
  return ['SMPP', `${smpp.host}:${smpp.port}`]
}
