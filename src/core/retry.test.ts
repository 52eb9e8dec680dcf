import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextAttemptAt, type RetryPolicy } from './retry.ts'

const fixed: RetryPolicy = { attemptsMax: 6, delayMsMin: 300_000, delayMsMax: 300_000, jitter: 0 }
const growing: RetryPolicy = { attemptsMax: 20, delayMsMin: 1000, delayMsMax: 60_000, jitter: 1 }

test('a fixed plan waits the same time after each attempt and ends after the last', () => {
  for (let count = 1; count <= 5; count += 1) {
    const next = nextAttemptAt(fixed, { count, at: 1000, expiresAt: Infinity }, () => 0.7)
    assert.equal(next, 301_000)
  }
  assert.equal(
    nextAttemptAt(fixed, { count: 6, at: 0, expiresAt: Infinity }, () => 0),
    undefined,
  )
})

test('a growing plan stays between its floor and its ceiling for any draw', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 19 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (count, draw) => {
        const at = 5_000_000
        const next = nextAttemptAt(growing, { count, at, expiresAt: Infinity }, () => draw)
        const waited = (next ?? Number.NaN) - at
        assert.ok(waited >= 1000 && waited <= 60_000, String(waited))
      },
    ),
  )
})

test('what the peer asked for wins when it is longer, and validity wins over all', () => {
  const failed = { count: 1, at: 0, retryAfterMs: 90_000, expiresAt: Infinity }
  assert.equal(
    nextAttemptAt(growing, failed, () => 0),
    90_000,
  )
  assert.equal(
    nextAttemptAt(growing, { ...failed, expiresAt: 90_000 }, () => 0),
    undefined,
  )
})
