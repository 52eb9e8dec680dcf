/** What every media store must do. Segments on a real disk and in memory run this same file. */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import type { Content } from '../core/message.ts'
import type { Media } from '../engine/ports/media.ts'
import { createProbeDisk } from './probe-disk.ts'
import type { Disk } from './segments/disk.ts'
import { MediaDamaged, MediaFailed } from './segments/faults.ts'
import type { SegmentLimits } from './segments/segments.ts'

export interface PlaceSettings extends Partial<SegmentLimits> {
  readonly onFatal?: (error: Error) => void
  /** Stands between the media and its disk. */
  readonly watch?: (disk: Disk) => Disk
  readonly now?: () => number
}

/** Somewhere media can be opened, closed and opened again. */
export interface Place {
  open(settings?: PlaceSettings): Promise<Media>
  /** Changes bytes of a segment behind the media's back. */
  corrupt(segment: number, offset: number, bytes: Uint8Array): Promise<void>
}

export interface MediaUnderTest {
  /** A new and empty place; cleaned up with the test. */
  place(t: TestContext): Promise<Place>
}

type Stored = Pick<Content, 'length' | 'inline' | 'extents'>

/** Small limits, so that little bytes reach every corner. */
const small = {
  inlineBytesMax: 16,
  chunkBytes: 64,
  segmentBytesMax: 1000,
  recentBytesMax: 0,
  rowWaitMsMax: 0,
} satisfies PlaceSettings

/** Bytes that differ from place to place and from seed to seed. */
export function bytesOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at += 1) bytes[at] = (at * 31 + seed * 17 + (at >> 8)) & 0xff
  return bytes
}

/** Writes a content in pieces of the given size. */
export async function store(media: Media, bytes: Uint8Array, pieceBytes = bytes.length) {
  const writer = media.openWriter()
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await writer.write(Uint8Array.from(bytes.subarray(at, at + pieceBytes)))
  }
  return writer.finish()
}

export async function fetchBytes(
  media: Media,
  content: Stored,
  offset = 0,
  length = content.length - offset,
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of media.read(content, offset, length)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Whether a promise has settled once everything that can run has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  const mark = () => {
    done = true
  }
  promise.then(mark, mark)
  for (let turns = 0; turns < 3; turns += 1) await turn()
  return done
}

/** Opens with a probe between media and disk. */
async function openProbed(place: Place, settings: PlaceSettings = {}) {
  const fatal: Error[] = []
  let probe = createProbeDisk({} as Disk)
  const media = await place.open({
    ...small,
    ...settings,
    onFatal: (error) => void fatal.push(error),
    watch: (disk) => {
      probe = createProbeDisk(disk)
      return probe
    },
  })
  return { media, probe, fatal }
}

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

  test('refuses to read past the end of a content', async (t) => {
    const media = await (await place(t)).open(small)
    const content = await store(media, bytesOf(100))
    await assert.rejects(fetchBytes(media, content, 50, 51), RangeError)
    await assert.rejects(fetchBytes(media, content, -1, 1), RangeError)
    await media.close()
  })
}

function describeDurability({ place }: MediaUnderTest): void {
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

function describeFaults({ place }: MediaUnderTest): void {
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
}

function describeSegments({ place }: MediaUnderTest): void {
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
