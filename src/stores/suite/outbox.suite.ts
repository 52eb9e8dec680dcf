import assert from 'node:assert/strict'
import type { Store } from '../../engine/ports/store.ts'
import type { It } from '../store.suite.ts'
import {
  acceptOp,
  claimNotice,
  claimNoticesOp,
  claimOne,
  idOf,
  LEASE_MS,
  noticeOf,
  settleNoticeOp,
  settleOp,
  T0,
} from './samples.suite.ts'

const LANE = 'client:acme'

/** A message whose client is to be told three things, all due. */
async function withThreeNotices(store: Store, n = 1): Promise<void> {
  await store.commit([
    acceptOp(n, { lane: `way-${n}`, notices: [noticeOf(n, 'handed-to-network', T0)] }),
  ])
  const { delivery } = await claimOne(store, `way-${n}`, T0 + 10_000)
  const notices = [noticeOf(n, 'deferred', T0 + 1), noticeOf(n, 'delivered', T0 + 2)]
  await store.commit([settleOp(delivery, T0 + 3, { notices })])
}

async function claimedResults(store: Store, now: number): Promise<string[]> {
  const [{ claimed }] = await store.commit([claimNoticesOp(LANE, now)])
  return claimed.map(({ notice }) => notice.result)
}

/** Telling clients what became of their messages. */
export function outbox(it: It): void {
  it('tells one thing of a delivery at a time, in order', async ({ store }) => {
    await withThreeNotices(store)
    const told: string[] = []
    for (const now of [T0 + 10, T0 + 20, T0 + 30]) {
      const leased = await claimNotice(store, LANE, now)
      assert.deepEqual(await claimedResults(store, now), [], 'the next waits for this one')
      told.push(leased.notice.result)
      const [done] = await store.commit([settleNoticeOp(leased, { kind: 'told' }, now)])
      const last = leased.notice.result === 'delivered'
      assert.deepEqual(done, last ? { kind: 'done' } : { kind: 'done', next: true })
    }
    assert.deepEqual(told, ['handed-to-network', 'deferred', 'delivered'])
    assert.deepEqual(await claimedResults(store, T0 + 999_999), [])
  })

  it('lets what waits behind a notice wait, and says when to come again', async ({ store }) => {
    await withThreeNotices(store)
    const leased = await claimNotice(store, LANE, T0 + 10)
    const retry = { kind: 'retry', nextAt: T0 + 5000 } as const
    await store.commit([settleNoticeOp(leased, retry, T0 + 11)])
    const [rest] = await store.commit([claimNoticesOp(LANE, T0 + 4999)])
    assert.deepEqual(rest, { claimed: [], nextAt: T0 + 5000 })
    const again = await claimNotice(store, LANE, T0 + 5000)
    assert.deepEqual([again.id, again.attempts, again.token], [leased.id, 1, leased.token + 1])
    assert.deepEqual(again.notice, leased.notice)
  })

  it('tells of different deliveries at once, bounded', async ({ store }) => {
    for (const n of [1, 2, 3]) await withThreeNotices(store, n)
    const [{ claimed }] = await store.commit([claimNoticesOp(LANE, T0 + 10, 2)])
    assert.deepEqual(
      claimed.map(({ notice }) => notice.messageId),
      [idOf(1), idOf(2)],
    )
  })

  it('stores a notice as leased where it is to be and nothing goes before it', async ({
    store,
  }) => {
    const leaseUntil = T0 + LEASE_MS
    const born = { ...noticeOf(1, 'handed-to-network', T0), leaseUntil }
    const [accepted] = await store.commit([acceptOp(1, { notices: [born] })])
    assert.ok(accepted.kind === 'accepted')
    const [leased, ...others] = accepted.leased ?? []
    assert.ok(leased !== undefined && others.length === 0)
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    assert.equal(leased.deliveryId, delivery.id)
    assert.deepEqual([leased.lane, leased.attempts, leased.token], [LANE, 0, 1])
    const behind = { ...noticeOf(1, 'delivered', T0 + 2), leaseUntil }
    const [settled] = await store.commit([settleOp(delivery, T0 + 3, { notices: [behind] })])
    assert.ok(settled.kind === 'done')
    assert.deepEqual(settled.leased, [], 'another goes before it')
    assert.deepEqual(await claimedResults(store, leaseUntil - 1), [])
    const heir = await claimNotice(store, LANE, leaseUntil)
    assert.deepEqual(heir, { ...leased, token: 2 })
    const [late] = await store.commit([settleNoticeOp(leased, { kind: 'told' }, leaseUntil)])
    assert.deepEqual(late, { kind: 'stale' })
    const [done] = await store.commit([settleNoticeOp(heir, { kind: 'told' }, leaseUntil)])
    assert.deepEqual(done, { kind: 'done', next: true })
    assert.deepEqual(await claimedResults(store, leaseUntil), ['delivered'])
  })

  it('refuses the result of a teller whose lease another holds', async ({ store }) => {
    await withThreeNotices(store)
    const zombie = await claimNotice(store, LANE, T0 + 10)
    const heir = await claimNotice(store, LANE, T0 + 10 + LEASE_MS)
    assert.equal(heir.id, zombie.id)
    const [late] = await store.commit([settleNoticeOp(zombie, { kind: 'told' }, T0 + 99_000)])
    assert.deepEqual(late, { kind: 'stale' })
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.equal(story?.notices.length, 3)
    assert.ok(story?.events.every(({ type }) => type !== 'client-told'))
  })

  it('parks a notice for a person and goes on with the next', async ({ store }) => {
    await withThreeNotices(store)
    const leased = await claimNotice(store, LANE, T0 + 10)
    await store.commit([settleNoticeOp(leased, { kind: 'parked' }, T0 + 11)])
    assert.deepEqual(await claimedResults(store, T0 + 12), ['deferred'])
    const parked = await store.read({ query: 'parked-notices', limit: 10 })
    assert.deepEqual(parked, [{ id: leased.id, attempts: 1, notice: leased.notice }])
  })

  it('replays parked notices of one account, with a fresh plan', async ({ store }) => {
    await withThreeNotices(store)
    const other = { accountId: 'zenith', lane: 'client:zenith' }
    await store.commit([acceptOp(2, { notices: [noticeOf(2, 'rejected', T0, other)] })])
    for (const lane of [LANE, other.lane]) {
      const leased = await claimNotice(store, lane, T0 + 10)
      await store.commit([settleNoticeOp(leased, { kind: 'parked' }, T0 + 11)])
    }
    const replay = { op: 'replay-notices', accountId: 'acme', nextAt: T0 + 50 } as const
    assert.deepEqual(await store.commit([replay]), [{ count: 1 }])
    const [first] = (await store.commit([claimNoticesOp(LANE, T0 + 50)]))[0].claimed
    assert.deepEqual([first?.notice.result, first?.attempts], ['handed-to-network', 0])
    const left = await store.read({ query: 'parked-notices', limit: 10 })
    assert.deepEqual(
      left.map(({ notice }) => notice.accountId),
      ['zenith'],
    )
    const all = { op: 'replay-notices', nextAt: T0 + 60 } as const
    assert.deepEqual(await store.commit([all]), [{ count: 1 }])
  })

  it('puts a replayed notice before what came after it', async ({ store }) => {
    await withThreeNotices(store)
    const first = await claimNotice(store, LANE, T0 + 10)
    await store.commit([settleNoticeOp(first, { kind: 'parked' }, T0 + 11)])
    const second = await claimNotice(store, LANE, T0 + 12)
    await store.commit([{ op: 'replay-notices', nextAt: T0 + 20 }])
    const again = await claimNotice(store, LANE, T0 + 20)
    assert.equal(again.id, first.id)
    const retry = { kind: 'retry', nextAt: T0 + 30 } as const
    assert.deepEqual(await store.commit([settleNoticeOp(second, retry, T0 + 21)]), [
      { kind: 'done' },
    ])
    assert.deepEqual(await claimedResults(store, T0 + 40), [], 'the older one is being told')
    await store.commit([settleNoticeOp(again, { kind: 'told' }, T0 + 41)])
    assert.deepEqual(await claimedResults(store, T0 + 42), ['deferred'])
  })
}
