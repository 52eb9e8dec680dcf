/** Lines that break, carriers that are full, silent or gone: what is repeated, and what it ends in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SeenMail } from '../../src/connectors/mm4/emulator.ts'
import { WILLING } from '../support/carrier.ts'
import { HANDSET, startGateway, type World } from '../support/start-gateway.ts'
import { told } from '../support/vasp.ts'

const SILENT = { ...WILLING, response: 'none', reports: [] } as const
const FULL = { at: 'rcpt', code: 452, text: '4.3.1 Queue full' } as const

/** By what a carrier knows a repeated request. */
function ids({ headers, envelope }: SeenMail): string {
  const names = ['Message-ID', 'X-Mms-Transaction-ID', 'X-Mms-Message-ID', 'Date']
  return [envelope.to.join(), ...names.map((name) => headers.get(name))].join(' | ')
}

const forwards = ({ carrier }: World) =>
  carrier.mails.all.filter(({ message }) => message?.type === 'MM4_forward.REQ')

/** The kinds of what happened to the request, in order. */
async function outcomes(world: World, id: string): Promise<string[]> {
  return (await world.trace(id)).events.flatMap((event) => {
    if (event.type === 'attempted') {
      const reason = 'reason' in event.outcome ? ` ${event.outcome.reason}` : ''
      return [event.outcome.kind + reason]
    }
    return event.type === 'timed-out' ? [`timed-out ${event.reason}`] : []
  })
}

/** Nobody listens there, and no test beside us is given it by chance, as a freed port may be. */
const CLOSED_PORT = 1

test('452 until the retries are used up is Expired with 4006', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { ...WILLING, line: FULL })
  const id = await world.submit()
  await world.skip(id, 'deferred', 1)
  await world.skip(id, 'deferred', 2)
  await world.settled(id, 'expired')
  assert.deepEqual(told(world.vasp), ['Expired 4006'])
  assert.deepEqual(await outcomes(world, id), Array(3).fill('deferred carrier-busy'))
})

test('a line that recovers delivers, and nobody hears of the tries before', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { ...WILLING, line: { at: 'rcpt', drop: true }, lineTries: 2 })
  const id = await world.submit()
  await world.skip(id, 'deferred', 1)
  await world.skip(id, 'deferred', 2)
  const { deliveries } = await world.settled(id, 'delivered')
  assert.equal(deliveries[0]?.attempts, 3)
  assert.deepEqual(told(world.vasp), ['Forwarded', 'Retrieved'])
  assert.deepEqual(await outcomes(world, id), [
    'deferred link-closed',
    'deferred link-closed',
    'submitted',
  ])
  assert.equal(forwards(world).length, 1, 'the carrier got it once')
})

// biome-ignore format: a table
const unsure = [
  ['silence after the final dot', { at: 'dot', silence: true }],
  ['a line that breaks after the final dot', { at: 'dot', drop: true }],
] as const

for (const [name, line] of unsure) {
  test(`${name} is repeated with the same ids and ends Indeterminate`, async (t) => {
    const world = await startGateway(t, { mm4: { attemptTimeoutMs: 10_000 } })
    world.carrier.script(HANDSET, { ...SILENT, line })
    const id = await world.submit()
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await world.carrier.next('MM4_forward.REQ')
      if ('silence' in line) world.advance(10_000)
      if (attempt < 3) await world.skip(id, 'deferred', attempt)
    }
    await world.settled(id, 'unknown')
    assert.deepEqual(told(world.vasp), ['Indeterminate 3500'])
    assert.deepEqual(await outcomes(world, id), Array(3).fill('unknown carrier-timeout'))
    assert.equal(new Set(forwards(world).map(ids)).size, 1, 'one request, three times')
  })
}

test('silence is not repeated towards a carrier that does not drop doubles', async (t) => {
  const world = await startGateway(t, { mm4: { dropsDuplicates: false } })
  world.carrier.script(HANDSET, { ...SILENT, line: { at: 'dot', drop: true } })
  const id = await world.submit()
  await world.settled(id, 'unknown')
  assert.equal(forwards(world).length, 1)
  assert.deepEqual(told(world.vasp), ['Indeterminate 3500'])
})

test('a report that comes after the silence tells the end all the same', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { ...WILLING, line: { at: 'dot', drop: true }, lineTries: 1 })
  const id = await world.submit()
  await world.skip(id, 'deferred', 1)
  await world.settled(id, 'delivered')
  assert.deepEqual(told(world.vasp), ['Forwarded', 'Retrieved'])
})

test('a carrier that refuses the connection is Unreachable', async (t) => {
  const world = await startGateway(t, { mm4: { port: CLOSED_PORT } })
  const id = await world.submit()
  await world.skip(id, 'deferred', 1)
  await world.skip(id, 'deferred', 2)
  await world.settled(id, 'failed')
  assert.deepEqual(told(world.vasp), ['Unreachable 3500'])
  assert.deepEqual(await outcomes(world, id), Array(3).fill('deferred link-down'))
})

test('a request that is never answered is repeated with the same ids, then Indeterminate', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, SILENT)
  const id = await world.submit()
  for (let attempt = 1; attempt <= 3; attempt += 1) await world.skip(id, 'submitted', attempt)
  await world.settled(id, 'unknown')
  assert.equal(forwards(world).length, 3)
  assert.equal(new Set(forwards(world).map(ids)).size, 1)
  assert.deepEqual(told(world.vasp), ['Indeterminate 3500'])
  assert.deepEqual(
    (await outcomes(world, id)).filter((step) => step.startsWith('timed-out')),
    Array(3).fill('timed-out response-missing'),
  )
})

test('a report that never comes is Indeterminate when its window ends, not before', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { ...WILLING, reports: [] })
  const id = await world.submit()
  await world.settled(id, 'submitted')
  world.advance(7_190_000)
  assert.match((await world.trace(id)).waiting[0]?.because ?? '', /report/)
  await world.skip(id, 'submitted')
  await world.settled(id, 'unknown')
  assert.deepEqual(told(world.vasp), ['Forwarded', 'Indeterminate 4000'])
})
