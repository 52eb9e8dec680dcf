import assert from 'node:assert/strict'
import type { HeldPart } from '../../engine/ports/store.ts'
import type { It } from '../store.suite.ts'
import { acceptOp, claimOne, holdOp, idOf, settleOp, T0, WAIT_MS } from './samples.suite.ts'

const sequences = (parts: readonly HeldPart[]) => parts.map(({ sequence }) => sequence)

/** Messages that come in parts. */
export function parts(it: It): void {
  it('hands out a set when its last part has come, in order', async ({ store }) => {
    const [third] = await store.commit([holdOp(1, 3, 3)])
    assert.deepEqual(third, { kind: 'held' })
    const [first] = await store.commit([holdOp(2, 1, 3)])
    assert.deepEqual(first, { kind: 'held' })
    const [last] = await store.commit([holdOp(3, 2, 3)])
    assert.ok(last.kind === 'complete')
    assert.equal(last.set.first, idOf(1))
    assert.deepEqual(sequences(last.set.parts), [1, 2, 3])
    assert.deepEqual(last.set.parts[2], holdOp(1, 3, 3).part)
  })

  it('answers a repeated part with its first id, also after its message was made', async ({
    store,
  }) => {
    await store.commit([holdOp(1, 1, 2)])
    const [again] = await store.commit([holdOp(5, 1, 2)])
    assert.deepEqual(again, { kind: 'duplicate', id: idOf(1) })
    await store.commit([holdOp(2, 2, 2), acceptOp(1, { parts: idOf(1) })])
    const [late] = await store.commit([holdOp(6, 2, 2)])
    assert.deepEqual(late, { kind: 'duplicate', id: idOf(2) })
  })

  it('refuses a part that contradicts those that wait, and keeps them', async ({ store }) => {
    await store.commit([holdOp(1, 1, 3)])
    const [total] = await store.commit([holdOp(2, 2, 2)])
    assert.deepEqual(total, { kind: 'conflict' })
    const [content] = await store.commit([holdOp(2, 1, 3, { fingerprint: 'other' })])
    assert.deepEqual(content, { kind: 'conflict' })
    await store.commit([holdOp(3, 2, 3)])
    const [last] = await store.commit([holdOp(4, 3, 3)])
    assert.equal(last.kind, 'complete')
  })

  it('keeps sets of other keys apart', async ({ store }) => {
    await store.commit([holdOp(1, 1, 2)])
    const [other] = await store.commit([holdOp(2, 2, 2, { key: 'other' })])
    assert.deepEqual(other, { kind: 'held' })
  })

  it('begins a new set when the reference comes round', async ({ store }) => {
    await store.commit([holdOp(1, 1, 1), acceptOp(1, { parts: idOf(1) })])
    const [next] = await store.commit([holdOp(2, 1, 2, { fingerprint: 'next' })])
    assert.deepEqual(next, { kind: 'held' })
    const [late] = await store.commit([holdOp(3, 2, 2, { at: T0 + WAIT_MS + 9 })])
    assert.deepEqual(late, { kind: 'held' }, 'the set before it was past its time')
  })

  it('makes a message of a set once, and finds it by every part', async ({ store }) => {
    await store.commit([holdOp(1, 1, 2)])
    await store.commit([holdOp(2, 2, 2)])
    assert.equal((await store.read({ query: 'waiting-part', id: idOf(2) }))?.sequence, 2)
    const [made] = await store.commit([acceptOp(1, { parts: idOf(1) })])
    assert.equal(made.kind, 'accepted')
    const [again] = await store.commit([acceptOp(9, { parts: idOf(1) })])
    assert.deepEqual(again, { kind: 'parts-gone' })
    assert.equal(await store.read({ query: 'waiting-part', id: idOf(2) }), undefined)
    const story = await store.read({ query: 'message', messageId: idOf(2) })
    assert.equal(story?.message.id, idOf(1))
    assert.equal(story?.deliveries[0]?.messageId, idOf(1))
  })

  it('takes the ids of parts and of messages for one kind of id', async ({ store }) => {
    await store.commit([acceptOp(1)])
    const [taken] = await store.commit([holdOp(1, 1, 2)])
    assert.deepEqual(taken, { kind: 'id-taken' })
    await store.commit([holdOp(2, 1, 2)])
    const [again] = await store.commit([holdOp(2, 2, 2)])
    assert.deepEqual(again, { kind: 'id-taken' })
  })

  it('lists the sets whose time is up, with the time of their first part', async ({ store }) => {
    await store.commit([holdOp(1, 1, 3), holdOp(2, 2, 3, { at: T0 + 1000 })])
    await store.commit([holdOp(3, 1, 2, { key: 'other', at: T0 + 2000 })])
    const late = (now: number) => store.read({ query: 'late-parts', now, limit: 10 })
    assert.deepEqual(await late(T0 + WAIT_MS), [])
    const [set, ...rest] = await late(T0 + 1 + WAIT_MS)
    assert.deepEqual(rest, [])
    assert.equal(set?.first, idOf(1))
    assert.deepEqual(sequences(set?.parts ?? []), [1, 2])
    await store.commit([acceptOp(1, { parts: idOf(1), state: 'failed' })])
    assert.deepEqual(await late(T0 + 1000 + WAIT_MS), [])
  })

  it('forgets parts with their message', async ({ store }) => {
    await store.commit([holdOp(1, 1, 1), acceptOp(1, { parts: idOf(1) })])
    const { delivery } = await claimOne(store, 'carrier-a', T0 + 10)
    await store.commit([settleOp(delivery, T0 + 10)])
    await store.commit([{ op: 'purge', before: T0 + 11, limit: 9 }])
    assert.equal(await store.read({ query: 'message', messageId: idOf(1) }), undefined)
    const [again] = await store.commit([holdOp(1, 1, 1, { at: T0 + 11 })])
    assert.equal(again.kind, 'complete')
  })

  it('begins no more sets of an account than may wait, and lets those that wait be completed', async ({
    store,
  }) => {
    const hold = (n: number, key: string, sequence = 1) =>
      holdOp(n, sequence, 2, { key, setsMax: 2 })
    const begun = await store.commit([hold(1, 'a'), hold(2, 'b'), hold(3, 'c')])
    assert.deepEqual(
      begun.map(({ kind }) => kind),
      ['held', 'held', 'full'],
    )
    const [other] = await store.commit([
      { ...hold(4, 'd'), part: { ...hold(4, 'd').part, submission: submissionOf('florist') } },
    ])
    assert.equal(other.kind, 'held', 'of another account')
    const [whole] = await store.commit([hold(5, 'a', 2)])
    assert.equal(whole.kind, 'complete')
    await store.commit([acceptOp(1, { parts: idOf(1) })])
    const [room] = await store.commit([hold(6, 'c')])
    assert.equal(room.kind, 'held', 'what became a message waits no more')
  })
}

function submissionOf(accountId: string): HeldPart['submission'] {
  return { ...holdOp(1, 1, 2).part.submission, accountId }
}
