/** What a client is told beyond a status: the dialect's own row, and that its message was taken. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../test/support/inbox.ts'
import { openSmppDoor } from '../../../test/support/smpp-door.ts'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import { createSubmitSm } from '../../codecs/smpp/create-body.ts'
import type { SmppTlvs } from '../../codecs/smpp/tlv-table.ts'
import { parseReceipt } from '../../codecs/sms/receipt.ts'
import { DEMO_ESME, DEMO_ESME_SENDER } from '../../simulator/smpp-accounts.ts'
import { connectSmpp } from '../../transports/smpp/client.ts'

const SOURCE = { ton: 1, npi: 1, addr: DEMO_ESME_SENDER }
const HANDSET = { ton: 1, npi: 1, addr: '15550100123' }
const SENT_TO_ITSELF = createSubmitSm({ source: SOURCE, destination: SOURCE })

/** The response to a message for its own sender, to a client of this version. */
async function refusedAs(t: TestContext, interfaceVersion: number) {
  const door = await openSmppDoor()
  t.after(() => door.close())
  const bound = await connectSmpp({
    host: '127.0.0.1',
    port: door.port,
    bindAs: 'transceiver',
    systemId: DEMO_ESME,
    password: 'demo',
    interfaceVersion,
    handler: { request: () => ({ commandStatus: 0 }) },
  })
  assert.ok(bound.kind === 'bound')
  const reply = await bound.session.request(SENT_TO_ITSELF)
  bound.session.hangUp()
  assert.ok(reply.kind === 'answered')
  const tlvs: SmppTlvs = reply.response.tlvs
  return { status: reply.commandStatus, text: tlvs.additionalStatusInfoText }
}

test('a client of version 5.0 reads the row of its dialect in a refusal', async (t) => {
  const { status, text } = await refusedAs(t, 0x50)
  assert.notEqual(status, COMMAND_STATUS.ESME_ROK)
  assert.equal(text, '401 rejected-loop-detected')
})

test('one of version 3.4 reads a status and no body', async (t) => {
  const { status, text } = await refusedAs(t, 0x34)
  assert.notEqual(status, COMMAND_STATUS.ESME_ROK)
  assert.equal(text, undefined)
})

/** Receipts of every end, and of what comes before it. */
const EVERYTHING = 0x11

test('a yes that met no client stands in the history, and is a receipt at the next bind', async (t) => {
  const door = await openSmppDoor()
  t.after(() => door.close())
  const first = await door.bind()
  const reply = await first.session.request(
    createSubmitSm({
      source: SOURCE,
      destination: HANDSET,
      shortMessage: Buffer.from('Ring the bell'),
      registeredDelivery: EVERYTHING,
      scheduleDeliveryTime: '000000010000000R',
    }),
  )
  assert.ok(reply.kind === 'answered' && 'messageId' in reply.response)
  const { messageId } = reply.response
  const tellings = async () => {
    const story = await door.store.read({ query: 'message', messageId })
    return (story?.events ?? []).flatMap((event) => (event.type === 'client-told' ? [event] : []))
  }
  await until('the receipt that it waits', async () => (await tellings()).length > 0)
  await first.close()
  await door.engine.answerLost(messageId)
  const told = (await tellings()).find(({ notice }) => notice === 'accepted')
  assert.equal(
    told !== undefined && 'reason' in told.outcome && told.outcome.reason,
    'session-gone',
  )
  const again = await door.bind()
  const receipt = await again.inbox.next('the receipt', ({ shortMessage }) =>
    Buffer.from(shortMessage).toString().includes('err:111'),
  )
  const { id, stat } = parseReceipt(Buffer.from(receipt.shortMessage).toString()) ?? {}
  assert.deepEqual([id, stat], [messageId, 'ENROUTE'])
})

test('of an id that is no message’s nothing is said', async (t) => {
  const door = await openSmppDoor()
  t.after(() => door.close())
  await door.engine.answerLost('100000000000000000')
  assert.deepEqual(door.alarms, [])
})
