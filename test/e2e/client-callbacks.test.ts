/** A client that is down, slow or wrong: its reports wait, keep their order, and are never dropped. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/inbox.ts'
import { forwardFields, handOver, writeMail } from '../support/mm4-client.ts'
import { ACCOUNT, startGateway, type World } from '../support/start-gateway.ts'
import type { Post, VaspAnswer } from '../support/vasp.ts'

const MINUTE_MS = 60_000
/** What the dialect documents: five minutes between attempts, five repeats. */
const PLAN = { delayMs: 5 * MINUTE_MS, repeats: 5 }

const statusOf = ({ report }: Post) => report?.mmStatus ?? ''

/** How each attempt to tell ended, in order: `Forwarded deferred client-refused`. */
async function tellings(world: World, id: string): Promise<string[]> {
  return (await world.trace(id)).events.flatMap((event) => {
    if (event.type !== 'client-told') return []
    const { outcome } = event
    return [`${event.notice} ${'reason' in outcome ? outcome.reason : outcome.kind}`]
  })
}

/** The `made`-th attempt to tell, once it was made, and when the next one is due. */
async function nextTelling({ trace }: World, id: string, made: number) {
  return until(`telling ${made} of ${id}`, async () => {
    const told = (await trace(id)).events.filter((event) => event.type === 'client-told')
    const telling = told[made - 1]
    if (telling?.type !== 'client-told') return undefined
    const { at, nextAttemptAt: nextAt, parked, outcome } = telling
    return { at, nextAt, parked, raw: outcome.raw }
  })
}

test('a client that is down is called by the plan and told in order when it is up', async (t) => {
  const world = await startGateway(t)
  await world.vasp.down()
  const id = await world.submit()
  for (let made = 1; made <= 3; made += 1) {
    const { at, nextAt = 0 } = await nextTelling(world, id, made)
    assert.ok(Math.abs(nextAt - at - PLAN.delayMs) < 1000, 'five minutes later')
    assert.equal(world.vasp.posts.all.length, 0)
    if (made === 3) await world.vasp.up()
    world.advance(PLAN.delayMs)
  }
  await world.settled(id, 'delivered')
  assert.deepEqual(world.vasp.posts.all.map(statusOf), ['Forwarded', 'Retrieved'])
  assert.deepEqual(await tellings(world, id), [
    ...Array(3).fill('handed-to-network client-unreachable'),
    'handed-to-network delivered',
    'delivered delivered',
  ])
})

test('after the plan a report is parked for a person, and replayed through the admin API', async (t) => {
  const world = await startGateway(t)
  world.vasp.answer(() => ({ http: 503, body: 'down for maintenance' }))
  const id = await world.submit()
  for (let made = 1; made <= 1 + PLAN.repeats; made += 1) {
    const { parked, raw } = await nextTelling(world, id, made)
    assert.match(raw ?? '', /^HTTP 503 down for maintenance/)
    assert.equal(parked, made > PLAN.repeats ? true : undefined)
    world.advance(PLAN.delayMs)
  }
  // The final report is behind the interim one no more: it has a plan of its own.
  assert.equal((await nextTelling(world, id, 2 + PLAN.repeats)).parked, undefined)
  assert.equal(world.vasp.posts.all.map(statusOf).at(-1), 'Retrieved')
  const { body } = await world.get('/admin/notices/parked')
  assert.match(body, /handed-to-network/)
  assert.match((await world.get('/admin/queue')).body, /"parked":1/)

  world.vasp.answer(() => 'success')
  world.advance(PLAN.delayMs)
  await world.settled(id, 'delivered')
  assert.deepEqual(await world.post(`/admin/notices/replay?account=${ACCOUNT}`), { count: 1 })
  await until('nothing parked', async () => (await world.trace(id)).notices.length === 0)
  const last = world.vasp.posts.all.filter((post) => statusOf(post) === 'Forwarded')
  assert.equal(last.length, 1 + PLAN.repeats, 'an interim report after the last word is let go')
})

// biome-ignore format: a table
const strange: readonly (readonly [string, VaspAnswer, string])[] = [
  ['a blank 200',                      'blank',                                    'client-refused'],
  ['another TransactionID',            { change: (xml) => xml.replace(/(<[^>]*TransactionID[^>]*>)[^<]*/, '$1somebody-else') }, 'client-refused'],
  ['a status that is no success',      { code: 4003 },                             'client-refused'],
  ['a SOAP Fault with HTTP 500',       { http: 500, body: '<Envelope/>' },         'client-refused'],
  ['a redirect',                       { http: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'client-refused'],
  ['words that are no MM7',            { http: 200, body: 'thank you' },           'client-refused'],
  ['a line that breaks',               'hang-up',                                  'client-unreachable'],
]

test('whatever is no clear success is repeated under the same TransactionID', async (t) => {
  const world = await startGateway(t)
  for (const [name, answer, reason] of strange) {
    await t.test(name, async () => {
      const since = world.vasp.posts.all.length
      world.vasp.answer((_post, count) => (count === 1 ? answer : 'success'))
      const id = await world.submit()
      for (const made of [1, 3]) {
        await nextTelling(world, id, made)
        world.advance(PLAN.delayMs)
      }
      await world.settled(id, 'delivered')
      const posts = world.vasp.posts.all.slice(since)
      assert.deepEqual(posts.map(statusOf), ['Forwarded', 'Forwarded', 'Retrieved', 'Retrieved'])
      assert.equal(new Set(posts.map(({ transactionId }) => transactionId)).size, 2)
      assert.equal((await tellings(world, id))[0], `handed-to-network ${reason}`)
    })
  }
})

test('a client that takes the request and never answers is called again', async (t) => {
  const world = await startGateway(t)
  world.vasp.answer((_post, count) => (count === 1 ? 'silence' : 'success'))
  const id = await world.submit()
  for (const made of [1, 3]) {
    await world.vasp.posts.next('the call that is not answered')
    world.advance(20_000)
    await nextTelling(world, id, made)
    world.advance(PLAN.delayMs)
    await world.vasp.posts.next('its repetition')
  }
  await world.settled(id, 'delivered')
  assert.equal((await tellings(world, id))[0], 'handed-to-network client-timeout')
})

test('a message from a handset is repeated under its TransactionID, whole, until it is taken', async (t) => {
  const world = await startGateway(t)
  world.vasp.answer((_post, count) => (count < 3 ? { code: 4006 } : 'success'))
  assert.match(await handOver(world.ports.smtp, writeMail(forwardFields(), 'Ding!')), /^250/)
  for (let call = 1; call <= 3; call += 1) {
    const { deliver, parts } = await world.vasp.posts.next(`call ${call}`)
    assert.equal(Buffer.from(parts[0]?.bytes ?? []).toString(), 'Ding!\r\n')
    if (call < 3) await world.skip(deliver?.linkedId ?? '', 'deferred', call)
    else await world.settled(deliver?.linkedId ?? '', 'delivered')
  }
  assert.equal(new Set(world.vasp.posts.all.map(({ transactionId }) => transactionId)).size, 1)
})

test('an account may say that a blank 200 is enough', async (t) => {
  const world = await startGateway(t, { access: { blankAnswerAccepted: true } })
  world.vasp.answer(() => 'blank')
  const id = await world.submit()
  await world.settled(id, 'delivered')
  assert.deepEqual(world.vasp.posts.all.map(statusOf), ['Forwarded', 'Retrieved'])
})

test('callbacks carry the account’s credentials, the carrier’s id and a declared length', async (t) => {
  const callbackBasic = { user: 'bell', password: 'ding:dong' }
  const world = await startGateway(t, { access: { callbackBasic } })
  await world.settled(await world.submit(), 'delivered')
  for (const { headers, body } of world.vasp.posts.all) {
    const given = Buffer.from(headers.authorization?.slice('Basic '.length) ?? '', 'base64')
    assert.equal(given.toString(), 'bell:ding:dong')
    assert.equal(headers['content-length'], String(body.length))
    assert.equal(headers['transfer-encoding'], undefined)
    assert.equal(headers['x-mblox-carrier-id'], '31002')
    assert.equal(headers.soapaction, '""')
  }
})
