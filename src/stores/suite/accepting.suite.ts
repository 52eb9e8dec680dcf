import assert from 'node:assert/strict'
import type { It } from '../store.suite.ts'
import { acceptOp, claimOp, idOf, noticeOf, sampleMessage, T0 } from './samples.suite.ts'

const KEY = { scope: 'acme', key: 'tx-1', fingerprint: 'f1', since: T0 - 1000 }

/** Taking responsibility for messages. */
export function accepting(it: It): void {
  it('keeps a message with its deliveries and its first events', async ({ store }) => {
    const op = acceptOp(1, { recipients: 2 })
    const [accepted] = await store.commit([op])
    assert.equal(accepted.kind, 'accepted')
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.deepEqual(story?.message, op.message)
    assert.deepEqual(
      story?.deliveries.map(({ index, state, lane, version }) => [index, state, lane, version]),
      [
        [0, 'queued', 'carrier-a', 0],
        [1, 'queued', 'carrier-a', 0],
      ],
    )
    assert.deepEqual(story?.events, op.events)
  })

  it('gives back inline content byte for byte', async ({ store }) => {
    const inline = Uint8Array.from({ length: 5000 }, (_, i) => i & 0xff)
    // A view in the middle of a larger buffer, as a parser hands it over.
    const view = new Uint8Array(inline.buffer, 100, 3000)
    await store.commit([acceptOp(1, { inline: view }), acceptOp(2, { inline })])
    const [{ claimed }] = await store.commit([claimOp('carrier-a', T0 + 10)])
    assert.deepEqual(
      claimed.map(({ message }) => message.content.inline?.length),
      [3000, 5000],
    )
    assert.deepEqual([...(claimed[0]?.message.content.inline ?? [])], [...view])
    assert.deepEqual([...(claimed[1]?.message.content.inline ?? [])], [...inline])
    assert.equal(inline.length, 5000, 'the bytes of the caller are still its own')
  })

  it('refuses an id that is taken and changes nothing', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const [again] = await store.commit([acceptOp(1, { accountId: 'other' })])
    assert.deepEqual(again, { kind: 'id-taken' })
    const story = await store.read({ query: 'message', messageId: idOf(1) })
    assert.equal(story?.message.accountId, 'acme')
    assert.equal(story?.deliveries.length, 1)
  })

  it('keeps nothing of a call in which one op is a fault', async ({ store }) => {
    const notice = noticeOf(2, 'rejected', T0, { index: 7 })
    await assert.rejects(
      store.commit([
        { op: 'put-state', name: 'cursor', value: '1' },
        acceptOp(1),
        acceptOp(2, { notices: [notice] }),
      ]),
      /recipient 7/,
    )
    assert.equal(await store.read({ query: 'state', name: 'cursor' }), undefined)
    assert.equal(await store.read({ query: 'message', messageId: idOf(1) }), undefined)
    const [next] = await store.commit([acceptOp(3)])
    assert.equal(next.kind, 'accepted')
  })

  it('lets the faulty call fail alone when others are under way', async ({ store }) => {
    const notices = [noticeOf(2, 'rejected', T0, { index: 7 })]
    const outcomes = await Promise.allSettled([
      store.commit([acceptOp(1)]),
      store.commit([acceptOp(2, { notices })]),
      store.commit([acceptOp(3)]),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    const page = await store.read({ query: 'messages', limit: 10 })
    assert.deepEqual(
      page.map(({ message }) => message.id),
      [idOf(3), idOf(1)],
    )
  })

  it('lets the other ops of a call stand when one answers stale', async ({ store }) => {
    const [taken, put] = await store.commit([
      { op: 'relocate', messageId: idOf(9), from: [], to: [] },
      { op: 'put-state', name: 'cursor', value: '1' },
    ])
    assert.deepEqual([taken.kind, put.kind], ['stale', 'done'])
    assert.equal(await store.read({ query: 'state', name: 'cursor' }), '1')
  })

  repeats(it)
}

function repeats(it: It): void {
  it('answers a repeated request with the first message', async ({ store }) => {
    const extents = [{ segment: 1, offset: 0, length: 9, crc32: 7 }]
    await store.commit([acceptOp(1, { idempotency: KEY, extents })])
    const [again] = await store.commit([acceptOp(2, { idempotency: KEY })])
    assert.deepEqual(again, { kind: 'duplicate', messageId: idOf(1), extents })
    assert.equal(await store.read({ query: 'message', messageId: idOf(2) }), undefined)
  })

  it('answers a repeat that comes in the same moment', async ({ store }) => {
    const [[first], [second]] = await Promise.all([
      store.commit([acceptOp(1, { idempotency: KEY })]),
      store.commit([acceptOp(2, { idempotency: KEY })]),
    ])
    assert.equal(first.kind, 'accepted')
    assert.deepEqual(second, { kind: 'duplicate', messageId: idOf(1), extents: [] })
  })

  const others = {
    'another key': { ...KEY, key: 'tx-2' },
    'another body under the same key': { ...KEY, fingerprint: 'f2' },
    'the same key of another tenant': { ...KEY, scope: 'zenith' },
    'parts that only run together alike': { ...KEY, scope: 'acmet', key: 'x-1' },
  }
  for (const [what, idempotency] of Object.entries(others)) {
    it(`takes ${what} for another message`, async ({ store }) => {
      await store.commit([acceptOp(1, { idempotency: KEY })])
      const [other] = await store.commit([acceptOp(2, { idempotency })])
      assert.equal(other.kind, 'accepted')
    })
  }

  it('forgets a key when its window is over, and remembers its new message', async ({ store }) => {
    await store.commit([acceptOp(1, { idempotency: KEY })])
    const later = { ...KEY, since: T0 + 500 }
    const [fresh] = await store.commit([acceptOp(2, { at: T0 + 1000, idempotency: later })])
    assert.equal(fresh.kind, 'accepted')
    const [again] = await store.commit([acceptOp(3, { idempotency: later })])
    assert.deepEqual(again, { kind: 'duplicate', messageId: idOf(2), extents: [] })
  })

  it('remembers many keys as well as few', async ({ store }) => {
    const op = (n: number) => acceptOp(n, { idempotency: { ...KEY, key: `many-${n % 700}` } })
    const calls = Array.from({ length: 1400 }, (_, n) => store.commit([op(n)]))
    const kinds = (await Promise.all(calls)).map(([result]) => result.kind)
    assert.ok(kinds.slice(0, 700).every((kind) => kind === 'accepted'))
    assert.ok(kinds.slice(700).every((kind) => kind === 'duplicate'))
  })

  it('takes only ids of eighteen digits', async ({ store }) => {
    const op = acceptOp(1)
    const message = { ...sampleMessage(1), id: 'm-1' }
    await assert.rejects(store.commit([{ ...op, message }]), /not a message id/)
  })
}
