/** Out by MM7 to an upstream MMSC, and what it sends back: the whole way, with real sockets. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashKey } from '../../src/config/secret.ts'
import { ORDINARY_RELAY } from '../../src/connectors/mm7/behaviour.ts'
import { until } from '../support/inbox.ts'
import { ordinaryOperation } from '../support/mm7-client.ts'
import { HANDSET, PICTURE, SENDER, startGateway } from '../support/start-gateway.ts'
import { openUpstream, upstreamSettings } from '../support/upstream-world.ts'
import { told } from '../support/vasp.ts'

test('a message goes out as SubmitReq, and its report comes home to the client', async (t) => {
  const { world, submits } = await openUpstream(t)
  const id = await world.submit()
  await world.settled(id, 'delivered')
  const [seen] = submits
  assert.equal(seen?.transactionId, `${id}-0`)
  assert.equal(seen?.submit.recipients?.[0]?.address.value, HANDSET)
  assert.equal(seen?.request.parts.length, 2, 'the presentation and the picture')
  await until('the report', () => told(world.vasp, id).includes('Retrieved'))
  assert.deepEqual(told(world.vasp, id), ['Forwarded', 'Retrieved'])
})

// biome-ignore format: a table
const refusals = [
  [2004, 'Rejected 2004'],
  [4003, 'NotSupported 4003'],
  [4005, 'Rejected 4000'],
  [4007, 'Rejected 4007'],
] as const

test('each refusal is told once, as the client’s own code', async (t) => {
  const { world, submits, behave } = await openUpstream(t)
  for (const [code, expected] of refusals) {
    await t.test(`${code} is ${expected}`, async () => {
      behave({ answer: { kind: 'code', code }, reports: [] })
      const before = submits.length
      const id = await world.submit()
      await world.settled(id, 'failed')
      await until('the report', () => told(world.vasp, id).length > 0)
      assert.deepEqual(told(world.vasp, id), [expected])
      assert.equal(submits.length, before + 1, 'asked once')
    })
  }
})

test('a message from a handset of the upstream reaches the client that owns the number', async (t) => {
  const { world, relay } = await openUpstream(t)
  const media = [{ contentType: 'image/png', contentId: 'bell', bytes: PICTURE }]
  const sent = await relay.sendFromHandset(HANDSET, { kind: 'ShortCode', value: SENDER }, media)
  assert.deepEqual([sent.http, sent.code, sent.answer], [200, 1000, 'DeliverRsp'])
  const post = await world.vasp.posts.next('the message', ({ deliver }) => deliver !== undefined)
  assert.equal(post.deliver?.sender?.value, HANDSET)
  assert.deepEqual(
    post.parts.map(({ bytes }) => Buffer.from(bytes)),
    [Buffer.from(PICTURE)],
  )
})

test('who does not know the secret finds nothing', async (t) => {
  const { world, relay } = await openUpstream(t)
  for (const path of ['mm7-upstream', 'mm7-upstream/', 'mm7-upstream/another-secret']) {
    relay.connect({ url: `http://127.0.0.1:${world.ports.http}/${path}` })
    assert.equal((await relay.sendReport('relay-1', 'Retrieved')).http, 404, path)
  }
})

test('silence is mended by sending the very same again, where doubles are dropped', async (t) => {
  const { world, submits, behave } = await openUpstream(t)
  behave({ ...ORDINARY_RELAY, answer: { kind: 'drop', at: 'end' }, answerTries: 1 })
  const id = await world.submit()
  await world.skip(id, 'deferred', 1)
  await world.settled(id, 'delivered')
  const [first, second] = submits
  assert.equal(submits.length, 2)
  assert.deepEqual(first?.request.body, second?.request.body)
})

test('and left as unknown where they are not', async (t) => {
  const { world, submits, behave } = await openUpstream(t, { dropsDuplicates: false })
  behave({ answer: { kind: 'drop', at: 'end' }, reports: [] })
  const id = await world.submit()
  await world.settled(id, 'unknown')
  assert.equal(submits.length, 1)
})

test('an upstream that nobody reaches is named by its dialect’s own code in the history', async (t) => {
  const { world, relay } = await openUpstream(t, { codes: 'smsglobal' })
  await relay.close()
  const id = await world.submit()
  const story = await until('an attempt', async () => {
    const seen = await world.trace(id)
    return seen.events.some(({ type }) => type === 'attempted') && seen
  })
  const attempt = story.events.find((event) => event.type === 'attempted')
  assert.match(
    attempt?.type === 'attempted' ? (attempt.outcome.raw ?? '') : '',
    /^0 Connection error: connect-failed/,
  )
})

test('in the sandbox an operator’s own upstream is played, and nothing leaves the machine', async (t) => {
  const world = await startGateway(t, {
    flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
    account: { id: 'tryer' },
    access: { vaspIdHash: hashKey('tryer-key') },
    directory: (data) => ({
      ...data,
      numbers: [],
      carriers: [
        {
          name: 'tower.east',
          title: 'Tower',
          enabled: true,
          ids: [],
          mm7: upstreamSettings('https://mmsc.invalid/mm7', {}),
        },
      ],
      routes: [{ name: 'tower', prefix: '1555', carrier: 'tower.east', enabled: true }],
    }),
  })
  const answer = await world.send({ operation: ordinaryOperation(HANDSET, 'tryer-key') })
  const id = answer.messageId ?? ''
  const taken = await world.settled(id, 'submitted', 'delivered')
  assert.equal(taken.deliveries[0]?.lane, 'tower.east')
  world.advance(1000)
  await world.settled(id, 'delivered')
})
