/** Taking a message back from the upstream MMSC that has it already, over real sockets. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { RelayBehaviour } from '../../src/connectors/mm7/behaviour.ts'
import type { Mm7Upstream } from '../../src/core/carrier.ts'
import { until } from '../support/inbox.ts'
import { exchange, ordinaryOperation } from '../support/mm7-client.ts'
import { writeOperation } from '../support/mm7-operation.ts'
import { HANDSET } from '../support/start-gateway.ts'
import { openUpstream } from '../support/upstream-world.ts'
import { told } from '../support/vasp.ts'

const PATH = '/mm7/smsglobal'
const QUIET: RelayBehaviour = { answer: { kind: 'code', code: 1000 }, reports: [] }
const { recipients: _to, content: _content, subject: _subject, ...COMMON } = ordinaryOperation('1')

/** A message the upstream has taken and not yet delivered. */
async function openTaken(
  t: TestContext,
  behaviour: Partial<RelayBehaviour>,
  given: Partial<Mm7Upstream> = {},
) {
  const opened = await openUpstream(t, given, { account: { dialect: 'smsglobal' } })
  const { world } = opened
  opened.behave({ ...QUIET, ...behaviour })
  const messageId = await world.submit(HANDSET, { path: PATH, operation: { deliveryReport: true } })
  await world.settled(messageId, 'submitted')
  const operation = { ...COMMON, name: 'CancelReq' as const, messageId }
  const cancel = () => exchange(world.ports.http, writeOperation({ path: PATH, operation }))
  return { ...opened, messageId, cancel }
}

test('an upstream that gives a message back ends it, and its word is kept', async (t) => {
  const { world, messageId, cancel, cancels, relay } = await openTaken(t, {})
  assert.equal((await cancel()).code, '1000')
  assert.deepEqual(
    cancels.map((one) => one.messageId),
    ['relay-1'],
  )
  const { deliveries, events } = await world.trace(messageId)
  assert.equal(deliveries[0]?.state, 'cancelled')
  const [event] = events.filter(({ type }) => type === 'cancelled')
  assert.ok(event?.type === 'cancelled' && event.route === 'north')
  assert.match(event.raw ?? '', /CancelRsp 1000/)
  assert.equal((await cancel()).code, '1000', 'the answer may have been lost')
  assert.equal(cancels.length, 1, 'and nobody is asked twice')
  await relay.sendReport('relay-1', 'Expired')
  assert.equal((await world.trace(messageId)).deliveries[0]?.state, 'cancelled')
  assert.deepEqual(world.fatal, [])
})

const refusals: Readonly<Record<string, Partial<RelayBehaviour>>> = {
  'too late': { cancelAnswer: { kind: 'code', code: 3001, as: 'rsp' } },
  'not served': { cancelAnswer: { kind: 'code', code: 4003 } },
  silence: { cancelAnswer: { kind: 'silence' } },
  'a broken line': { cancelAnswer: { kind: 'drop', at: 'answer' } },
}
for (const [what, behaviour] of Object.entries(refusals)) {
  test(`an upstream that says ${what} keeps the message, whose report is still told`, async (t) => {
    const opened = await openTaken(t, behaviour, { cancelTimeoutMs: 300 })
    const { world, messageId, cancel, cancels, relay } = opened
    assert.equal((await cancel()).code, '3001')
    assert.equal(cancels.length, 1)
    const { deliveries, events } = await world.trace(messageId)
    assert.equal(deliveries[0]?.state, 'submitted')
    assert.ok(events.every(({ type }) => type !== 'cancelled'))
    await relay.sendReport('relay-1', 'Retrieved')
    await world.settled(messageId, 'delivered')
    await until('the report', () => told(world.vasp, messageId).includes('Retrieved'))
  })
}

test('a report that is faster than the yes wins, and the client is told the truth', async (t) => {
  const { world, messageId, cancel } = await openTaken(t, { reportBeforeCancelAnswer: 'Retrieved' })
  assert.equal((await cancel()).code, '3001')
  assert.equal((await world.trace(messageId)).deliveries[0]?.state, 'delivered')
  await until('the report', () => told(world.vasp, messageId).includes('Retrieved'))
  assert.deepEqual(world.fatal, [])
})

test('a report that moves nothing does not stand in the way of the yes', async (t) => {
  const { world, messageId, cancel } = await openTaken(t, { reportBeforeCancelAnswer: 'Deferred' })
  assert.equal((await cancel()).code, '1000')
  assert.equal((await world.trace(messageId)).deliveries[0]?.state, 'cancelled')
})

test('an upstream that serves no withdrawal is not asked', async (t) => {
  const { cancel, cancels } = await openTaken(t, {}, { servesCancel: false })
  assert.equal((await cancel()).code, '3001')
  assert.deepEqual(cancels, [])
})
