import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DAY_MS,
  DELIVERED,
  HOUR_MS,
  openWorld,
  plainSubmission,
  SECOND_MS,
} from '../../test/support/engine-world.ts'
import { createPending, interrupted } from '../../test/support/scripted.ts'
import type { Address } from '../core/address.ts'
import type { Idempotency, Submission } from '../core/message.ts'
import { openMemoryStore } from '../stores/memory/store.ts'

const WAYS = { harbour: { lane: {}, play: () => DELIVERED } }
const NOWHERE: Address = { kind: 'number', text: '49301234567' }
const KEY: Idempotency = { scope: 'acme', key: 'k1', fingerprint: 'f1' }

async function messagesOf(world: Awaited<ReturnType<typeof openWorld>>): Promise<number> {
  return (await world.store.read({ query: 'messages', limit: 100 })).length
}

test('an accepted message is stored with a delivery per recipient before the answer', async () => {
  const world = await openWorld({ ways: WAYS })
  const recipients: readonly Address[] = ['15550000001', '15550000002', '15550000003'].map(
    (text) => ({ kind: 'number', text }),
  )
  const answer = await world.engine.accept(plainSubmission({ recipients }))
  assert.equal(answer.kind, 'accepted')
  const { deliveries, events } = await world.story(
    answer.kind === 'accepted' ? answer.messageId : '',
  )
  assert.deepEqual(
    deliveries.map(({ recipient }) => recipient),
    recipients,
  )
  assert.equal(events[0]?.type, 'accepted')
})

// biome-ignore format: a table
const REPEATS: readonly (readonly [string, Partial<Idempotency>, number, 'accepted' | 'duplicate'])[] = [
  ['the same request',                        {},                   0,                'duplicate'],
  ['the same request, just inside the window', {},                  DAY_MS,           'duplicate'],
  ['the same request after the window',       {},                   DAY_MS + 1,       'accepted'],
  ['the same key with another body',          { fingerprint: 'f2' }, 0,               'accepted'],
  ['another key with the same body',          { key: 'k2' },        0,                'accepted'],
  ['the same key of another account',         { scope: 'other' },   0,                'accepted'],
]

for (const [name, change, laterMs, expected] of REPEATS) {
  test(`${name} is ${expected === 'duplicate' ? 'answered as before' : 'a new message'}`, async () => {
    const world = await openWorld({ ways: WAYS })
    const first = await world.send({ idempotency: KEY })
    await world.clock.advance(laterMs)
    const idempotency = { ...KEY, ...change }
    const second = await world.engine.accept(plainSubmission({ idempotency }))
    assert.equal(second.kind, expected)
    const sameId = 'messageId' in second && second.messageId === first
    assert.equal(sameId, expected === 'duplicate')
  })
}

test('a request that comes many times at once is accepted once and sent once', async () => {
  const world = await openWorld({ ways: WAYS })
  const submission = plainSubmission({ idempotency: KEY })
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => world.engine.accept(submission)),
  )
  const ids = answers.map((answer) => (answer.kind === 'refused' ? '' : answer.messageId))
  assert.equal(new Set(ids).size, 1)
  assert.equal(answers.filter(({ kind }) => kind === 'accepted').length, 1)
  await world.clock.advance(SECOND_MS)
  assert.equal(world.attempts.length, 1)
})

test('requests without a key are all different', async () => {
  const world = await openWorld({ ways: WAYS })
  await Promise.all(Array.from({ length: 5 }, () => world.send()))
  assert.equal(await messagesOf(world), 5)
})

test('a recipient no route serves has failed at once, and the client is told so', async () => {
  const world = await openWorld({ ways: WAYS })
  const id = await world.send({ recipients: [NOWHERE, ...plainSubmission().recipients] })
  const { state, reason, nextAt } = await world.delivery(id, 0)
  assert.deepEqual([state, reason, nextAt], ['failed', 'no-route', undefined])
  await world.clock.advance(SECOND_MS)
  assert.deepEqual(
    world.told.map(({ index, result, route }) => [index, result, route]),
    [
      [0, 'rejected', ''],
      [1, 'delivered', 'harbour'],
    ],
  )
  const { events } = await world.story(id)
  const failed = events.find(({ type }) => type === 'failed')
  assert.match(failed?.type === 'failed' ? (failed.raw ?? '') : '', /No enabled rule matches/)
})

test('a message none of whose recipients is served has ended, and is told of', async () => {
  const world = await openWorld({ ways: WAYS })
  const id = await world.send({ recipients: [NOWHERE] })
  await world.clock.advance(SECOND_MS)
  assert.equal(world.attempts.length, 0)
  assert.deepEqual(await world.history(id), ['accepted', 'failed', 'client-told'])
})

// biome-ignore format: a table
const VALIDITIES: readonly (readonly [string, number | undefined, number])[] = [
  ['none given',        undefined,  DAY_MS],
  ['a shorter one',     HOUR_MS,    HOUR_MS],
  ['a longer one',      9 * DAY_MS, DAY_MS],
]

for (const [name, wishedMs, expectedMs] of VALIDITIES) {
  test(`the validity of a message is bounded: ${name}`, async () => {
    const world = await openWorld({ ways: WAYS })
    const now = world.clock.now()
    const wish = wishedMs === undefined ? {} : { expiresAt: now + wishedMs }
    const { message, deliveries } = await world.story(await world.send(wish))
    assert.equal(message.expiresAt, now + expectedMs)
    assert.equal(deliveries[0]?.expiresAt, now + expectedMs)
  })
}

test('a message for later waits for its moment', async () => {
  const world = await openWorld({ ways: WAYS })
  await world.send({ notBefore: world.clock.now() + HOUR_MS })
  await world.clock.advance(HOUR_MS - 1)
  assert.equal(world.attempts.length, 0)
  await world.clock.advance(1)
  assert.equal(world.attempts.length, 1)
})

test('an inbound message goes to the account that owns its recipient', async () => {
  const ways = { ...WAYS, 'client:acme': { lane: {}, play: () => DELIVERED } }
  const world = await openWorld({ ways })
  const id = await world.send({ direction: 'mo', recipients: [NOWHERE] })
  assert.equal((await world.delivery(id)).lane, 'client:acme')
  await world.clock.advance(SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
})

test('no answer is given before the commit, and none when it fails', async () => {
  const gate = createPending<void>()
  let fail = false
  const store = interrupted(openMemoryStore(), async ([op]) => {
    if (op?.op !== 'accept') return
    await gate.promise
    if (fail) throw new Error('the disk is full')
  })
  const world = await openWorld({ ways: WAYS, store })
  let answered = false
  const accepting = world.engine.accept(plainSubmission()).then(
    () => {
      answered = true
    },
    () => 'failed',
  )
  await world.clock.advance(HOUR_MS)
  assert.equal(answered, false)
  fail = true
  gate.resolve()
  assert.equal(await accepting, 'failed')
  assert.equal(await messagesOf(world), 0)
})

test('no answer is given before the bytes are on the disk', async () => {
  const world = await openWorld({ ways: WAYS })
  const writer = world.media.openWriter()
  await writer.write(Buffer.alloc(20_000, 1))
  const content: Submission['content'] = { parts: [], ...writer.finish() }
  assert.ok(content.extents.length > 0)
  const answer = await world.engine.accept(plainSubmission({ content }))
  assert.equal(answer.kind, 'accepted')
  assert.ok(await world.media.verify(content.extents))
})

test('an id that another process drew first is drawn again', async () => {
  const draws = [0.1, 0.1]
  const random = () => draws.shift() ?? 0.5
  const store = openMemoryStore()
  const first = await openWorld({ ways: WAYS, store, random })
  const second = await openWorld({ ways: WAYS, store, clock: first.clock, random })
  const ids = [await first.send(), await second.send()]
  assert.equal(new Set(ids).size, 2)
})

test('an observer that fails rings the alarm, and the message goes its way', async () => {
  const observer = () => {
    throw new Error('no such label')
  }
  const world = await openWorld({ ways: WAYS, observer })
  const id = await world.send()
  await world.clock.advance(SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
  assert.ok(world.alarms.includes('observer: Error: no such label'))
})
