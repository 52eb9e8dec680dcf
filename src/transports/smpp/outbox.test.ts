import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { Outbox } from './outbox.ts'

interface Taken {
  readonly stream: Writable
  readonly chunks: Buffer[]
  /** Takes everything that waits. */
  read(): void
}

/** A stream that takes one chunk and then nothing until it is told. */
function openStream(): Taken {
  const chunks: Buffer[] = []
  const waiting: (() => void)[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      waiting.push(done)
    },
  })
  return {
    stream,
    chunks,
    read() {
      while (waiting.length > 0) waiting.shift()?.()
    },
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is pushed in one turn leaves in one write, in order', async () => {
  const { stream, chunks } = openStream()
  const outbox = new Outbox(stream)
  for (const text of ['a', 'b', 'c']) outbox.push(Buffer.from(text))
  assert.equal(outbox.unsent, 3)
  await turn()
  assert.deepEqual(chunks.map(String), ['abc'])
})

test('much is not hoarded until the turn ends', () => {
  const { stream, chunks } = openStream()
  const outbox = new Outbox(stream)
  outbox.push(Buffer.alloc(64 * 1024))
  assert.equal(chunks.length, 1)
})

test('what the peer does not take counts, until it does', async () => {
  const { stream, read } = openStream()
  const outbox = new Outbox(stream)
  for (let count = 0; count < 5; count++) outbox.push(Buffer.alloc(60 * 1024))
  outbox.flush()
  assert.deepEqual([outbox.busy, outbox.choked, outbox.stalled], [true, true, true])
  assert.equal(outbox.unsent, 5 * 60 * 1024)
  const drained = new Promise((resolve) => stream.once('drain', resolve))
  read()
  await turn()
  read()
  await turn()
  read()
  await drained
  assert.deepEqual([outbox.busy, outbox.choked, outbox.stalled], [false, false, false])
})

test('nothing is written to a stream that has ended', async () => {
  const { stream, chunks } = openStream()
  const outbox = new Outbox(stream)
  stream.end()
  outbox.push(Buffer.from('late'))
  await turn()
  assert.deepEqual(chunks, [])
})
