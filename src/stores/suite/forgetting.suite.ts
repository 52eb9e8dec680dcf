import assert from 'node:assert/strict'
import type { Extent } from '../../core/message.ts'
import type { Store } from '../../engine/ports/store.ts'
import type { It } from '../store.suite.ts'
import {
  acceptOp,
  claimNotice,
  claimOne,
  idOf,
  noticeOf,
  receiveOp,
  settleNoticeOp,
  settleOp,
  T0,
} from './samples.suite.ts'

const KEY = { scope: 'acme', key: 'tx-1', fingerprint: 'f1', since: T0 - 1000 }

function extent(segment: number, offset: number, length: number): Extent {
  return { segment, offset, length, crc32: 1 }
}

async function end(store: Store, lane: string, at: number): Promise<void> {
  const { delivery } = await claimOne(store, lane, at)
  await store.commit([settleOp(delivery, at)])
}

async function purge(store: Store, before: number, limit = 100) {
  const [gone] = await store.commit([{ op: 'purge', before, limit }])
  return gone
}

/** Letting go of what ended, and moving bytes. */
export function forgetting(it: It): void {
  it('forgets an ended message with everything that hangs on it', async ({ store }) => {
    const extents = [extent(1, 0, 100)]
    await store.commit([acceptOp(1, { extents, idempotency: KEY })])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const link = { route: 'carrier-a', remoteId: 'r-1' }
    await store.commit([settleOp(delivery, T0 + 20, { link })])
    assert.deepEqual(await purge(store, T0 + 20), { messages: 0, more: false })
    assert.deepEqual(await purge(store, T0 + 21), { messages: 1, more: false })
    assert.equal(await store.read({ query: 'message', messageId: idOf(1) }), undefined)
    assert.deepEqual(await store.read({ query: 'segments' }), [])
    assert.deepEqual(await store.read({ query: 'segment-messages', segment: 1, limit: 9 }), [])
    const [unknown] = await store.commit([receiveOp('r-1', T0 + 30, false)])
    assert.deepEqual(unknown, { kind: 'unknown' })
    const [fresh] = await store.commit([acceptOp(2, { idempotency: KEY })])
    assert.equal(fresh.kind, 'accepted')
    const [gone] = await store.commit([settleOp(delivery, T0 + 40)])
    assert.deepEqual(gone, { kind: 'stale', current: undefined })
  })

  it('keeps a message while any of its deliveries is open', async ({ store }) => {
    await store.commit([acceptOp(1, { recipients: 2 })])
    await end(store, 'carrier-a', T0 + 10)
    assert.deepEqual(await purge(store, T0 + 1_000_000), { messages: 0, more: false })
    await end(store, 'carrier-a', T0 + 20)
    assert.deepEqual(await purge(store, T0 + 1_000_000), { messages: 1, more: false })
  })

  it('keeps a message until its client was told', async ({ store }) => {
    await store.commit([acceptOp(1, { state: 'failed', notices: [noticeOf(1, 'rejected', T0)] })])
    const far = T0 + 1_000_000
    assert.equal((await purge(store, far)).messages, 0)
    const first = await claimNotice(store, 'client:acme', T0 + 10)
    await store.commit([settleNoticeOp(first, { kind: 'parked' }, T0 + 11)])
    assert.equal((await purge(store, far)).messages, 0, 'a parked notice was not told')
    await store.commit([{ op: 'replay-notices', nextAt: T0 + 20 }])
    const second = await claimNotice(store, 'client:acme', T0 + 20)
    await store.commit([settleNoticeOp(second, { kind: 'told' }, T0 + 21)])
    assert.equal((await purge(store, far)).messages, 1)
  })

  it('forgets in steps and says whether more is left', async ({ store }) => {
    for (let n = 1; n <= 5; n += 1) await store.commit([acceptOp(n, { state: 'failed' })])
    assert.deepEqual(await purge(store, T0 + 100, 2), { messages: 2, more: true })
    assert.deepEqual(await purge(store, T0 + 100, 2), { messages: 2, more: true })
    assert.deepEqual(await purge(store, T0 + 100, 2), { messages: 1, more: false })
    assert.deepEqual(await store.read({ query: 'messages', limit: 9 }), [])
  })

  it('forgets parked reports that nobody claimed', async ({ store }) => {
    await store.commit([receiveOp('r-1', T0), receiveOp('r-1', T0 + 500)])
    await purge(store, T0 + 100)
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 600)
    const link = { route: 'carrier-a', remoteId: 'r-1' }
    const [done] = await store.commit([settleOp(delivery, T0 + 600, { link })])
    assert.deepEqual(done.kind === 'done' ? done.parked.map(({ at }) => at) : [], [T0 + 500])
  })

  it('discards messages whatever their state', async ({ store }) => {
    await store.commit([acceptOp(1, { extents: [extent(3, 0, 10)] }), acceptOp(2)])
    await store.discard([idOf(1), idOf(8)])
    const left = await store.read({ query: 'messages', limit: 9 })
    assert.deepEqual(
      left.map(({ message }) => message.id),
      [idOf(2)],
    )
    assert.deepEqual(await store.read({ query: 'segments' }), [])
  })

  it('counts the live bytes of each segment', async ({ store }) => {
    await store.commit([
      acceptOp(1, { extents: [extent(1, 0, 100), extent(2, 0, 30)], state: 'failed' }),
      acceptOp(2, { extents: [extent(2, 30, 70)] }),
    ])
    assert.deepEqual(await store.read({ query: 'segments' }), [
      { segment: 1, liveBytes: 100 },
      { segment: 2, liveBytes: 100 },
    ])
    await purge(store, T0 + 100)
    assert.deepEqual(await store.read({ query: 'segments' }), [{ segment: 2, liveBytes: 70 }])
  })

  it('moves a message to relocated bytes, once', async ({ store }) => {
    const from = [extent(1, 0, 100)]
    const to = [extent(5, 0, 60), extent(5, 60, 40)]
    await store.commit([acceptOp(1, { extents: from })])
    const relocate = { op: 'relocate', messageId: idOf(1), from, to } as const
    assert.deepEqual(await store.commit([relocate]), [{ kind: 'done' }])
    assert.deepEqual(await store.commit([relocate]), [{ kind: 'stale' }])
    assert.deepEqual(await store.read({ query: 'segments' }), [{ segment: 5, liveBytes: 100 }])
    const users = await store.read({ query: 'segment-messages', segment: 5, limit: 9 })
    assert.deepEqual(
      users.map(({ messageId, content }) => [messageId, content.extents]),
      [[idOf(1), to]],
    )
    const none = await store.read({ query: 'segment-messages', segment: 1, limit: 9 })
    assert.deepEqual(none, [])
  })
}
