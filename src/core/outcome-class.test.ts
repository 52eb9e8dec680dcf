import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OUTCOME_CLASSES } from './outcome-class.ts'
import { REASONS } from './reason.ts'

test('there are 46 classes in 10 families', () => {
  const rows = Object.values(OUTCOME_CLASSES)
  assert.equal(rows.length, 46)
  assert.equal(new Set(rows.map((row) => row.family)).size, 10)
})

test('no class calls a permanent failure worth repeating unchanged', () => {
  for (const [name, row] of Object.entries(OUTCOME_CLASSES)) {
    if (row.permanence === 'permanent') assert.notEqual(row.retry, 'later', name)
    if (row.permanence === 'transient') assert.notEqual(row.retry, 'never', name)
  }
})

test('a reason of a permanent class is never retried by the engine', () => {
  for (const [name, row] of Object.entries(REASONS)) {
    if (OUTCOME_CLASSES[row.class].permanence === 'permanent') {
      assert.equal(row.handling, 'final', name)
    }
  }
})
