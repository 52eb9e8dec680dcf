/** The MM4 part against doors that are not right: it must see that, show it, and go on. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { encodeMm4 } from '../../codecs/mm4/encode.ts'
import type { ForwardRes } from '../../codecs/mm4/types.ts'
import { openSmtpPool } from '../../transports/smtp/pool.ts'
import { type OnLine, openRawServer, politely } from '../../transports/smtp/testing/raw-peer.ts'
import { rowsOf } from '../rows.ts'
import { runRows } from '../run.ts'
import type { World } from '../world.ts'
import { openMmsc } from './mmsc.ts'

const HOST = '127.0.0.1'
const TOKEN = 'abc'
const GREETED = { EHLO: '250-polite.example\r\n250 AUTH PLAIN', AUTH: '235 2.7.0 Welcome' }

/** A door that does this, and the client's own MMSC. */
async function openWorld(t: TestContext, onLine: OnLine) {
  const door = await openRawServer(onLine)
  const mmsc = await openMmsc(HOST, 'mms.conformance.example')
  t.after(() => Promise.all([door.close(), mmsc.close()]))
  const nowhere = { url: '', find: mmsc.find as never, close: () => Promise.resolve() }
  const world: World = {
    door: { host: HOST, port: 1 },
    reports: nowhere,
    mm4: {
      door: { host: HOST, port: door.port },
      mmsc,
      openGateway: () => Promise.reject(new Error('none here')),
    },
    command: () => Promise.reject(new Error('none here')),
    token: TOKEN,
    timeouts: { answerMs: 2000, reportMs: 50 },
  }
  return { world, mmsc }
}

async function run(world: World, code: string) {
  const options = { window: 1, now: () => 0, onStart: () => undefined, onEnd: () => undefined }
  const [result] = await runRows(rowsOf(['bandwidth'], [code]), world, options)
  assert.ok(result !== undefined)
  return result
}

/** Mails a response to the client's MMSC, as a gateway would. */
async function respond(port: number, code: string, text: string): Promise<void> {
  const id = { raw: `"475-${TOKEN}"`, text: `475-${TOKEN}` }
  const response: ForwardRes = {
    type: 'MM4_forward.RES',
    version: '6.10.0',
    transactionId: id,
    messageId: id,
    requestStatus: 'Error-service-denied',
    statusText: text,
    requestRecipients: [],
  }
  const extra = [{ name: 'X-Internal-Status-Code', value: code }]
  const pool = openSmtpPool({ host: HOST, port, helloName: 'gateway.example' })
  const data = [encodeMm4(response, { mailId: 'r1@gateway.example', dateMs: 0, extra })]
  const to = ['mmsc@mms.conformance.example']
  const sent = await pool.send({ from: 'system@gateway.example', to, data })
  assert.equal(sent.kind, 'accepted')
  await pool.close()
}

const TEXT = 'destination-rejected-due-to-user-opt-out'

// biome-ignore format: a table
const responses: readonly (readonly [string, string, string, 'seen' | 'failed'])[] = [
  ['the right code with the right words is seen', '475', TEXT,           'seen'],
  ['another code is a failed row',                '404', TEXT,           'failed'],
  ['other words are a failed row',                '475', 'opted-out',    'failed'],
]

for (const [name, code, text, state] of responses) {
  test(name, async (t) => {
    const { world, mmsc } = await openWorld(t, politely(GREETED))
    await respond(mmsc.door.port, code, text)
    const { sighting, ...result } = await run(world, '475')
    assert.equal(result.state, state, sighting.because)
    assert.equal(sighting.seen?.code, code)
    assert.equal(sighting.evidence, `475-${TOKEN}`)
    const all = sighting.transcript.map(({ bytes }) => Buffer.from(bytes).toString()).join('')
    assert.match(all, /X-Mms-Transaction-ID: "475-abc"/)
    assert.match(all, /RCPT TO:<\+99930000475\/TYPE=PLMN@/)
  })
}

test('a request that is taken and never answered is told as that', async (t) => {
  const { world } = await openWorld(t, politely(GREETED))
  const { state, sighting } = await run(world, '475')
  assert.equal(state, 'failed')
  assert.equal(sighting.seen, undefined)
  assert.match(sighting.because ?? '', /no such mail within 50 ms/)
})

// biome-ignore format: a table
const refusals: readonly (readonly [string, OnLine, RegExp])[] = [
  ['a login that is refused',        politely({ ...GREETED, AUTH: '535 5.7.8 No' }), /^No$/],
  ['a recipient that is refused',    politely({ ...GREETED, RCPT: '550 5.1.1 Who?' }), /^Who\?$/],
  ['a line that is cut',             (_line, { socket }) => socket.destroy(), /line was closed|ECONNRESET/],
]

for (const [name, onLine, because] of refusals) {
  test(`${name} is a failed row that says so`, async (t) => {
    const { world } = await openWorld(t, onLine)
    const { state, sighting } = await run(world, '475')
    assert.equal(state, 'failed')
    assert.match(sighting.because ?? '', because)
  })
}

test('a code in a reply is a row’s only with its own SMTP code', async (t) => {
  const dot = (reply: string) => politely({ ...GREETED, '.': reply })
  const right = await openWorld(t, dot('451 4.3.0 100 temporary-app-error'))
  assert.equal((await run(right.world, '100')).state, 'seen')
  const wrong = await openWorld(t, dot('550 5.0.0 100 temporary-app-error'))
  assert.equal((await run(wrong.world, '100')).state, 'failed')
})
