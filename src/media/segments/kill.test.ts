/**
 * Kills a writing process at random moments and asks its successor for everything that was promised
 * before. Run with `append` this file is that process.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Content } from '../../core/message.ts'
import type { Media } from '../../engine/ports/media.ts'
import { bytesOf, fetchBytes, store } from '../test-place.ts'
import { openSegments } from './segments.ts'

type Promised = Pick<Content, 'length' | 'extents'> & { readonly seed: number }

const limits = { inlineBytesMax: 100, chunkBytes: 4096, segmentBytesMax: 100_000 }
const kills = 8

function open(folder: string): Promise<Media> {
  return openSegments({
    folder,
    ...limits,
    onFatal: (error) => {
      throw error
    },
  })
}

/** Stores contents for ever and prints each once it is durable. */
async function append(folder: string): Promise<void> {
  const media = await open(folder)
  const run = async (first: number) => {
    for (let seed = first; ; seed += 8) {
      const content = await store(media, bytesOf(1000 + ((seed * 977) % 30_000), seed), 3000)
      await media.durable(content)
      process.stdout.write(`${JSON.stringify({ ...content, seed })}\n`)
    }
  }
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(run))
}

/** What the process promised before it was killed, some lines after it began. */
async function killAfter(folder: string, lines: number): Promise<Promised[]> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'append', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const promised: Promised[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may have been cut by the kill: then nobody heard the promise.
    if (line.endsWith('}')) promised.push(JSON.parse(line))
    if (promised.length === lines) child.kill('SIGKILL')
  }
  return promised
}

if (process.argv[2] === 'append') {
  await append(process.argv[3] ?? '')
} else {
  test('whatever was durable before a kill is there after it', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'segments-kill-'))
    t.after(() => rm(folder, { recursive: true }))
    const promised: Promised[] = []
    for (let kill = 0; kill < kills; kill += 1) {
      promised.push(...(await killAfter(folder, 1 + kill * 7)))
    }
    assert.ok(promised.length >= kills)
    const media = await open(folder)
    for (const content of promised) {
      assert.ok(await media.verify(content.extents))
      const { length, seed } = content
      assert.deepEqual(await fetchBytes(media, content), bytesOf(length, seed))
    }
    await media.close()
  })
}
