import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, openWorld } from '../../test/support/engine-world.ts'
import { createPending, inTurn } from '../../test/support/scripted.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { createKnownNames, type Known } from './known-names.ts'
import type { Op, ResultsOf, Store } from './ports/store.ts'

/** The memory store, and the ops that were committed to it. */
function watchedStore(): { readonly store: Store; readonly ops: Op['op'][] } {
  const store = openMemoryStore()
  const ops: Op['op'][] = []
  return {
    ops,
    store: {
      ...store,
      commit<const Ops extends readonly Op[]>(given: Ops): Promise<ResultsOf<Ops>> {
        ops.push(...given.map(({ op }) => op))
        return store.commit(given)
      },
    },
  }
}

const TAKEN = { kind: 'submitted', remoteId: 'r1', expects: 'report' } as const

async function takenMessage() {
  const { store, ops } = watchedStore()
  const ways = { harbour: { lane: {}, play: inTurn(TAKEN) } }
  const world = await openWorld({ ways, store })
  const id = await world.send()
  await world.clock.drain()
  ops.length = 0
  return { world, id, ops }
}

test('a report that comes soon costs the store one commit', async () => {
  const { world, id, ops } = await takenMessage()
  const answer = await world.engine.receive('harbour', 'r1', { status: 'retrieved', raw: '' }, true)
  assert.equal(answer, 'applied')
  assert.deepEqual(
    ops.filter((op) => op === 'receive' || op === 'settle'),
    ['settle'],
  )
  assert.equal((await world.delivery(id)).state, 'delivered')
})

test('what was remembered and has changed since is asked for again', async () => {
  const { world, id, ops } = await takenMessage()
  const delivery = await world.delivery(id)
  const change = { state: 'submitted', nextAt: world.clock.now() + HOUR_MS } as const
  const { id: deliveryId, version } = delivery
  await world.store.commit([{ op: 'settle', deliveryId, version, change, events: [], notices: [] }])
  ops.length = 0
  const answer = await world.engine.receive('harbour', 'r1', { status: 'retrieved', raw: '' }, true)
  assert.equal(answer, 'applied')
  assert.deepEqual(ops.slice(0, 3), ['settle', 'receive', 'settle'])
  const before = ['accepted', 'attempted', 'client-told', 'reported']
  assert.deepEqual((await world.history(id)).slice(0, 4), before)
  await world.clock.drain()
  assert.deepEqual(await world.history(id), [...before, 'client-told'])
})

test('a report that comes while its name is being kept waits for that', async () => {
  const { store: quick, ops } = watchedStore()
  const { promise: disk, resolve: goOn } = createPending<void>()
  const store: Store = {
    ...quick,
    async commit<const Ops extends readonly Op[]>(given: Ops): Promise<ResultsOf<Ops>> {
      if (given.some((op) => op.op === 'settle' && op.link !== undefined)) await disk
      return quick.commit(given)
    },
  }
  const ways = { harbour: { lane: {}, play: inTurn(TAKEN) } }
  const world = await openWorld({ ways, store })
  const id = await world.send()
  await world.clock.drain()
  const report = { status: 'retrieved', raw: '' } as const
  const receipts = [
    world.engine.receive('harbour', 'r1', report, true),
    world.engine.receive('harbour', 'r2', report, false),
  ]
  assert.equal(await receipts[1], 'unknown', 'nobody else waits')
  goOn()
  assert.equal(await receipts[0], 'applied')
  assert.deepEqual(
    ops.filter((op) => op === 'receive' || op === 'settle'),
    ['receive', 'settle', 'settle'],
  )
  assert.equal((await world.delivery(id)).state, 'delivered')
})

test('a report that moves nothing is judged by the store, not by memory', async () => {
  const { world, ops } = await takenMessage()
  const answer = await world.engine.receive(
    'harbour',
    'r1',
    { status: 'acknowledged', raw: '' },
    true,
  )
  assert.equal(answer, 'repeat')
  assert.deepEqual(ops, ['receive'])
})

const known = (id: number, nextAt?: number): Known =>
  ({
    delivery: { id, ...(nextAt === undefined ? {} : { nextAt }) },
    message: { id: String(id), content: { inline: new Uint8Array(4096) } },
  }) as unknown as Known

test('only so many names are remembered, the youngest, and none of their bytes', () => {
  const names = createKnownNames(2)
  for (const id of [1, 2, 3]) names.keep('harbour', `r${id}`, known(id, 10))
  assert.equal(names.find('harbour', 'r1'), undefined)
  assert.equal(names.find('harbour', 'r2')?.delivery.id, 2)
  assert.deepEqual(names.find('harbour', 'r3')?.message, { id: '3' })
  assert.equal(names.find('island', 'r3'), undefined)
})

test('who waits for a name waits until it is kept, or until nothing came of it', async () => {
  const names = createKnownNames()
  const first = names.expect({ route: 'harbour', remoteId: 'r1' })
  assert.equal(names.expected('harbour', 'r2'), undefined)
  const waits = [names.expected('harbour', 'r1'), names.expected('harbour', 'r1')]
  first.done()
  await Promise.all(waits)
  assert.equal(names.expected('harbour', 'r1'), undefined)
  const second = names.expect({ route: 'harbour', remoteId: 'r1' })
  first.done()
  assert.notEqual(names.expected('harbour', 'r1'), undefined, 'that was the end of the first')
  second.done()
})

test('a delivery that has ended is not remembered', () => {
  const names = createKnownNames()
  names.keep('harbour', 'r1', known(1, 10))
  names.keep('harbour', 'r1', known(1))
  assert.equal(names.find('harbour', 'r1'), undefined)
})
