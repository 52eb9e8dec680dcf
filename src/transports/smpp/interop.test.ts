/** A well-known implementation as the other end: as client of ours, and as our centre. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { CERTIFICATE, KEY } from '../../../test/support/certificate.ts'
import { createDeliverSm, createSubmitSm } from '../../codecs/smpp/create-body.ts'
import {
  type ForeignPdu,
  type ForeignSession,
  foreignSmpp,
} from '../../codecs/smpp/testing/foreign-smpp.ts'
import { bindTo, openWorld } from './testing/open-world.ts'

const destination = { ton: 1, npi: 1, addr: '15550100123' }

function ask(session: ForeignSession, command: string, fields: Record<string, unknown>) {
  return new Promise<ForeignPdu>((resolve) => {
    session.send(new foreignSmpp.PDU(command, fields), resolve)
  })
}

async function connectForeign(
  t: TestContext,
  options: Record<string, unknown>,
): Promise<ForeignSession> {
  const session = await new Promise<ForeignSession>((resolve) => {
    const opened = foreignSmpp.connect({ host: '127.0.0.1', ...options }, () => resolve(opened))
    opened.on('error', () => undefined)
  })
  t.after(() => session.destroy())
  return session
}

for (const secured of [false, true]) {
  test(`the npm package is a client of ours ${secured ? 'over TLS' : 'in clear'}`, async (t) => {
    const tls = { options: { cert: CERTIFICATE, key: KEY } }
    const world = await openWorld(t, secured ? { tls } : {})
    const client = await connectForeign(t, {
      port: world.port,
      tls: secured,
      rejectUnauthorized: false,
    })
    const bound = await ask(client, 'bind_transceiver', { system_id: 'them', password: 'x' })
    assert.equal(bound.command_status, 0)
    assert.equal(bound.system_id, 'carillon')

    const submitted = await ask(client, 'submit_sm', {
      destination_addr: '15550100123',
      short_message: 'hello',
      registered_delivery: 1,
    })
    assert.equal(submitted.command, 'submit_sm_resp')
    assert.equal(submitted.message_id, 'm1')
    const [request] = world.requests
    assert.ok(request?.command === 'submit_sm')
    assert.equal(Buffer.from(request.shortMessage).toString(), 'hello')

    client.on('deliver_sm', (pdu: ForeignPdu) => client.send(pdu.response()))
    const receipt = createDeliverSm({
      destination,
      esmClass: 4,
      shortMessage: Buffer.from('id:m1 stat:DELIVRD'),
      tlvs: { receiptedMessageId: 'm1', messageState: 2 },
    })
    const reply = await world.bound[0]?.request(receipt)
    assert.ok(reply?.kind === 'answered' && reply.commandStatus === 0)

    assert.equal((await ask(client, 'enquire_link', {})).command_status, 0)
    assert.equal((await ask(client, 'unbind', {})).command, 'unbind_resp')
    assert.equal((await world.ended()).because, 'unbound')
  })
}

test('the npm package is refused by our server as the standard has it', async (t) => {
  const world = await openWorld(t, {}, { bind: () => ({ commandStatus: 0x0f }) })
  const client = await connectForeign(t, { port: world.port })
  const early = await ask(client, 'submit_sm', { destination_addr: '1' })
  assert.equal(early.command_status, 4)
  const bound = await ask(client, 'bind_receiver', { system_id: 'them', password: 'x' })
  assert.equal(bound.command_status, 0x0f)
})

test('the npm package is a message centre to our client', async (t) => {
  const sessions: ForeignSession[] = []
  const server = foreignSmpp.createServer({}, (session) => {
    sessions.push(session)
    session.on('error', () => undefined)
    session.on('bind_transceiver', (pdu: ForeignPdu) =>
      session.send(pdu.response({ system_id: 'them', command_status: 0 })),
    )
    session.on('submit_sm', (pdu: ForeignPdu) =>
      session.send(pdu.response({ message_id: `f-${pdu.sequence_number}` })),
    )
    session.on('enquire_link', (pdu: ForeignPdu) => session.send(pdu.response()))
    session.on('unbind', (pdu: ForeignPdu) => {
      session.send(pdu.response())
      session.close()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())

  const seen: string[] = []
  const session = await bindTo(t, (server.address() as AddressInfo).port, {
    handler: {
      request(body) {
        seen.push(body.command)
        return { commandStatus: 0 }
      },
    },
  })
  const replies = await Promise.all(
    Array.from({ length: 30 }, () =>
      session.request(createSubmitSm({ destination, shortMessage: Buffer.from('hi') })),
    ),
  )
  for (const reply of replies) {
    assert.ok(reply.kind === 'answered' && reply.response.command === 'submit_sm_resp')
    assert.equal(reply.response.messageId, `f-${reply.sequenceNumber}`)
  }
  const [there] = sessions
  assert.ok(there !== undefined)
  const delivered = await ask(there, 'deliver_sm', {
    source_addr: '15550100123',
    esm_class: 4,
    short_message: 'id:f-2 stat:DELIVRD',
  })
  assert.equal(delivered.command_status, 0)
  assert.deepEqual(seen, ['deliver_sm'])
  assert.equal((await session.unbind()).because, 'unbound')
})
