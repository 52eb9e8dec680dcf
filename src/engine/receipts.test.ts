import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS, openWorld, SECOND_MS } from '../../test/support/engine-world.ts'
import { heldBack, inTurn } from '../../test/support/scripted.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Outcome, Report, ReportedStatus } from '../core/outcome.ts'
import { openMemoryStore } from '../stores/memory/store.ts'

const TAKEN: Outcome = { kind: 'submitted', remoteId: 'r1', expects: 'report' }
const ASKED: Outcome = { kind: 'submitted', remoteId: 'r1', expects: 'response' }

function report(status: ReportedStatus, more: Partial<Report> = {}): Report {
  return { status, raw: `${status} as received`, ...more }
}

/** A message that the next hop has taken under the id `r1`. */
async function takenMessage(outcome: Outcome = TAKEN) {
  const world = await openWorld({ ways: { harbour: { lane: {}, play: inTurn(outcome) } } })
  const id = await world.send()
  await world.clock.drain()
  const receive = (what: Report, remoteId = 'r1') =>
    world.engine.receive('harbour', remoteId, what, true)
  const told = () => world.told.map(({ result }) => result)
  return { world, id, receive, told }
}

const reported = (events: readonly MessageEvent[]) =>
  events.flatMap((event) =>
    event.type === 'reported' ? [`${event.report.status} ${event.ignored ?? 'applied'}`] : [],
  )

test('a report moves the delivery it names, and its client is told', async () => {
  const { world, id, receive, told } = await takenMessage()
  assert.equal(await receive(report('retrieved')), 'applied')
  await world.clock.advance(SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
  assert.deepEqual(told(), ['handed-to-network', 'delivered'])
})

test('a report that overtakes the answer waits for it and is applied then', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: { harbour: { lane: {}, play } } })
  const id = await world.send()
  await world.clock.drain()
  const early = [report('deferred', { happenedAt: 5 }), report('retrieved')]
  for (const each of early) {
    assert.equal(await world.engine.receive('harbour', 'r1', each, true), 'parked')
  }
  assert.equal((await world.delivery(id)).state, 'attempting')
  answers[0]?.resolve(TAKEN)
  await world.clock.advance(SECOND_MS)
  assert.equal((await world.delivery(id)).state, 'delivered')
  const results = world.told.map(({ result }) => result)
  assert.deepEqual(results, ['handed-to-network', 'deferred', 'delivered'])
})

test('a report on the same id from another way out is not taken for ours', async () => {
  const { world, id } = await takenMessage()
  const answer = await world.engine.receive('island', 'r1', report('retrieved'), true)
  assert.equal(answer, 'parked')
  assert.equal((await world.delivery(id)).state, 'submitted')
})

test('a report on an id that cannot be ours is answered as unknown and not kept', async () => {
  const { world } = await takenMessage()
  const answer = await world.engine.receive('harbour', 'nobody', report('retrieved'), false)
  assert.equal(answer, 'unknown')
})

test('an answer to the request starts the wait for the report', async () => {
  const { world, id, receive, told } = await takenMessage(ASKED)
  await world.clock.advance(MINUTE_MS)
  assert.equal(await receive(report('acknowledged')), 'applied')
  const { state, expects, nextAt } = await world.delivery(id)
  assert.deepEqual([state, expects], ['submitted', 'report'])
  assert.equal(nextAt, world.clock.now() + 2 * HOUR_MS)
  await world.clock.drain()
  assert.deepEqual(told(), ['handed-to-network'])
})

// biome-ignore format: a table
const REPEATS = [
  ['fetched',                         TAKEN, report('retrieved')],
  ['never fetched',                   TAKEN, report('expired')],
  ['rejected',                        TAKEN, report('rejected')],
  ['still trying, with its time',     TAKEN, report('deferred', { happenedAt: 7 })],
  ['still trying, without a time',    TAKEN, report('deferred')],
  ['yes to the request',              ASKED, report('acknowledged')],
  ['no to the request, for now',      ASKED, report('refused', { reason: 'carrier-busy' })],
  ['no to the request, for good',     ASKED, report('refused', { reason: 'recipient-unknown' })],
  ['read',                            TAKEN, report('read', { happenedAt: 7 })],
] as const

for (const [name, outcome, what] of REPEATS) {
  test(`a repeated report changes nothing and leaves no trace: ${name}`, async () => {
    const { world, id, receive } = await takenMessage(outcome)
    assert.equal(await receive(what), 'applied')
    await world.clock.advance(SECOND_MS)
    const before = await world.story(id)
    assert.equal(await receive(what), 'repeat')
    await world.clock.advance(SECOND_MS)
    assert.deepEqual(await world.story(id), before)
  })
}

test('two copies of one report at the same moment count once', async () => {
  const { world, id, receive } = await takenMessage()
  const copies = [report('deferred', { happenedAt: 7 }), report('deferred', { happenedAt: 7 })]
  await Promise.all(copies.map((each) => receive(each)))
  await world.clock.advance(SECOND_MS)
  const { events } = await world.story(id)
  assert.deepEqual(reported(events), ['deferred applied'])
})

test('one early report in two copies counts once', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: { harbour: { lane: {}, play } } })
  const id = await world.send()
  await world.clock.drain()
  for (let copy = 0; copy < 2; copy += 1) {
    await world.engine.receive('harbour', 'r1', report('deferred', { happenedAt: 7 }), true)
  }
  answers[0]?.resolve(TAKEN)
  await world.clock.advance(SECOND_MS)
  assert.deepEqual(reported((await world.story(id)).events), ['deferred applied'])
})

// biome-ignore format: a table
const LATE = [
  ['a contradicting final',      'retrieved', report('expired'),                      'expired after-final'],
  ['good news after bad',        'rejected',  report('retrieved'),                    'retrieved after-final'],
  ['an interim after the final', 'retrieved', report('deferred', { happenedAt: 9 }),  'deferred after-final'],
  ['that it was read',           'retrieved', report('read', { happenedAt: 9 }),      'read after-final'],
  ['a second thought on the request', 'retrieved', report('refused', { reason: 'carrier-busy' }), 'refused after-final'],
] as const

for (const [name, first, late, expected] of LATE) {
  test(`what comes after the end is kept once and moves nothing: ${name}`, async () => {
    const { world, id, receive, told } = await takenMessage()
    await receive(report(first))
    await world.clock.advance(SECOND_MS)
    const before = await world.delivery(id)
    const toldBefore = told()
    assert.equal(await receive(late), 'evidence')
    assert.equal(await receive(late), 'repeat')
    await world.clock.advance(SECOND_MS)
    assert.deepEqual(await world.delivery(id), before)
    assert.deepEqual(told(), toldBefore)
    assert.deepEqual(reported((await world.story(id)).events), [`${first} applied`, expected])
  })
}

test('the same refusal of a later attempt is news, not a repeat', async () => {
  const { world, id, receive } = await takenMessage(ASKED)
  const busy = report('refused', { reason: 'carrier-busy' })
  assert.equal(await receive(busy), 'applied')
  await world.clock.advance(MINUTE_MS)
  assert.equal((await world.delivery(id)).state, 'submitted')
  assert.equal(await receive(busy), 'applied')
  assert.equal((await world.delivery(id)).state, 'deferred')
})

test('a late answer finds its delivery although the attempt timed out', async () => {
  const silence: Outcome = { kind: 'unknown', reason: 'carrier-timeout', remoteId: 'r1' }
  const { world, id, receive } = await takenMessage(silence)
  assert.equal((await world.delivery(id)).state, 'deferred')
  assert.equal(await receive(report('acknowledged')), 'applied')
  await world.clock.advance(10 * MINUTE_MS)
  assert.equal(world.attempts.length, 1, 'what has arrived is not sent again')
  assert.equal((await world.delivery(id)).state, 'submitted')
})

test('a parked report that an earlier process found and never used is used at the start', async () => {
  const base = openMemoryStore()
  const before = await openWorld({
    store: base,
    ways: { harbour: { lane: {}, play: inTurn(TAKEN) } },
  })
  const id = await before.send()
  await before.clock.drain()
  await before.engine.stop()
  const parked = { id: 1, remoteId: 'r1', at: before.clock.now(), report: report('retrieved') }
  const unusedReports = [{ route: 'harbour', remoteId: 'r1', parked }]
  const after = await openWorld({
    store: { ...base, start: { ...base.start, unusedReports } },
    clock: before.clock,
    ways: { harbour: { lane: {}, play: inTurn(TAKEN) } },
  })
  assert.equal((await after.delivery(id)).state, 'delivered')
})

test('a refusal that waited from an earlier attempt does not answer the present one', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: { harbour: { lane: {}, play } } })
  const id = await world.send()
  await world.clock.drain()
  // The first attempt is lost; what it was answered has nowhere to go yet.
  const busy = report('refused', { reason: 'carrier-busy' })
  assert.equal(await world.engine.receive('harbour', 'r1', busy, true), 'parked')
  await world.clock.advance(MINUTE_MS)
  answers[1]?.resolve(ASKED)
  await world.clock.drain()
  assert.equal((await world.delivery(id)).state, 'submitted')
  assert.deepEqual(reported((await world.story(id)).events), ['refused out-of-order'])
})

test('a refusal that overtakes the end of its own attempt is its answer', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: { harbour: { lane: {}, play } } })
  const id = await world.send()
  await world.clock.advance(SECOND_MS)
  const busy = report('refused', { reason: 'carrier-busy' })
  await world.engine.receive('harbour', 'r1', busy, true)
  answers[0]?.resolve(ASKED)
  await world.clock.drain()
  assert.equal((await world.delivery(id)).state, 'deferred')
})

const IN_PARTS: Outcome = { ...TAKEN, otherIds: ['r2', 'r3'], expects: 'reports' }

/** Each way of hearing of three parts: what is said of which, and what becomes of the delivery. */
// biome-ignore format: a table
const PARTS = [
  ['two of three are there',         ['r1 retrieved', 'r2 retrieved'],                                 'submitted'],
  ['all are there',                  ['r1 retrieved', 'r3 retrieved', 'r2 retrieved'],                 'delivered'],
  ['one is there three times',       ['r1 retrieved', 'r1 retrieved', 'r1 retrieved'],                 'submitted'],
  ['one failed',                     ['r1 retrieved', 'r2 unreachable'],                               'failed'],
  ['one failed and then all arrive', ['r2 rejected', 'r1 retrieved', 'r2 retrieved', 'r3 retrieved'],  'failed'],
  ['of one nobody knows',            ['r1 retrieved', 'r2 indeterminate'],                             'unknown'],
] as const

for (const [name, said, state] of PARTS) {
  test(`a message in parts is where its parts are: ${name}`, async () => {
    const { world, id, receive } = await takenMessage(IN_PARTS)
    for (const each of said) {
      const [remoteId = '', status] = each.split(' ')
      await receive(report(status as ReportedStatus), remoteId)
    }
    assert.equal((await world.delivery(id)).state, state)
  })
}

test('reports of parts that came before their ids were known count as well', async () => {
  const { play, answers } = heldBack()
  const world = await openWorld({ ways: { harbour: { lane: {}, play } } })
  const id = await world.send()
  await world.clock.drain()
  for (const remoteId of ['r3', 'r1', 'r3']) {
    assert.equal(
      await world.engine.receive('harbour', remoteId, report('retrieved'), true),
      'parked',
    )
  }
  answers[0]?.resolve(IN_PARTS)
  await world.clock.drain()
  assert.equal((await world.delivery(id)).state, 'submitted')
  await world.engine.receive('harbour', 'r2', report('retrieved'), true)
  assert.equal((await world.delivery(id)).state, 'delivered')
  const reports = (await world.story(id)).events.filter(({ type }) => type === 'reported')
  assert.equal(reports.length, 3, 'the repeated one left no trace')
})

test('a late answer ends the wait for another attempt, and receipts find the id it brings', async () => {
  const lost: Outcome = { kind: 'unknown', reason: 'carrier-timeout', remoteId: 'our-key' }
  let attempts = 0
  const world = await openWorld({
    ways: {
      harbour: {
        lane: { whenAmbiguous: 'resend' },
        play: () => {
          attempts += 1
          return lost
        },
      },
    },
  })
  const id = await world.send()
  await world.clock.drain()
  assert.equal((await world.delivery(id)).state, 'deferred')
  const receive = (name: string, what: Report) => world.engine.receive('harbour', name, what, true)
  assert.equal(await receive('r9', report('deferred', { happenedAt: 5 })), 'parked')
  const late = report('acknowledged', { expects: 'report', remoteId: 'r9' })
  assert.equal(await receive('our-key', late), 'applied')
  const { state, expects, remoteId } = await world.delivery(id)
  assert.deepEqual([state, expects, remoteId], ['submitted', 'report', 'r9'])
  assert.equal(await receive('our-key', late), 'repeat')
  await world.clock.advance(HOUR_MS)
  assert.equal(attempts, 1, 'it is not sent again')
  assert.equal(await receive('r9', report('retrieved')), 'applied')
  assert.equal((await world.delivery(id)).state, 'delivered')
  const statuses = reported((await world.story(id)).events)
  assert.deepEqual(statuses, ['acknowledged applied', 'deferred applied', 'retrieved applied'])
})

test('where nothing is sent again a late answer is kept as evidence', async () => {
  const lost: Outcome = { kind: 'unknown', reason: 'carrier-timeout', remoteId: 'our-key' }
  const lane = { whenAmbiguous: 'hold' } as const
  const world = await openWorld({ ways: { harbour: { lane, play: inTurn(lost) } } })
  const id = await world.send()
  await world.clock.drain()
  assert.equal((await world.delivery(id)).state, 'unknown')
  const late = report('acknowledged', { expects: 'report', remoteId: 'r9' })
  assert.equal(await world.engine.receive('harbour', 'our-key', late, true), 'evidence')
  assert.equal((await world.delivery(id)).state, 'unknown')
})
