/** The sandbox towards a client of MM4: what its numbers promise comes about. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { loadConfig } from '../../src/config/load.ts'
import { hashPassword } from '../../src/config/secret.ts'
import { openGateway } from '../../src/gateway.ts'
import { DEMO_MM4_ACCOUNT, DEMO_MM4_SENDER } from '../../src/simulator/mm4-accounts.ts'
import { mm4Number } from '../../src/simulator/scripts.ts'
import { openRawClient } from '../../src/transports/smtp/testing/raw-peer.ts'
import { openCarrier } from '../support/carrier.ts'
import { submissionFields } from '../support/mm4-account.ts'
import { writeMail } from '../support/mm4-client.ts'
import { createOperators } from '../support/operators.ts'

const DOMAIN = 'mms.client.example'
const CLIENT = 'tries-mm4'

/** A sandbox, and an account in it whose MMSC is ours. */
async function openSandboxClient(t: TestContext) {
  const data = mkdtempSync(join(tmpdir(), 'carillon-mm4-'))
  const mmsc = await openCarrier(new Uint8Array(0), DOMAIN)
  t.after(async () => {
    await mmsc.close()
    rmSync(data, { recursive: true, force: true })
  })
  const flags = {
    data,
    'sandbox.enabled': true,
    'sandbox.smtpPort': 0,
    'http.port': 0,
    'smtp.port': 0,
    'smpp.port': 0,
    'admin.port': 0,
    'smtp.domain': 'mms.gateway.example',
    'log.level': 'silent',
    'store.diskReserveBytes': 0,
  } as const
  const { config } = loadConfig({ env: {}, flags, folder: data })
  const gateway = await openGateway({
    config,
    version: '0',
    env: {},
    onFatal: (error) => assert.fail(error),
  })
  t.after(() => gateway.close(1000))
  const admin = createOperators(gateway.addresses.admin?.port ?? 0, join(data, 'admin.token'))
  const password = await hashPassword('secret')
  await admin.post('/admin/directory', {
    accounts: [
      {
        id: CLIENT,
        dialect: 'bandwidth',
        carrierLookup: true,
        limits: { callsPerSecond: 1000, callsBurst: 1000 },
        policy: { countries: [] },
        mm4: {
          host: '127.0.0.1',
          port: mmsc.port,
          domain: DOMAIN,
          tls: 'off',
          peerAuth: { user: CLIENT, passwordHash: password },
          retryDelayMsMin: 100,
          retryDelayMsMax: 100,
          interimReports: true,
        },
      },
    ],
    numbers: [{ number: '15005550199', account: CLIENT }],
  })
  return { mmsc, port: gateway.addresses.smtp?.port ?? 0 }
}

async function login(port: number, user: string, password: string) {
  const line = await openRawClient(port)
  await line.ask('EHLO client.example')
  const reply = await line.ask(
    `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`,
  )
  return { line, reply }
}

async function handIn(port: number, number: string) {
  const { line } = await login(port, CLIENT, 'secret')
  await line.ask(`MAIL FROM:<+15005550199/TYPE=PLMN@${DOMAIN}>`)
  await line.ask(`RCPT TO:<+${number}/TYPE=PLMN@mms.gateway.example>`)
  await line.ask('DATA')
  const text = writeMail(submissionFields({ From: '+15005550199/TYPE=PLMN' }))
  const reply = await line.ask(`${text}.`)
  line.socket.destroy()
  return reply
}

test('the demo account logs in by its name and the password demo', async (t) => {
  const { port } = await openSandboxClient(t)
  const { line, reply } = await login(port, DEMO_MM4_ACCOUNT, 'demo')
  assert.match(reply, /^235/)
  assert.match(await line.ask(`MAIL FROM:<+${DEMO_MM4_SENDER}/TYPE=PLMN@mms.demo.example>`), /^250/)
  line.socket.destroy()
  const { line: other, reply: refused } = await login(port, DEMO_MM4_ACCOUNT, 'wrong')
  assert.match(refused, /^535/)
  other.socket.destroy()
})

// biome-ignore format: a table
const answered = [
  ['130', 'Error-network-problem'],
  ['406', 'Error-sending-address-unresolved'],
  ['420', 'Error-service-denied'],
  ['475', 'Error-service-denied'],
] as const

// biome-ignore format: a table
const reported = [
  ['2',   'Deferred'],     ['112', 'Deferred'],   ['113', 'Deferred'],      ['115', 'Deferred'],
  ['116', 'Deferred'],     ['140', 'Deferred'],   ['201', 'Expired'],       ['350', 'Rejected'],
  ['352', 'Rejected'],     ['421', 'Rejected'],   ['500', 'Rejected'],      ['600', 'Rejected'],
  ['620', 'Rejected'],     ['650', 'Expired'],    ['700', 'Unrecognised'],  ['712', 'Rejected'],
  ['720', 'Rejected'],     ['740', 'Rejected'],   ['750', 'Rejected'],      ['770', 'Rejected'],
  ['775', 'Rejected'],     ['999', 'Rejected'],
] as const

test('every scripted number of the dialect brings its code about', async (t) => {
  const { mmsc, port } = await openSandboxClient(t)
  for (const [code, status] of answered) {
    assert.match(await handIn(port, mm4Number(code)), /^250/, code)
    const { headers } = await mmsc.next('MM4_forward.RES')
    assert.equal(headers.get('X-Internal-Status-Code'), code)
    assert.equal(headers.get('X-Mms-Request-Status-Code'), status, code)
  }
  for (const [code] of reported) assert.match(await handIn(port, mm4Number(code)), /^250/, code)
  await handIn(port, mm4Number('114'))
  await handIn(port, mm4Number('114'))
  const wanted = new Map<string, string>([...reported, ['114', 'Deferred']])
  while (wanted.size > 0) {
    const left = [...wanted.keys()].join(' ')
    const { headers } = await mmsc.mails.next(
      `reports of ${left}`,
      ({ message }) => message?.type === 'MM4_delivery_report.REQ',
    )
    const code = headers.get('X-Internal-Status-Code') ?? ''
    const [, digits = ''] = /^\+9993([0-9]{7})/.exec(headers.get('From') ?? '') ?? []
    if (String(Number(digits)) !== code) continue
    assert.equal(
      headers.get('X-Mms-MM-Status-Code'),
      wanted.get(code) ?? headers.get('X-Mms-MM-Status-Code'),
      code,
    )
    wanted.delete(code)
  }
})
