import assert from 'node:assert/strict'
import type { Delivery, Store } from '../../engine/ports/store.ts'
import type { It } from '../store.suite.ts'
import { acceptOp, claimOne, idOf, RETRIEVED, receiveOp, settleOp, T0 } from './samples.suite.ts'

const LINK = { route: 'carrier-a', remoteId: 'r-1' }

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
      assert.equal(found.kind === 'found' && found.remoteId, remoteId)
    }
    const end = { state: 'delivered', nextAt: undefined } as const
    const version = delivery.version + 1
    await store.commit([settleOp({ ...delivery, version }, T0 + 40, { change: end })])
    await store.commit([{ op: 'purge', before: T0 + 1_000_000, limit: 10 }])
    const [gone] = await store.commit([receiveOp('r-3', T0 + 50, false)])
    assert.deepEqual(gone, { kind: 'unknown' })
  })

  it('takes another spelling of an id for it, unless it is an id itself', async ({ store }) => {
    await store.commit([acceptOp(1)])
    await submit(store, T0 + 10)
    const [other] = await store.commit([{ ...receiveOp('R-1', T0 + 20), aliases: ['x', 'r-1'] }])
    assert.equal(other.kind === 'found' && other.remoteId, 'r-1')
    const [exact] = await store.commit([{ ...receiveOp('r-1', T0 + 20), aliases: ['x'] }])
    assert.equal(exact.kind === 'found' && exact.remoteId, 'r-1')
    const [none] = await store.commit([{ ...receiveOp('R-1', T0 + 20), aliases: ['x'] }])
    assert.deepEqual(none, { kind: 'parked' })
  })

  it('returns what was parked under another spelling, under the id itself', async ({ store }) => {
    await store.commit([acceptOp(1), receiveOp('16', T0), receiveOp('r-1', T0), receiveOp('8', T0)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const aliases = [
      ['R-1', 'r-1'],
      ['16', '10'],
    ] as const
    const link = { ...LINK, otherIds: ['10'], aliases }
    const change = { state: 'submitted', nextAt: T0 + 90_000, remoteId: 'r-1' } as const
    const [result] = await store.commit([settleOp(delivery, T0 + 20, { change, link })])
    assert.equal(result.kind, 'done')
    if (result.kind !== 'done') return
    assert.deepEqual(
      result.parked.map(({ remoteId }) => remoteId),
      ['10', 'r-1'],
    )
  })

  it('takes another spelling for an id only where the recipient agrees', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await submit(store, T0 + 10)
    const receive = (recipient: string) => ({
      ...receiveOp('R-1', T0 + 20, false),
      aliases: ['r-1'],
      report: { ...RETRIEVED, recipient },
    })
    const [stranger, national] = await store.commit([
      receive('19995550000'),
      receive(delivery.recipient.text.slice(-8)),
    ])
    assert.deepEqual(stranger, { kind: 'unknown' })
    assert.equal(national.kind, 'found')
  })

  it('leaves a parked report in another spelling to its own recipient', async ({ store }) => {
    const stranger = { ...RETRIEVED, recipient: '19995550000' }
    await store.commit([acceptOp(1), { ...receiveOp('R-1', T0), report: stranger }])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const link = { ...LINK, aliases: [['R-1', 'r-1'] as const] }
    const change = { state: 'submitted', nextAt: T0 + 90_000, remoteId: 'r-1' } as const
    const [result] = await store.commit([settleOp(delivery, T0 + 20, { change, link })])
    assert.deepEqual(result.kind === 'done' && result.parked, [])
  })
}
