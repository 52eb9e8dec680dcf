import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAdmission } from './admission.ts'

const GIB = 1024 ** 3
const LIMITS = {
  reserve: { diskReserveBytes: 2 * GIB, diskReserveShare: 0.1 },
  readingBytesMax: 1000,
}

// biome-ignore format: a table
const DISKS = [
  ['plenty of room',                       50 * GIB,      100 * GIB, undefined],
  ['a large disk, just above two GiB',     2 * GIB,       100 * GIB, undefined],
  ['a large disk, below two GiB',          2 * GIB - 1,   100 * GIB, 'storage-full'],
  ['a small disk, just above a tenth',     1 * GIB,       10 * GIB,  undefined],
  ['a small disk, below a tenth',          1 * GIB - 1,   10 * GIB,  'storage-full'],
] as const

for (const [name, freeBytes, totalBytes, expected] of DISKS) {
  test(`the gate looks at the disk: ${name}`, () => {
    const admission = createAdmission(LIMITS)
    admission.disk({ freeBytes, totalBytes })
    assert.equal(admission.refusal(), expected)
  })
}

test('the gate opens again by itself when there is room', () => {
  const admission = createAdmission(LIMITS)
  admission.disk({ freeBytes: 0, totalBytes: 10 * GIB })
  admission.storeFull(true)
  assert.equal(admission.refusal(), 'storage-full')
  admission.disk({ freeBytes: 5 * GIB, totalBytes: 10 * GIB })
  assert.equal(admission.refusal(), undefined)
})

test('a store that says it is full closes the gate whatever the disk looked like', () => {
  const admission = createAdmission(LIMITS)
  admission.disk({ freeBytes: 50 * GIB, totalBytes: 100 * GIB })
  admission.storeFull(true)
  assert.equal(admission.enter(1), 'storage-full')
  admission.storeFull(false)
  assert.equal(admission.refusal(), undefined)
})

test('who drains says so before anything else, and for good', () => {
  const admission = createAdmission(LIMITS)
  admission.storeFull(true)
  admission.drain()
  assert.equal(admission.refusal(), 'draining')
  admission.disk({ freeBytes: 50 * GIB, totalBytes: 100 * GIB })
  assert.equal(admission.enter(1), 'draining')
})

test('requests being read share a room, and each gives its place back once', () => {
  const admission = createAdmission(LIMITS)
  const first = admission.enter(600)
  assert.ok(typeof first === 'object')
  assert.equal(admission.enter(401), 'overloaded')
  const second = admission.enter(400)
  assert.ok(typeof second === 'object')
  first.release()
  first.release()
  assert.equal(admission.enter(601), 'overloaded')
  assert.ok(typeof admission.enter(600) === 'object')
})
