import assert from 'node:assert/strict'
import type { It } from '../store.suite.ts'
import {
  acceptOp,
  claimNotice,
  claimOne,
  holdOp,
  idOf,
  noticeOf,
  RETRIEVED,
  receiveOp,
  settleOp,
  T0,
} from './samples.suite.ts'

/** Titles of what only a store on disk can promise. */
export const REOPENING = [
  'keeps everything over a restart',
  'frees the leases of a process that is gone',
  'lists the messages whose bytes may be missing',
  'lists the reports a stopped process had not used',
  'keeps parts over a restart and lists the sets that are complete',
] as const

/** Outliving the process. */
export function reopening(it: It): void {
  it('keeps everything over a restart', async ({ store, reopen }) => {
    const key = { scope: 'acme', key: 'tx-1', fingerprint: 'f1', since: T0 - 1000 }
    const notices = [noticeOf(1, 'handed-to-network', T0)]
    await store.commit([
      acceptOp(1, { notices, idempotency: key }),
      { op: 'put-state', name: 'cursor', value: '1' },
    ])
    const before = await store.read({ query: 'message', messageId: idOf(1) })
    const again = await reopen()
    assert.deepEqual(await again.read({ query: 'message', messageId: idOf(1) }), before)
    assert.equal(await again.read({ query: 'state', name: 'cursor' }), '1')
    const [repeat, next] = await again.commit([acceptOp(2, { idempotency: key }), acceptOp(3)])
    assert.equal(repeat.kind, 'duplicate')
    assert.equal(next.kind, 'accepted')
    const ids = (await again.read({ query: 'message', messageId: idOf(3) }))?.deliveries
    assert.notEqual(ids?.[0]?.id, before?.deliveries[0]?.id)
  })

  it('frees the leases of a process that is gone', async ({ store, reopen }) => {
    const notices = [noticeOf(1, 'handed-to-network', T0)]
    const born = { ...noticeOf(2, 'retrying', T0, { lane: 'born' }), leaseUntil: T0 + 99_000 }
    await store.commit([
      acceptOp(1, { notices }),
      acceptOp(2, { lane: 'carrier-b', notices: [born] }),
    ])
    const lost = await claimOne(store, 'carrier-a', T0 + 10)
    const told = await claimNotice(store, 'client:acme', T0 + 10)
    const { delivery } = await claimOne(store, 'carrier-b', T0 + 10)
    const submitted = { state: 'submitted', nextAt: T0 + 20 } as const
    await store.commit([settleOp(delivery, T0 + 11, { change: submitted })])
    await claimOne(store, 'carrier-b', T0 + 20)

    const again = await reopen()
    assert.equal(again.start.recoveredLeases, 1)
    assert.equal((await claimNotice(again, 'born', T0 + 30)).token, 2)
    const taken = await claimOne(again, 'carrier-a', T0 + 30)
    assert.equal(taken.previous, 'attempting')
    assert.equal(taken.delivery.token, lost.delivery.token + 1)
    const timer = await claimOne(again, 'carrier-b', T0 + 30)
    assert.equal(timer.previous, 'submitted')
    const retold = await claimNotice(again, 'client:acme', T0 + 30)
    assert.deepEqual([retold.id, retold.token], [told.id, told.token + 1])
  })

  it('lists the messages whose bytes may be missing', async ({ store, reopen }) => {
    const extents = (segment: number, offset: number) => [
      { segment, offset, length: 100, crc32: 1 },
    ]
    const accept = (n: number, segment: number, offset: number, synced: number) =>
      acceptOp(n, {
        extents: extents(segment, offset),
        mediaSynced: { segment: 1, offset: synced },
      })
    await store.commit([accept(1, 1, 0, 0)])
    await store.commit([accept(2, 1, 100, 150)])
    await store.commit([accept(3, 1, 200, 100), accept(4, 2, 0, 120), acceptOp(5)])
    const again = await reopen()
    assert.deepEqual(again.start.unverified, [
      { messageId: idOf(2), extents: extents(1, 100) },
      { messageId: idOf(3), extents: extents(1, 200) },
      { messageId: idOf(4), extents: extents(2, 0) },
    ])
    await again.discard([idOf(3)])
    assert.equal(await again.read({ query: 'message', messageId: idOf(3) }), undefined)
  })

  it('lists the reports a stopped process had not used', async ({ store, reopen }) => {
    await store.commit([receiveOp('r-1', T0), receiveOp('r-9', T0), acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const link = { route: 'carrier-a', remoteId: 'r-1' }
    const change = { state: 'submitted', nextAt: T0 + 9000 } as const
    await store.commit([settleOp(delivery, T0 + 11, { change, link })])
    const { start } = await reopen()
    assert.deepEqual(
      start.unusedReports.map(({ route, remoteId, parked }) => [route, remoteId, parked.report]),
      [['carrier-a', 'r-1', RETRIEVED]],
    )
  })

  it('keeps parts over a restart and lists the sets that are complete', async ({
    store,
    reopen,
  }) => {
    await store.commit([holdOp(1, 2, 2), holdOp(2, 1, 2), holdOp(3, 1, 2, { key: 'other' })])
    const again = await reopen()
    const [set, ...rest] = again.start.completeParts
    assert.deepEqual(rest, [])
    assert.equal(set?.first, idOf(1))
    assert.deepEqual(
      set?.parts.map(({ id }) => id),
      [idOf(2), idOf(1)],
    )
    const [last] = await again.commit([holdOp(4, 2, 2, { key: 'other' })])
    assert.equal(last.kind, 'complete')
  })
}
