/**
 * Ends a process while threads of its store are at work, as a broken disk, a third signal or our
 * own mistake does. The same file is the process that ends.
 */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { acceptOp, T0 } from '../suite/samples.suite.ts'
import { openSqliteStore } from './store.ts'

const CHILD_PATH = process.env.CARILLON_END_TEST_PATH
const CODE = 70
/** What one question of people goes through; long enough to be ended in the middle of. */
const MESSAGES = 3000
/** What stands at the threads while the process ends. */
const REQUESTS = 200
/** The end comes after so many answers, where a call is under way more often than not. */
const ANSWERS = [1, 2, 5, 9] as const

const sides = ['writer', 'reader'] as const
type Side = (typeof sides)[number]

function onFatal(error: Error): void {
  throw error
}

/** Keeps one of the threads at work, and ends this process meanwhile. */
async function endAtWork(path: string, side: Side, answers: number): Promise<void> {
  const store = await openSqliteStore({ path, onFatal })
  let left = answers
  const answered = () => {
    left -= 1
    if (left === 0) process.exit(CODE)
  }
  if (side === 'writer') {
    for (let i = 0; i < REQUESTS; i += 1) {
      await store.commit([{ op: 'put-state', name: 'serial', value: String(i) }])
      // Not before the next one is sent.
      setImmediate(() => setImmediate(answered))
    }
  } else {
    await store.commit(Array.from({ length: MESSAGES }, (_, i) => acceptOp(1 + i, {})))
    for (let i = 0; i < REQUESTS; i += 1) {
      void store.read({ query: 'backlog', now: T0 }).then(answered)
    }
  }
}

if (CHILD_PATH !== undefined) {
  await endAtWork(CHILD_PATH, process.argv[2] as Side, Number(process.argv[3]))
} else {
  for (const side of sides) {
    test(`a process that ends while its ${side} is at work ends with its code, not by an abort`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'carillon-end-'))
      t.after(() => rmSync(folder, { recursive: true, force: true }))
      for (const answers of ANSWERS) {
        const path = join(folder, `${answers}.db`)
        const child = fork(fileURLToPath(import.meta.url), [side, String(answers)], {
          env: { ...process.env, CARILLON_END_TEST_PATH: path, NODE_V8_COVERAGE: '' },
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        })
        assert.deepEqual(await once(child, 'close'), [CODE, null])
      }
    })
  }
}
