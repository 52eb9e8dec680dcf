import assert from 'node:assert/strict'
import type { It } from '../store.suite.ts'
import {
  acceptOp,
  claimNotice,
  claimOne,
  idOf,
  LEASE_MS,
  noticeOf,
  settleNoticeOp,
  settleOp,
  T0,
} from './samples.suite.ts'

/** What a store can be asked. */
export function questions(it: It): void {
  it('tells the whole story of a message', async ({ store }) => {
    const first = noticeOf(1, 'handed-to-network', T0)
    const accept = acceptOp(1, { recipients: 2, notices: [first] })
    await store.commit([accept])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    const final = noticeOf(1, 'delivered', T0 + 20)
    const settle = settleOp(delivery, T0 + 20, { notices: [final] })
    await store.commit([settle])
    const leased = await claimNotice(store, 'client:acme', T0 + 30)
    const told = settleNoticeOp(leased, { kind: 'told' }, T0 + 31)
    await store.commit([told])

    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.deepEqual(story?.message, accept.message)
    assert.deepEqual(
      story?.deliveries.map(({ index, state }) => [index, state]),
      [
        [0, 'delivered'],
        [1, 'queued'],
      ],
    )
    assert.deepEqual(story?.events, [...accept.events, ...settle.events, ...told.events])
    assert.deepEqual(story?.notices, [
      { notice: final.notice, attempts: 0, nextAt: T0 + 20, parked: false },
    ])
  })

  it('knows nothing of a message that is not there', async ({ store }) => {
    for (const messageId of [idOf(1), '', "1' OR 1=1", '1e17']) {
      assert.equal(await store.read({ query: 'message', messageId }), undefined)
    }
  })

  it('pages messages, newest first, of all tenants or of one', async ({ store }) => {
    const accountId = (n: number) => (n % 2 === 0 ? 'acme' : 'zenith')
    for (let n = 1; n <= 7; n += 1) await store.commit([acceptOp(n, { accountId: accountId(n) })])
    const page = await store.read({ query: 'messages', limit: 3 })
    assert.deepEqual(
      page.map(({ message, states }) => [message.id, ...states]),
      [7, 6, 5].map((n) => [idOf(n), 'queued']),
    )
    const next = await store.read({ query: 'messages', limit: 3, before: idOf(5) })
    assert.deepEqual(
      next.map(({ message }) => message.id),
      [4, 3, 2].map(idOf),
    )
    const ours = await store.read({
      query: 'messages',
      limit: 10,
      accountId: 'acme',
      before: idOf(6),
    })
    assert.deepEqual(
      ours.map(({ message }) => message.id),
      [4, 2].map(idOf),
    )
  })

  it('counts what waits, by lane and state', async ({ store }) => {
    await store.commit([
      acceptOp(1, { dueAt: T0 + 500 }),
      acceptOp(2, { dueAt: T0 + 400 }),
      acceptOp(3, { lane: 'carrier-b', notices: [noticeOf(3, 'deferred', T0)] }),
      acceptOp(4, { lane: 'carrier-b', notices: [noticeOf(4, 'deferred', T0 + 1)] }),
      acceptOp(5, { state: 'failed' }),
    ])
    await claimOne(store, 'carrier-b', T0 + 10)
    const leased = await claimNotice(store, 'client:acme', T0 + 10)
    await store.commit([settleNoticeOp(leased, { kind: 'parked' }, T0 + 11)])
    const backlog = await store.read({ query: 'backlog', now: T0 + 20 })
    assert.deepEqual(backlog, {
      deliveries: [
        { lane: 'carrier-a', state: 'queued', count: 2, oldestAt: T0 + 1, nextAt: T0 + 400 },
        {
          lane: 'carrier-b',
          state: 'attempting',
          count: 1,
          oldestAt: T0 + 3,
          nextAt: T0 + 10 + LEASE_MS,
        },
        { lane: 'carrier-b', state: 'queued', count: 1, oldestAt: T0 + 4, nextAt: T0 + 4 },
      ],
      notices: [{ lane: 'client:acme', count: 1, parked: 1 }],
    })
  })

  it('names the lanes that hold work', async ({ store }) => {
    await store.commit([
      acceptOp(1, { lane: 'carrier-b' }),
      acceptOp(2, { notices: [noticeOf(2, 'deferred', T0)] }),
      acceptOp(3, { lane: 'carrier-b' }),
      acceptOp(4, { lane: 'done' }),
    ])
    const { delivery } = await claimOne(store, 'done', T0 + 10)
    await store.commit([settleOp(delivery, T0 + 11)])
    assert.deepEqual(await store.read({ query: 'lanes' }), {
      deliveries: ['carrier-a', 'carrier-b'],
      notices: ['client:acme'],
    })
  })

  it('keeps directory entries by kind and name', async ({ store }) => {
    const entry = (kind: string, name: string, value?: unknown) => ({ kind, name, value })
    await store.commit([
      {
        op: 'put-directory',
        entries: [
          entry('route', 'us', { prefix: '1' }),
          entry('account', 'acme', { enabled: true }),
          entry('account', 'zenith', { enabled: true }),
        ],
      },
      {
        op: 'put-directory',
        entries: [entry('account', 'acme', { enabled: false }), entry('account', 'zenith')],
      },
    ])
    assert.deepEqual(await store.read({ query: 'directory' }), [
      { kind: 'account', name: 'acme', value: { enabled: false } },
      { kind: 'route', name: 'us', value: { prefix: '1' } },
    ])
  })

  it('remembers named state', async ({ store }) => {
    await store.commit([{ op: 'put-state', name: 'throttle', value: 'a' }])
    await store.commit([{ op: 'put-state', name: 'throttle', value: 'b' }])
    assert.equal(await store.read({ query: 'state', name: 'throttle' }), 'b')
    assert.equal(await store.read({ query: 'state', name: 'other' }), undefined)
  })
}
