import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { StoreFullError, StoreOverloadedError } from '../../engine/ports/store-error.ts'
import { acceptOp } from '../suite/samples.suite.ts'
import {
  BATCH_BYTES_MAX,
  BATCH_OPS_MAX,
  BEHIND_OPS_MIN,
  createCommitter,
  type Group,
  WAITING_OPS_MAX,
} from './committer.ts'
import { encodeOp } from './encode.ts'
import type { BatchRequest, GroupOutcome, WireOp } from './wire.ts'

const PUT: WireOp = { op: 'put-state', name: 'a', value: 'b' }

function puts(count: number, bytes = 100): Group {
  return { ops: Array.from({ length: count }, () => PUT), bytes }
}

/** A writer that answers when told to. */
function heldWriter() {
  const batches: BatchRequest[] = []
  const release: ((outcome: GroupOutcome) => void)[] = []
  const committer = createCommitter((batch) => {
    batches.push(batch)
    return new Promise((resolve) => {
      release.push((outcome) => resolve(batch.groups.map(() => outcome)))
    })
  })
  return { committer, batches, release }
}

const DONE: GroupOutcome = { kind: 'done', results: [] }

test('commits of one turn share a batch', async () => {
  const { committer, batches, release } = heldWriter()
  const commits = [committer.commit(puts(1)), committer.commit(puts(2)), committer.commit(puts(1))]
  await turn()
  assert.deepEqual(
    batches.map(({ groups }) => groups.map((ops) => ops.length)),
    [[1, 2, 1]],
  )
  release[0]?.(DONE)
  await Promise.all(commits)
})

test('what is small waits for the batch at work and grows', async () => {
  const { committer, batches, release } = heldWriter()
  const commits: Promise<unknown>[] = []
  for (let n = 0; n < 5; n += 1) {
    commits.push(committer.commit(puts(1)))
    await turn()
  }
  assert.equal(batches.length, 1)
  release[0]?.(DONE)
  await commits[0]
  await turn()
  assert.equal(batches[1]?.groups.length, 4)
  release[1]?.(DONE)
  await Promise.all(commits)
  await committer.drained()
})

test('two large batches are under way at most; the rest gathers meanwhile', async () => {
  const { committer, batches, release } = heldWriter()
  const commits: Promise<unknown>[] = []
  for (let n = 0; n < 5; n += 1) {
    commits.push(committer.commit(puts(BEHIND_OPS_MIN)))
    await turn()
  }
  assert.deepEqual(
    batches.map(({ groups }) => groups.length),
    [1, 1],
  )
  release[0]?.(DONE)
  await commits[0]
  await turn()
  assert.equal(batches[2]?.groups.length, 3)
  for (const answer of release.slice(1)) answer(DONE)
  await Promise.all(commits)
  await committer.drained()
})

test('a batch holds no more ops and bytes than allowed, but a large commit goes alone', async () => {
  const { committer, batches, release } = heldWriter()
  const large = puts(BATCH_OPS_MAX + 10)
  const sizes = [puts(BATCH_OPS_MAX - 1), puts(2), large, puts(1, BATCH_BYTES_MAX), puts(1)]
  const commits = sizes.map((group) => committer.commit(group))
  for (let answered = 0; answered < 5; answered += 1) {
    await turn()
    release[answered]?.(DONE)
    await turn()
  }
  await Promise.all(commits)
  assert.deepEqual(
    batches.map(({ groups }) => groups.map((ops) => ops.length)),
    [[BATCH_OPS_MAX - 1], [2], [BATCH_OPS_MAX + 10], [1], [1]],
  )
})

test('too much waiting refuses new messages, never what was promised', async () => {
  const { committer, release } = heldWriter()
  const promised = committer.commit(puts(WAITING_OPS_MAX))
  const accept = { ops: [encodeOp(acceptOp(1)).wire], bytes: 100 }
  await assert.rejects(committer.commit(accept), StoreOverloadedError)
  const settling = committer.commit(puts(1))
  await turn()
  const accepting = committer.commit(accept)
  for (let answered = 0; answered < 2; answered += 1) {
    release[answered]?.(DONE)
    // One turn for the answer, one for the batch it makes room for.
    await turn()
    await turn()
  }
  await Promise.all([promised, settling, accepting])
})

test('a full disk has a name, and a fault keeps its words', async () => {
  const { committer, release } = heldWriter()
  const full = committer.commit(puts(1))
  await turn()
  release[0]?.({ kind: 'full', because: 'no room' })
  await assert.rejects(full, StoreFullError)
  const failed = committer.commit(puts(1))
  await turn()
  release[1]?.({ kind: 'failed', because: 'recipient 7' })
  await assert.rejects(failed, /recipient 7/)
})

test('inline contents travel in one buffer that is handed over', async () => {
  const inlines = [Uint8Array.of(1, 2, 3), new Uint8Array(50_000).fill(9)]
  const sent: { readonly batch: BatchRequest; readonly transfer: readonly unknown[] }[] = []
  const committer = createCommitter(async (batch, transfer) => {
    sent.push({ batch, transfer })
    return batch.groups.map(() => DONE)
  })
  await Promise.all(
    inlines.map((inline, n) =>
      committer.commit({ ops: [encodeOp(acceptOp(n, { inline })).wire], bytes: 1 }),
    ),
  )
  const [first] = sent
  const views = first?.batch.groups.flat().map((op) => (op.op === 'accept' ? op.inline : undefined))
  assert.deepEqual(views, inlines)
  assert.equal(first?.transfer.length, 1)
  assert.ok(views?.every((view) => view?.buffer === first?.transfer[0]))
})
