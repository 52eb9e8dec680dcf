/** Kannel binds to our SMPP door: what it submits, the receipts it reads, what it is delivered. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { DEMO_ESME, DEMO_ESME_SENDER, STRICT_ESME } from '../../src/simulator/smpp-accounts.ts'
import { startEsmeWorld } from '../support/esme-world.ts'
import { until } from '../support/inbox.ts'
import { openKannel } from '../support/kannel.ts'
import { missing, openFolder } from '../support/peer-process.ts'
import { readWithTshark } from '../support/tshark.ts'
import { openWireTap, type WireTap } from '../support/wire-tap.ts'

const skip = missing('bearerbox', 'smsbox')
/** The number of the account that may ask for less. */
const STRICT_ESME_SENDER = '15005550121'
const HANDSET = '15550100123'
/** Delivered, failed, and whether the centre took it: Kannel's own bits. */
const FINAL = '3'
const EVERYTHING = '31'
const DELIVERED = '1'
const FAILED = '2'
const TAKEN = '8'
const REFUSED = '16'

interface Wishes {
  readonly systemId?: string
  /** What listens in. */
  readonly tap?: WireTap
}

async function bound(t: TestContext, { systemId = DEMO_ESME, tap }: Wishes = {}) {
  const world = await startEsmeWorld(t)
  tap?.leadTo(world.ports.smpp)
  const port = tap?.port ?? world.ports.smpp
  const kannel = await openKannel(t, { port, systemId, password: 'demo' })
  const send = (fields: Readonly<Record<string, string>>) =>
    kannel.send({ from: DEMO_ESME_SENDER, to: HANDSET, ...fields })
  const receipt = (what: string) =>
    kannel.calls.next(what, ({ path, query }) => path === 'receipt' && query.get('kind') !== TAKEN)
  return { world, kannel, send, receipt }
}

const LONG = 'Die Glocken von Rom läuten zum Fest. '.repeat(11)

// biome-ignore format: a table
const texts: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
  ['a short text in the GSM alphabet',   { text: 'Ding dong @ €5 {ä}', charset: 'UTF-8', coding: '0' },   1],
  ['three parts in the GSM alphabet',    { text: LONG, charset: 'UTF-8', coding: '0' },                    3],
  ['a short text in UCS-2',              { text: 'Дзынь 鐘', charset: 'UTF-8', coding: '2' },              1],
  ['three parts in UCS-2',               { text: 'Колокол '.repeat(20), charset: 'UTF-8', coding: '2' },   3],
]

for (const [name, fields, parts] of texts) {
  test(`Kannel sends ${name}: it arrives whole, and its receipt comes back`, {
    skip,
  }, async (t) => {
    const { world, kannel, send, receipt } = await bound(t)
    await send({ ...fields, 'dlr-mask': FINAL })
    const seen = await until('the parts', () => world.smsc.seen.length >= parts && world.smsc.seen)
    assert.equal(seen.map(({ text }) => text).join(''), fields.text, kannel.said())
    const { query } = await receipt('the receipt')
    assert.equal(query.get('kind'), DELIVERED)
    assert.match(query.get('answer') ?? '', /stat:DELIVRD/)
  })
}

test('Kannel asks for receipts on the way, too (registered_delivery 17), and gets them', {
  skip,
}, async (t) => {
  const { send, kannel } = await bound(t)
  await send({ text: 'Ding', 'dlr-mask': EVERYTHING })
  const kinds = new Set<string | null>()
  while (!kinds.has(DELIVERED)) {
    const { query } = await kannel.calls.next('a receipt')
    kinds.add(query.get('kind'))
  }
  assert.ok(kinds.has(TAKEN), 'the centre took it')
})

test('where the account may ask for the end only, 17 is refused and 1 is not', {
  skip,
}, async (t) => {
  const { send, receipt } = await bound(t, { systemId: STRICT_ESME })
  const from = STRICT_ESME_SENDER
  await send({ from, text: 'Ding', 'dlr-mask': EVERYTHING })
  assert.equal((await receipt('the refusal')).query.get('kind'), REFUSED)
  await send({ from, text: 'Dong', 'dlr-mask': FINAL })
  assert.equal((await receipt('the receipt')).query.get('kind'), DELIVERED)
})

test('tshark reads all that went over the line between Kannel and us', {
  skip: missing('bearerbox', 'smsbox', 'tshark'),
}, async (t) => {
  const tap = await openWireTap()
  t.after(() => tap.close())
  const { world, send, receipt } = await bound(t, { tap })
  await send({ text: LONG, charset: 'UTF-8', 'dlr-mask': FINAL })
  await receipt('the receipt')
  world.smsc.write('carillon', { from: HANDSET, to: DEMO_ESME_SENDER, text: 'Back' })
  await until('its answer', () => world.smsc.answers.length > 3)
  const [said = Buffer.alloc(0)] = tap.said()
  const [answered = Buffer.alloc(0)] = tap.answered()
  const packets = await readWithTshark(openFolder(t, 'tshark'), {
    port: 2775,
    as: 'smpp',
    chunks: [
      { answered: false, bytes: said },
      { answered: true, bytes: answered },
    ],
  })
  const all = (name: string) => packets.flatMap((fields) => fields.get(name) ?? [])
  assert.deepEqual(all('_ws.malformed'), [])
  assert.deepEqual(
    new Set(all('smpp.command_status').map(Number)),
    new Set([0]),
    'everything was taken',
  )
  const kinds = new Set(all('smpp.command_id').map(Number))
  // bind_transceiver, submit_sm, deliver_sm, and their responses.
  for (const id of [0x09, 0x04, 0x05, 0x8000_0009, 0x8000_0004, 0x8000_0005]) {
    assert.ok(kinds.has(id), id.toString(16))
  }
})

test('a message that fails is told to Kannel as failed', { skip }, async (t) => {
  const { world, send, receipt } = await bound(t)
  world.script(HANDSET, { receipts: [{ stat: 'UNDELIV', err: '001', afterMs: 0 }] })
  await send({ text: 'Ding', 'dlr-mask': FINAL })
  const { query } = await receipt('the receipt')
  assert.equal(query.get('kind'), FAILED)
})

test('what a handset writes reaches smsbox, long texts too', { skip }, async (t) => {
  const { world, kannel } = await bound(t)
  for (const text of ['Ring back', 'Дзынь', LONG.trim()]) {
    world.smsc.write('carillon', { from: HANDSET, to: DEMO_ESME_SENDER, text })
    const seen = await kannel.calls.next('the message', ({ path }) => path === 'message')
    assert.deepEqual(
      [seen.query.get('from'), seen.query.get('to'), seen.text],
      // The plus is Kannel's own: it says that the type of number is international.
      [`+${HANDSET}`, `+${DEMO_ESME_SENDER}`, text],
    )
  }
})

test('200 messages at once are each sent once, and each gets one receipt', { skip }, async (t) => {
  const { world, kannel, send } = await bound(t)
  const texts = Array.from({ length: 200 }, (_, index) => `Ding ${index}`)
  await Promise.all(texts.map((text) => send({ text, 'dlr-mask': FINAL })))
  const receipts = () => kannel.calls.all.filter(({ path }) => path === 'receipt')
  await until('all receipts', () => receipts().length >= texts.length)
  assert.deepEqual(world.smsc.seen.map(({ text }) => text).sort(), [...texts].sort())
  assert.equal(receipts().length, texts.length)
})
