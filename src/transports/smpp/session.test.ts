import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import {
  createDeliverSm,
  createPlain,
  createResponse,
  createSubmitSm,
} from '../../codecs/smpp/create-body.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import type { MessageRequest, SmppAnswer, SmppSession } from './handler.ts'
import type { SmppServerLimits } from './server-options.ts'
import { openWorld, type World, yes } from './testing/open-world.ts'
import { bindBody, bytesOf, openRawClient, type RawPeer } from './testing/raw-peer.ts'

const destination = { ton: 1, npi: 1, addr: '15550100123' }
const SUBMIT = createSubmitSm({ destination })
const DELIVER = createDeliverSm({ destination, shortMessage: Buffer.alloc(140, 'x') })
const DELIVERED = createResponse('deliver_sm')

interface Pair {
  readonly world: World
  readonly peer: RawPeer
  readonly session: SmppSession
}

/** A raw client bound to a server, and the server's side of it. */
async function openPair(
  t: TestContext,
  limits: Partial<SmppServerLimits> = {},
  request?: (body: MessageRequest) => SmppAnswer | Promise<SmppAnswer>,
): Promise<Pair> {
  const world = await openWorld(t, { limits }, request && { request })
  const peer = await world.client()
  const [session] = world.bound
  assert.ok(session !== undefined)
  return { world, peer, session }
}

// --- our requests -----------------------------------------------------------------------------

test('answers are matched by number, not by order', async (t) => {
  const { peer, session } = await openPair(t)
  const replies = [session.request(DELIVER), session.request(DELIVER)]
  const numbers = [(await peer.next()).sequenceNumber, (await peer.next()).sequenceNumber]
  assert.equal(session.outstanding, 2)
  peer.send(DELIVERED, numbers[1] ?? 0, 0x64)
  peer.send(DELIVERED, numbers[0] ?? 0)
  const [first, second] = await Promise.all(replies)
  assert.ok(first?.kind === 'answered' && first.commandStatus === 0)
  assert.ok(second?.kind === 'answered' && second.commandStatus === 0x64)
  assert.equal(session.outstanding, 0)
})

test('a generic_nack is an answer, and another operation’s response is none', async (t) => {
  const { world, peer, session } = await openPair(t)
  const reply = session.request(DELIVER)
  const { sequenceNumber } = await peer.next()
  peer.send(createResponse('submit_sm'), sequenceNumber)
  peer.send(createPlain('generic_nack'), sequenceNumber, 3)
  const answered = await reply
  assert.ok(answered.kind === 'answered' && answered.response.command === 'generic_nack')
  assert.equal(world.problems.length, 0)
})

test('a full window says so at once, and lets as many wait as it is told', async (t) => {
  const { world, peer, session } = await openPair(t, { windowMax: 2, waitingMax: 1 })
  const all = [1, 2, 3, 4].map(() => session.request(DELIVER))
  const impatient = await session.request(DELIVER, { wait: false })
  assert.ok(impatient.kind === 'not-sent' && impatient.because === 'window-full')
  const refused = await all[3]
  assert.ok(refused?.kind === 'not-sent' && refused.because === 'window-full')
  assert.deepEqual([session.outstanding, session.waiting], [2, 1])
  const { sequenceNumber } = await peer.next()
  peer.send(DELIVERED, sequenceNumber)
  assert.equal((await all[0])?.kind, 'answered')
  await peer.next()
  peer.send(DELIVERED, (await peer.next()).sequenceNumber)
  assert.equal((await all[2])?.kind, 'answered')
  world.clock.advance(0)
  assert.equal(session.outstanding, 1)
})

test('who waits too long for room is told that nothing was sent', async (t) => {
  const limits = { windowMax: 1, waitingMax: 5, responseTimeoutMs: 1000 }
  const { world, peer, session } = await openPair(t, limits)
  const first = session.request(DELIVER)
  const waiting = session.request(DELIVER)
  await peer.next()
  world.clock.advance(1000)
  assert.equal((await first).kind, 'unanswered')
  const reply = await waiting
  assert.ok(reply.kind === 'not-sent' && reply.because === 'window-full')
})

test('no answer in time is nobody’s yes or no, and a late one still comes through', async (t) => {
  const lates: string[] = []
  const world = await openWorld(
    t,
    {},
    { late: ({ sequenceNumber, response }) => lates.push(`${response.command}:${sequenceNumber}`) },
  )
  const peer = await world.client()
  const [session] = world.bound
  const reply = session?.request(DELIVER)
  const { sequenceNumber } = await peer.next()
  peer.send(createPlain('enquire_link'), 5)
  await peer.next()
  world.clock.advance(29_999)
  assert.equal(session?.outstanding, 1)
  world.clock.advance(1)
  assert.deepEqual(await reply, {
    kind: 'unanswered',
    because: 'timeout',
    sequenceNumber,
    detail: `no answer to deliver_sm ${sequenceNumber} in time`,
  })
  peer.send(DELIVERED, sequenceNumber)
  peer.send(createPlain('enquire_link'), 6)
  while ((await peer.next()).sequenceNumber !== 6);
  assert.deepEqual(lates, [`deliver_sm_resp:${sequenceNumber}`])
})

test('what cannot be sent is told without being sent', async (t) => {
  const world = await openWorld(t)
  const peer = await world.client('bind_transmitter')
  const [session] = world.bound
  assert.ok(session !== undefined)
  const wrong = await session.request(DELIVER)
  assert.ok(wrong.kind === 'not-sent' && wrong.because === 'wrong-direction')
  const receiver = await world.client('bind_receiver')
  const long = createDeliverSm({ destination: { ...destination, addr: '1'.repeat(21) } })
  const unwritable = await world.bound[1]?.request(long)
  assert.ok(unwritable?.kind === 'not-sent' && unwritable.because === 'unwritable')
  assert.match(unwritable.detail, /destination_addr/)
  peer.socket.destroy()
  receiver.socket.destroy()
  await world.ended()
  await world.ended()
  const gone = await session.request(DELIVER)
  assert.ok(gone.kind === 'not-sent' && gone.because === 'not-bound')
})

test('a connection lost leaves what was sent unanswered and what waited unsent', async (t) => {
  const { peer, session } = await openPair(t, { windowMax: 1, waitingMax: 1 })
  const sent = session.request(DELIVER)
  const waited = session.request(DELIVER)
  await peer.next()
  peer.socket.resetAndDestroy()
  const reply = await sent
  assert.ok(reply.kind === 'unanswered' && reply.because === 'closed')
  assert.equal((await waited).kind, 'not-sent')
  assert.equal((await session.closed).because, 'socket-failed')
})

// --- the peer's requests ----------------------------------------------------------------------

test('more requests than the window holds are throttled', async (t) => {
  const answers: (() => void)[] = []
  const { peer, session } = await openPair(
    t,
    { inboundWindowMax: 2 },
    (body) => new Promise((resolve) => answers.push(() => resolve(yes(body)))),
  )
  peer.write(Buffer.concat([2, 3, 4].map((number) => bytesOf(SUBMIT, number))))
  assert.equal(await peer.said(), 'submit_sm_resp:4:ESME_RTHROTTLED')
  assert.equal(session.answering, 2)
  answers[0]?.()
  assert.equal(await peer.said(), 'submit_sm_resp:2:ESME_ROK')
  peer.send(SUBMIT, 5)
  peer.send(SUBMIT, 6)
  assert.equal(await peer.said(), 'submit_sm_resp:6:ESME_RTHROTTLED')
})

test('a verdict may give a client windows of its own', async (t) => {
  const world = await openWorld(
    t,
    {},
    {
      bind: () => ({ commandStatus: 0, windowMax: 1, inboundWindowMax: 1 }),
      request: () => new Promise(() => undefined),
    },
  )
  const peer = await world.client()
  peer.send(SUBMIT, 2)
  peer.send(SUBMIT, 3)
  assert.equal(await peer.said(), 'submit_sm_resp:3:ESME_RTHROTTLED')
  const [session] = world.bound
  void session?.request(DELIVER)
  const second = await session?.request(DELIVER)
  assert.equal(second?.kind, 'not-sent')
})

// --- time -------------------------------------------------------------------------------------

test('a silent peer is asked whether it is there, and stays if it answers', async (t) => {
  const { world, peer, session } = await openPair(t)
  world.clock.advance(29_999)
  world.clock.advance(1)
  const { body, sequenceNumber } = await peer.next()
  assert.equal(body.command, 'enquire_link')
  peer.send(createResponse('enquire_link'), sequenceNumber)
  peer.send(createPlain('enquire_link'), 9)
  assert.equal(await peer.said(), 'enquire_link_resp:9:ESME_ROK')
  world.clock.advance(29_999)
  assert.ok(session.open)
  world.clock.advance(1)
  assert.equal((await peer.next()).body.command, 'enquire_link')
})

test('a peer that does not answer is gone', async (t) => {
  const { world, peer } = await openPair(t)
  world.clock.advance(30_000)
  await peer.next()
  world.clock.advance(30_000)
  assert.equal((await world.ended()).because, 'peer-silent')
  await peer.untilClosed()
})

test('a peer that is slow to answer and says other things is alive', async (t) => {
  const { world, peer, session } = await openPair(t)
  world.clock.advance(30_000)
  await peer.next()
  world.clock.advance(10_000)
  peer.send(SUBMIT, 2)
  await peer.next()
  world.clock.advance(20_000)
  assert.ok(session.open)
})

test('without questions a silent session ends by its inactivity', async (t) => {
  const { world } = await openPair(t, { enquireLinkMs: Number.POSITIVE_INFINITY })
  world.clock.advance(300_000)
  assert.equal((await world.ended()).because, 'inactive')
})

// --- unbinding --------------------------------------------------------------------------------

test('a peer that unbinds gets the answers under way first', async (t) => {
  let answer = () => {}
  const { world, peer } = await openPair(
    t,
    {},
    (body) =>
      new Promise((resolve) => {
        answer = () => resolve(yes(body))
      }),
  )
  peer.send(SUBMIT, 2)
  peer.send(createPlain('unbind'), 3)
  peer.send(SUBMIT, 4)
  assert.equal(await peer.said(), 'submit_sm_resp:4:ESME_RINVBNDSTS')
  answer()
  assert.deepEqual(await peer.untilClosed(), [
    'submit_sm_resp:2:ESME_ROK',
    'unbind_resp:3:ESME_ROK',
  ])
  assert.equal((await world.ended()).because, 'unbound')
})

test('a peer that unbinds may still answer us for a moment', async (t) => {
  const { world, peer, session } = await openPair(t)
  const reply = session.request(DELIVER)
  const { sequenceNumber } = await peer.next()
  peer.send(createPlain('unbind'), 3)
  assert.equal(await peer.said(), 'unbind_resp:3:ESME_ROK')
  peer.send(DELIVERED, sequenceNumber)
  assert.equal((await reply).kind, 'answered')
  assert.equal((await world.ended()).because, 'unbound')
})

test('a peer that unbinds and says no more is closed after a moment', async (t) => {
  const { world, peer, session } = await openPair(t)
  const reply = session.request(DELIVER)
  await peer.next()
  peer.send(createPlain('unbind'), 3)
  await peer.next()
  world.clock.advance(2000)
  assert.equal((await reply).kind, 'unanswered')
  assert.equal((await world.ended()).because, 'unbound')
})

test('we unbind when what is under way has ended, and take nothing new', async (t) => {
  const { peer, session } = await openPair(t)
  const reply = session.request(DELIVER)
  const { sequenceNumber } = await peer.next()
  const closed = session.unbind()
  assert.ok(!session.open)
  const refused = await session.request(DELIVER)
  assert.ok(refused.kind === 'not-sent' && refused.because === 'not-bound')
  peer.send(SUBMIT, 2)
  assert.equal(await peer.said(), 'submit_sm_resp:2:ESME_RSYSERR')
  peer.send(DELIVERED, sequenceNumber)
  assert.equal((await reply).kind, 'answered')
  const unbind = await peer.next()
  assert.equal(unbind.body.command, 'unbind')
  peer.send(createResponse('unbind'), unbind.sequenceNumber)
  assert.deepEqual(await closed, { because: 'unbound', detail: 'we unbound' })
})

test('a peer that closes instead of answering an unbind has unbound', async (t) => {
  const { peer, session } = await openPair(t)
  const closed = session.unbind()
  assert.equal((await peer.next()).body.command, 'unbind')
  peer.socket.end()
  assert.equal((await closed).because, 'unbound')
})

test('unbinding does not wait for ever', async (t) => {
  const { world, peer, session } = await openPair(t)
  const reply = session.request(DELIVER)
  await peer.next()
  const closed = session.unbind({ deadlineMs: 500 })
  world.clock.advance(500)
  assert.equal((await reply).kind, 'unanswered')
  peer.socket.destroy()
  assert.equal((await closed).because, 'drain-timeout')
})

test('both sides may unbind at once', async (t) => {
  const { peer, session } = await openPair(t)
  const closed = session.unbind()
  assert.equal((await peer.next()).body.command, 'unbind')
  peer.send(createPlain('unbind'), 3)
  assert.deepEqual(await peer.untilClosed(), ['unbind_resp:3:ESME_ROK'])
  assert.equal((await closed).because, 'unbound')
})

test('a server that closes unbinds its clients and answers what is under way', async (t) => {
  let answer = () => {}
  const { world, peer } = await openPair(
    t,
    {},
    (body) =>
      new Promise((resolve) => {
        answer = () => resolve(yes(body))
      }),
  )
  peer.send(SUBMIT, 2)
  peer.send(createPlain('enquire_link'), 3)
  await peer.next()
  const closed = world.server.close()
  answer()
  assert.equal(await peer.said(), 'submit_sm_resp:2:ESME_ROK')
  const unbind = await peer.next()
  assert.equal(unbind.body.command, 'unbind')
  peer.send(createResponse('unbind'), unbind.sequenceNumber)
  await closed
  assert.equal(world.server.sessionCount, 0)
})

test('hanging up is heard at once', async (t) => {
  const { world, peer, session } = await openPair(t)
  session.hangUp()
  await peer.untilClosed()
  assert.equal((await session.closed).because, 'hung-up')
  assert.equal((await world.ended()).because, 'hung-up')
})

// --- a peer that does not read ----------------------------------------------------------------

test('a peer that does not read costs a bounded buffer, and in the end its session', async (t) => {
  const limits = { windowMax: 100_000, waitingMax: 10, enquireLinkMs: Number.POSITIVE_INFINITY }
  const { world, peer, session } = await openPair(t, limits)
  peer.socket.pause()
  let full = 0
  // More than any socket buffer of the system takes.
  for (let count = 0; count < 60_000 && full === 0; count++) {
    void session.request(DELIVER).then(({ kind }) => {
      if (kind === 'not-sent') full++
    })
    if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  assert.ok(full > 0, 'requests were refused, not kept')
  assert.equal(session.waiting, 10)
  world.clock.advance(1)
  assert.ok(session.open)
  world.clock.advance(29_999)
  world.clock.advance(1)
  assert.equal((await world.ended()).because, 'peer-not-reading')
})

test('requests wait while the peer does not read, and go on when it does', async (t) => {
  const limits = { windowMax: 100_000, waitingMax: 100_000 }
  const { peer, session } = await openPair(t, limits)
  peer.socket.pause()
  const replies: Promise<unknown>[] = []
  while (session.waiting === 0) {
    for (let count = 0; count < 200; count++) replies.push(session.request(DELIVER))
    await new Promise((resolve) => setImmediate(resolve))
  }
  peer.socket.on('data', () => undefined)
  const acknowledge = async () => {
    for (let count = 0; count < replies.length; count++) {
      peer.send(DELIVERED, (await peer.next()).sequenceNumber)
    }
  }
  peer.socket.resume()
  await acknowledge()
  const kinds = new Set(
    (await Promise.all(replies)).map((reply) => JSON.stringify(reply).slice(0, 18)),
  )
  assert.deepEqual([...kinds], ['{"kind":"answered"'])
})

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

test('a client that asks and never reads is not answered into our memory', async (t) => {
  const limits = { inboundWindowMax: 1000, enquireLinkMs: Number.POSITIVE_INFINITY }
  const { world, peer, session } = await openPair(t, limits)
  peer.socket.pause()
  const burst = Buffer.concat(Array.from({ length: 2000 }, (_, i) => bytesOf(SUBMIT, i + 2)))
  // Writes until neither side takes any more; a chunk of 64 KiB is worked off in some sixty turns.
  for (let count = 0; count < 2000 && session.open; count++) {
    if (!peer.socket.write(burst)) {
      const room = once(peer.socket, 'drain').then(() => true)
      const still = turns(500).then(() => false)
      if (!(await Promise.race([room, still])) && peer.socket.writableLength > 8 * burst.length)
        break
    }
  }
  world.clock.advance(1)
  world.clock.advance(30_000)
  // Reading stopped long before the write buffer was full, so it is time that ends the session.
  assert.equal((await world.ended()).detail, 'the peer took nothing in 30000 ms')
})

test('answers beyond the write buffer end a session at once', async (t) => {
  const limits = { writeBufferOctetsMax: 100_000, enquireLinkMs: Number.POSITIVE_INFINITY }
  const { world, peer, session } = await openPair(t, limits, (body) => yes(body, 'x'.repeat(64)))
  peer.socket.pause()
  const burst = Buffer.concat(Array.from({ length: 1000 }, (_, i) => bytesOf(SUBMIT, i + 2)))
  while (session.open) {
    peer.write(burst)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { because, detail } = await world.ended()
  assert.deepEqual([because, detail], ['peer-not-reading', '100000 octets wait for the peer'])
})

test('damaged frames never bring a server down', async (t) => {
  const world = await openWorld(t, { limits: { faultsMax: 1000, bindsPerSecond: 1000 } })
  const pieces = [bytesOf(SUBMIT, 2), bytesOf(DELIVER, 3), bytesOf(createPlain('unbind'), 4)]
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ piece: fc.nat(2), at: fc.nat(200), to: fc.nat(255) }), {
        minLength: 1,
        maxLength: 10,
      }),
      async (damages) => {
        const peer = await openRawClient(world.port)
        peer.send(bindBody(), 1)
        await peer.next()
        for (const { piece, at, to } of damages) {
          const bytes = Buffer.from(pieces[piece] ?? [])
          // The length is left alone, so that what follows is still read.
          bytes[4 + (at % (bytes.length - 4))] = to
          peer.write(bytes)
        }
        peer.socket.end()
        await peer.untilClosed()
      },
    ),
    { numRuns: 60 },
  )
  const peer = await world.client()
  peer.send(createPlain('enquire_link'), 9)
  assert.equal(await peer.said(), 'enquire_link_resp:9:ESME_ROK')
  assert.deepEqual(
    world.problems.filter(({ kind }) => kind === 'handler-failed'),
    [],
  )
})

test('the response of a message bears what the handler put there', async (t) => {
  const { peer } = await openPair(t, {}, () => ({
    commandStatus: 0x58,
    response: { command: 'submit_sm_resp', messageId: '', tlvs: { congestionState: 95 } },
  }))
  peer.send(SUBMIT, 2)
  const { body, commandStatus } = await peer.next()
  assert.equal(commandStatus, 0x58)
  assert.deepEqual(body.tlvs, { congestionState: 95 })
  assert.notEqual(body.tlvs, NO_TLVS)
})
