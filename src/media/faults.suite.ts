/** A disk that fails ends the store; bytes that changed are never passed off as the content. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MediaDamaged, MediaFailed } from './segments/faults.ts'
import { bytesOf, fetchBytes, type MediaUnderTest, openProbed, small, store } from './test-place.ts'

export function describeFaults({ place }: MediaUnderTest): void {
  for (const [call, code] of [
    ['sync', 'EIO'],
    ['write', 'EIO'],
    ['write', 'ENOSPC'],
    ['create', 'ENOSPC'],
    ['sync-folder', 'EIO'],
  ] as const) {
    test(`stops for good after ${code} from ${call}`, async (t) => {
      const { media, probe, fatal } = await openProbed(await place(t), { queueBytesMax: 100 })
      const early = await store(media, bytesOf(90))
      await media.durable(early)
      probe.fail(call, code)
      const writer = media.openWriter()
      const waits = Promise.resolve(writer.write(bytesOf(950)))
      const lost = writer.finish()
      await assert.rejects(Promise.all([waits, media.durable(lost)]), MediaFailed)
      await assert.rejects(media.durable(lost), MediaFailed)
      await assert.rejects(media.durable(early), MediaFailed)
      await assert.rejects(store(media, bytesOf(90)), MediaFailed)
      await assert.rejects(fetchBytes(media, early), MediaFailed)
      await assert.rejects(media.relocate(early.extents), MediaFailed)
      assert.deepEqual(
        fatal.map(({ cause }) => (cause as NodeJS.ErrnoException).code),
        [code],
      )
      const calls = probe.calls.length
      await media.close()
      assert.equal(probe.calls.length, calls, 'nothing is tried again')
    })
  }

  test('goes on after a short write', async (t) => {
    const { media, probe } = await openProbed(await place(t))
    probe.writeBytesMax = 7
    const content = await store(media, bytesOf(100), 30)
    await media.durable(content)
    assert.deepEqual(await fetchBytes(media, content), bytesOf(100))
    await media.close()
  })

  test('writes more buffers than one vectored write takes', async (t) => {
    const media = await (await place(t)).open({ ...small, chunkBytes: 1, segmentBytesMax: 10_000 })
    const writer = media.openWriter()
    for (let at = 0; at < 3000; at += 1) writer.write(bytesOf(3000).subarray(at, at + 1))
    const content = writer.finish()
    await media.durable(content)
    assert.deepEqual(await fetchBytes(media, content), bytesOf(3000))
    await media.close()
  })

  test('finds a torn tail, a changed byte and a missing segment', async (t) => {
    const somewhere = await place(t)
    const media = await somewhere.open(small)
    const content = await store(media, bytesOf(200))
    await media.durable(content)
    const [extent] = content.extents
    assert.ok(extent !== undefined)
    assert.ok(await media.verify([extent]))
    assert.equal(await media.verify([{ ...extent, length: 201 }]), false)
    assert.equal(await media.verify([{ ...extent, segment: 99 }]), false)
    await somewhere.corrupt(extent.segment, 150, Buffer.from([0, 0]))
    assert.equal(await media.verify([extent]), false)
    await assert.rejects(fetchBytes(media, content), MediaDamaged)
    await media.close()
  })

  test('never hands out the last piece of a damaged content', async (t) => {
    const somewhere = await place(t)
    const media = await somewhere.open({ ...small, segmentBytesMax: 1_000_000 })
    const content = await store(media, bytesOf(150_000))
    await media.durable(content)
    await somewhere.corrupt(1, 10, Buffer.from([0, 0]))
    let seen = 0
    await assert.rejects(async () => {
      for await (const piece of media.read(content, 0, content.length)) seen += piece.length
    }, MediaDamaged)
    assert.equal(seen, 131_072)
    await media.close()
  })

  test('checks what came from memory too, where the rest has to come from disk', async (t) => {
    for (const damaged of [false, true]) {
      const somewhere = await place(t)
      const settings = { segmentBytesMax: 1_000_000, recentBytesMax: 150_000 }
      const media = await somewhere.open(settings)
      const content = await store(media, bytesOf(150_000), 65_536)
      assert.equal(content.extents.length, 1)
      const pieces: Uint8Array[] = []
      const read = async () => {
        for await (const piece of media.read(content, 0, content.length)) {
          pieces.push(piece)
          // Drives the rest out of memory.
          if (pieces.length === 1) await media.durable(await store(media, bytesOf(150_000)))
          if (pieces.length === 1 && damaged) await somewhere.corrupt(1, 10, Buffer.from([0, 0]))
        }
      }
      if (damaged) await assert.rejects(read, MediaDamaged)
      else await read()
      assert.deepEqual(
        Buffer.concat(pieces),
        bytesOf(150_000).subarray(0, damaged ? 131_072 : 150_000),
      )
      await media.close()
    }
  })
}
