import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { COMMAND_STATUS } from '../../src/codecs/smpp/command-status.ts'
import { createSubmitSm } from '../../src/codecs/smpp/create-body.ts'
import { type ForeignPdu, foreignSmpp } from '../../src/codecs/smpp/testing/foreign-smpp.ts'
import { DEMO_ESME, DEMO_ESME_SENDER } from '../../src/simulator/smpp-accounts.ts'
import { until } from '../support/inbox.ts'
import { type BoundClient, bindTo } from '../support/smpp-door.ts'
import { startGateway, type WorldOptions } from '../support/start-gateway.ts'

const SANDBOX: WorldOptions = { flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 } }
const HANDSET = '15550100123'

const pdu = (shortMessage: Uint8Array, esmClass = 0) =>
  createSubmitSm({
    source: { ton: 1, npi: 1, addr: DEMO_ESME_SENDER },
    destination: { ton: 1, npi: 1, addr: HANDSET },
    registeredDelivery: 1,
    esmClass,
    shortMessage,
  })

const part = (sequence: number, words: string) =>
  pdu(Buffer.concat([Uint8Array.of(5, 0, 3, 7, 2, sequence), Buffer.from(words)]), 0x40)

async function submit({ session }: BoundClient, body: ReturnType<typeof pdu>): Promise<string> {
  const reply = await session.request(body)
  assert.ok(reply.kind === 'answered', JSON.stringify(reply))
  assert.equal(reply.commandStatus, COMMAND_STATUS.ESME_ROK)
  return 'messageId' in reply.response ? reply.response.messageId : ''
}

function dataFolder(t: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), 'carillon-smpp-'))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  return data
}

test('a client that is not ours binds, submits, and gets its receipt', async (t) => {
  const { ports } = await startGateway(t, SANDBOX)
  const session = foreignSmpp.connect({ url: `smpp://127.0.0.1:${ports.smpp}` })
  t.after(() => session.destroy())
  const ask = (command: string, fields: Record<string, unknown>) =>
    new Promise<ForeignPdu>((resolve) => {
      session.send(new foreignSmpp.PDU(command, fields), resolve)
    })
  const bound = await ask('bind_transceiver', { system_id: DEMO_ESME, password: 'demo' })
  assert.equal(bound.command_status, 0)
  const receipt = new Promise<ForeignPdu>((resolve) => {
    session.on('deliver_sm', (delivered: ForeignPdu) => {
      session.send(delivered.response())
      resolve(delivered)
    })
  })
  const taken = await ask('submit_sm', {
    source_addr: DEMO_ESME_SENDER,
    source_addr_ton: 1,
    source_addr_npi: 1,
    destination_addr: HANDSET,
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    registered_delivery: 1,
    short_message: 'Ding @ dong €5',
  })
  assert.equal(taken.command_status, 0)
  const told = await receipt
  assert.equal(told.esm_class, 4)
  const { message } = told.short_message as { readonly message: string }
  assert.match(
    message,
    new RegExp(`^id:${taken.message_id} sub:001 dlvrd:001 .* stat:DELIVRD err:000`),
  )
  assert.equal(told.receipted_message_id, taken.message_id)
  assert.equal((await ask('unbind', {})).command_status, 0)
})

test('a set of parts outlives a restart in its middle, and so do receipts nobody took', async (t) => {
  const data = dataFolder(t)
  const first = await startGateway(t, { ...SANDBOX, data })
  const before = await bindTo(first.ports.smpp, { as: 'transmitter' })
  const whole = await submit(before, pdu(Buffer.from('Alone')))
  await until('the end of the message', async () => {
    const { deliveries } = await first.trace(whole)
    return deliveries[0]?.state === 'delivered'
  })
  const one = await submit(before, part(1, 'Half '))
  await before.close()
  await first.gateway.close(1000)

  const second = await startGateway(t, { ...SANDBOX, data })
  const after = await bindTo(second.ports.smpp)
  const told = await after.inbox.next('the receipt from before')
  assert.equal(told.tlvs.receiptedMessageId, whole)
  assert.equal(await submit(after, part(1, 'Half ')), one, 'a repetition is known')
  const two = await submit(after, part(2, 'and half'))
  const receipts = [await after.inbox.next('one'), await after.inbox.next('the other')]
  assert.deepEqual(receipts.map(({ tlvs }) => tlvs.receiptedMessageId).sort(), [one, two].sort())
  const story = await second.trace(two)
  assert.equal(story.message.id, one)
  await after.close()
})

test('parts whose others never come end as 231, though the gateway was down at the time', async (t) => {
  const data = dataFolder(t)
  const flags = { ...SANDBOX.flags, 'engine.partsWaitMs': 1000, 'engine.sweepIntervalMs': 50 }
  const first = await startGateway(t, { flags, data })
  const before = await bindTo(first.ports.smpp)
  const id = await submit(before, part(2, 'lost'))
  await before.close()
  await first.gateway.close(1000)
  const second = await startGateway(t, { flags, data })
  const after = await bindTo(second.ports.smpp)
  const { shortMessage } = await after.inbox.next('the receipt')
  const text = Buffer.from(shortMessage).toString('latin1')
  assert.match(text, new RegExp(`^id:${id} .* stat:UNDELIV err:231`))
  await after.close()
})

test('strangers on the port harm nobody', async (t) => {
  const { ports, fatal } = await startGateway(t, SANDBOX)
  const client = await bindTo(ports.smpp)
  const frames = [
    'GET / HTTP/1.1\r\nHost: gateway\r\n\r\n',
    Buffer.alloc(64, 0xff),
    Buffer.from('0000000f00000004', 'hex'),
    Buffer.from('00000010000000040000000000000001', 'hex'),
    Buffer.from('0000002000000009000000000000000141414141414141414141414141414141', 'hex'),
  ]
  for (const frame of frames) {
    const socket = connect(ports.smpp, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.end(frame)
    await closed
  }
  assert.match(await submit(client, pdu(Buffer.from('Still here'))), /^[0-9]{18}$/)
  assert.deepEqual(fatal, [])
  await client.close()
})

test('a stop lets clients go in order, and what was answered is kept', async (t) => {
  const data = dataFolder(t)
  const first = await startGateway(t, { ...SANDBOX, data })
  const client = await bindTo(first.ports.smpp)
  const ids: string[] = []
  const flood = (async () => {
    while (client.session.open) {
      const reply = await client.session.request(pdu(Buffer.from('More')))
      if (reply.kind === 'answered' && reply.commandStatus === 0 && 'messageId' in reply.response) {
        ids.push(reply.response.messageId)
      }
    }
  })()
  await until('some messages', () => ids.length > 20)
  await first.gateway.close(2000)
  await flood
  assert.equal((await client.session.closed).because, 'unbound')
  const second = await startGateway(t, { ...SANDBOX, data })
  for (const id of ids.slice(-5)) assert.equal((await second.trace(id)).message.id, id)
})
