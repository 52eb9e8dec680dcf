/**
 * Message centres that are not ours, reached by our connector. Kannel cannot play one, but its
 * package has `drive_smpp`, a bare centre without ids and receipts; the npm package `smpp` has both.
 */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { type TestContext, test } from 'node:test'
import { createSubmitSm } from '../../src/codecs/smpp/create-body.ts'
import {
  type ForeignPdu,
  type ForeignSession,
  foreignSmpp,
} from '../../src/codecs/smpp/testing/foreign-smpp.ts'
import { DEMO_ESME_SENDER } from '../../src/simulator/smpp-accounts.ts'
import { startEsmeWorld } from '../support/esme-world.ts'
import { reservePort } from '../support/gateway-process.ts'
import { until } from '../support/inbox.ts'
import { missing, startPeer } from '../support/peer-process.ts'
import { type BoundClient, bindTo } from '../support/smpp-door.ts'

const HANDSET = '15550100123'

async function submit({ session }: BoundClient, text: string): Promise<string> {
  const reply = await session.request(
    createSubmitSm({
      source: { ton: 1, npi: 1, addr: DEMO_ESME_SENDER },
      destination: { ton: 1, npi: 1, addr: HANDSET },
      registeredDelivery: 1,
      shortMessage: Buffer.from(text),
    }),
  )
  assert.ok(reply.kind === 'answered' && reply.commandStatus === 0, JSON.stringify(reply))
  return 'messageId' in reply.response ? reply.response.messageId : ''
}

test('drive_smpp of Kannel takes what we send, and what it sends arrives', {
  skip: missing('drive_smpp'),
}, async (t) => {
  const port = await reservePort()
  const centre = startPeer('drive_smpp', ['-v', '0', '-p', String(port), '-m', '3'], tmpdir())
  t.after(() => centre.stop())
  // It writes to this number as soon as somebody binds as receiver.
  const sms = { port, bindAs: 'pair', binds: 1, sendsReports: false } as const
  await until('the centre to start', () => /accept_thread/.test(centre.said()))
  const world = await startEsmeWorld(t, sms, ['123'])
  const client = await bindTo(world.ports.smpp)
  t.after(() => client.close())
  const ids: string[] = []
  for (const text of ['Ding', 'Dong']) ids.push(await submit(client, text))
  await until('both', () => /message = <Dong>/.test(centre.said()))
  assert.match(centre.said(), /message = <Ding>/)
  // It gives no ids and sends no receipts: that it took them is all that is ever known.
  for (const id of ids) await world.settled(id, 'forwarded')
  for (const text of ['1', '2', '3']) {
    await client.inbox.next(
      text,
      ({ shortMessage }) => Buffer.from(shortMessage).toString() === text,
    )
  }
})

/** A centre of others: ids in hexadecimal, receipts in decimal, as many do. */
async function openForeignCentre(t: TestContext, seen: ForeignPdu[]): Promise<number> {
  let lastId = 0xab00
  const server = foreignSmpp.createServer({}, (session: ForeignSession) => {
    session.on('error', () => undefined)
    for (const command of ['bind_transceiver', 'enquire_link', 'unbind']) {
      session.on(command, (pdu: ForeignPdu) => session.send(pdu.response()))
    }
    session.on('submit_sm', (pdu: ForeignPdu) => {
      lastId += 1
      const id = lastId
      seen.push(pdu)
      session.send(pdu.response({ message_id: id.toString(16).toUpperCase() }))
      session.send(
        new foreignSmpp.PDU('deliver_sm', {
          source_addr: pdu.destination_addr,
          destination_addr: pdu.source_addr,
          esm_class: 4,
          short_message: `id:${id} sub:001 dlvrd:001 submit date:2611211000 done date:2611211001 stat:DELIVRD err:000 text:`,
        }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

test('the npm package takes a text from us, and its receipt in another spelling of the id ends it', async (t) => {
  const seen: ForeignPdu[] = []
  const port = await openForeignCentre(t, seen)
  const world = await startEsmeWorld(t, { port })
  const client = await bindTo(world.ports.smpp)
  t.after(() => client.close())
  const id = await submit(client, 'Ding @ dong')
  const { tlvs } = await client.inbox.next('the receipt')
  assert.equal(tlvs.receiptedMessageId, id)
  assert.equal(tlvs.messageState, 2)
  assert.deepEqual(
    seen.map(({ short_message: text }) => (text as { readonly message: string }).message),
    ['Ding ¡ dong'],
  )
})
