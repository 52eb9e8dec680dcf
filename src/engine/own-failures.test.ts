import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOwnFailures } from './own-failures.ts'

test('one request that fails three times in a row is to blame itself', () => {
  const failures = createOwnFailures()
  const said = [1, 2, 3, 4].map(() => failures.failed('a'))
  assert.deepEqual(said, ['internal-error', 'internal-error', 'poison-message', 'poison-message'])
})

test('a request that passed once begins anew', () => {
  const failures = createOwnFailures()
  failures.failed('a')
  failures.failed('a')
  failures.passed('a')
  assert.equal(failures.failed('a'), 'internal-error')
})

test('when everything fails the gateway is to blame, until something passes', () => {
  const failures = createOwnFailures()
  for (let i = 0; i < 20; i += 1) failures.failed(`other ${i}`)
  for (let i = 0; i < 5; i += 1) assert.equal(failures.failed('a'), 'internal-error')
  failures.passed('b')
  assert.equal(failures.failed('a'), 'poison-message')
})

test('what is remembered is bounded, the oldest goes first', () => {
  const failures = createOwnFailures()
  failures.failed('old')
  failures.failed('old')
  for (let i = 0; i < 20_000; i += 1) {
    failures.failed(`r${i}`)
    failures.passed('another')
  }
  assert.equal(failures.failed('old'), 'internal-error')
})
