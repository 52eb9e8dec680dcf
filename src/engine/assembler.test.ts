import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld, SECOND_MS, type World } from '../../test/support/engine-world.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { holdOp, idOf, T0 } from '../stores/suite/samples.suite.ts'
import type { ArrivingPart } from './assembler.ts'
import type { PartJoiner } from './ports/part-joiner.ts'

/** Joins base64 as it is; parts of another coding do not go together. */
const joiner: PartJoiner = {
  join(parts) {
    const [first] = parts
    if (first === undefined) throw new Error('no parts')
    const inline = Buffer.concat(parts.map(({ octets }) => Buffer.from(octets, 'base64')))
    const mixed = parts.some(({ dataCoding }) => dataCoding !== first.dataCoding)
    return {
      submission: {
        ...first.submission,
        content: { parts: [], length: inline.length, inline, extents: [] },
      },
      ...(mixed ? { broken: 'text-undecodable' } : {}),
    }
  },
}

const SENT = { kind: 'submitted', remoteId: 'r1', expects: 'nothing' } as const

function part(sequence: number, total: number, text: string): ArrivingPart {
  const { id: _id, at: _at, expiresAt: _end, ...sample } = holdOp(1, sequence, total).part
  const fingerprint = text
  // What the ways out of this world carry.
  const submission = { ...sample.submission, channel: 'mms' } as const
  return { ...sample, submission, fingerprint, octets: Buffer.from(text).toString('base64') }
}

function open(play = () => SENT): Promise<World> {
  return openWorld({ ways: { harbour: { lane: {}, play } }, joiner })
}

test('a message in parts leaves once, under the id of the part that came first', async () => {
  const world = await open()
  const second = await world.engine.hold(part(2, 2, 'evening'))
  assert.ok(second.kind === 'held' && second.message === undefined)
  assert.equal(world.attempts.length, 0)
  const first = await world.engine.hold(part(1, 2, 'good '))
  assert.ok(first.kind === 'held')
  assert.deepEqual(first.message, { kind: 'accepted', messageId: second.id })
  assert.notEqual(first.id, second.id)
  await world.clock.advance(SECOND_MS)
  const [attempt, ...others] = world.attempts
  assert.deepEqual(others, [])
  assert.equal(Buffer.from(attempt?.content.inline ?? []).toString(), 'good evening')
  const again = await world.engine.hold(part(1, 2, 'good '))
  assert.deepEqual(again, { kind: 'duplicate', id: first.id })
})

test('a part that contradicts the others is refused alone', async () => {
  const { engine } = await open()
  await engine.hold(part(1, 3, 'a'))
  const conflict = { kind: 'refused', reason: 'concatenation-conflict' }
  assert.deepEqual(await engine.hold(part(1, 3, 'b')), conflict)
  assert.deepEqual(await engine.hold(part(2, 2, 'c')), conflict)
  assert.equal((await engine.hold(part(2, 3, 'd'))).kind, 'held')
})

test('parts whose others stay away end as a message that failed, told once', async () => {
  const world = await open()
  const held = await world.engine.hold(part(2, 3, 'x'))
  assert.ok(held.kind === 'held')
  await world.clock.advance(300 * SECOND_MS)
  await world.engine.sweeper.sweep()
  await world.engine.sweeper.sweep()
  const story = await world.story(held.id)
  assert.equal(story.deliveries[0]?.state, 'failed')
  assert.equal(story.deliveries[0]?.reason, 'concatenation-timeout')
  const failed = story.events.find(({ type }) => type === 'failed')
  assert.ok(failed?.type === 'failed')
  assert.equal(failed.raw, '1 of 3 parts came; missing: 1, 3')
  await world.clock.advance(SECOND_MS)
  assert.deepEqual(
    world.told.map(({ messageId, reason }) => [messageId, reason]),
    [[held.id, 'concatenation-timeout']],
  )
})

test('parts that make no message together fail with the reason', async () => {
  const world = await open()
  await world.engine.hold(part(1, 2, 'a'))
  const last = await world.engine.hold({ ...part(2, 2, 'b'), dataCoding: 8 })
  assert.equal(last.kind, 'held')
  const { deliveries } = await world.story(last.kind === 'held' ? last.id : '')
  assert.equal(deliveries[0]?.reason, 'text-undecodable')
})

test('a set that was complete when a process stopped is a message after the next start', async () => {
  const store = openMemoryStore()
  const [[{ kind: first }], [last]] = await Promise.all([
    store.commit([holdOp(1, 1, 2)]),
    store.commit([holdOp(2, 2, 2)]),
  ])
  assert.equal(first, 'held')
  assert.ok(last.kind === 'complete')
  const reopened = { ...store, start: { ...store.start, completeParts: [last.set] } }
  const ways = { harbour: { lane: {}, play: () => SENT } }
  const world = await openWorld({ ways, joiner, store: reopened })
  assert.equal((await world.story(idOf(2))).message.id, idOf(1))
  assert.equal(await store.read({ query: 'waiting-part', id: idOf(1) }), undefined)
  assert.ok(world.clock.now() !== T0)
})

test('an account whose parts miss their others is told to slow down, not to stop', async () => {
  const world = await openWorld({
    ways: { harbour: { lane: {}, play: () => SENT } },
    joiner,
    limits: { partSetsMax: 1 },
  })
  const other = { ...part(1, 2, 'c'), key: 'another' }
  assert.equal((await world.engine.hold(part(1, 2, 'a'))).kind, 'held')
  assert.deepEqual(await world.engine.hold(other), { kind: 'refused', reason: 'overloaded' })
  assert.equal((await world.engine.hold(part(2, 2, 'b'))).kind, 'held')
  assert.equal((await world.engine.hold(other)).kind, 'held')
})
