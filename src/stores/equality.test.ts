import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Op, OpResults, Query } from '../engine/ports/store.ts'
import { openMemoryStore } from './memory/store.ts'
import { decodeResult } from './sqlite/decode.ts'
import { openDatabase } from './sqlite/driver.ts'
import { encodeOp } from './sqlite/encode.ts'
import { isEngineQuery, prepareEngineQueries } from './sqlite/queries/engine.ts'
import { preparePeopleQueries } from './sqlite/queries/people.ts'
import { migrate } from './sqlite/schema.ts'
import { createWriter } from './sqlite/writer.ts'
import { idOf, T0 } from './suite/samples.suite.ts'
import { createKnowledge, learn, opsOf, type Step, script } from './suite/scripts.suite.ts'

/** The SQLite writer without its thread, so that a run costs milliseconds. */
function openInPlace() {
  const db = openDatabase(':memory:')
  migrate(db)
  const writer = createWriter(db)
  const engine = prepareEngineQueries(db)
  const people = preparePeopleQueries(db)
  return {
    commit(ops: readonly Op[]): OpResults[Op['op']][] {
      const [outcome] = writer.run([ops.map((op) => encodeOp(op).wire)])
      if (outcome?.kind !== 'done') throw new Error(outcome?.because)
      return ops.map((op, index) => {
        const result = outcome.results[index]
        if (result === undefined) throw new Error(`no answer to ${op.op}`)
        return decodeResult(op, result)
      })
    },
    read: (query: Query) => (isEngineQuery(query) ? engine(query) : people(query)),
    discard: writer.discard,
    close: () => db.close(),
  }
}

const QUERIES: readonly Query[] = [
  ...Array.from({ length: 12 }, (_, n): Query => ({ query: 'message', messageId: idOf(n + 1) })),
  { query: 'messages', limit: 5 },
  { query: 'messages', limit: 5, accountId: 'acme', before: idOf(6) },
  { query: 'messages', limit: 5, accountId: 'nobody' },
  ...Array.from({ length: 12 }, (_, n): Query => ({ query: 'waiting-part', id: idOf(n + 1) })),
  { query: 'late-parts', now: T0 + 350_000, limit: 5 },
  { query: 'lanes' },
  { query: 'backlog', now: T0 },
  { query: 'parked-notices', limit: 5 },
  { query: 'directory' },
  { query: 'segments' },
  { query: 'segment-messages', segment: 1, limit: 100 },
  { query: 'segment-messages', segment: 7, limit: 100 },
]

/** Answers whose order is nobody's promise, put in one. */
function inOrder(query: Query, answer: unknown): unknown {
  if (query.query !== 'segment-messages') return answer
  const rows = answer as { readonly messageId: string }[]
  return rows.toSorted((left, right) => left.messageId.localeCompare(right.messageId))
}

test('SQLite and memory answer any life of a store alike', async () => {
  await fc.assert(
    fc.asyncProperty(script, async (calls) => {
      const memory = openMemoryStore()
      const sqlite = openInPlace()
      const known = createKnowledge()
      for (const steps of calls) {
        await apart(steps)
        const ops = steps.flatMap((step) => opsOf(step, known))
        if (ops.length === 0) continue
        const expected = await memory.commit(ops)
        assert.deepEqual(sqlite.commit(ops), expected)
        for (const [index, op] of ops.entries()) {
          const result = expected[index]
          if (result !== undefined) learn(known, op, result)
        }
      }
      for (const query of QUERIES) {
        const expected = inOrder(query, await memory.read(query))
        assert.deepEqual(inOrder(query, sqlite.read(query)), expected)
      }
      sqlite.close()

      /** Steps that are not ops. */
      async function apart(steps: readonly Step[]): Promise<void> {
        for (const step of steps) {
          if (step.do === 'wait') known.now += step.ms
          if (step.do !== 'discard') continue
          await memory.discard([idOf(step.n)])
          sqlite.discard([idOf(step.n)])
        }
      }
    }),
    { numRuns: 80 },
  )
})
