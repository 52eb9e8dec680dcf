/** The log of a whole run, at its most talkative: no number, no secret, no word of a message. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startCli } from '../../src/cli/testing/run-cli.ts'
import { openCarrier, WILLING } from '../support/carrier.ts'
import { forwardFields, handOver, writeMail } from '../support/mm4-client.ts'
import { exchange, type Mm7Draft, ordinaryOperation, writeRequest } from '../support/mm7-client.ts'
import { createOperators } from '../support/operators.ts'
import { ACCOUNT, CARRIER, directoryFor, GATEWAY_DOMAIN } from '../support/start-gateway.ts'
import { openVasp } from '../support/vasp.ts'

/** Whatever must not be found in a log, each unlike anything else. */
const CANARY = {
  vaspId: 'canary-vaspid-k7',
  strangeVaspId: 'canary-strange-vaspid',
  basicPassword: 'canary-basic-password',
  wrongPassword: 'canary-wrong-password',
  callbackPassword: 'canary-callback-password',
  callbackKey: 'canary-url-key',
  carrierPassword: 'canary-carrier-password',
  bearer: 'canary-bearer-token',
  recipient: '15559870001',
  refusedRecipient: '15559870002',
  southern: '49559870003',
  handset: '15559870004',
  text: 'canary text of a message',
  subject: 'canary subject',
  fileName: 'canary-holiday.png',
  clientAnswer: 'canary answer of a client',
} as const

const basic = (password: string) => ({
  Authorization: `Basic ${Buffer.from(`bell:${password}`).toString('base64')}`,
})

const draft = (change: Mm7Draft = {}): Mm7Draft => ({
  operation: { ...ordinaryOperation(CANARY.recipient, CANARY.vaspId), subject: CANARY.subject },
  headers: basic(CANARY.basicPassword),
  parts: [
    {
      contentType: 'text/plain; charset=utf-8',
      contentId: 'text',
      contentLocation: CANARY.fileName,
      body: [Buffer.from(CANARY.text)],
    },
  ],
  ...change,
})

test('a run with every kind of trouble logs ids and codes, and no canary', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'carillon-log-'))
  const [vasp, carrier] = await Promise.all([openVasp(), openCarrier(Buffer.from('png'))])
  const words = ['start', '--json', '--no-sandbox', '--data', data, '--log-level', 'trace']
  const ports = ['--http-port', '0', '--smtp-port', '0', '--smpp-port', '0', '--admin-port', '0']
  const domain = ['--set', `smtp.domain=${GATEWAY_DOMAIN}`]
  const run = startCli([...words, ...ports, ...domain], { cwd: data })
  t.after(async () => {
    run.child.kill('SIGKILL')
    await Promise.all([vasp.close(), carrier.close()])
    rmSync(data, { recursive: true, force: true })
  })
  const { addresses } = JSON.parse(await run.firstLine())
  const [http, smtp, admin] = [addresses.http.port, addresses.smtp.port, addresses.admin.port]
  carrier.connect({ host: '127.0.0.1', port: smtp, domain: GATEWAY_DOMAIN })
  const operators = createOperators(admin, join(data, 'admin.token'))

  const plain = directoryFor(`${vasp.url}&key=${CANARY.callbackKey}`, carrier.port, {})
  const [account] = plain.accounts
  const [north] = plain.carriers
  const { vaspIdHash: _hash, ...access } = account?.mm7 ?? {}
  const callbackBasic = { user: 'bell', password: CANARY.callbackPassword }
  const auth = { user: 'bell', password: CANARY.carrierPassword }
  await operators.post('/admin/directory', {
    ...plain,
    accounts: [
      {
        ...account,
        mm7: {
          ...access,
          vaspId: CANARY.vaspId,
          basic: { user: 'bell', password: CANARY.basicPassword },
          callbackBasic,
          callbackAttemptsMax: 1,
        },
      },
    ],
    carriers: [
      north,
      { ...north, name: 'south', ids: [], mm4: { ...north?.mm4, auth, attemptsMax: 1 } },
    ],
    routes: [...plain.routes, { name: 'south', prefix: '49', carrier: 'south', enabled: true }],
    blocks: [{ number: CANARY.refusedRecipient }],
  })
  const send = (change: Mm7Draft = {}) => exchange(http, writeRequest(draft(change)))
  const to = (number: string) => ordinaryOperation(number, CANARY.vaspId)

  // What goes well, and what the client answers badly.
  const good = await send()
  assert.equal(good.code, '1000', good.body)
  await operators.settled(good.messageId ?? '', 'delivered')
  vasp.answer(() => ({ http: 500, body: CANARY.clientAnswer }))
  carrier.script(CANARY.recipient, {
    ...WILLING,
    reports: [],
    line: { at: 'rcpt', code: 550, text: `5.7.1 ${CANARY.recipient} does not want spam` },
  })
  const rejected = await send()
  await operators.settled(rejected.messageId ?? '', 'failed')
  // A carrier that wants no password in clear, so that none is given.
  const southern = await send({ operation: to(CANARY.southern) })
  await operators.settled(southern.messageId ?? '', 'failed')

  // What the doors refuse.
  const codes = [
    await send({ operation: ordinaryOperation(CANARY.recipient, CANARY.strangeVaspId) }),
    await send({ headers: basic(CANARY.wrongPassword) }),
    await send({ operation: to(CANARY.refusedRecipient) }),
    await send({ envelope: (xml) => xml.replace('</', '<') }),
  ].map(({ code }) => code)
  assert.deepEqual(codes, ['2564', '2568', '3001', '2007'])
  const authorization = `Bearer ${CANARY.bearer}`
  await fetch(`http://127.0.0.1:${admin}/admin/status`, { headers: { authorization } })
  const handset = `+${CANARY.handset}/TYPE=PLMN`
  assert.match(
    await handOver(smtp, writeMail(forwardFields({ From: handset }), CANARY.text)),
    /^250/,
  )
  await handOver(smtp, writeMail(forwardFields({ 'X-Mms-Message-ID': undefined }), CANARY.text))
  await handOver(smtp, `${CANARY.text}\r\n`)
  for (const port of [http, smtp]) {
    const socket = connect(port, '127.0.0.1', () => socket.end(`${CANARY.text}\r\n\r\n`))
    socket.on('error', () => undefined).resume()
    await new Promise((resolve) => socket.on('close', resolve))
  }
  await vasp.posts.next('the message from the handset', ({ deliver }) => deliver !== undefined)

  run.child.kill('SIGTERM')
  const { code, stdout, stderr } = await run.ended
  assert.equal(code, 0, stderr)
  for (const id of [good.messageId, rejected.messageId, ACCOUNT, CARRIER]) {
    assert.ok(id !== undefined && stderr.includes(id), `the log speaks of ${id}`)
  }
  for (const [name, secret] of Object.entries(CANARY)) {
    assert.ok(!`${stdout}${stderr}`.includes(secret), `${name} is in the log:\n${stderr}`)
  }
})
