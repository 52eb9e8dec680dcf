/** Accounts with pass-through on: a submit is answered with what the carrier says first. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { hashKey } from '../../src/config/secret.ts'
import { exchange, ordinaryOperation, writeRequest } from '../support/mm7-client.ts'
import { startGateway, type World } from '../support/start-gateway.ts'
import { told } from '../support/vasp.ts'

const SANDBOX = {
  flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
  directory: () => ({ accounts: [], numbers: [], carriers: [], routes: [], blocks: [] }),
}

const WAITING = { passThrough: true, passThroughWaitMs: 10_000 } as const

function send(world: World, dialect: string, to: string) {
  const operation = ordinaryOperation(to, `${dialect}-passthrough`)
  const senderAddress = { kind: 'ShortCode', value: SENDERS[dialect] ?? '' } as const
  const senderIdentification = { ...operation.senderIdentification, senderAddress }
  return world.send({ path: `/mm7/${dialect}`, operation: { ...operation, senderIdentification } })
}

const SENDERS: Readonly<Record<string, string>> = {
  sinch: '12345',
  skycore: '12346',
  smsglobal: '12347',
}

const SINCH = ['2004', '3500', '4000', '4002', '4003', '4006', '4007'] as const
/** Number to answer: where 3GPP's table has no code of its own, the nearest. */
const SMSGLOBAL = { '2004': '2004', '4000': '4000', '4003': '3002', '4007': '4007' } as const

for (const [way, prefix] of [
  ['MM4', '9990'],
  ['MM7', '99980'],
] as const) {
  test(`what a carrier refuses over ${way} comes back as its own code in the answer`, async (t) => {
    const world = await startGateway(t, SANDBOX)
    const answersIn = (dialect: string) =>
      Promise.all(
        SINCH.map(async (code) => (await send(world, dialect, `${prefix}000${code}`)).code),
      )
    assert.deepEqual(await Promise.all(['sinch', 'skycore'].map(answersIn)), [SINCH, SINCH])
    for (const [asked, expected] of Object.entries(SMSGLOBAL)) {
      assert.equal((await send(world, 'smsglobal', `${prefix}000${asked}`)).code, expected)
    }
    assert.equal((await send(world, 'sinch', '15550100199')).code, '1000')
  })
}

test('a refusal that was answered is not reported, and is the answer to the repeated request', async (t) => {
  const world = await startGateway(t, { access: WAITING })
  world.carrier.script('15550300001', {
    response: 'Error-service-denied',
    responseAfterMs: 5,
    reports: [],
  })
  const draft = { transactionId: 'again' }
  const first = await world.send(draft, '15550300001')
  assert.deepEqual([first.code, first.messageId], ['4007', undefined])
  const second = await world.send(draft, '15550300001')
  assert.equal(second.code, '4007')
  // By the end of another message's story, a report of the first would be here.
  const id = await world.submit()
  await world.settled(id, 'delivered')
  assert.deepEqual(told(world.vasp), ['Forwarded', 'Retrieved'])
  const mails = world.carrier.mails.all.filter(
    ({ headers }) => headers.get('X-Mms-Message-Type') === 'MM4_forward.REQ',
  )
  assert.equal(mails.length, 2, 'one each, and none for the repetition')
})

test('a carrier that is busy is not asked again: the client is told, and may send again', async (t) => {
  const world = await startGateway(t, { access: WAITING })
  world.carrier.script('15550300002', {
    line: { at: 'rcpt', code: 452, text: '4.3.1 Queue full' },
    response: 'none',
    responseAfterMs: 5,
    reports: [],
  })
  const answer = await world.send({ transactionId: 'busy' }, '15550300002')
  assert.equal(answer.code, '4006')
  assert.match(answer.headers, /retry-after: 5/i)
  world.carrier.script('15550300002', { response: 'Ok', responseAfterMs: 5, reports: [] })
  const again = await world.send({ transactionId: 'busy' }, '15550300002')
  assert.equal(again.code, '1000', 'clients keep their TransactionID when they send again')
})

test('a client that hangs up before its carrier has spoken is told by a report', async (t) => {
  const world = await startGateway(t, {
    access: { ...WAITING, vaspIdHash: hashKey('demo-sinch-key') },
  })
  world.carrier.script('15550300005', {
    response: 'Error-service-denied',
    responseAfterMs: 500,
    reports: [],
  })
  const leaving = connect(world.ports.http, '127.0.0.1')
  leaving.on('error', () => undefined)
  leaving.write(writeRequest({}, '15550300005'))
  await world.carrier.next('MM4_forward.REQ')
  leaving.destroy()
  const { report } = await world.vasp.posts.next('a report')
  assert.equal(report?.mmStatus, 'Rejected')
})

test('a carrier that says nothing in time lets the client have its 1000', async (t) => {
  const world = await startGateway(t, { access: { ...WAITING, passThroughWaitMs: 100 } })
  world.carrier.script('15550300003', { response: 'none', responseAfterMs: 5, reports: [] })
  const answer = await world.send({}, '15550300003')
  assert.equal(answer.code, '1000')
  assert.notEqual(answer.messageId, undefined)
})

test('a message without a route is refused on the spot', async (t) => {
  const world = await startGateway(t, {
    access: WAITING,
    directory: (data) => ({ ...data, routes: [] }),
  })
  assert.equal((await world.send()).code, '3520')
  assert.deepEqual(told(world.vasp), [])
})

test('a gateway that stops lets nobody wait', async (t) => {
  const world = await startGateway(t, {
    access: { ...WAITING, vaspIdHash: hashKey('demo-sinch-key') },
  })
  world.carrier.script('15550300004', { response: 'none', responseAfterMs: 5, reports: [] })
  const answer = exchange(world.ports.http, writeRequest({}, '15550300004'))
  await world.carrier.next('MM4_forward.REQ')
  await world.gateway.close(10_000)
  assert.equal((await answer).code, '1000')
})
