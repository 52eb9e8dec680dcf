import assert from 'node:assert/strict'
import type { Delivery, Store } from '../../engine/ports/store.ts'
import type { It } from '../store.suite.ts'
import { acceptOp, claimOne, idOf, RETRIEVED, receiveOp, settleOp, T0 } from './samples.suite.ts'

const LINK = { route: 'carrier-a', remoteId: 'r-1' }
const SPELT = { query: 'spelt-reports', limit: 10 } as const

/** Leases the only due delivery and says the carrier took it under the id r-1. */
async function submit(store: Store, at: number): Promise<{ parked: number[]; delivery: Delivery }> {
  const { delivery } = await claimOne(store, 'carrier-a', at)
  const change = { state: 'submitted', nextAt: at + 7_200_000, remoteId: 'r-1' } as const
  const [result] = await store.commit([settleOp(delivery, at, { change, link: LINK })])
  assert.equal(result.kind, 'done')
  if (result.kind !== 'done') return { parked: [], delivery }
  assert.ok(result.parked.every(({ report }) => report.raw === RETRIEVED.raw))
  return {
    parked: result.parked.map(({ id }) => id),
    delivery: { ...delivery, version: result.version },
  }
}

/** Matching what far ends say with what they say it of. */
export function reports(it: It): void {
  it('finds the delivery a report names', async ({ store }) => {
    await store.commit([acceptOp(1)])
    await submit(store, T0 + 10)
    const [found] = await store.commit([receiveOp('r-1', T0 + 20)])
    assert.equal(found.kind, 'found')
    if (found.kind !== 'found') return
    assert.equal(found.delivery.state, 'submitted')
    assert.equal(found.delivery.remoteId, 'r-1')
    assert.equal(found.message.id, idOf(1))
  })

  it('parks a report that is faster than the answer, until the name is known', async ({
    store,
  }) => {
    await store.commit([acceptOp(1)])
    const [early, twice] = await store.commit([receiveOp('r-1', T0 + 5), receiveOp('r-1', T0 + 6)])
    assert.deepEqual([early, twice], [{ kind: 'parked' }, { kind: 'parked' }])
    const { parked, delivery } = await submit(store, T0 + 10)
    assert.equal(parked.length, 2)
    await store.commit([settleOp(delivery, T0 + 11, { unpark: parked.slice(0, 1) })])
    await store.commit([{ op: 'append', messageId: idOf(1), events: [], unpark: parked.slice(1) }])
    await store.commit([acceptOp(2)])
    const second = await submit(store, T0 + 12)
    assert.deepEqual(second.parked, [], 'used reports are gone')
  })

  it('returns nothing parked when the report comes after the answer', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { parked } = await submit(store, T0 + 10)
    assert.deepEqual(parked, [])
    const [found] = await store.commit([receiveOp('r-1', T0 + 20)])
    assert.equal(found.kind, 'found')
  })

  it('tells the same id of two routes apart', async ({ store }) => {
    await store.commit([acceptOp(1)])
    await submit(store, T0 + 10)
    const [other] = await store.commit([{ ...receiveOp('r-1', T0 + 20), route: 'carrier-b' }])
    assert.deepEqual(other, { kind: 'parked' })
  })

  it('does not park what cannot become known', async ({ store }) => {
    const [unknown] = await store.commit([receiveOp('r-1', T0, false)])
    assert.deepEqual(unknown, { kind: 'unknown' })
    await store.commit([acceptOp(1)])
    const { parked } = await submit(store, T0 + 10)
    assert.deepEqual(parked, [])
  })

  it('finds a delivery by the names of all its attempts', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await submit(store, T0 + 10)
    const again = settleOp(delivery, T0 + 30, {
      change: { state: 'submitted', nextAt: T0 + 99_000, remoteId: 'r-2' },
      link: { route: 'carrier-a', remoteId: 'r-2' },
    })
    await store.commit([again])
    const results = await store.commit([receiveOp('r-1', T0 + 40), receiveOp('r-2', T0 + 40)])
    for (const found of results) {
      assert.equal(found.kind, 'found')
      if (found.kind === 'found') assert.equal(found.delivery.id, delivery.id)
    }
  })

  it('finds a delivery by the ids of all its parts, and forgets them with it', async ({
    store,
  }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const link = { route: 'carrier-a', remoteId: 'r-1', otherIds: ['r-2', 'r-3'] }
    const change = { state: 'submitted', nextAt: T0 + 90_000, remoteId: 'r-1' } as const
    await store.commit([settleOp(delivery, T0 + 20, { change, link })])
    for (const remoteId of ['r-1', 'r-2', 'r-3']) {
      const [found] = await store.commit([receiveOp(remoteId, T0 + 30)])
      assert.equal(found.kind === 'found' && found.delivery.id, delivery.id)
    }
    const end = { state: 'delivered', nextAt: undefined } as const
    const version = delivery.version + 1
    await store.commit([settleOp({ ...delivery, version }, T0 + 40, { change: end })])
    await store.commit([{ op: 'purge', before: T0 + 1_000_000, limit: 10 }])
    const [gone] = await store.commit([receiveOp('r-3', T0 + 50, false)])
    assert.deepEqual(gone, { kind: 'unknown' })
  })

  it('never finds a delivery by another spelling at once', async ({ store }) => {
    await store.commit([acceptOp(1)])
    await submit(store, T0 + 10)
    const [other] = await store.commit([{ ...receiveOp('R-1', T0 + 20), aliases: ['r-1'] }])
    assert.deepEqual(other, { kind: 'parked' })
    const [exact] = await store.commit([{ ...receiveOp('r-1', T0 + 20), aliases: ['R-1'] }])
    assert.equal(exact.kind, 'found')
  })

  it('tells whom the spellings of a parked report name, among those that wait', async ({
    store,
  }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await submit(store, T0 + 10)
    const aliases = ['x', 'r-1']
    await store.commit([{ ...receiveOp('R-1', T0 + 20), aliases }, receiveOp('R-2', T0 + 20)])
    const { ready, waiting } = await store.read(SPELT)
    assert.equal(waiting, false)
    assert.deepEqual(
      ready.map(({ route, parked, candidates }) => [route, parked.remoteId, candidates]),
      [
        [
          'carrier-a',
          'R-1',
          [{ deliveryId: delivery.id, remoteId: 'r-1', recipient: delivery.recipient.text }],
        ],
      ],
    )
    const change = { state: 'delivered', nextAt: undefined } as const
    await store.commit([settleOp(delivery, T0 + 30, { change })])
    const after = await store.read(SPELT)
    assert.deepEqual(after.ready[0]?.candidates, [], 'what has ended waits for nothing')
  })

  it('tries no spelling while an attempt is under way that may make the id known', async ({
    store,
  }) => {
    await store.commit([acceptOp(1), acceptOp(2, { lane: 'carrier-b' })])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    await store.commit([
      { ...receiveOp('R-1', T0 + 20), aliases: ['r-1'] },
      { ...receiveOp('R-1', T0 + 5), aliases: ['r-1'] },
    ])
    await claimOne(store, 'carrier-b', T0 + 15)
    const during = await store.read(SPELT)
    assert.deepEqual(
      during.ready.map(({ parked }) => parked.at),
      [T0 + 5],
      'one that came before the attempt began cannot be of it',
    )
    assert.equal(during.waiting, true)
    const change = { state: 'deferred', nextAt: T0 + 90_000 } as const
    await store.commit([settleOp(delivery, T0 + 30, { change })])
    assert.equal((await store.read(SPELT)).ready.length, 2)
  })

  it('forgets the spellings of a report whose own id became known, and where told to', async ({
    store,
  }) => {
    const spelt = (remoteId: string) => ({ ...receiveOp(remoteId, T0), aliases: ['x'] })
    await store.commit([acceptOp(1), spelt('r-1'), spelt('r-2')])
    const { parked } = await submit(store, T0 + 10)
    assert.equal(parked.length, 1)
    const { ready } = await store.read(SPELT)
    assert.deepEqual(
      ready.map((each) => each.parked.remoteId),
      ['r-2'],
    )
    await store.commit([{ op: 'unspell', ids: ready.map((each) => each.parked.id) }])
    assert.deepEqual(await store.read(SPELT), { ready: [], waiting: false })
    await store.commit([acceptOp(2)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 40)
    const change = { state: 'submitted', nextAt: T0 + 90_000, remoteId: 'r-2' } as const
    const link = { route: 'carrier-a', remoteId: 'r-2' }
    const [late] = await store.commit([settleOp(delivery, T0 + 50, { change, link })])
    assert.equal(late.kind === 'done' && late.parked.length, 1, 'its own id still finds it')
  })
}
