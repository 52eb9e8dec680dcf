import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE_MS, openWorld, SECOND_MS, type Way } from '../../test/support/engine-world.ts'
import type { Outcome } from '../core/outcome.ts'
import type { RevisionTarget } from './reviser.ts'

const LATER_MS = 10 * MINUTE_MS
const BUSY: Outcome = { kind: 'deferred', reason: 'carrier-busy' }
const SILENT: Outcome = { kind: 'unknown', reason: 'carrier-timeout' }
const DONE = { kind: 'done', left: [] }

async function open(play: Way['play'] = () => ({ kind: 'delivered' })) {
  const world = await openWorld({ ways: { north: { lane: {}, play } } })
  const target = (messageId: string): RevisionTarget => ({ accountId: 'acme', messageId })
  const later = () => world.send({ notBefore: world.clock.now() + LATER_MS })
  return { ...world, target, later }
}

function refused(reason: string) {
  return { kind: 'refused', reason }
}

test('what was withdrawn is never tried, and asking again changes nothing', async () => {
  const { engine, target, later, clock, attempts, history } = await open()
  const messageId = await later()
  assert.deepEqual(await engine.reviser.judgeCancel(target(messageId)), DONE)
  assert.deepEqual(await history(messageId), ['accepted'], 'judging does nothing')
  assert.deepEqual(await engine.reviser.cancel(target(messageId)), DONE)
  assert.deepEqual(await engine.reviser.cancel(target(messageId)), DONE)
  await clock.advance(2 * LATER_MS)
  assert.deepEqual(attempts, [])
  assert.deepEqual(await history(messageId), ['accepted', 'cancelled'])
})

test('a message put off by a carrier that surely did not take it can be withdrawn', async () => {
  const { engine, target, send, clock, delivery } = await open(() => BUSY)
  const messageId = await send()
  await clock.advance(SECOND_MS)
  assert.equal((await delivery(messageId)).state, 'deferred')
  assert.deepEqual(await engine.reviser.cancel(target(messageId)), DONE)
})

test('a message that may have arrived cannot, for nobody could keep that promise', async () => {
  const { engine, target, send, clock, delivery } = await open(() => SILENT)
  const messageId = await send()
  await clock.advance(SECOND_MS)
  assert.equal((await delivery(messageId)).state, 'deferred')
  const answer = refused('no-longer-changeable')
  assert.deepEqual(await engine.reviser.cancel(target(messageId)), answer)
  const by = { envelope: { serviceCode: 'gold' }, request: 'r' }
  assert.deepEqual(await engine.reviser.replace(target(messageId), by), answer)
})

test('only the account’s own message is known to it, and none from a handset can be changed', async () => {
  const { engine, later, send, target } = await open()
  const { reviser } = engine
  const own = await later()
  const stranger = { accountId: 'other', messageId: own }
  const unknown = refused('message-unknown')
  assert.deepEqual(await reviser.cancel(stranger), unknown)
  assert.deepEqual(await reviser.cancel(target('not an id')), unknown)
  assert.equal(await reviser.knows('acme', own), true)
  assert.equal(await reviser.knows('other', own), false)
  const inbound = await send({ direction: 'mo' })
  assert.deepEqual(await reviser.cancel(target(inbound)), unknown)
  assert.equal(await reviser.knows('acme', inbound), true)
})

test('a recipient is withdrawn alone, a foreign one is named before anything is done', async () => {
  const { engine, send, clock, target, story } = await open()
  const recipients = ['15550100101', '15550100102'].map(
    (text) => ({ kind: 'number', text }) as const,
  )
  const messageId = await send({ recipients, notBefore: clock.now() + LATER_MS })
  const [first] = recipients
  assert.ok(first !== undefined)
  const foreign = { kind: 'number', text: '15550100109' } as const
  const both = { ...target(messageId), recipients: [first, foreign] }
  assert.deepEqual(await engine.reviser.cancel(both), refused('recipient-not-of-message'))
  assert.deepEqual(await engine.reviser.cancel({ ...target(messageId), recipients: [first] }), DONE)
  const by = { envelope: { serviceCode: 'gold' }, request: 'r' }
  assert.deepEqual(await engine.reviser.replace(target(messageId), by), DONE)
  const { deliveries, message } = await story(messageId)
  assert.deepEqual(
    deliveries.map(({ state }) => state),
    ['cancelled', 'queued'],
  )
  assert.equal(message.envelope.serviceCode, 'gold')
})

test('a replacement can bring a message forward, and its own end nearer', async () => {
  const { engine, later, clock, target, attempts, story } = await open()
  const messageId = await later()
  const now = clock.now()
  const by = {
    envelope: { application: { info: 'two' } },
    notBefore: now - SECOND_MS,
    expiresAt: now + MINUTE_MS,
    request: 'r',
  }
  assert.deepEqual(await engine.reviser.replace(target(messageId), by), DONE)
  await clock.advance(SECOND_MS)
  assert.equal(attempts.length, 1)
  assert.deepEqual(attempts[0]?.envelope.application, { info: 'two' })
  assert.equal((await story(messageId)).message.expiresAt, now + MINUTE_MS)
})

test('a replacement repeated after the message left is still done; another one is too late', async () => {
  const { engine, later, clock, target } = await open()
  const messageId = await later()
  const by = { envelope: { serviceCode: 'gold' }, notBefore: clock.now(), request: 'one' }
  await engine.reviser.replace(target(messageId), by)
  await clock.advance(SECOND_MS)
  assert.deepEqual(await engine.reviser.replace(target(messageId), by), DONE)
  const other = { ...by, request: 'two' }
  const answer = refused('no-longer-changeable')
  assert.deepEqual(await engine.reviser.replace(target(messageId), other), answer)
})
