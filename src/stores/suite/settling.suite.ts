import assert from 'node:assert/strict'
import type { It } from '../store.suite.ts'
import {
  acceptOp,
  attempted,
  claimOne,
  claimOp,
  idOf,
  LEASE_MS,
  settleOp,
  T0,
} from './samples.suite.ts'

/** Changing deliveries, and refusing those who come too late. */
export function settling(it: It): void {
  it('ends a delivery with its evidence', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const change = { state: 'failed', reason: 'recipient-unknown', attempts: 1 } as const
    const [done] = await store.commit([settleOp(delivery, T0 + 20, { change })])
    assert.deepEqual(done, { kind: 'done', version: delivery.version + 1, parked: [] })
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.deepEqual(story?.deliveries, [
      {
        id: delivery.id,
        messageId: idOf(1),
        index: 0,
        recipient: delivery.recipient,
        lane: 'carrier-a',
        state: 'failed',
        reason: 'recipient-unknown',
        expiresAt: delivery.expiresAt,
        attempts: 1,
        token: 1,
        version: 2,
      },
    ])
    assert.deepEqual(story?.events.at(-1), attempted(0, T0 + 20, 'failed'))
    const [left] = await store.commit([claimOp('carrier-a', T0 + 1_000_000)])
    assert.deepEqual(left, { claimed: [] })
  })

  it('lets a deferred delivery come round again at its time', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const change = { nextAt: T0 + 700, attempts: 1, reason: 'carrier-busy' } as const
    await store.commit([settleOp(delivery, T0 + 20, { change: { state: 'deferred', ...change } })])
    const [early] = await store.commit([claimOp('carrier-a', T0 + 699)])
    assert.deepEqual(early, { claimed: [], nextAt: T0 + 700 })
    const again = await claimOne(store, 'carrier-a', T0 + 700)
    assert.equal(again.previous, 'deferred')
    assert.equal(again.delivery.attempts, 1)
    assert.equal(again.delivery.reason, 'carrier-busy')
    assert.equal(again.delivery.token, 2)
  })

  it('refuses the result of a zombie whose lease another holds', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const zombie = await claimOne(store, 'carrier-a', T0 + 10)
    const heir = await claimOne(store, 'carrier-a', T0 + 10 + LEASE_MS)
    const [late] = await store.commit([settleOp(zombie.delivery, T0 + 100_000)])
    assert.deepEqual(late, { kind: 'stale', current: heir.delivery })
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.equal(story?.events.length, 1, 'nothing of the refused change is kept')
    const [good] = await store.commit([settleOp(heir.delivery, T0 + 100_001)])
    assert.equal(good.kind, 'done')
  })

  it('lets one of two equal changes win', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const results = await Promise.all([
      store.commit([settleOp(delivery, T0 + 20)]),
      store.commit([settleOp(delivery, T0 + 21, { change: { state: 'failed' } })]),
    ])
    assert.deepEqual(
      results.map(([{ kind }]) => kind),
      ['done', 'stale'],
    )
  })

  it('lets nothing leave a final state', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    await store.commit([settleOp(delivery, T0 + 20)])
    const final = { ...delivery, version: delivery.version + 1 }
    const change = { state: 'failed' } as const
    const [late] = await store.commit([settleOp(final, T0 + 30, { change })])
    assert.equal(late.kind, 'stale')
    assert.equal(late.kind === 'stale' && late.current?.state, 'delivered')
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.equal(story?.deliveries[0]?.state, 'delivered')
  })

  it('answers stale for a delivery that is not there', async ({ store }) => {
    const [gone] = await store.commit([settleOp({ id: 999, version: 0, index: 0 }, T0)])
    assert.deepEqual(gone, { kind: 'stale', current: undefined })
  })

  it('keeps a value the change does not name and clears one it names empty', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const [first] = await store.commit([
      settleOp(delivery, T0 + 20, {
        change: {
          state: 'submitted',
          nextAt: T0 + 99,
          remoteId: 'r-1',
          expects: 'response',
          submittedAt: T0 + 20,
          reason: 'carrier-busy',
        },
      }),
    ])
    assert.equal(first.kind, 'done')
    const next = { ...delivery, version: delivery.version + 1 }
    const change = { nextAt: T0 + 200, reason: undefined, expects: 'report' } as const
    await store.commit([settleOp(next, T0 + 30, { change: { state: 'submitted', ...change } })])
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    const { remoteId, expects, submittedAt, reason, leasedAt } = story?.deliveries[0] ?? {}
    assert.deepEqual(
      { remoteId, expects, submittedAt, reason, leasedAt },
      {
        remoteId: 'r-1',
        expects: 'report',
        submittedAt: T0 + 20,
        reason: undefined,
        leasedAt: undefined,
      },
    )
  })

  it('keeps the lease of a holder whose delivery somebody else annotates', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const change = { state: 'attempting', nextAt: T0 + 10 + LEASE_MS } as const
    await store.commit([settleOp(delivery, T0 + 20, { change })])
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.equal(story?.deliveries[0]?.leasedAt, T0 + 10)
    assert.equal(story?.deliveries[0]?.token, delivery.token)
  })

  it('adds evidence without touching the delivery', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const event = attempted(0, T0 + 5, 'queued')
    await store.commit([
      { op: 'append', messageId: idOf(1), events: [event] },
      { op: 'append', messageId: idOf(7), events: [event] },
    ])
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.deepEqual(story?.events.at(-1), event)
    assert.equal(story?.deliveries[0]?.version, 0)
  })
}
