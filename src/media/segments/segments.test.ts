import assert from 'node:assert/strict'
import { mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { describeMedia } from '../media.suite.ts'
import { bytesOf, store } from '../test-place.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { openSegments } from './segments.ts'

const onFatal = (error: Error) => {
  throw error
}

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'segments-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

describeMedia('segments on disk', {
  async place(t) {
    const folder = join(await newFolder(t), 'a', 'b')
    return {
      open: ({ watch = (same: Disk) => same, ...settings } = {}) =>
        openSegments({ onFatal, ...settings, folder, disk: watch(nodeDisk) }),
      async corrupt(segment, offset, bytes) {
        const file = await open(join(folder, `${segment}.seg`), 'r+')
        await file.write(bytes, 0, bytes.length, offset)
        await file.close()
      },
    }
  },
})

test('numbers go on after the highest on disk, and strange files are left alone', async (t) => {
  const folder = await newFolder(t)
  for (const name of ['9.seg', '10.seg', '0.seg', '11.seg.bak', 'notes.txt']) {
    await writeFile(join(folder, name), 'x')
  }
  const media = await openSegments({ folder, onFatal })
  assert.deepEqual(
    media.sealedSegments().map(({ segment }) => segment),
    [9, 10],
  )
  assert.equal(media.syncedPosition().segment, 11)
  await media.close()
  assert.equal((await readdir(folder)).length, 6)
})

test('two processes never write the same segment', async (t) => {
  const folder = await newFolder(t)
  const media = await openSegments({ folder, onFatal })
  const taken = { ...nodeDisk, list: async () => [] }
  await assert.rejects(openSegments({ folder, onFatal, disk: taken }), { code: 'EEXIST' })
  await media.close()
})

test('segments are readable to their owner only', async (t) => {
  const folder = join(await newFolder(t), 'media')
  const media = await openSegments({ folder, onFatal })
  await media.durable(await store(media, bytesOf(10_000)))
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.equal((await stat(join(folder, '1.seg'))).mode & 0o777, 0o600)
  await media.close()
})
