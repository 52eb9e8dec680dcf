import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Admission } from './admission.ts'
import { beatMs } from './clock.ts'
import type { BindVerdict } from './handler.ts'
import { openSmppServer } from './server.ts'
import { openWorld } from './testing/open-world.ts'
import { bindBody, openRawClient } from './testing/raw-peer.ts'

test('a server takes no more connections than it is told', async (t) => {
  const world = await openWorld(t, { limits: { sessionsMax: 2 } })
  await world.client()
  const second = await world.client()
  const third = await openRawClient(world.port)
  await third.untilClosed()
  assert.deepEqual(world.problems, [{ kind: 'too-many', address: '127.0.0.1', detail: 'sessions' }])
  second.socket.destroy()
  await world.ended()
  await world.bound[1]?.closed
  await world.client()
  assert.equal(world.server.sessionCount, 2)
  assert.equal(world.server.sessions().length, 2)
})

test('one address holds no more connections than it is told', async (t) => {
  const world = await openWorld(t, { limits: { sessionsPerAddressMax: 1 } })
  await world.client()
  await (await openRawClient(world.port)).untilClosed()
  assert.equal(world.problems[0]?.detail, 'sessions-per-address')
})

test('a handler may close a connection before it says anything', async (t) => {
  const world = await openWorld(t, {}, { connect: ({ address }) => address !== '127.0.0.1' })
  await (await openRawClient(world.port)).untilClosed()
  assert.equal(world.server.sessionCount, 0)
})

test('the oldest connection that has not bound makes room for a new one', async (t) => {
  const world = await openWorld(t, { limits: { unboundMax: 2 } })
  const bound = await world.client()
  const idle = [await openRawClient(world.port), await openRawClient(world.port)]
  const client = await openRawClient(world.port)
  t.after(() => client.socket.destroy())
  await idle[0]?.untilClosed()
  client.send(bindBody(), 1)
  assert.equal(await client.said(), 'bind_transceiver_resp:1:ESME_ROK')
  assert.equal(world.server.unboundCount, 1)
  assert.ok(!bound.socket.destroyed)
  idle[1]?.socket.destroy()
})

test('who does not bind in time is closed without a word', async (t) => {
  const world = await openWorld(t)
  const peer = await openRawClient(world.port)
  // A connection counts once the server has taken it.
  while (world.server.sessionCount === 0) await new Promise((resolve) => setImmediate(resolve))
  world.clock.advance(4999)
  assert.equal(world.server.sessionCount, 1)
  world.clock.advance(1)
  assert.deepEqual(await peer.untilClosed(), [])
})

test('a bind that is not judged in time is not let in late', async (t) => {
  let judged: (verdict: BindVerdict) => void = () => {}
  let asked = () => {}
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const bind = () =>
    new Promise<BindVerdict>((resolve) => {
      judged = resolve
      asked()
    })
  const world = await openWorld(t, {}, { bind })
  const peer = await openRawClient(world.port)
  peer.send(bindBody(), 1)
  await wasAsked
  world.clock.advance(9999)
  peer.send(bindBody(), 2)
  assert.equal(await peer.said(), 'bind_transceiver_resp:2:ESME_RALYBND')
  world.clock.advance(1)
  judged({ commandStatus: 0 })
  assert.deepEqual(await peer.untilClosed(), [])
  assert.equal(world.bound.length, 0)
})

test('a flood of binds from one address is cut off before anybody judges it', async (t) => {
  let judged = 0
  const world = await openWorld(
    t,
    { limits: { bindsPerSecond: 3 } },
    {
      bind: () => {
        judged++
        return { commandStatus: 0x0e }
      },
    },
  )
  const answers: string[] = []
  for (let count = 0; count < 6; count++) {
    const peer = await openRawClient(world.port)
    t.after(() => peer.socket.destroy())
    peer.send(bindBody(), 1)
    answers.push(await peer.said())
  }
  assert.deepEqual(answers, [
    ...new Array<string>(3).fill('bind_transceiver_resp:1:ESME_RINVPASWD'),
    ...new Array<string>(3).fill('bind_transceiver_resp:1:ESME_RBINDFAIL'),
  ])
  assert.equal(judged, 3)
  assert.equal(world.problems[0]?.kind, 'bind-flood')
  world.clock.advance(1000)
  const later = await openRawClient(world.port)
  t.after(() => later.socket.destroy())
  later.send(bindBody(), 1)
  assert.equal(await later.said(), 'bind_transceiver_resp:1:ESME_RINVPASWD')
})

test('a name that fits no bind_resp is refused when the server opens', async () => {
  const handler = { bind: () => ({ commandStatus: 0 }), request: () => ({ commandStatus: 0 }) }
  const options = { host: '127.0.0.1', port: 0, handler, systemId: 'x'.repeat(65) }
  await assert.rejects(openSmppServer(options), /system_id/)
})

test('addresses are counted by network where one host has many', () => {
  const limits = { sessionsMax: 9, sessionsPerAddressMax: 1, unboundMax: 9, bindsPerSecond: 1 }
  const admission = new Admission(limits)
  const place = admission.admit('2001:db8::1', () => undefined)
  assert.ok(typeof place !== 'string')
  assert.equal(
    admission.admit('2001:db8::2', () => undefined),
    'sessions-per-address',
  )
  assert.ok(typeof admission.admit('2001:db8:0:1::1', () => undefined) !== 'string')
  place.release()
  place.release()
  assert.equal(admission.sessionCount, 1)
  assert.ok(typeof admission.admit('2001:db8::2', () => undefined) !== 'string')
})

test('what is remembered of addresses is bounded and forgotten', () => {
  const limits = { sessionsMax: 9, sessionsPerAddressMax: 9, unboundMax: 9, bindsPerSecond: 2 }
  const admission = new Admission(limits)
  for (let count = 0; count < 10_000; count++) {
    assert.ok(admission.mayBind(`10.0.${count >> 8}.${count & 255}`, 0))
  }
  assert.ok(!admission.mayBind('192.0.2.1', 999))
  assert.ok(admission.mayBind('192.0.2.1', 1000))
})

test('tries come back with time, not beyond what is allowed at once', () => {
  const limits = { sessionsMax: 9, sessionsPerAddressMax: 9, unboundMax: 9, bindsPerSecond: 2 }
  const admission = new Admission(limits)
  const tries = (now: number) => [1, 2, 3].map(() => admission.mayBind('192.0.2.1', now))
  assert.deepEqual(tries(0), [true, true, false])
  assert.deepEqual(tries(500), [true, false, false])
  assert.deepEqual(tries(60_000), [true, true, false])
})

test('the beat is fine enough for the shortest wait and no finer', () => {
  assert.equal(beatMs([30_000, 5000, Number.POSITIVE_INFINITY]), 1000)
  assert.equal(beatMs([2000, 30_000]), 500)
  assert.equal(beatMs([8]), 10)
  assert.equal(beatMs([]), 1000)
})
