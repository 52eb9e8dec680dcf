/** What every media store must do. Segments on a real disk and in memory run this same file. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describeDurability } from './durability.suite.ts'
import { describeFaults } from './faults.suite.ts'
import { describeSegments } from './segments.suite.ts'
import {
  bytesOf,
  fetchBytes,
  type MediaUnderTest,
  openProbed,
  type PlaceSettings,
  small,
  store,
} from './test-place.ts'

export function describeMedia(name: string, under: MediaUnderTest): void {
  describe(name, () => {
    describeBytes(under)
    describeDurability(under)
    describeFaults(under)
    describeSegments(under)
  })
}

function describeBytes({ place }: MediaUnderTest): void {
  test('gives back the same bytes however they were cut and mixed with others', async (t) => {
    const uploads = fc.array(fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 8 }), {
      minLength: 1,
      maxLength: 5,
    })
    const limits = fc.record({
      inlineBytesMax: fc.integer({ min: 0, max: 100 }),
      chunkBytes: fc.integer({ min: 1, max: 200 }),
      segmentBytesMax: fc.integer({ min: 1, max: 600 }),
      recentBytesMax: fc.integer({ min: 0, max: 600 }),
      openFilesMax: fc.integer({ min: 1, max: 3 }),
    })
    const shared = await place(t)
    const check = async (
      uploadList: readonly (readonly number[])[],
      settings: PlaceSettings,
      cut: number,
    ) => {
      const media = await shared.open(settings)
      const whole = uploadList.map((sizes, seed) => bytesOf(sum(sizes), seed))
      const contents = await Promise.all(
        uploadList.map(async (sizes, index) => {
          const writer = media.openWriter()
          let at = 0
          for (const size of sizes) {
            await writer.write(Uint8Array.from(whole[index]?.subarray(at, at + size) ?? []))
            at += size
            await Promise.resolve()
          }
          assert.equal(writer.length, at)
          return writer.finish()
        }),
      )
      for (const [index, content] of contents.entries()) {
        const bytes = whole[index] ?? Buffer.alloc(0)
        assert.deepEqual(await fetchBytes(media, content), bytes, 'before it is durable')
        await media.durable(content)
        assert.ok(await media.verify(content.extents))
        assert.deepEqual(await fetchBytes(media, content), bytes)
        const from = Math.floor(bytes.length * cut)
        assert.deepEqual(await fetchBytes(media, content, from), bytes.subarray(from))
        assert.deepEqual(await fetchBytes(media, content, 0, from), bytes.subarray(0, from))
        assert.equal(sum(content.extents.map(({ length }) => length)) > 0, !('inline' in content))
      }
      await media.close()
    }
    await fc.assert(
      fc.asyncProperty(uploads, limits, fc.double({ min: 0, max: 1, noNaN: true }), check),
      { numRuns: 60 },
    )
  })

  for (const [length, inline] of [
    [0, true],
    [15, true],
    [16, true],
    [17, false],
  ] as const) {
    test(`keeps ${length} bytes ${inline ? 'inline' : 'in a segment'} at a limit of 16`, async (t) => {
      const media = await (await place(t)).open(small)
      const content = await store(media, bytesOf(length), 5)
      assert.equal(content.inline !== undefined, inline)
      assert.equal(content.extents.length, inline ? 0 : 1)
      assert.deepEqual(await fetchBytes(media, content), bytesOf(length))
      await media.durable(content)
      await media.close()
    })
  }

  test('makes one extent of a content that comes at once, larger than a segment too', async (t) => {
    const media = await (await place(t)).open(small)
    await store(media, bytesOf(100))
    const content = await store(media, bytesOf(1500))
    assert.deepEqual(content.extents, [
      { segment: 2, offset: 0, length: 1500, crc32: crc32(bytesOf(1500)) },
    ])
    await media.close()
  })

  test('joins the chunks of a content that lie end to end', async (t) => {
    const media = await (await place(t)).open(small)
    const content = await store(media, bytesOf(500), 7)
    assert.deepEqual(content.extents, [
      { segment: 1, offset: 0, length: 500, crc32: crc32(bytesOf(500)) },
    ])
    await media.close()
  })

  test('reads in pieces of at most 64 KiB', async (t) => {
    for (const recentBytesMax of [0, 1_000_000]) {
      const media = await (await place(t)).open({ recentBytesMax })
      const content = await store(media, bytesOf(200_000))
      await media.durable(content)
      for await (const piece of media.read(content, 0, content.length)) {
        assert.ok(piece.length <= 65_536)
      }
      await media.close()
    }
  })

  test('hands short bytes out at once while they are in memory, and the same from disk', async (t) => {
    const inMemory = async (recentBytesMax: number, length: number) => {
      const media = await (await place(t)).open({ ...small, recentBytesMax })
      const content = await store(media, bytesOf(length), 700)
      await media.durable(content)
      const bytes = media.read(content, 100, length - 200)
      const pieces: Uint8Array[] = []
      for await (const piece of bytes) pieces.push(piece)
      assert.deepEqual(Buffer.concat(pieces), bytesOf(length).subarray(100, length - 100))
      await media.close()
      return Array.isArray(bytes)
    }
    assert.equal(await inMemory(1_000_000, 5000), true)
    assert.equal(await inMemory(1_000_000, 200_000), false)
    assert.equal(await inMemory(0, 5000), false)
  })

  test('asks the disk for many pieces at once, and for no byte twice', async (t) => {
    const { media, probe } = await openProbed(await place(t), { segmentBytesMax: 1_000_000 })
    const bytes = bytesOf(300_000)
    const content = await store(media, bytes)
    await media.durable(content)
    assert.deepEqual(await fetchBytes(media, content), bytes)
    assert.deepEqual(
      await fetchBytes(media, content, 70_000, 100_000),
      bytes.subarray(70_000, 170_000),
    )
    assert.equal(probe.calls.filter((call) => call.startsWith('read')).length, 3)
    await media.close()
  })

  test('refuses to read past the end of a content', async (t) => {
    const media = await (await place(t)).open(small)
    const content = await store(media, bytesOf(100))
    await assert.rejects(fetchBytes(media, content, 50, 51), RangeError)
    await assert.rejects(fetchBytes(media, content, -1, 1), RangeError)
    await media.close()
  })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
