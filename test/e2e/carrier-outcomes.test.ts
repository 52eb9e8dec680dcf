/** What a carrier says about a message, as the client hears it in its own dialect. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MmStatus, RequestStatus } from '../../src/codecs/mm4/types.ts'
import type { CarrierBehaviour } from '../../src/connectors/mm4/behaviour.ts'
import { reporting, WILLING } from '../support/carrier.ts'
import { until } from '../support/inbox.ts'
import { startGateway, type World } from '../support/start-gateway.ts'
import { told } from '../support/vasp.ts'

async function lifeOf(world: World, number: string, behaviour: CarrierBehaviour) {
  world.carrier.script(number, behaviour)
  const id = await world.submit(number)
  const story = await world.settled(id, 'delivered', 'forwarded', 'failed', 'expired', 'unknown')
  return { id, story, reports: told(world.vasp, id) }
}

const answering = (response: RequestStatus, more: Partial<CarrierBehaviour> = {}) => ({
  ...WILLING,
  response,
  reports: [],
  ...more,
})

// biome-ignore format: a table
const responses: readonly (readonly [string, CarrierBehaviour, string])[] = [
  ['Error-unspecified',                          answering('Error-unspecified'), 'Rejected 4000'],
  ['Error-service-denied',                       answering('Error-service-denied'), 'Rejected 4007'],
  ['Error-service-denied, naming the sender',    answering('Error-service-denied', { responseText: 'Originator not allowed' }), 'Rejected 2563'],
  ['Error-service-denied, naming an opt-out',    answering('Error-service-denied', { responseText: 'User opted out' }), 'Rejected 4007'],
  ['Error-message-format-corrupt',               answering('Error-message-format-corrupt'), 'Rejected 4004'],
  ['Error-sending-address-unresolved',           answering('Error-sending-address-unresolved'), 'Rejected 4007'],
  ['Error-message-not-found, which fits nothing', answering('Error-message-not-found'), 'Rejected 4000'],
  ['Error-content-not-accepted',                 answering('Error-content-not-accepted'), 'Rejected 2004'],
  ['Error-content-not-accepted, naming the size', answering('Error-content-not-accepted', { responseText: 'Too large' }), 'Rejected 2004'],
  ['Error-unsupported-message',                  answering('Error-unsupported-message'), 'NotSupported 4003'],
  ['Error-unsupported-message, another version', answering('Error-unsupported-message', { responseVersion: '9.0.0' }), 'NotSupported 4002'],
]

test('each MM4_forward.RES that refuses ends in one report with the code behind it', async (t) => {
  const world = await startGateway(t)
  for (const [index, [name, behaviour, expected]] of responses.entries()) {
    await t.test(name, async () => {
      const { story, reports } = await lifeOf(world, `1555020${1000 + index}`, behaviour)
      assert.deepEqual(reports, [expected])
      assert.equal(story.deliveries[0]?.attempts, 1, 'a refusal is not asked about twice')
      const said = story.events.find((event) => event.type === 'reported')
      assert.match(said?.report.raw ?? '', /^MM4_forward\.RES Error-/, 'its words are kept')
    })
  }
})

// biome-ignore format: a table
const statuses: readonly (readonly [readonly MmStatus[], readonly string[]])[] = [
  [['Retrieved'],             ['Forwarded', 'Retrieved']],
  [['Expired'],               ['Forwarded', 'Expired 3500']],
  [['Rejected'],              ['Forwarded', 'Rejected 4000']],
  [['Indeterminate'],         ['Forwarded', 'Indeterminate 4000']],
  // Interim in this dialect, so an end that says no more has to be called what it is.
  [['Forwarded'],             ['Forwarded', 'Indeterminate']],
  [['Unrecognised'],          ['Forwarded', 'Unrecognized 4003']],
  [['Unreachable'],           ['Forwarded', 'Unreachable 3500']],
  [['Deferred', 'Retrieved'], ['Forwarded', 'Deferred', 'Retrieved']],
]

test('each MM4_delivery_report status becomes the dialect’s own', async (t) => {
  const world = await startGateway(t)
  for (const [index, [sent, expected]] of statuses.entries()) {
    await t.test(sent.join(' then '), async () => {
      const { reports } = await lifeOf(world, `1555021${1000 + index}`, reporting(...sent))
      assert.deepEqual(reports, expected)
    })
  }
})

test('a report says why where the carrier does: spam and opt-out', async (t) => {
  const world = await startGateway(t)
  const because = (statusText: string): CarrierBehaviour => ({
    ...WILLING,
    reports: [{ status: 'Rejected', afterMs: 5, statusText }],
  })
  const spam = await lifeOf(world, '15550220001', because('Looks like spam'))
  const optOut = await lifeOf(world, '15550220002', because('Recipient sent STOP'))
  assert.deepEqual(spam.reports, ['Forwarded', 'Rejected 2004'])
  assert.deepEqual(optOut.reports, ['Forwarded', 'Rejected 4007'])
  assert.equal(optOut.story.deliveries[0]?.reason, 'recipient-opted-out')
})

test('a report that comes before the response counts, and the response after it changes nothing', async (t) => {
  const world = await startGateway(t)
  const early = { ...WILLING, responseAfterMs: 60, reportFirst: true }
  const { id, reports } = await lifeOf(world, '15550230001', early)
  assert.deepEqual(reports, ['Retrieved'])
  // By the end of a slower one, the first one's response is here.
  await lifeOf(world, '15550230002', { ...WILLING, responseAfterMs: 120 })
  assert.deepEqual(told(world.vasp, id), ['Retrieved'])
  assert.equal((await world.trace(id)).deliveries[0]?.state, 'delivered')
})

test('answers and reports that come twice are told once', async (t) => {
  const world = await startGateway(t)
  const { id } = await lifeOf(world, '15550240001', { ...WILLING, repeats: true })
  // The doubles of a later message have come by the time its own story has ended.
  await lifeOf(world, '15550240002', { ...WILLING, repeats: true })
  const { events } = await world.trace(id)
  assert.deepEqual(told(world.vasp, id), ['Forwarded', 'Retrieved'])
  assert.equal(events.filter(({ type }) => type === 'reported').length, 2)
})

test('a report that contradicts the end is kept as evidence and told to nobody', async (t) => {
  const world = await startGateway(t)
  const { id } = await lifeOf(world, '15550250001', reporting('Retrieved', 'Rejected'))
  const late = await until('the evidence', async () =>
    (await world.trace(id)).events.find((event) => event.type === 'reported' && event.ignored),
  )
  assert.equal(late.type === 'reported' && late.ignored, 'after-final')
  assert.equal(late.type === 'reported' && late.report.status, 'rejected')
  assert.deepEqual(told(world.vasp, id), ['Forwarded', 'Retrieved'])
  assert.equal((await world.trace(id)).deliveries[0]?.state, 'delivered')
})
