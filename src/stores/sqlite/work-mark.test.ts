import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginWork, createWorkMark, endWork, halt } from './work-mark.ts'

test('a thread that rests begins nothing once it is halted', () => {
  const mark = createWorkMark()
  endWork(mark)
  assert.equal(beginWork(mark), true)
  endWork(mark)
  assert.equal(halt(mark, 0), true)
  assert.equal(beginWork(mark), false)
  assert.equal(halt(mark, 0), true, 'it rests still')
})

test('one that is at work, or only starts, is waited for, but not for ever', () => {
  const mark = createWorkMark()
  assert.equal(halt(mark, 1), false)
  endWork(mark)
  assert.equal(halt(mark, 0), true)
  assert.equal(beginWork(mark), false)
})
