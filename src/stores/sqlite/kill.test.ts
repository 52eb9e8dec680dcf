/**
 * Kills a process that accepts, at moments nobody chose, and compares what it had acknowledged with
 * what the store still knows. The same file is the process that is killed.
 */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { acceptOp, claimOp, idOf, T0 } from '../suite/samples.suite.ts'
import { openDatabase } from './driver.ts'
import { openSqliteStore } from './store.ts'

const ROUNDS = 5
/** Acknowledgements the parent waits for before it kills; each round another number. */
const ACKS_BEFORE_KILL = [1, 40, 7, 150, 300]
const CHILD_PATH = process.env.CARILLON_KILL_TEST_PATH

function onFatal(error: Error): void {
  throw error
}

/** Accepts without end and reports each message only after its commit. */
async function acceptForEver(path: string, from: number): Promise<void> {
  const store = await openSqliteStore({ path, onFatal })
  let next = from
  const produce = async () => {
    for (;;) {
      const n = next
      next += 1
      const idempotency = { scope: 'acme', key: `tx-${n}`, fingerprint: 'f', since: 0 }
      const [result] = await store.commit([acceptOp(n, { idempotency })])
      if (result.kind === 'accepted') process.send?.(n)
      if (n % 10 === 0) await store.commit([claimOp('carrier-a', T0 + 1_000_000, 5)])
    }
  }
  await Promise.all(Array.from({ length: 16 }, produce))
}

/** Runs the child until it has acknowledged `acks` messages, then kills it. */
function runAndKill(path: string, from: number, acks: number): Promise<number[]> {
  return new Promise((resolve) => {
    const acknowledged: number[] = []
    const child = fork(fileURLToPath(import.meta.url), [String(from)], {
      env: { ...process.env, CARILLON_KILL_TEST_PATH: path, NODE_V8_COVERAGE: '' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', (n: number) => {
      acknowledged.push(n)
      if (acknowledged.length === acks) child.kill('SIGKILL')
    })
    child.on('close', () => resolve(acknowledged))
  })
}

if (CHILD_PATH !== undefined) {
  await acceptForEver(CHILD_PATH, Number(process.argv[2]))
} else {
  test('no acknowledged message is lost when the process is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-kill-'))
    const path = join(folder, 'store.db')
    const acknowledged: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const acks = ACKS_BEFORE_KILL[round] ?? 1
      acknowledged.push(...(await runAndKill(path, round * 100_000 + 1, acks)))
    }
    const store = await openSqliteStore({ path, onFatal })
    assert.ok(store.start.recoveredLeases > 0, 'the last process held leases')
    const lost: number[] = []
    for (const n of acknowledged) {
      const story = await store.read({ query: 'message', messageId: idOf(n) })
      if (story?.deliveries.length !== 1 || story.events.length !== 1) lost.push(n)
    }
    assert.deepEqual(lost, [])
    const n = acknowledged[0] ?? 0
    const idempotency = { scope: 'acme', key: `tx-${n}`, fingerprint: 'f', since: 0 }
    const [repeat] = await store.commit([acceptOp(9_999_999, { idempotency })])
    assert.deepEqual(repeat, { kind: 'duplicate', messageId: idOf(n), extents: [] })
    await store.close()
    const db = openDatabase(path)
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
    db.close()
    rmSync(folder, { recursive: true })
  })
}
