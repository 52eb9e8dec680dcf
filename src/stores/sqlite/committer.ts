/**
 * Gathers commits into batches: everything that comes within one turn of the event loop, and
 * everything that comes while batches are under way. A second batch is sent behind the one at work
 * only when it is large: then the writer never waits for this thread. A small one waits here and
 * grows, because a sync and the pages it writes cost about the same for one commit as for fifty.
 */
import type { Transferable } from 'node:worker_threads'
import { StoreFullError, StoreOverloadedError } from '../../engine/ports/store-error.ts'
import type { BatchRequest, GroupOutcome, WireOp, WireResult } from './wire.ts'

/** Ops in one batch; a commit with more goes alone. */
export const BATCH_OPS_MAX = 512
/** Bytes in one batch; a commit with more goes alone. */
export const BATCH_BYTES_MAX = 8_388_608
/** One at work, one waiting for it. */
const BATCHES_AT_WRITER_MAX = 2
/** What is worth a place behind the batch at work, in ops. */
export const BEHIND_OPS_MIN = 32
/**
 * What may wait here. Only a commit that accepts is refused beyond it: whatever was promised before
 * must be finished, and leases bound how much that is.
 */
export const WAITING_OPS_MAX = 16_384
export const WAITING_BYTES_MAX = 67_108_864

/** One commit: all its ops or none. */
export interface Group {
  readonly ops: readonly WireOp[]
  readonly bytes: number
}

export interface Committer {
  commit(group: Group): Promise<readonly WireResult[]>
  /** Resolves when nothing is waiting or under way. */
  drained(): Promise<void>
}

interface Waiting {
  readonly group: Group
  resolve(results: readonly WireResult[]): void
  reject(error: Error): void
}

/** `send` posts a batch and resolves with the outcome of each group; it never rejects. */
export function createCommitter(
  send: (
    batch: BatchRequest,
    transfer: readonly Transferable[],
  ) => Promise<readonly GroupOutcome[]>,
): Committer {
  let waiting: Waiting[] = []
  let waitingOps = 0
  let waitingBytes = 0
  let atWriter = 0
  let scheduled = false
  let idle: (() => void)[] = []

  function commit(group: Group): Promise<readonly WireResult[]> {
    const crowded = waitingOps >= WAITING_OPS_MAX || waitingBytes >= WAITING_BYTES_MAX
    if (crowded && group.ops.some(({ op }) => op === 'accept')) {
      return Promise.reject(new StoreOverloadedError('too much waits for the disk'))
    }
    return new Promise((resolve, reject) => {
      waiting.push({ group, resolve, reject })
      waitingOps += group.ops.length
      waitingBytes += group.bytes
      schedule()
    })
  }

  function mayFlush(): boolean {
    if (waiting.length === 0 || atWriter >= BATCHES_AT_WRITER_MAX) return false
    return atWriter === 0 || waitingOps >= BEHIND_OPS_MIN
  }

  function schedule(): void {
    if (scheduled || !mayFlush()) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      flush()
    })
  }

  function flush(): void {
    while (mayFlush()) {
      const batch = takeBatch()
      atWriter += 1
      const { groups, transfer } = pack(batch)
      send({ kind: 'batch', groups }, transfer).then((outcomes) => {
        atWriter -= 1
        for (const [index, entry] of batch.entries()) settle(entry, outcomes[index])
        if (waiting.length > 0) schedule()
        else if (atWriter === 0) release()
      })
    }
  }

  function takeBatch(): Waiting[] {
    let ops = 0
    let bytes = 0
    let count = 0
    for (const { group } of waiting) {
      if (count > 0 && ops + group.ops.length > BATCH_OPS_MAX) break
      if (count > 0 && bytes + group.bytes > BATCH_BYTES_MAX) break
      ops += group.ops.length
      bytes += group.bytes
      count += 1
    }
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    waitingOps -= ops
    waitingBytes -= bytes
    return batch
  }

  function release(): void {
    for (const resolve of idle) resolve()
    idle = []
  }

  return {
    commit,
    async drained() {
      if (waiting.length === 0 && atWriter === 0) return
      await new Promise<void>((resolve) => idle.push(resolve))
    },
  }
}

function settle({ resolve, reject }: Waiting, outcome: GroupOutcome | undefined): void {
  if (outcome?.kind === 'done') resolve(outcome.results)
  else if (outcome?.kind === 'full') reject(new StoreFullError(outcome.because))
  else reject(new Error(outcome?.because ?? 'the writer lost a commit'))
}

/** Copies the inline contents of a batch into one buffer that can be handed over whole. */
function pack(batch: readonly Waiting[]): {
  readonly groups: readonly (readonly WireOp[])[]
  readonly transfer: readonly Transferable[]
} {
  const groups = batch.map(({ group }) => group.ops)
  let length = 0
  for (const ops of groups) {
    for (const op of ops) if (op.op === 'accept') length += op.inline?.length ?? 0
  }
  if (length === 0) return { groups, transfer: [] }
  const shared = new Uint8Array(length)
  let offset = 0
  const packed = groups.map((ops) =>
    ops.map((op) => {
      if (op.op !== 'accept' || op.inline === undefined) return op
      const inline = shared.subarray(offset, offset + op.inline.length)
      inline.set(op.inline)
      offset += inline.length
      return { ...op, inline }
    }),
  )
  return { groups: packed, transfer: [shared.buffer] }
}
