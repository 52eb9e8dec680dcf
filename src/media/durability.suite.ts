/** Nothing is called durable that is not, and nobody fills the memory while the disk is slow. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bytesOf,
  fetchBytes,
  type MediaUnderTest,
  openProbed,
  settled,
  small,
  store,
} from './test-place.ts'

export function describeDurability({ place }: MediaUnderTest): void {
  test('calls bytes durable only after a sync that began after they were written', async (t) => {
    const { media, probe } = await openProbed(await place(t))
    const release = probe.hold('sync')
    const firstSync = probe.called('sync')
    const first = await store(media, bytesOf(100))
    const firstDurable = media.durable(first)
    await firstSync
    const secondWrite = probe.called('write')
    const second = await store(media, bytesOf(100, 2))
    const secondDurable = media.durable(second)
    await secondWrite
    assert.equal(await settled(firstDurable), false)
    assert.deepEqual(media.syncedPosition(), { segment: 1, offset: 0 })
    const secondSync = probe.called('sync')
    release()
    const hold = probe.hold('sync')
    await firstDurable
    assert.deepEqual(media.syncedPosition(), { segment: 1, offset: 100 })
    await secondSync
    assert.equal(await settled(secondDurable), false)
    hold()
    await secondDurable
    assert.deepEqual(media.syncedPosition(), { segment: 1, offset: 200 })
    await media.durable(first)
    await media.close()
  })

  test('makes the name of a segment durable before its bytes', async (t) => {
    const { media, probe } = await openProbed(await place(t))
    await media.durable(await store(media, bytesOf(900)))
    await media.durable(await store(media, bytesOf(900)))
    const [folder] = probe.calls.filter((call) => call.startsWith('sync-folder'))
    const segment = (name: string) => [`create ${name}`, folder, `write ${name}`, `sync ${name}`]
    assert.deepEqual(probe.calls, [...segment('1.seg'), ...segment('2.seg')])
    await media.close()
  })

  test('syncs once for many who wait', async (t) => {
    const { media, probe } = await openProbed(await place(t))
    const contents = await Promise.all(
      [1, 2, 3, 4, 5].map((seed) => store(media, bytesOf(90, seed))),
    )
    await Promise.all(contents.map((content) => media.durable(content)))
    assert.equal(probe.calls.filter((call) => call.startsWith('sync ')).length, 1)
    await media.close()
  })

  test('lets writers wait while too much is not on disk', async (t) => {
    const { media, probe } = await openProbed(await place(t), { queueBytesMax: 150 })
    const release = probe.hold('sync')
    const writer = media.openWriter()
    assert.equal(writer.write(bytesOf(64)), undefined)
    assert.equal(writer.write(bytesOf(64)), undefined)
    const full = Promise.resolve(writer.write(bytesOf(64)))
    const other = Promise.resolve(media.openWriter().write(bytesOf(1)))
    assert.equal(await settled(full), false)
    assert.equal(await settled(other), false)
    release()
    await Promise.all([full, other])
    assert.equal(writer.write(bytesOf(64)), undefined)
    await media.durable(writer.finish())
    await media.close()
  })

  test('keeps everything over closing and opening, and starts a new segment', async (t) => {
    const somewhere = await place(t)
    const before = await somewhere.open(small)
    const content = await store(before, bytesOf(300))
    await before.close()
    const after = await somewhere.open(small)
    assert.deepEqual(after.sealedSegments(), [{ segment: 1, bytes: 300 }])
    assert.deepEqual(after.syncedPosition(), { segment: 2, offset: 0 })
    assert.ok(await after.verify(content.extents))
    await after.durable(content)
    assert.deepEqual(await fetchBytes(after, content), bytesOf(300))
    assert.equal((await store(after, bytesOf(20))).extents[0]?.segment, 2)
    await after.close()
  })

  test('syncs what an earlier process left before it says anything about it', async (t) => {
    const somewhere = await place(t)
    await (await somewhere.open(small)).close()
    const { media, probe } = await openProbed(somewhere)
    assert.deepEqual(probe.calls.slice(0, 2), ['sync 1.seg', 'create 2.seg'])
    await media.close()
  })

  test('writes no more after it was closed', async (t) => {
    const media = await (await place(t)).open(small)
    await media.close()
    await assert.rejects(store(media, bytesOf(100)), /closed/)
    await media.close()
  })
}
