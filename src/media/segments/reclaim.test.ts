import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Content, Extent, Message } from '../../core/message.ts'
import type { Media } from '../../engine/ports/media.ts'
import type { Store } from '../../engine/ports/store.ts'
import { openMemoryStore } from '../../stores/memory/store.ts'
import { createMemoryDisk } from '../memory/disk.ts'
import { openMemoryMedia } from '../memory/media.ts'
import { bytesOf, fetchBytes, store as storeBytes } from '../test-place.ts'
import { defaultReclaimLimits, reclaim } from './reclaim.ts'

/** Ten messages of 100 bytes fill a segment. */
const small = {
  inlineBytesMax: 0,
  chunkBytes: 50,
  segmentBytesMax: 1000,
  recentBytesMax: 0,
  rowWaitMsMax: 0,
}

function messageOf(number: number, extents: readonly Extent[]): Message {
  return {
    id: `1${String(number).padStart(17, '0')}`,
    accountId: 'acme',
    direction: 'mt',
    channel: 'mms',
    dialect: 'plain',
    acceptedAt: 0,
    expiresAt: 1000,
    envelope: {
      sender: { kind: 'short-code', text: '12345' },
      messageClass: 'personal',
      priority: 'normal',
      senderVisible: true,
      adaptationAllowed: true,
      deliveryReports: false,
      readReports: false,
    },
    content: { parts: [], length: extents.reduce((sum, { length }) => sum + length, 0), extents },
  }
}

async function accept(store: Store, media: Media, number: number, extents: readonly Extent[]) {
  const message = messageOf(number, extents)
  const mediaSynced = media.syncedPosition()
  await store.commit([
    { op: 'accept', message, deliveries: [], events: [], notices: [], mediaSynced },
  ])
  return message.id
}

/** Messages 0 to `count - 1` of 100 bytes each, durable, and a sealed segment behind them. */
async function filled(count: number, settings = {}) {
  const disk = createMemoryDisk()
  const media = await openMemoryMedia({ disk: disk.mount(), ...small, ...settings })
  const store = openMemoryStore()
  const ids: string[] = []
  for (let number = 0; number < count; number += 1) {
    const content = await storeBytes(media, bytesOf(100, number))
    await media.durable(content)
    ids.push(await accept(store, media, number, content.extents))
  }
  return { disk, media, store, ids }
}

async function contentOf(store: Store, messageId: string): Promise<Content | undefined> {
  return (await store.read({ query: 'message', messageId }))?.message.content
}

async function assertWhole(store: Store, media: Media, ids: readonly string[]): Promise<void> {
  for (const [number, messageId] of ids.entries()) {
    const content = await contentOf(store, messageId)
    if (content === undefined) continue
    assert.ok(await media.verify(content.extents))
    assert.deepEqual(await fetchBytes(media, content), bytesOf(100, number))
  }
}

const segmentsOf = (media: Media) => media.sealedSegments().map(({ segment }) => segment)

test('a segment no row names is removed, one with enough living bytes stays', async () => {
  const { media, store, ids } = await filled(21)
  await store.discard(ids.slice(0, 10))
  await store.discard(ids.slice(10, 17))
  assert.deepEqual(await reclaim({ store, media }), {
    removed: [1],
    freedBytes: 1000,
    movedMessages: 0,
    movedBytes: 0,
    damaged: [],
    more: false,
  })
  assert.deepEqual(segmentsOf(media), [2])
  await assertWhole(store, media, ids)
})

test('a sparse segment is emptied by one run and removed by the next', async () => {
  const { media, store, ids } = await filled(11)
  await store.discard(ids.slice(0, 8))
  const first = await reclaim({ store, media })
  assert.deepEqual([first.removed, first.movedMessages, first.movedBytes], [[], 2, 200])
  await assertWhole(store, media, ids)
  const second = await reclaim({ store, media })
  assert.deepEqual([second.removed, second.movedMessages], [[1], 0])
  assert.deepEqual(segmentsOf(media), [])
  await assertWhole(store, media, ids)
  assert.deepEqual((await reclaim({ store, media })).removed, [])
})

test('only the extents in the sparse segment are replaced, and their order stays', async () => {
  const media = await openMemoryMedia({ ...small, chunkBytes: 25 })
  const store = openMemoryStore()
  const writer = media.openWriter()
  writer.write(bytesOf(100, 0).subarray(0, 30))
  await storeBytes(media, bytesOf(930))
  writer.write(bytesOf(100, 0).subarray(30, 70))
  await storeBytes(media, bytesOf(50))
  writer.write(bytesOf(100, 0).subarray(70))
  const content = writer.finish()
  await media.durable(content)
  assert.deepEqual(
    content.extents.map(({ segment }) => segment),
    [1, 1, 2],
  )
  const id = await accept(store, media, 0, content.extents)
  assert.equal((await reclaim({ store, media })).movedBytes, 70)
  const moved = await contentOf(store, id)
  assert.deepEqual(
    moved?.extents.map(({ segment, length }) => [segment, length]),
    [
      [2, 30],
      [2, 40],
      [2, 30],
    ],
  )
  assert.deepEqual(moved?.extents[2], content.extents[2])
  await assertWhole(store, media, [id])
})

test('a message that went away while it was moved leaves only free space', async () => {
  const { media, store, ids } = await filled(11)
  await store.discard(ids.slice(1, 10))
  const hurried: Store = {
    ...store,
    async commit(ops) {
      await store.discard(ids.slice(0, 1))
      return store.commit(ops)
    },
  }
  assert.equal((await reclaim({ store: hurried, media })).movedMessages, 1)
  assert.deepEqual((await reclaim({ store, media })).removed, [1])
  await assertWhole(store, media, ids)
})

test('a run stays within its limits and says that there is more', async () => {
  const { media, store, ids } = await filled(41)
  await store.discard(ids.filter((_, number) => number < 20 || number % 10 > 1))
  const limits = { ...defaultReclaimLimits, segmentsMax: 1, messagesMax: 3 }
  const runs = []
  for (let run = 0; run < 4; run += 1) runs.push(await reclaim({ store, media, limits }))
  assert.deepEqual(
    runs.map(({ removed, movedMessages, more }) => [removed, movedMessages, more]),
    [
      [[1], 3, true],
      [[2], 1, true],
      [[3], 0, true],
      [[4], 0, false],
    ],
  )
  await assertWhole(store, media, ids)
})

test('a run that moved its fill of bytes stops', async () => {
  const { media, store, ids } = await filled(41, { segmentBytesMax: 2000 })
  await store.discard(ids.filter((_, number) => number % 20 > 4))
  const limits = { ...defaultReclaimLimits, movedBytesMax: 1 }
  const run = await reclaim({ store, media, limits })
  assert.deepEqual([run.movedMessages, run.more], [5, true])
  await assertWhole(store, media, ids)
})

test('a damaged message is named and keeps its segment; the others are moved', async () => {
  const { disk, media, store, ids } = await filled(11)
  await store.discard(ids.slice(2, 10))
  disk.corrupt('/media/1.seg', 5, Buffer.from([0, 0]))
  const run = await reclaim({ store, media })
  assert.deepEqual([run.damaged, run.movedMessages], [ids.slice(0, 1), 1])
  assert.deepEqual((await reclaim({ store, media })).removed, [])
  assert.deepEqual(segmentsOf(media), [1])
})

test('a content whose row is on its way is never reclaimed', async () => {
  let now = 0
  const { media, store } = await filled(0, { rowWaitMsMax: 1000, now: () => now })
  const content = await storeBytes(media, bytesOf(100, 0))
  await media.durable(await storeBytes(media, bytesOf(950)))
  now = 999
  assert.deepEqual((await reclaim({ store, media })).removed, [])
  const id = await accept(store, media, 0, content.extents)
  now = 2000
  assert.deepEqual((await reclaim({ store, media })).removed, [])
  await assertWhole(store, media, [id])
})

test('killed between any two steps, a later run finishes and no living message is hurt', async () => {
  for (let steps = 0; steps < 12; steps += 1) {
    const { disk, media, store, ids } = await filled(31)
    await store.discard(ids.filter((_, number) => number < 10 || number % 10 > 1))
    let left = steps
    const step = () => {
      left -= 1
      if (left < 0) throw new Error('killed')
    }
    const dying: Media = {
      ...media,
      async remove(segment) {
        step()
        await media.remove(segment)
      },
      async relocate(extents) {
        step()
        return media.relocate(extents)
      },
    }
    const dyingStore: Store = {
      ...store,
      async commit(ops) {
        step()
        return store.commit(ops)
      },
    }
    await reclaim({ store: dyingStore, media: dying }).catch(() => {})
    await media.close()
    disk.powerLoss()
    const next = await openMemoryMedia({ disk: disk.mount(), ...small })
    await assertWhole(store, next, ids)
    for (let run = 0; run < 4; run += 1) await reclaim({ store, media: next })
    await assertWhole(store, next, ids)
    const live = await store.read({ query: 'segments' })
    for (const { segment, bytes } of next.sealedSegments()) {
      const liveBytes = live.find((row) => row.segment === segment)?.liveBytes ?? 0
      assert.ok(liveBytes >= bytes * 0.3, `segment ${segment} after ${steps} steps`)
    }
  }
})
