import assert from 'node:assert/strict'
import type { It } from '../store.suite.ts'
import { acceptOp, claimOne, claimOp, idOf, LEASE_MS, settleOp, T0 } from './samples.suite.ts'

/** Leasing deliveries. */
export function claiming(it: It): void {
  it('leases what is due in its lane, oldest first and bounded', async ({ store }) => {
    await store.commit([
      acceptOp(1, { dueAt: T0 + 30 }),
      acceptOp(2, { dueAt: T0 + 10 }),
      acceptOp(3, { dueAt: T0 + 20 }),
      acceptOp(4, { dueAt: T0 + 10, lane: 'carrier-b' }),
      acceptOp(5, { dueAt: T0 + 900 }),
    ])
    const [{ claimed, nextAt }] = await store.commit([claimOp('carrier-a', T0 + 100, 2)])
    assert.deepEqual(
      claimed.map(({ message }) => message.id),
      [idOf(2), idOf(3)],
    )
    assert.equal(nextAt, T0 + 30, 'one more is due already')
  })

  it('makes a lease with a token, an end and a new version', async ({ store }) => {
    const op = acceptOp(1)
    await store.commit([op])
    const now = T0 + 50
    const { previous, delivery, message } = await claimOne(store, 'carrier-a', now)
    assert.equal(previous, 'queued')
    assert.deepEqual(message, op.message)
    const { id, recipient, ...rest } = delivery
    assert.ok(id > 0)
    assert.deepEqual(recipient, { kind: 'number', text: '15550000100' })
    assert.deepEqual(rest, {
      messageId: idOf(1),
      index: 0,
      lane: 'carrier-a',
      state: 'attempting',
      nextAt: now + LEASE_MS,
      expiresAt: op.message.expiresAt,
      attempts: 0,
      token: 1,
      version: 1,
      leasedAt: now,
    })
  })

  it('gives each delivery to one claim only', async ({ store }) => {
    await Promise.all(Array.from({ length: 40 }, (_, n) => store.commit([acceptOp(n)])))
    const claims = await Promise.all(
      Array.from({ length: 10 }, () => store.commit([claimOp('carrier-a', T0 + 100, 7)])),
    )
    const ids = claims.flatMap(([{ claimed }]) => claimed.map(({ delivery }) => delivery.id))
    assert.equal(ids.length, 40)
    assert.equal(new Set(ids).size, 40)
  })

  it('shares one message among the recipients it leases', async ({ store }) => {
    await store.commit([acceptOp(1, { recipients: 3 })])
    const [{ claimed }] = await store.commit([claimOp('carrier-a', T0 + 100)])
    assert.deepEqual(
      claimed.map(({ delivery, message }) => [delivery.index, message.id]),
      [0, 1, 2].map((index) => [index, idOf(1)]),
    )
  })

  it('leases nothing before its time and says when to come again', async ({ store }) => {
    await store.commit([acceptOp(1, { dueAt: T0 + 500 })])
    const [early] = await store.commit([claimOp('carrier-a', T0 + 499)])
    assert.deepEqual(early, { claimed: [], nextAt: T0 + 500 })
    const [empty] = await store.commit([claimOp('carrier-z', T0 + 499)])
    assert.deepEqual(empty, { claimed: [] })
  })

  it('hands a lease that ran out to the next claim, and says so', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const lost = await claimOne(store, 'carrier-a', T0 + 10)
    const [busy] = await store.commit([claimOp('carrier-a', T0 + 11)])
    assert.deepEqual(busy, { claimed: [], nextAt: T0 + 10 + LEASE_MS })
    const taken = await claimOne(store, 'carrier-a', T0 + 10 + LEASE_MS)
    assert.equal(taken.previous, 'attempting')
    assert.equal(taken.delivery.id, lost.delivery.id)
    assert.equal(taken.delivery.token, lost.delivery.token + 1)
  })

  it('leaves a delivery submitted when its timer ran out', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const submitted = { state: 'submitted', nextAt: T0 + 1000, expects: 'report' } as const
    await store.commit([settleOp(delivery, T0 + 20, { change: submitted })])
    const late = await claimOne(store, 'carrier-a', T0 + 1000)
    assert.deepEqual([late.previous, late.delivery.state], ['submitted', 'submitted'])
    assert.equal(late.delivery.nextAt, T0 + 1000 + LEASE_MS)
  })

  it('makes the waiting deliveries of a lane due', async ({ store }) => {
    await store.commit([
      acceptOp(1, { dueAt: T0 + 9000 }),
      acceptOp(2, { dueAt: T0 + 9000, lane: 'carrier-b' }),
      acceptOp(3, { dueAt: T0 + 5 }),
    ])
    const leased = await claimOne(store, 'carrier-a', T0 + 10)
    assert.equal(leased.message.id, idOf(3))
    const [woken] = await store.commit([{ op: 'make-due', lane: 'carrier-a', now: T0 + 20 }])
    assert.deepEqual(woken, { count: 1 })
    const [{ claimed }] = await store.commit([claimOp('carrier-a', T0 + 20)])
    assert.deepEqual(
      claimed.map(({ message }) => message.id),
      [idOf(1)],
    )
  })

  it('finds what is past its validity in any lane, but not what a next hop has', async ({
    store,
  }) => {
    await store.commit([
      acceptOp(1, { expiresAt: T0 + 100, dueAt: T0 + 9000 }),
      acceptOp(2, { expiresAt: T0 + 90, lane: 'carrier-b', dueAt: T0 + 9000 }),
      acceptOp(3, { expiresAt: T0 + 500, dueAt: T0 + 9000 }),
      acceptOp(4, { expiresAt: T0 + 80, lane: 'carrier-c' }),
    ])
    const { delivery } = await claimOne(store, 'carrier-c', T0 + 10)
    const submitted = { state: 'submitted', nextAt: T0 + 9000 } as const
    await store.commit([settleOp(delivery, T0 + 20, { change: submitted })])
    const now = T0 + 200
    const op = { op: 'claim-expired', now, leaseUntil: now + LEASE_MS, limit: 10 } as const
    const [{ claimed, nextAt }] = await store.commit([op])
    assert.deepEqual(
      claimed.map(({ message, previous, delivery }) => [message.id, previous, delivery.state]),
      [
        [idOf(2), 'queued', 'attempting'],
        [idOf(1), 'queued', 'attempting'],
      ],
    )
    assert.equal(nextAt, T0 + 500)
    const [again] = await store.commit([op])
    assert.deepEqual(again, { claimed: [], nextAt: T0 + 500 })
  })
}
