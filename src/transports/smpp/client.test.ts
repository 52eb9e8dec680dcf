import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import {
  createDeliverSm,
  createPlain,
  createResponse,
  createSubmitSm,
} from '../../codecs/smpp/create-body.ts'
import type { AlertNotification } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import { connectSmpp } from './client.ts'
import type { SmppClientOptions, SmppConnected } from './client-options.ts'
import { createManualClock } from './testing/manual-clock.ts'
import { bindTo, openWorld, yes } from './testing/open-world.ts'
import { openRawCentre, type RawPeer } from './testing/raw-peer.ts'

const destination = { ton: 1, npi: 1, addr: '15550100123' }
const SUBMIT = createSubmitSm({ destination })

interface AtCentre {
  readonly connected: Promise<SmppConnected>
  readonly centre: RawPeer
  readonly bindNumber: number
}

/** A client that has sent its bind to a centre that has not answered. */
async function atCentre(
  t: TestContext,
  options: Partial<SmppClientOptions> = {},
): Promise<AtCentre> {
  const raw = await openRawCentre()
  t.after(() => raw.close())
  const connected = connectSmpp({
    host: '127.0.0.1',
    port: raw.port,
    bindAs: 'transceiver',
    systemId: 'client',
    password: 'secret',
    handler: { request: (body) => yes(body) },
    ...options,
  })
  const centre = await raw.accept()
  const { sequenceNumber } = await centre.next()
  return { connected, centre, bindNumber: sequenceNumber }
}

for (const bindAs of ['transmitter', 'receiver', 'transceiver'] as const) {
  test(`a client binds as ${bindAs} and unbinds`, async (t) => {
    const world = await openWorld(t)
    const session = await bindTo(t, world.port, { bindAs })
    assert.equal(session.boundAs, bindAs)
    assert.equal(session.peerVersion, 0x34)
    assert.equal(world.bound[0]?.boundAs, bindAs)
    assert.equal((await session.unbind()).because, 'unbound')
    assert.equal((await world.ended()).because, 'unbound')
  })
}

test('messages go both ways over one session, many at a time', async (t) => {
  const world = await openWorld(t)
  const session = await bindTo(t, world.port)
  const [there] = world.bound
  const deliver = createDeliverSm({ destination, esmClass: 4 })
  const replies = await Promise.all([
    ...Array.from({ length: 40 }, () => session.request(SUBMIT)),
    ...Array.from({ length: 40 }, () => there?.request(deliver)),
  ])
  const ids = replies.map((reply) =>
    reply?.kind === 'answered' && 'messageId' in reply.response ? reply.response.messageId : '',
  )
  assert.equal(new Set(ids.slice(0, 40)).size, 40)
  assert.ok(ids.every((id) => id !== ''))
})

test('the type of an answer is that of the request’s response', async (t) => {
  const world = await openWorld(t)
  const session = await bindTo(t, world.port)
  const reply = await session.request(SUBMIT)
  assert.ok(reply.kind === 'answered' && reply.response.command === 'submit_sm_resp')
  const messageId: string = reply.response.messageId
  assert.equal(messageId, 'm1')
})

test('a centre that says no is a refusal with its status', async (t) => {
  const { connected, centre, bindNumber } = await atCentre(t)
  centre.send(createResponse('bind_transceiver'), bindNumber, 0x0e)
  assert.deepEqual(await connected, { kind: 'refused', commandStatus: 0x0e })
  await centre.untilClosed()
})

test('a centre that knows no transceivers may say so by a generic_nack', async (t) => {
  const { connected, centre, bindNumber } = await atCentre(t)
  centre.send(createPlain('generic_nack'), bindNumber, 0x03)
  assert.deepEqual(await connected, { kind: 'refused', commandStatus: 0x03 })
})

test('a generic_nack is never a yes', async (t) => {
  const { connected, centre, bindNumber } = await atCentre(t)
  centre.send(createPlain('generic_nack'), bindNumber, 0)
  assert.equal((await connected).kind, 'failed')
})

test('a centre that does not answer a bind is left', async (t) => {
  const clock = createManualClock()
  const { connected } = await atCentre(t, { clock })
  clock.advance(30_000)
  const result = await connected
  assert.ok(result.kind === 'failed' && result.phase === 'bind')
})

test('a centre that closes instead of answering is a failure', async (t) => {
  const { connected, centre } = await atCentre(t)
  centre.socket.destroy()
  const result = await connected
  assert.ok(result.kind === 'failed' && result.phase === 'bind')
})

test('a client that is told to give up gives up', async (t) => {
  const giving = new AbortController()
  const { connected } = await atCentre(t, { signal: giving.signal })
  giving.abort()
  assert.equal((await connected).kind, 'failed')
  const late = await connectSmpp({
    host: '127.0.0.1',
    port: 1,
    bindAs: 'receiver',
    systemId: 'a',
    password: 'b',
    handler: { request: (body) => yes(body) },
    signal: giving.signal,
  })
  assert.deepEqual(late, { kind: 'failed', phase: 'connect', detail: 'given up' })
})

test('nobody listening is a failure to connect', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  server.close()
  await once(server, 'close')
  const result = await connectSmpp({
    host: '127.0.0.1',
    port: address.port,
    bindAs: 'receiver',
    systemId: 'a',
    password: 'b',
    handler: { request: (body) => yes(body) },
  })
  assert.ok(result.kind === 'failed' && result.phase === 'connect')
  assert.match(result.detail, /ECONNREFUSED/)
})

test('a password that fits no bind is not sent short', async (t) => {
  const raw = await openRawCentre()
  t.after(() => raw.close())
  const result = await connectSmpp({
    host: '127.0.0.1',
    port: raw.port,
    bindAs: 'receiver',
    systemId: 'a',
    password: 'b'.repeat(65),
    handler: { request: (body) => yes(body) },
  })
  assert.ok(result.kind === 'failed' && /password/.test(result.detail))
})

test('a client hears alerts, answers deliveries and refuses what only it may send', async (t) => {
  const alerts: AlertNotification[] = []
  const { connected, centre, bindNumber } = await atCentre(t, {
    handler: { request: (body) => yes(body, ''), alert: (body) => void alerts.push(body) },
  })
  centre.send(createResponse('bind_transceiver'), bindNumber)
  const result = await connected
  assert.ok(result.kind === 'bound')
  assert.equal(result.session.peerVersion, undefined)
  centre.send(
    { command: 'alert_notification', source: destination, esme: destination, tlvs: NO_TLVS },
    5,
  )
  centre.send(createDeliverSm({ destination }), 6)
  assert.equal(await centre.said(), 'deliver_sm_resp:6:ESME_ROK')
  centre.send(SUBMIT, 7)
  assert.equal(await centre.said(), 'submit_sm_resp:7:ESME_RINVBNDSTS')
  assert.deepEqual(alerts[0]?.source, destination)
})

test('a client that is unbinding asks the centre to come back with a delivery', async (t) => {
  const { connected, centre, bindNumber } = await atCentre(t)
  centre.send(createResponse('bind_transceiver'), bindNumber)
  const result = await connected
  assert.ok(result.kind === 'bound')
  void result.session.request(SUBMIT)
  await centre.next()
  const closed = result.session.unbind()
  centre.send(createDeliverSm({ destination }), 6)
  assert.equal(await centre.said(), 'deliver_sm_resp:6:ESME_RX_T_APPN')
  centre.socket.destroy()
  assert.equal((await closed).because, 'peer-closed')
})

test('the end of a session is told once, to the handler and to whoever waits', async (t) => {
  const ends: string[] = []
  const { connected, centre, bindNumber } = await atCentre(t, {
    handler: {
      request: (body) => yes(body),
      bound: () => void ends.push('bound'),
      closed: (_session, { because }) => void ends.push(because),
    },
  })
  centre.send(createResponse('bind_transceiver'), bindNumber)
  const result = await connected
  assert.ok(result.kind === 'bound')
  centre.socket.end()
  assert.equal((await result.session.closed).because, 'peer-closed')
  result.session.hangUp()
  assert.deepEqual(ends, ['bound', 'peer-closed'])
})
