import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account, AccountLimits } from '../core/directory.ts'
import { createCallRates } from './call-rates.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

function accountOf(limits: Partial<AccountLimits>, id = 'acme'): Account {
  return {
    id,
    name: id,
    dialect: 'sinch',
    enabled: true,
    services: [],
    limits: { callsPerSecond: 1000, callsBurst: 1000, contentBytesMax: 1, ...limits },
    carrierIdRequired: false,
    carrierLookup: false,
    presentationRequired: false,
  }
}

function open() {
  let now = 5 * DAY_MS
  const rates = createCallRates({ now: () => now, wakeAt: () => ({ cancel: () => undefined }) })
  return { rates, advance: (ms: number) => (now += ms) }
}

// biome-ignore format: a table
const windows = [
  ['callsPerMinute', MINUTE_MS],
  ['callsPerDay',    DAY_MS],
] as const
for (const [limit, lengthMs] of windows) {
  test(`${limit} passes so many, says when its window opens, and then passes as many again`, () => {
    const { rates, advance } = open()
    const account = accountOf({ [limit]: 3 })
    for (let round = 0; round < 2; round += 1) {
      for (let call = 0; call < 3; call += 1) assert.ok(rates.pass(account))
      advance(lengthMs / 4)
      for (let again = 0; again < 5; again += 1) assert.equal(rates.pass(account), false)
      assert.equal(rates.waitMs(account), (lengthMs / 4) * 3)
      advance((lengthMs / 4) * 3 - 1)
      assert.equal(rates.pass(account), false)
      advance(1)
      assert.equal(rates.waitMs(account), 0)
    }
  })
}

test('the longest wait is the one that counts', () => {
  const { rates } = open()
  const account = accountOf({ callsPerSecond: 1, callsBurst: 1, callsPerMinute: 1, callsPerDay: 1 })
  assert.ok(rates.pass(account))
  assert.equal(rates.waitMs(account), DAY_MS)
})

test('a call refused by the second uses up nothing of the minute', () => {
  const { rates, advance } = open()
  const account = accountOf({ callsPerSecond: 1, callsBurst: 1, callsPerMinute: 2 })
  assert.deepEqual(
    [1, 2, 3].map(() => rates.pass(account)),
    [true, false, false],
  )
  advance(SECOND_MS)
  assert.ok(rates.pass(account))
})

test('a door with a pace of its own counts in the same windows', () => {
  const { rates } = open()
  const account = accountOf({ callsPerMinute: 2, callsPerSecond: 1, callsBurst: 1 })
  assert.ok(rates.pass(account))
  assert.ok(rates.passWindows(account))
  assert.equal(rates.passWindows(account), false)
  assert.ok(rates.pass(accountOf({ callsPerMinute: 2 }, 'other')), 'each account has its own')
})

test('without limits by minute and day, only the second counts', () => {
  const { rates } = open()
  const account = accountOf({ callsPerSecond: 1, callsBurst: 2 })
  assert.deepEqual(
    [1, 2, 3].map(() => rates.pass(account)),
    [true, true, false],
  )
})
