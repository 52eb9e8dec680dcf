import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type BoundClient, openSmppDoor } from '../../../test/support/smpp-door.ts'
import { printStatus } from '../../codecs/smpp/command-status.ts'
import { createSubmitSm, NO_ADDRESS } from '../../codecs/smpp/create-body.ts'
import type { CancelSm, QuerySm, ReplaceSm } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import { DEMO_ESME_SENDER } from '../../simulator/smpp-accounts.ts'
import type { MessageRequest } from '../../transports/smpp/handler.ts'

const SOURCE = { ton: 1, npi: 1, addr: DEMO_ESME_SENDER }
const HANDSET = { ton: 1, npi: 1, addr: '15550100123' }
/** Long after every test. */
const LATER = '000100000000000R'

const scheduled = createSubmitSm({
  source: SOURCE,
  destination: HANDSET,
  shortMessage: Buffer.from('Ring at noon'),
  scheduleDeliveryTime: LATER,
  registeredDelivery: 1,
})
const queryOf = (messageId: string, source = SOURCE): QuerySm => ({
  ...{ command: 'query_sm', messageId, source, tlvs: NO_TLVS },
})
const cancelOf = (messageId: string, more: Partial<CancelSm> = {}): CancelSm => ({
  ...{ command: 'cancel_sm', serviceType: '', messageId, source: SOURCE },
  ...{ destination: NO_ADDRESS, tlvs: NO_TLVS, ...more },
})
const replaceOf = (messageId: string, more: Partial<ReplaceSm> = {}): ReplaceSm => ({
  ...{ command: 'replace_sm', messageId, source: SOURCE, scheduleDeliveryTime: '' },
  ...{ validityPeriod: '', registeredDelivery: 1, smDefaultMsgId: 0, tlvs: NO_TLVS },
  shortMessage: Buffer.from('Ring at one'),
  ...more,
})

async function open(t: TestContext) {
  const door = await openSmppDoor()
  t.after(() => door.close())
  return { door, client: await door.bind() }
}

async function ask({ session }: BoundClient, body: MessageRequest) {
  const reply = await session.request(body)
  if (reply.kind !== 'answered') throw new Error(JSON.stringify(reply))
  const { response } = reply
  return {
    status: printStatus(reply.commandStatus),
    id: 'messageId' in response ? response.messageId : '',
    state: 'messageState' in response ? response.messageState : undefined,
    finalDate: 'finalDate' in response ? response.finalDate : undefined,
  }
}

test('a query tells the state, and the moment of the end', async (t) => {
  const { client } = await open(t)
  const waiting = await ask(client, scheduled)
  assert.deepEqual(await ask(client, queryOf(waiting.id)), {
    ...{ status: 'ESME_ROK', id: waiting.id, state: 1, finalDate: '' },
  })
  const done = await ask(client, { ...scheduled, scheduleDeliveryTime: '' })
  await client.inbox.next('the receipt')
  const ended = await ask(client, queryOf(done.id))
  assert.equal(ended.state, 2)
  assert.match(ended.finalDate ?? '', /^260101\d{6}\d00\+$/)
})

test('a part that waits can be asked for, and is on its way', async (t) => {
  const { client } = await open(t)
  const shortMessage = Uint8Array.of(5, 0, 3, 1, 2, 1, 65)
  const { id } = await ask(client, { ...scheduled, esmClass: 0x40, shortMessage })
  assert.equal((await ask(client, queryOf(id))).state, 1)
})

test('nobody is told of messages that are not its own', async (t) => {
  const { door, client } = await open(t)
  const { id } = await ask(client, scheduled)
  const other = await door.bind({ systemId: 'bandwidth-306' })
  assert.equal((await ask(other, queryOf(id))).status, 'ESME_RINVMSGID')
  assert.equal((await ask(other, cancelOf(id))).status, 'ESME_RINVMSGID')
  assert.equal((await ask(client, queryOf(id, HANDSET))).status, 'ESME_RQUERYFAIL')
  for (const strange of ['', '1', 'ffffffffffffffffff', '179000000000000099']) {
    assert.equal((await ask(client, queryOf(strange))).status, 'ESME_RINVMSGID', strange)
  }
})

test('what waits can be withdrawn, by its id or between two addresses', async (t) => {
  const { door, client } = await open(t)
  const { id } = await ask(client, scheduled)
  assert.equal((await ask(client, cancelOf(id))).status, 'ESME_ROK')
  assert.equal((await ask(client, queryOf(id))).state, 4)
  const second = await ask(client, scheduled)
  const between = cancelOf('', { destination: HANDSET })
  assert.equal((await ask(client, between)).status, 'ESME_ROK')
  assert.equal((await ask(client, queryOf(second.id))).state, 4)
  assert.equal((await ask(client, between)).status, 'ESME_RCANCELFAIL')
  const sent = await ask(client, { ...scheduled, scheduleDeliveryTime: '' })
  await client.inbox.next('the receipt')
  assert.equal((await ask(client, cancelOf(sent.id))).status, 'ESME_RCANCELFAIL')
  assert.equal(door.attempts.length, 1)
})

test('what waits can be replaced, in the alphabet it had', async (t) => {
  const { door, client } = await open(t)
  const { id } = await ask(client, scheduled)
  const soon = replaceOf(id, { scheduleDeliveryTime: '000000000001000R' })
  assert.equal((await ask(client, soon)).status, 'ESME_ROK')
  await door.clock.advance(1000)
  await client.inbox.next('the receipt')
  const [attempt] = door.attempts
  assert.equal(Buffer.from(attempt?.content.inline ?? []).toString(), 'Ring at one')
  assert.equal((await ask(client, soon)).status, 'ESME_ROK', 'a repetition')
  const other = replaceOf(id, { shortMessage: Buffer.from('Too late') })
  assert.equal((await ask(client, other)).status, 'ESME_RREPLACEFAIL')
  assert.equal(
    (await ask(client, replaceOf(id, { validityPeriod: 'soon' }))).status,
    'ESME_RINVEXPIRY',
  )
})
