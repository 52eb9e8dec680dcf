/** Short messages from a client's bind to a carrier's message centre, and what comes back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeliverSm } from '../../src/codecs/smpp/pdu.ts'
import { parseReceipt } from '../../src/codecs/sms/receipt.ts'
import { until } from '../support/inbox.ts'
import { CLIENT_NUMBER, openSmsWorld, PHONE, TAKES } from '../support/sms-world.ts'

const LONG = 'This text is long enough for two parts. '.repeat(5)

const textOf = ({ shortMessage, tlvs }: DeliverSm) =>
  Buffer.from(tlvs.messagePayload ?? shortMessage).toString('latin1')

test('a text goes from the client to the phone, and its receipt comes back', async (t) => {
  const world = await openSmsWorld(t)
  const id = await world.sms('Grüße [1]')
  await world.settled(id, 'delivered')
  const [seen, ...others] = world.smsc.seen
  assert.deepEqual(others, [])
  assert.equal(seen?.text, 'Grüße [1]')
  assert.deepEqual(seen?.body.source, { ton: 1, npi: 1, addr: CLIENT_NUMBER })
  assert.deepEqual(seen?.body.destination, { ton: 1, npi: 1, addr: PHONE })
  const receipt = parseReceipt(textOf(await world.client.inbox.next('the receipt')))
  assert.equal(receipt?.id, id)
  assert.equal(receipt?.stat, 'DELIVRD')
})

test('a long text leaves in parts, and is there when all of them are', async (t) => {
  const world = await openSmsWorld(t)
  world.play(TAKES)
  const id = await world.sms(LONG)
  await world.settled(id, 'submitted')
  assert.equal(world.smsc.seen.map(({ text }) => text).join(''), LONG)
  const [first, second] = world.smsc.seen
  assert.ok(first !== undefined && second !== undefined)
  for (const part of [second, second, first]) {
    const before = world.smsc.answers.length
    assert.equal((await world.trace(id)).deliveries[0]?.state, 'submitted')
    world.smsc.report(part, { stat: 'DELIVRD' })
    await until('its answer', () => world.smsc.answers.length > before)
  }
  await world.settled(id, 'delivered')
})

test('a part that fails is the end of the message', async (t) => {
  const world = await openSmsWorld(t)
  const failing = { stat: 'UNDELIV', err: '049', afterMs: 15, part: 2 }
  world.play({ ...TAKES, receipts: [{ stat: 'DELIVRD', afterMs: 5, part: 1 }, failing] })
  const id = await world.sms(LONG)
  const { deliveries } = await world.settled(id, 'failed')
  assert.equal(deliveries[0]?.reason, 'recipient-full')
})

/** What a centre may do with a receipt; the message is delivered all the same. */
const HABITS = [
  ['comes before the answer', { receiptFirst: true, answerAfterMs: 30 }],
  ['comes twice', { repeats: true }],
  ['spells the id in decimal', { idForm: 'decimal' }],
  ['spells the id in decimal and comes first', { idForm: 'decimal', receiptFirst: true }],
  ['drops leading zeros', { idForm: 'trimmed' }],
  ['is a data_sm', { receiptByData: true }],
  ['is nothing but text', { receiptStyle: 'text' }],
  ['is nothing but parameters', { receiptStyle: 'parameters' }],
] as const

test('a receipt is known whatever its habits', async (t) => {
  const world = await openSmsWorld(t)
  for (const [habit, how] of HABITS) {
    await t.test(habit, async () => {
      const receipts = [{ stat: 'DELIVRD', afterMs: 5 }]
      world.play({ ...TAKES, receipts, ...how })
      const id = await world.sms(habit)
      await world.settled(id, 'delivered')
    })
  }
})

test('what the centre refuses for its pace waits without using up attempts', async (t) => {
  const world = await openSmsWorld(t)
  world.play({
    ...TAKES,
    answer: { kind: 'status', status: 0x58 },
    answerTries: 2,
    receipts: [{ stat: 'DELIVRD', afterMs: 5 }],
  })
  const id = await world.sms('Slowly')
  for (const refused of [1, 2]) {
    await until(`refusal ${refused}`, () => world.smsc.seen.length >= refused)
    await world.skip(id, 'deferred', 0)
  }
  const { deliveries } = await world.settled(id, 'delivered')
  assert.equal(deliveries[0]?.attempts, 1)
})

test('a silent centre leaves an honest unknown, and nothing is sent again', async (t) => {
  const world = await openSmsWorld(t, { responseTimeoutMs: 100 })
  world.play({ ...TAKES, answer: { kind: 'silence' } })
  const id = await world.sms('Anybody?')
  const { deliveries } = await world.settled(id, 'unknown')
  assert.equal(deliveries[0]?.reason, 'carrier-timeout')
  assert.equal(world.smsc.seen.length, 1)
})

test('a phone’s message reaches the client that owns the number, whole', async (t) => {
  const world = await openSmsWorld(t)
  world.smsc.write('us', { from: PHONE, to: CLIENT_NUMBER, text: 'Hello you' })
  const short = await world.client.inbox.next('the message')
  assert.equal(textOf(short), 'Hello you')
  assert.equal(short.source.addr, PHONE)
  assert.equal(short.destination.addr, CLIENT_NUMBER)
  world.smsc.write('us', { from: PHONE, to: CLIENT_NUMBER, text: LONG })
  const parts = [
    await world.client.inbox.next('a part'),
    await world.client.inbox.next('the other'),
  ]
  // A header of six octets, and then its text.
  assert.equal(parts.map((part) => textOf(part).slice(6)).join(''), LONG)
  assert.ok(world.smsc.answers.every(({ commandStatus }) => commandStatus === 0))
})

test('a phone’s STOP keeps the account’s messages from it', async (t) => {
  const world = await openSmsWorld(t)
  world.smsc.write('us', { from: PHONE, to: CLIENT_NUMBER, text: 'Stop.' })
  await world.client.inbox.next('the keyword')
  await assert.rejects(world.sms('One more offer'), /not accepted/)
  assert.equal(world.smsc.seen.length, 0)
})

test('what is for none of our numbers is refused for good', async (t) => {
  const world = await openSmsWorld(t)
  world.smsc.write('us', { from: PHONE, to: '15005559999', text: 'Wrong number' })
  await until('the answer', () => world.smsc.answers.length > 0)
  assert.equal(world.smsc.answers[0]?.commandStatus, 0x0b)
})
