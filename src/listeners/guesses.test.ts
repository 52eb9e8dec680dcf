import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuesses } from './guesses.ts'

const MINUTE_MS = 60_000
const HERE = '192.0.2.1'

function open(failedLoginsPerMinute = 3, failedLoginAddressesMax = 10) {
  let now = 7 * MINUTE_MS
  const counted: string[] = []
  const told: string[] = []
  const guesses = createGuesses(
    { now: () => now, wakeAt: () => ({ cancel: () => undefined }) },
    { failedLoginsPerMinute, failedLoginAddressesMax },
    {
      identificationFailed: (door, because) => counted.push(`${door} ${because}`),
      guessing: (door, address) => told.push(`${door} ${address}`),
    },
  )
  const fail = (times: number, address = HERE) => {
    for (let time = 0; time < times; time += 1) guesses.failed('smpp', address)
  }
  return { guesses, counted, told, fail, advance: (ms: number) => (now += ms) }
}

test('an address that fails too often is barred at every door until the minute has passed', () => {
  const { guesses, fail, advance } = open()
  fail(2)
  assert.equal(guesses.barred('mm7', HERE), false)
  fail(1)
  assert.equal(guesses.barred('mm7', HERE), true)
  assert.equal(guesses.barred('mm7', '192.0.2.2'), false, 'another is not')
  advance(MINUTE_MS)
  assert.equal(guesses.barred('mm7', HERE), false)
})

test('guessing on while barred does not bar for longer', () => {
  const { guesses, fail, advance } = open()
  fail(1000)
  advance(MINUTE_MS)
  assert.equal(guesses.barred('smpp', HERE), false)
})

test('every failure is counted, and a guesser is told of once a minute', () => {
  const { guesses, counted, told, fail, advance } = open()
  fail(3)
  guesses.barred('mm7', HERE)
  guesses.barred('mm7', HERE)
  assert.deepEqual(counted, [...Array(3).fill('smpp wrong'), 'mm7 barred', 'mm7 barred'])
  assert.deepEqual(told, [`mm7 ${HERE}`])
  advance(MINUTE_MS)
  fail(3)
  guesses.barred('mm7', HERE)
  assert.equal(told.length, 2)
})

test('addresses of one IPv6 network are one guesser, however they are spelt', () => {
  const { guesses, fail } = open()
  fail(1, '2001:db8:0:1::1')
  fail(1, '2001:db8:0:1:ffff::9')
  fail(1, '2001:0db8:0000:0001:1:2:3:4')
  assert.equal(guesses.barred('mm7', '2001:db8:0:1::abcd'), true)
  assert.equal(guesses.barred('mm7', '2001:db8:0:2::1'), false)
  assert.equal(guesses.barred('mm7', '::1'), false)
})

test('no more addresses are remembered than the limit, and the latest to fail stay', () => {
  const { guesses, fail } = open(1, 2)
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.1', '192.0.2.3']) fail(1, address)
  const barred = [1, 2, 3].map((last) => guesses.barred('mm7', `192.0.2.${last}`))
  assert.deepEqual(barred, [true, false, true])
})
