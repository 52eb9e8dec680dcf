import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { describeMedia } from '../media.suite.ts'
import type { Disk } from '../segments/disk.ts'
import { bytesOf, fetchBytes, store } from '../test-place.ts'
import { createMemoryDisk } from './disk.ts'
import { openMemoryMedia } from './media.ts'

describeMedia('media in memory', {
  async place() {
    const disk = createMemoryDisk()
    return {
      open: ({ watch = (same: Disk) => same, ...settings } = {}) =>
        openMemoryMedia({ disk: watch(disk.mount()), ...settings }),
      async corrupt(segment, offset, bytes) {
        disk.corrupt(`/media/${segment}.seg`, offset, bytes)
      },
    }
  },
})

test('after a power cut everything that was called durable is there, and nothing is untrue', async () => {
  const limits = { inlineBytesMax: 0, chunkBytes: 50, segmentBytesMax: 400, recentBytesMax: 0 }
  const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 })
  const check = async (lengths: readonly number[], ticks: number, torn: number) => {
    const disk = createMemoryDisk()
    const before = await openMemoryMedia({ disk: disk.mount(), ...limits })
    const promised: number[] = []
    const contents = await Promise.all(
      lengths.map(async (length, index) => {
        const content = await store(before, bytesOf(length, index), 30)
        before.durable(content).then(
          () => promised.push(index),
          () => {},
        )
        return content
      }),
    )
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
    const kept = [...promised]
    disk.powerLoss((unsynced) => Math.floor(unsynced * torn))
    const after = await openMemoryMedia({ disk: disk.mount(), ...limits })
    for (const index of kept) assert.ok(await after.verify(contents[index]?.extents ?? []))
    for (const [index, content] of contents.entries()) {
      if (!(await after.verify(content.extents))) continue
      assert.deepEqual(await fetchBytes(after, content), bytesOf(lengths[index] ?? 0, index))
    }
    await before.close()
    await after.close()
  }
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 0, max: 120 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      check,
    ),
    { numRuns: 300 },
  )
})
