import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findConcatenation, parseUdh } from '../../codecs/sms/udh.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'
import type { Attempt } from '../../engine/ports/connector.ts'
import { submitsOf } from './encode.ts'
import { carrierAt, NOW, octetsTo, textTo } from './testing/messages.ts'

const TO = '15550100123'
const LONG = 'abcdefghij'.repeat(20)

async function encode(attempt: Attempt, change: Partial<SmppPeer> = {}) {
  const submits = await submitsOf(attempt, carrierAt(1, change).smpp, NOW)
  if (submits.kind === 'unfit') throw new Error(`${submits.reason}: ${submits.raw}`)
  return submits.bodies
}

const first = async (attempt: Attempt, change: Partial<SmppPeer> = {}) => {
  const [body] = await encode(attempt, change)
  assert.ok(body !== undefined)
  return body
}

/** Text, settings, data_coding and octets of the only part. */
// biome-ignore format: a table
const ALPHABETS = [
  ['plain',            'Hi',    {},                                                     0,   '4869'],
  ['GSM letters',      'é{',    {},                                                     0,   '051b28'],
  ['beyond GSM',       'Ω→',    {},                                                     8,   '03a92192'],
  ['Latin-1 allowed',  'ç',     { alphabets: ['gsm7', 'latin1', 'ucs2'] },              3,   'e7'],
  ['default Latin-1',  'Hi',    { defaultAlphabet: 'latin1', alphabets: ['gsm7', 'latin1'] }, 3, '4869'],
  ['its own coding',   'Hi',    { dataCodings: { gsm7: 241 } },                         241, '4869'],
  ['packed septets',   'hello', { septets: 'packed' },                                  0,   'e8329bfd06'],
] as const

for (const [name, text, change, dataCoding, octets] of ALPHABETS) {
  test(`writes in the cheapest alphabet the centre takes: ${name}`, async () => {
    const body = await first(textTo(TO, text), change)
    assert.equal(body.dataCoding, dataCoding)
    assert.equal(Buffer.from(body.shortMessage).toString('hex'), octets)
    assert.equal(body.esmClass, 0)
  })
}

test('a text no alphabet has is refused before it is sent', async () => {
  const submits = await submitsOf(textTo(TO, '→'), carrierAt(1, { alphabets: ['gsm7'] }).smpp, NOW)
  assert.ok(submits.kind === 'unfit')
  assert.equal(submits.reason, 'coding-refused')
})

test('more parts than the centre takes are too large for it', async () => {
  const submits = await submitsOf(textTo(TO, LONG), carrierAt(1, { partsMax: 1 }).smpp, NOW)
  assert.ok(submits.kind === 'unfit')
  assert.equal(submits.reason, 'too-large-for-carrier')
})

test('a long text is cut with headers, alike at every attempt', async () => {
  const bodies = await encode(textTo(TO, LONG))
  assert.equal(bodies.length, 2)
  const [one, two] = bodies.map(({ esmClass, shortMessage }) => {
    const parsed = parseUdh(shortMessage)
    assert.ok(parsed.kind === 'udh' && (esmClass & 0x40) !== 0)
    return { place: findConcatenation(parsed.elements), text: Buffer.from(parsed.body).toString() }
  })
  assert.equal(`${one?.text}${two?.text}`, LONG)
  assert.deepEqual([one?.place?.sequence, two?.place?.sequence, one?.place?.total], [1, 2, 2])
  assert.equal(one?.place?.reference, two?.place?.reference)
  assert.deepEqual(await encode({ ...textTo(TO, LONG), number: 2 }), bodies)
})

test('a long text may say its parts in parameters', async () => {
  const bodies = await encode(textTo(TO, LONG), { longMessages: 'sar' })
  assert.deepEqual(
    bodies.map(({ tlvs }) => [tlvs.sarTotalSegments, tlvs.sarSegmentSeqnum]),
    [
      [2, 1],
      [2, 2],
    ],
  )
  assert.ok(bodies.every(({ esmClass }) => esmClass === 0))
  const text = bodies.map(({ shortMessage }) => Buffer.from(shortMessage).toString()).join('')
  assert.equal(text, LONG)
})

test('a long text may go whole', async () => {
  const bodies = await encode(textTo(TO, LONG), { longMessages: 'payload' })
  assert.equal(bodies.length, 1)
  assert.equal(Buffer.from(bodies[0]?.tlvs.messagePayload ?? []).toString(), LONG)
  assert.equal(bodies[0]?.shortMessage.length, 0)
})

test('flash is a message class', async () => {
  assert.equal((await first(textTo(TO, 'Now', { sms: { flash: true } }))).dataCoding, 0xf0)
  assert.equal((await first(textTo(TO, '→', { sms: { flash: true } }))).dataCoding, 0x18)
})

test('octets go as they are, with their header and coding', async () => {
  const header = Buffer.from([6, 5, 4, 0x0b, 0x84, 0x23, 0xf0])
  const attempt = octetsTo(TO, 'application/octet-stream', Uint8Array.of(1, 2, 3))
  const sms = { alphabet: 'binary', dataCoding: 0xf5, header: header.toString('base64') } as const
  const body = await first({ ...attempt, envelope: { ...attempt.envelope, sms } })
  assert.equal(body.dataCoding, 0xf5)
  assert.equal(body.esmClass, 0x40)
  assert.equal(Buffer.from(body.shortMessage).toString('hex'), '0605040b8423f0010203')
})

test('a picture is no short message', async () => {
  const picture = octetsTo(TO, 'image/png', Uint8Array.of(1))
  const submits = await submitsOf(picture, carrierAt(1).smpp, NOW)
  assert.ok(submits.kind === 'unfit')
  assert.equal(submits.reason, 'content-refused')
})

/** Sender, and what it is announced as. */
// biome-ignore format: a table
const SENDERS = [
  [{ kind: 'number', text: '15005550120' }, { ton: 1, npi: 1, addr: '15005550120' }],
  [{ kind: 'short-code', text: '12345' },   { ton: 3, npi: 0, addr: '12345' }],
  [{ kind: 'short-code', text: 'BELLS' },   { ton: 5, npi: 0, addr: 'BELLS' }],
] as const

for (const [sender, source] of SENDERS) {
  test(`a sender ${sender.text} is announced with TON ${source.ton}`, async () => {
    const attempt = textTo(TO, 'Hi')
    const body = await first({ ...attempt, envelope: { ...attempt.envelope, sender } })
    assert.deepEqual(body.source, source)
  })
}

test('numbers take a plus, times take a form, receipts take a flag, where the carrier says so', async () => {
  const body = await first(textTo(TO, 'Hi'), {
    numberForm: 'plus',
    validity: 'absolute',
    intermediateReceipts: true,
    serviceType: 'CMT',
    messageReference: true,
  })
  assert.equal(body.destination.addr, `+${TO}`)
  assert.equal(body.validityPeriod, '260102040405000+')
  assert.equal(body.registeredDelivery, 0x11)
  assert.equal(body.serviceType, 'CMT')
  assert.equal(typeof body.tlvs.userMessageReference, 'number')
  const silent = await first(textTo(TO, 'Hi'), { sendsReports: false })
  assert.equal(silent.registeredDelivery, 0)
  assert.equal(silent.validityPeriod, '000000010000000R')
})
