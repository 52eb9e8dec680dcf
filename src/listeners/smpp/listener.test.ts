import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import {
  type BoundClient,
  openSmppDoor,
  type SmppDoor,
  type SmppDoorOptions,
} from '../../../test/support/smpp-door.ts'
import { COMMAND_STATUS, printStatus } from '../../codecs/smpp/command-status.ts'
import { createDataSm, createSubmitMulti, createSubmitSm } from '../../codecs/smpp/create-body.ts'
import { encodePdu } from '../../codecs/smpp/encode.ts'
import type { SubmitSm } from '../../codecs/smpp/pdu.ts'
import { parseReceipt } from '../../codecs/sms/receipt.ts'
import { DEMO_ESME_SENDER } from '../../simulator/smpp-accounts.ts'
import type { MessageRequest } from '../../transports/smpp/handler.ts'
import { statusOf } from './command-status.ts'

const S = COMMAND_STATUS
const SOURCE = { ton: 1, npi: 1, addr: DEMO_ESME_SENDER }
const HANDSET = { ton: 1, npi: 1, addr: '15550100123' }
const OTHER = { ton: 1, npi: 1, addr: '15550100124' }

async function open(t: TestContext, options: SmppDoorOptions = {}): Promise<SmppDoor> {
  const door = await openSmppDoor(options)
  t.after(() => door.close())
  return door
}

const text = (words: string) => Buffer.from(words, 'latin1')

function submitSm(more: Partial<SubmitSm> = {}): SubmitSm {
  return createSubmitSm({
    source: SOURCE,
    destination: HANDSET,
    shortMessage: text('Ring the bell'),
    registeredDelivery: 1,
    ...more,
  })
}

/** The status and the message id a request is answered with. */
async function ask({ session }: BoundClient, body: MessageRequest) {
  const reply = await session.request(body)
  if (reply.kind !== 'answered') throw new Error(JSON.stringify(reply))
  const { response } = reply
  const messageId = 'messageId' in response ? response.messageId : ''
  return { status: printStatus(reply.commandStatus), messageId, response }
}

async function taken(client: BoundClient, body: MessageRequest): Promise<string> {
  const { status, messageId } = await ask(client, body)
  assert.equal(status, 'ESME_ROK')
  assert.match(messageId, /^[0-9]{18}$/)
  return messageId
}

test('a message is kept, sent as text, and its receipt comes with text and parameters', async (t) => {
  const door = await open(t)
  const client = await door.bind()
  const id = await taken(client, submitSm({ tlvs: { userMessageReference: 77 } }))
  const receipt = await client.inbox.next('the receipt')
  const [attempt] = door.attempts
  assert.equal(Buffer.from(attempt?.content.inline ?? []).toString(), 'Ring the bell')
  assert.equal(attempt?.content.parts[0]?.contentType, 'text/plain; charset=utf-8')
  assert.deepEqual(attempt?.envelope.sms, { alphabet: 'gsm7', dataCoding: 0 })
  assert.equal(receipt.esmClass, 0x04)
  assert.deepEqual(receipt.source, HANDSET)
  assert.deepEqual(receipt.destination, SOURCE)
  const said = parseReceipt(Buffer.from(receipt.shortMessage).toString('latin1'))
  assert.equal(said?.id, id)
  assert.equal(said?.stat, 'DELIVRD')
  assert.equal(said?.err, '000')
  assert.equal(receipt.tlvs.receiptedMessageId, id)
  assert.equal(receipt.tlvs.messageState, 2)
  assert.equal(receipt.tlvs.userMessageReference, 77)
  assert.deepEqual(door.alarms, [])
})

test('a refusal by the carrier is a receipt with the dialect’s code', async (t) => {
  const play = () => ({ kind: 'rejected', reason: 'recipient-unknown' }) as const
  const client = await (await open(t, { play })).bind()
  await taken(client, submitSm())
  const receipt = await client.inbox.next('the receipt')
  const said = parseReceipt(Buffer.from(receipt.shortMessage).toString('latin1'))
  assert.deepEqual([said?.stat, said?.err, said?.dlvrd], ['UNDELIV', '720', '000'])
  assert.deepEqual(receipt.tlvs.networkErrorCode, { networkType: 3, errorCode: 720 })
})

test('a message in a session that is not bound is refused as what 111 stands for', async (t) => {
  const door = await open(t)
  const encoded = encodePdu({ commandStatus: 0, sequenceNumber: 7, body: submitSm() })
  assert.ok(encoded.kind === 'bytes')
  const socket = connect(door.port, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.write(encoded.bytes)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.equal(answer.readUInt32BE(8), statusOf('session-gone'))
  assert.equal(answer.readUInt32BE(8), S.ESME_RINVBNDSTS)
})

const udh = (...octets: number[]) => Uint8Array.of(...octets)

// biome-ignore format: a table
const refusals: readonly (readonly [string, Partial<SubmitSm>, keyof typeof COMMAND_STATUS, string])[] = [
  ['a header longer than its message', { esmClass: 0x40, shortMessage: udh(9, 0, 3) }, 'ESME_RINVMSGLEN', '305'],
  ['a header and no octets', { esmClass: 0x40, shortMessage: udh() }, 'ESME_RINVMSGLEN', '305'],
  ['a concatenation of a wrong length', { esmClass: 0x40, shortMessage: udh(4, 0, 2, 1, 2, 65) }, 'ESME_RINVESMCLASS', '304'],
  ['part 3 of 2', { esmClass: 0x40, shortMessage: udh(5, 0, 3, 9, 2, 3, 65) }, 'ESME_RINVESMCLASS', '304'],
  ['sar parameters that contradict the header', { esmClass: 0x40, shortMessage: udh(5, 0, 3, 9, 2, 1, 65), tlvs: { sarMsgRefNum: 9, sarTotalSegments: 3, sarSegmentSeqnum: 1 } }, 'ESME_RINVESMCLASS', '304'],
  ['UCS-2 of an odd length', { dataCoding: 8, shortMessage: udh(0, 65, 0) }, 'ESME_RSUBMITFAIL', '301'],
  ['half a surrogate pair', { dataCoding: 8, shortMessage: udh(0xd8, 0) }, 'ESME_RSUBMITFAIL', '301'],
  ['an alphabet nobody reads here', { dataCoding: 5 }, 'ESME_RSUBMITFAIL', '301'],
  ['an escape at the end', { shortMessage: udh(65, 0x1b) }, 'ESME_RSUBMITFAIL', '301'],
  ['reserved bits in registered_delivery', { registeredDelivery: 0x20 }, 'ESME_RINVREGDLVFLG', '306'],
  ['no sender', { source: { ton: 0, npi: 0, addr: '' } }, 'ESME_RINVSRCADR', '302'],
  ['a sender of another account', { source: { ton: 1, npi: 1, addr: '15005550100' } }, 'ESME_RINVSRCADR', '403'],
  ['a sender of nobody', { source: { ton: 1, npi: 1, addr: '15005559999' } }, 'ESME_RINVSRCADR', '405'],
  ['a recipient that is none', { destination: { ton: 1, npi: 1, addr: '12' } }, 'ESME_RINVDSTADR', '303'],
  ['an emergency number', { destination: { ton: 0, npi: 0, addr: '911' } }, 'ESME_RINVDSTADR', '492'],
  ['a short code', { destination: { ton: 3, npi: 0, addr: '24680' } }, 'ESME_RINVSRCADR', '431'],
  ['its own sender', { destination: SOURCE }, 'ESME_RSUBMITFAIL', '401'],
  ['a type of number of no edition', { source: { ...SOURCE, ton: 9 } }, 'ESME_RINVSRCTON', 'ESME_RINVSRCTON'],
  ['a numbering plan of no edition', { destination: { ...HANDSET, npi: 7 } }, 'ESME_RINVDSTNPI', 'ESME_RINVDSTNPI'],
  ['a schedule of the thirteenth month', { scheduleDeliveryTime: '261301000000000+' }, 'ESME_RINVSCHED', 'ESME_RINVSCHED'],
  ['a validity that is over', { validityPeriod: '200101000000000+' }, 'ESME_RINVEXPIRY', 'ESME_RINVEXPIRY'],
  ['a schedule after the validity', { scheduleDeliveryTime: '000002000000000R', validityPeriod: '000001000000000R' }, 'ESME_RINVSCHED', 'ESME_RINVSCHED'],
  ['an urgency of no edition', { priorityFlag: 4 }, 'ESME_RINVPRTFLG', 'ESME_RINVPRTFLG'],
  ['a replacement by sender and recipient', { replaceIfPresentFlag: 1 }, 'ESME_RINVSUBREP', 'ESME_RINVSUBREP'],
  ['a canned message', { smDefaultMsgId: 3 }, 'ESME_RINVDFTMSGID', 'ESME_RINVDFTMSGID'],
  ['two contents', { tlvs: { messagePayload: udh(65) } }, 'ESME_RINVMSGLEN', 'ESME_RINVMSGLEN'],
]

test('every refusal has its status, and its code where the dialect has one', async (t) => {
  const door = await open(t)
  const client = await door.bind()
  for (const [what, change, status, code] of refusals) {
    const answer = await ask(client, submitSm(change))
    assert.equal(answer.status, status, what)
    assert.equal(answer.messageId, '', what)
    assert.equal(door.refusals.pop(), code, what)
  }
  assert.deepEqual(await door.store.read({ query: 'messages', limit: 9 }), [])
  assert.deepEqual(door.alarms, [])
})

test('a strict account may ask for receipts by 0 and 1 alone', async (t) => {
  const client = await (await open(t)).bind({ systemId: 'bandwidth-306' })
  const source = { ton: 1, npi: 1, addr: '15005550121' }
  const asked = async (registeredDelivery: number) =>
    (await ask(client, submitSm({ source, registeredDelivery }))).status
  assert.equal(await asked(0x11), 'ESME_RINVREGDLVFLG')
  assert.equal(await asked(2), 'ESME_RINVREGDLVFLG')
  assert.equal(await asked(1), 'ESME_ROK')
  assert.equal(await asked(0), 'ESME_ROK')
})

const part = (sequence: number, total: number, words: string, more: Partial<SubmitSm> = {}) =>
  submitSm({
    esmClass: 0x40,
    shortMessage: Buffer.concat([udh(5, 0, 3, 0x42, total, sequence), text(words)]),
    ...more,
  })

test('parts by header make one message, and each that asked has its receipt', async (t) => {
  const door = await open(t)
  const client = await door.bind()
  const second = await taken(client, part(2, 3, 'and '))
  const first = await taken(client, part(1, 3, 'Peal ', { registeredDelivery: 0 }))
  assert.equal(await taken(client, part(2, 3, 'and ')), second, 'a repetition has the same id')
  assert.equal(door.attempts.length, 0)
  const third = await taken(client, part(3, 3, 'chime'))
  const receipts = [await client.inbox.next('one'), await client.inbox.next('another')]
  assert.deepEqual(
    receipts.map(({ tlvs }) => tlvs.receiptedMessageId),
    [second, third],
  )
  const [attempt, ...others] = door.attempts
  assert.deepEqual(others, [])
  assert.equal(attempt?.messageId, second)
  assert.equal(Buffer.from(attempt?.content.inline ?? []).toString(), 'Peal and chime')
  assert.deepEqual(attempt?.envelope.sms?.partsGiven, [
    { id: first, receipt: false },
    { id: second, receipt: true },
    { id: third, receipt: true },
  ])
  assert.equal(client.inbox.left, 0)
})

test('parts by sar parameters make one message, and a character cut in two is whole', async (t) => {
  const door = await open(t)
  const client = await door.bind()
  const bell = Buffer.from('🔔', 'utf16le').swap16()
  const sar = (sarSegmentSeqnum: number, shortMessage: Uint8Array) =>
    submitSm({
      dataCoding: 8,
      shortMessage,
      tlvs: { sarMsgRefNum: 700, sarTotalSegments: 2, sarSegmentSeqnum },
    })
  await taken(client, sar(1, bell.subarray(0, 2)))
  await taken(client, sar(2, bell.subarray(2)))
  await client.inbox.next('a receipt')
  assert.equal(Buffer.from(door.attempts[0]?.content.inline ?? []).toString(), '🔔')
})

test('a part that contradicts is 242, and parts without their others end as 231', async (t) => {
  const door = await open(t)
  const client = await door.bind()
  const id = await taken(client, part(1, 3, 'a'))
  const silent = await taken(client, part(2, 3, 'b', { registeredDelivery: 0 }))
  assert.equal((await ask(client, part(1, 3, 'c'))).status, 'ESME_RINVESMCLASS')
  assert.deepEqual(door.refusals, ['242'])
  await door.clock.advance(301_000)
  await door.engine.sweeper.sweep()
  const receipt = await client.inbox.next('the receipt')
  const said = parseReceipt(Buffer.from(receipt.shortMessage).toString('latin1'))
  assert.deepEqual([said?.id, said?.stat, said?.err], [id, 'UNDELIV', '231'])
  assert.equal(client.inbox.left, 0)
  const story = await door.store.read({ query: 'message', messageId: silent })
  assert.equal(story?.message.id, id)
})

test('submit_multi is taken for those it can be taken for', async (t) => {
  const door = await open(t)
  const client = await door.bind()
  const to = (...addresses: (typeof HANDSET)[]) =>
    createSubmitMulti({
      source: SOURCE,
      destinations: addresses.map((address) => ({ kind: 'address', address })),
      shortMessage: text('All'),
      registeredDelivery: 1,
    })
  const bad = { ton: 1, npi: 1, addr: '12' }
  const some = await ask(client, to(HANDSET, bad, OTHER))
  assert.equal(some.status, 'ESME_ROK')
  assert.ok(some.response.command === 'submit_multi_resp')
  assert.deepEqual(some.response.unsuccess, [{ address: bad, commandStatus: S.ESME_RINVDSTADR }])
  const receipts = [await client.inbox.next('one'), await client.inbox.next('two')]
  assert.deepEqual(receipts.map(({ source }) => source.addr).sort(), [HANDSET.addr, OTHER.addr])
  assert.deepEqual(
    receipts.map(({ tlvs }) => tlvs.receiptedMessageId),
    [some.messageId, some.messageId],
  )
  assert.equal((await ask(client, to(bad))).status, 'ESME_RINVDSTADR')
  const list = createSubmitMulti({ source: SOURCE, destinations: [{ kind: 'list', name: 'all' }] })
  assert.equal((await ask(client, list)).status, 'ESME_RINVDLNAME')
})

test('data_sm carries a long text, and binary stays as it is', async (t) => {
  const door = await open(t)
  const client = await door.bind()
  const long = 'x'.repeat(900)
  const data = { source: SOURCE, destination: HANDSET, registeredDelivery: 1 }
  const id = await taken(client, createDataSm({ ...data, tlvs: { messagePayload: text(long) } }))
  const receipt = await client.inbox.next('the receipt')
  assert.equal(receipt.tlvs.receiptedMessageId, id)
  const octets = udh(0, 1, 2, 255)
  await taken(client, createDataSm({ ...data, dataCoding: 4, tlvs: { messagePayload: octets } }))
  await client.inbox.next('the other receipt')
  const [first, second] = door.attempts.map(({ content }) => content)
  assert.equal(Buffer.from(first?.inline ?? []).toString(), long)
  assert.equal(second?.parts[0]?.mediaType, 'application/octet-stream')
  assert.deepEqual([...(second?.inline ?? [])], [...octets])
})

test('receipts before the end come to who asked for them, and to nobody else', async (t) => {
  let taken1 = false
  const play = () => {
    if (taken1) return { kind: 'delivered' } as const
    taken1 = true
    return { kind: 'deferred', reason: 'carrier-busy' } as const
  }
  const door = await open(t, { play })
  const client = await door.bind()
  await taken(client, submitSm({ registeredDelivery: 0x11 }))
  const interim = await client.inbox.next('the interim receipt')
  assert.equal(interim.esmClass, 0x20)
  assert.equal(interim.tlvs.messageState, 1)
  await door.clock.advance(61_000)
  const end = await client.inbox.next('the end')
  assert.equal(end.tlvs.messageState, 2)
})

test('who asks for receipts of failure alone hears of no success', async (t) => {
  const door = await open(t, {
    play: ({ recipient }) =>
      recipient.text === OTHER.addr
        ? { kind: 'rejected', reason: 'carrier-refused' }
        : { kind: 'delivered' },
  })
  const client = await door.bind()
  await taken(client, submitSm({ registeredDelivery: 2 }))
  await taken(client, submitSm({ registeredDelivery: 2, destination: OTHER }))
  const receipt = await client.inbox.next('the receipt')
  assert.equal(receipt.source.addr, OTHER.addr)
  assert.equal(receipt.tlvs.messageState, 8)
  assert.equal(client.inbox.left, 0)
})
