/** How many rows cannot be provoked yet. The number only ever goes down. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matrix } from '../../src/catalog/index.ts'
import { readProjectFile } from './project.ts'

const file = 'test/codes/pending-rows.txt'

test('the number of rows that cannot be provoked yet is written down and only goes down', (t) => {
  const { pending, total } = matrix()
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((all, one) => all + one, 0)
  const written = Number(readProjectFile(file))
  t.diagnostic(`pending rows: ${sum(pending)} of ${sum(total)} ${JSON.stringify(pending)}`)
  assert.ok(sum(pending) <= written, `${sum(pending)} rows are pending, and were ${written}`)
  assert.equal(sum(pending), written, `good: now write ${sum(pending)} into ${file}`)
})
