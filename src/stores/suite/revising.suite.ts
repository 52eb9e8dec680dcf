import assert from 'node:assert/strict'
import type { Extent } from '../../core/message.ts'
import type { Op, Store, WaitingChange } from '../../engine/ports/store.ts'
import type { It } from '../store.suite.ts'
import {
  acceptOp,
  claimNotice,
  claimOne,
  idOf,
  noticeOf,
  sampleMessage,
  settleNoticeOp,
  settleOp,
  T0,
} from './samples.suite.ts'

type Revise = Extract<Op, { readonly op: 'revise' }>

const CANCELLED = { state: 'cancelled', reason: 'cancelled' } as const
const queued = (nextAt: number): WaitingChange => ({ state: 'queued', nextAt })

function reviseOp(
  n: number,
  deliveries: readonly (readonly [deliveryId: number, version: number])[],
  change: WaitingChange,
  replace?: Revise['replace'],
): Revise {
  return {
    op: 'revise',
    messageId: idOf(n),
    deliveries: deliveries.map(([deliveryId, version]) => ({ deliveryId, version, change })),
    events: [{ type: 'replaced', at: T0 + 50, elements: ['content'], request: 'r' }],
    ...(replace === undefined ? {} : { replace }),
  }
}

const extent = (segment: number, length: number): Extent => ({
  segment,
  offset: 0,
  length,
  crc32: 1,
})

async function storyOf(store: Store, n: number) {
  const story = await store.read({ query: 'message', messageId: idOf(n) })
  assert.ok(story !== undefined)
  return story
}

/** Changing what waits: a withdrawal against the lane that would take it, and a replacement. */
export function revising(it: It): void {
  it('ends what waits, and no lane ever finds it again', async ({ store }) => {
    const [{ firstDeliveryId: id }] = (await store.commit([acceptOp(1)])) as [
      { firstDeliveryId: number },
    ]
    assert.deepEqual(await store.commit([reviseOp(1, [[id, 0]], CANCELLED)]), [{ kind: 'done' }])
    const { deliveries, events } = await storyOf(store, 1)
    assert.equal(deliveries[0]?.state, 'cancelled')
    assert.equal(deliveries[0]?.reason, 'cancelled')
    assert.equal(deliveries[0]?.nextAt, undefined)
    assert.equal(events.at(-1)?.type, 'replaced')
    await assert.rejects(claimOne(store, 'carrier-a', T0 + 1_000_000))
    const [gone] = await store.commit([{ op: 'purge', before: T0 + 51, limit: 9 }])
    assert.equal(gone.messages, 1, 'it is over and can be forgotten')
  })

  it('refuses what a lane has leased, and leaves the lease alone', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    for (const version of [0, delivery.version]) {
      const [late] = await store.commit([reviseOp(1, [[delivery.id, version]], CANCELLED)])
      assert.deepEqual(late, { kind: 'stale' })
    }
    const [settled] = await store.commit([settleOp(delivery, T0 + 20)])
    assert.equal(settled.kind, 'done')
    assert.equal(
      (await storyOf(store, 1)).events.length,
      2,
      'nothing of the refused change is kept',
    )
  })

  it('lets one of a lane and a withdrawal have it, never both', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const { id = 0, version = 0 } = (await storyOf(store, 1)).deliveries[0] ?? {}
    const [[withdrawn], [claim]] = await Promise.all([
      store.commit([reviseOp(1, [[id, version]], CANCELLED)]),
      store.commit([
        { op: 'claim', lane: 'carrier-a', now: T0 + 10, leaseUntil: T0 + 99, limit: 9 },
      ]),
    ])
    assert.equal(withdrawn.kind === 'done', claim.claimed.length === 0)
  })

  it('changes all the deliveries it names or none', async ({ store }) => {
    await store.commit([acceptOp(1, { recipients: 2 })])
    const first = await claimOne(store, 'carrier-a', T0 + 10)
    const { deliveries } = await storyOf(store, 1)
    const named = deliveries.map(({ id, version }) => [id, version] as const)
    const [result] = await store.commit([reviseOp(1, named, queued(T0 + 500))])
    assert.deepEqual(result, { kind: 'stale' })
    const after = await storyOf(store, 1)
    assert.deepEqual(after.deliveries, deliveries)
    assert.equal(first.delivery.id, deliveries[0]?.id)
  })

  it('replaces content, envelope and times, and lets the old bytes go', async ({ store }) => {
    await store.commit([acceptOp(1, { extents: [extent(1, 100)] })])
    const { message, deliveries } = await storyOf(store, 1)
    const [{ id = 0 } = {}] = deliveries
    const content = { parts: [], length: 60, extents: [extent(2, 60)] }
    const envelope = { ...message.envelope, serviceCode: 'gold' }
    const replace = { envelope, content, expiresAt: T0 + 9000 }
    const [done] = await store.commit([reviseOp(1, [[id, 0]], queued(T0 + 700), replace)])
    assert.equal(done.kind, 'done')
    const early = await store.commit([
      { op: 'claim', lane: 'carrier-a', now: T0 + 699, leaseUntil: T0 + 800, limit: 1 },
    ])
    assert.deepEqual(early, [{ claimed: [], nextAt: T0 + 700 }])
    const { message: sent, delivery } = await claimOne(store, 'carrier-a', T0 + 700)
    assert.deepEqual(sent, { ...message, ...replace })
    assert.equal(delivery.expiresAt, T0 + 9000)
    assert.deepEqual(await store.read({ query: 'segments' }), [{ segment: 2, liveBytes: 60 }])
  })

  it('replaces bytes that travel with their row', async ({ store }) => {
    await store.commit([acceptOp(1, { inline: Uint8Array.of(1, 2, 3) })])
    const [{ id = 0 } = {}] = (await storyOf(store, 1)).deliveries
    // A view into something larger, as bytes from a socket are.
    const inline = new Uint8Array(4096).fill(7).subarray(10, 14)
    const content = { ...sampleMessage(1, { inline }).content, inline }
    await store.commit([reviseOp(1, [[id, 0]], queued(T0), { content })])
    const { message } = await storyOf(store, 1)
    assert.deepEqual([...(message.content.inline ?? [])], [7, 7, 7, 7])
  })

  it('answers stale for a message that is not there, or another’s delivery', async ({ store }) => {
    await store.commit([acceptOp(1), acceptOp(2)])
    const [{ id = 0 } = {}] = (await storyOf(store, 2)).deliveries
    for (const n of [1, 9]) {
      const [result] = await store.commit([reviseOp(n, [[id, 0]], CANCELLED)])
      assert.deepEqual(result, { kind: 'stale' })
    }
  })

  it('tells a client of evidence after the end, and keeps the message until then', async ({
    store,
  }) => {
    await store.commit([acceptOp(1)])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    await store.commit([settleOp(delivery, T0 + 20)])
    const notices = [noticeOf(1, 'delivered', T0 + 30)]
    const [event] = (await storyOf(store, 1)).events
    assert.ok(event !== undefined)
    await store.commit([
      {
        op: 'append',
        messageId: idOf(1),
        events: [event],
        tell: { deliveryId: delivery.id, notices },
      },
    ])
    const purge = { op: 'purge', before: T0 + 1000, limit: 9 } as const
    assert.deepEqual(await store.commit([purge]), [{ messages: 0, more: false }])
    const leased = await claimNotice(store, notices[0]?.lane ?? '', T0 + 40)
    await store.commit([settleNoticeOp(leased, { kind: 'told' }, T0 + 50)])
    assert.deepEqual(await store.commit([purge]), [{ messages: 1, more: false }])
  })
}
