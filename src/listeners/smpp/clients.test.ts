import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../test/support/inbox.ts'
import {
  openSmppDoor,
  type SmppDoor,
  type SmppDoorOptions,
  sandboxDirectory,
} from '../../../test/support/smpp-door.ts'
import { createSubmitSm } from '../../codecs/smpp/create-body.ts'
import type { DeliverSm } from '../../codecs/smpp/pdu.ts'
import type { SmppAccess } from '../../core/directory.ts'
import type { Submission } from '../../core/message.ts'
import { DEMO_ESME, DEMO_ESME_SENDER } from '../../simulator/smpp-accounts.ts'
import type { SmppSession } from '../../transports/smpp/handler.ts'
import { textContent } from './content.ts'

const SOURCE = { ton: 1, npi: 1, addr: DEMO_ESME_SENDER }
const HANDSET = { ton: 1, npi: 1, addr: '15550100123' }
const MESSAGE = createSubmitSm({
  source: SOURCE,
  destination: HANDSET,
  shortMessage: Buffer.from('Ring'),
  registeredDelivery: 1,
})

async function open(t: TestContext, options: SmppDoorOptions = {}): Promise<SmppDoor> {
  const door = await openSmppDoor(options)
  t.after(() => door.close())
  return door
}

function withAccess(change: Partial<SmppAccess>): SmppDoorOptions {
  const changed = sandboxDirectory((account) =>
    account.id === DEMO_ESME && account.smpp !== undefined
      ? { ...account, smpp: { ...account.smpp, ...change } }
      : account,
  )
  return { directory: () => changed }
}

/** A message from a handset to the account's number. */
function fromHandset(words: string): Submission {
  return {
    accountId: DEMO_ESME,
    direction: 'mo',
    channel: 'sms',
    dialect: 'bandwidth',
    envelope: {
      sender: { kind: 'number', text: HANDSET.addr },
      messageClass: 'personal',
      priority: 'normal',
      senderVisible: true,
      adaptationAllowed: false,
      deliveryReports: false,
      readReports: false,
      sms: { alphabet: 'gsm7' },
    },
    recipients: [{ kind: 'number', text: DEMO_ESME_SENDER }],
    content: textContent(words),
  }
}

async function submit(session: SmppSession): Promise<string> {
  const reply = await session.request(MESSAGE)
  assert.ok(reply.kind === 'answered' && reply.commandStatus === 0)
  return 'messageId' in reply.response ? reply.response.messageId : ''
}

const words = ({ shortMessage }: DeliverSm) => Buffer.from(shortMessage).toString('latin1')

// biome-ignore format: a table
const binds: readonly (readonly [string, object, Partial<SmppAccess>, number])[] = [
  ['an unknown system_id', { systemId: 'nobody' }, {}, 0x0f],
  ['a wrong password', { password: 'wrong' }, {}, 0x0e],
  ['a disabled account', {}, { enabled: false }, 0x0f],
  ['another address', {}, { allowAddresses: ['192.0.2.1'] }, 0x0d],
  ['a line in clear where TLS is demanded', {}, { tlsRequired: true }, 0x0d],
  ['a way it may not bind', { as: 'receiver' }, { binds: ['transmitter'] }, 0x0d],
  ['another system_type', {}, { systemType: 'SMPP' }, 0x53],
]

for (const [what, wish, access, commandStatus] of binds) {
  test(`${what} is refused with its status`, async (t) => {
    const door = await open(t, withAccess(access))
    await assert.rejects(door.bind(wish), {
      message: JSON.stringify({ kind: 'refused', commandStatus }),
    })
  })
}

test('an account binds as often as it may, and again when a session ended', async (t) => {
  const door = await open(t, withAccess({ sessionsMax: 2 }))
  const first = await door.bind()
  await door.bind({ as: 'transmitter' })
  await assert.rejects(door.bind(), /"commandStatus":13/)
  await first.close()
  await until('the place to be free', () => door.bind().catch(() => undefined))
})

test('an account that is switched off is let go in order', async (t) => {
  let enabled = true
  const on = withAccess({}).directory?.()
  const off = withAccess({ enabled: false }).directory?.()
  const directory = () => (enabled ? on : off) ?? sandboxDirectory()
  const door = await open(t, { directory })
  const client = await door.bind()
  enabled = false
  const reply = await client.session.request(MESSAGE)
  assert.equal(reply.kind === 'answered' && reply.commandStatus, 0x15)
  door.clients.review(() => false)
  assert.equal((await client.session.closed).because, 'unbound')
})

test('receipts wait while nobody is bound to take them, and go when somebody is', async (t) => {
  const door = await open(t)
  const sender = await door.bind({ as: 'transmitter' })
  const id = await submit(sender.session)
  await door.clock.advance(86_400_000)
  const { notices } = (await door.store.read({ query: 'message', messageId: id })) ?? {
    notices: [],
  }
  assert.deepEqual(
    notices.map(({ attempts, parked }) => [attempts, parked]),
    [[0, false]],
  )
  const receiver = await door.bind({ as: 'receiver' })
  const receipt = await receiver.inbox.next('the receipt')
  assert.equal(receipt.tlvs.receiptedMessageId, id)
  assert.equal(sender.inbox.all.length, 0)
})

test('a receipt the client cannot take now comes again, one it drops is set aside', async (t) => {
  const door = await open(t)
  const statuses = [0x64, 0]
  const client = await door.bind({ answers: () => statuses.shift() ?? 0x66 })
  await submit(client.session)
  await client.inbox.next('the first time')
  // Time moves once the answer has come through the socket.
  await until('the second time', async () => {
    await door.clock.advance(3000)
    return client.inbox.left > 0
  })
  const again = await client.inbox.next('the second time')
  assert.equal(again.esmClass, 0x04)
  const dropped = await submit(client.session)
  await client.inbox.next('the other receipt')
  const parked = await until('the notice to be set aside', async () => {
    const [notice] = await door.store.read({ query: 'parked-notices', limit: 9 })
    return notice
  })
  assert.equal(parked.notice.messageId, dropped)
})

test('two sessions share the receipts, and a slow account slows no other', async (t) => {
  const door = await open(t)
  const one = await door.bind()
  const two = await door.bind()
  await Promise.all(Array.from({ length: 40 }, () => submit(one.session)))
  await until('all receipts', () => one.inbox.all.length + two.inbox.all.length === 40)
  assert.ok(one.inbox.all.length >= 10, `${one.inbox.all.length} of 40`)
  assert.ok(two.inbox.all.length >= 10, `${two.inbox.all.length} of 40`)
})

test('a message from a handset comes as deliver_sm, in parts where it is long', async (t) => {
  const door = await open(t)
  await door.engine.accept(fromHandset('Who rings?'))
  const long = 'ding dong '.repeat(20)
  const client = await door.bind()
  const short = await client.inbox.next('the message')
  assert.equal(words(short), 'Who rings?')
  assert.equal(short.esmClass, 0)
  assert.deepEqual([short.source, short.destination], [HANDSET, SOURCE])
  await door.engine.accept(fromHandset(long))
  const parts = [await client.inbox.next('part 1'), await client.inbox.next('part 2')]
  assert.deepEqual(
    parts.map(({ esmClass }) => esmClass),
    [0x40, 0x40],
  )
  assert.equal(parts.map((each) => words(each).slice(6)).join(''), long)
  await door.engine.accept(fromHandset('Здравствуй'))
  const cyrillic = await client.inbox.next('the Cyrillic one')
  assert.equal(cyrillic.dataCoding, 8)
  assert.equal(Buffer.from(cyrillic.shortMessage).swap16().toString('utf16le'), 'Здравствуй')
  assert.deepEqual(door.alarms, [])
})

test('what is over the pace is throttled, and a closed gate says why', async (t) => {
  const door = await open(t, withAccess({ perSecond: 1 }))
  const { session } = await door.bind()
  const statuses = []
  for (let count = 0; count < 3; count += 1) {
    const reply = await session.request(MESSAGE)
    statuses.push(reply.kind === 'answered' ? reply.commandStatus : reply.kind)
    // The receipts' lanes need their turns.
    await door.clock.drain()
  }
  assert.deepEqual(statuses, [0, 0x58, 0x58])
  assert.deepEqual(door.refusals, ['211', '211'])
  await door.clock.advance(5000)
  door.admission.storeFull(true)
  const full = await session.request(MESSAGE)
  assert.equal(full.kind === 'answered' && full.commandStatus, 0x14)
  door.admission.drain()
  await door.clock.advance(5000)
  const draining = await session.request(MESSAGE)
  assert.equal(draining.kind === 'answered' && draining.commandStatus, 0x08)
  await assert.rejects(door.bind(), /"commandStatus":8/)
})

test('a client that reuses its reference is given the first id again, if it may', async (t) => {
  const door = await open(t, withAccess({ repeatsByReference: true }))
  const { session } = await door.bind()
  const send = async (userMessageReference: number, shortMessage = MESSAGE.shortMessage) => {
    const reply = await session.request({
      ...MESSAGE,
      shortMessage,
      tlvs: { userMessageReference },
    })
    return reply.kind === 'answered' && 'messageId' in reply.response
      ? reply.response.messageId
      : reply.kind
  }
  const first = await send(5)
  assert.equal(await send(5), first)
  assert.notEqual(await send(6), first)
  assert.notEqual(await send(5, Buffer.from('Other')), first)
})
