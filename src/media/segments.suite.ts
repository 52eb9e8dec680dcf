/** How segments are sealed, offered for reclaim, copied from and removed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MediaDamaged } from './segments/faults.ts'
import {
  bytesOf,
  fetchBytes,
  type MediaUnderTest,
  openProbed,
  type Stored,
  small,
  store,
} from './test-place.ts'

export function describeSegments({ place }: MediaUnderTest): void {
  test('seals a segment that would grow too large and goes on in the next', async (t) => {
    const media = await (await place(t)).open(small)
    const contents: Stored[] = []
    for (let seed = 0; seed < 5; seed += 1) contents.push(await store(media, bytesOf(400, seed)))
    await Promise.all(contents.map((content) => media.durable(content)))
    assert.deepEqual(
      contents.map(({ extents: [extent] }) => [extent?.segment, extent?.offset]),
      [
        [1, 0],
        [1, 400],
        [2, 0],
        [2, 400],
        [3, 0],
      ],
    )
    assert.deepEqual(media.sealedSegments(), [
      { segment: 1, bytes: 800 },
      { segment: 2, bytes: 800 },
    ])
    for (const [seed, content] of contents.entries()) {
      assert.deepEqual(await fetchBytes(media, content), bytesOf(400, seed))
    }
    await media.close()
  })

  test('removes a sealed segment once, and never the one being written', async (t) => {
    const { media, probe } = await openProbed(await place(t))
    const old = await store(media, bytesOf(900))
    await media.durable(await store(media, bytesOf(900)))
    await assert.rejects(media.remove(2), /in use/)
    await media.remove(1)
    await media.remove(1)
    assert.deepEqual(media.sealedSegments(), [])
    assert.equal(await media.verify(old.extents), false)
    assert.equal(probe.calls.filter((call) => call.startsWith('remove')).length, 1)
    await media.close()
  })

  test('lets a slow reader finish a segment that is removed meanwhile', async (t) => {
    const media = await (await place(t)).open({ ...small, segmentBytesMax: 1 })
    const content = await store(media, bytesOf(150_000))
    await media.durable(await store(media, bytesOf(100)))
    const pieces: Uint8Array[] = []
    for await (const piece of media.read(content, 0, content.length)) {
      if (pieces.length === 0) await media.remove(1)
      pieces.push(piece)
    }
    assert.deepEqual(Buffer.concat(pieces), bytesOf(150_000))
    await media.close()
  })

  test('does not offer a segment while a row for its bytes may be on its way', async (t) => {
    let now = 0
    const media = await (await place(t)).open({ ...small, rowWaitMsMax: 50, now: () => now })
    const writer = media.openWriter()
    writer.write(bytesOf(900))
    await media.durable(await store(media, bytesOf(900)))
    assert.deepEqual(media.sealedSegments(), [])
    await assert.rejects(media.remove(1), /in use/)
    writer.finish()
    now = 49
    assert.deepEqual(media.sealedSegments(), [])
    now = 50
    assert.deepEqual(media.sealedSegments(), [{ segment: 1, bytes: 900 }])
    await media.close()
  })

  test('offers the segment of an abandoned content at once and takes no more of it', async (t) => {
    const media = await (await place(t)).open({ ...small, rowWaitMsMax: 50, now: () => 0 })
    const writer = media.openWriter()
    writer.write(bytesOf(900))
    const next = await store(media, bytesOf(900))
    writer.abandon()
    await media.durable(next)
    assert.deepEqual(media.sealedSegments(), [{ segment: 1, bytes: 900 }])
    assert.throws(() => writer.write(bytesOf(1)), /ended/)
    assert.throws(() => writer.finish(), /ended/)
    writer.abandon()
    await media.close()
  })

  test('relocates extents one for one, durable, and refuses damaged ones', async (t) => {
    const somewhere = await place(t)
    const media = await somewhere.open(small)
    const [first, second] = [await store(media, bytesOf(300)), await store(media, bytesOf(600, 2))]
    const last = await store(media, bytesOf(100))
    await media.durable(last)
    const copies = await media.relocate([...second.extents, ...first.extents])
    assert.deepEqual(
      copies.map(({ segment, length }) => [segment, length]),
      [
        [2, 600],
        [2, 300],
      ],
    )
    assert.deepEqual(media.syncedPosition(), { segment: 2, offset: 900 })
    await media.remove(1)
    const moved = { length: 900, extents: copies }
    const expected = Buffer.concat([bytesOf(600, 2), bytesOf(300)])
    assert.deepEqual(await fetchBytes(media, moved), expected)
    await assert.rejects(media.relocate(first.extents), MediaDamaged)
    await media.close()
  })
}
