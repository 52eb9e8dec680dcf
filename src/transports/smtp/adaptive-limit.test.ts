import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReply } from '../../codecs/smtp/reply.ts'
import { createAdaptiveLimit } from './adaptive-limit.ts'
import type { SendResult } from './send-result.ts'

const replied = (code: number): SendResult => {
  const reply = { ...createReply(code, '', 'So'), raw: `${code} So` }
  return code < 400
    ? { kind: 'accepted', reply, perRecipient: [] }
    : { kind: 'refused', phase: 'rcpt', reply, reportedBy: 'peer', perRecipient: [] }
}
const lost = (because: 'timeout' | 'closed' | 'connect-failed'): SendResult => ({
  kind: 'not-sent',
  phase: 'connect',
  because,
  detail: '',
})

// biome-ignore format: a table
const endings: readonly (readonly [string, SendResult, number])[] = [
  ['421',              replied(421),                                        4],
  ['452',              replied(452),                                        4],
  ['no connection',    lost('connect-failed'),                              4],
  ['no answer',        lost('timeout'),                                     4],
  ['silence',          { kind: 'unknown', because: 'timeout', detail: '' }, 4],
  ['550',              replied(550),                                        8],
  ['a closed line',    lost('closed'),                                      8],
  ['yes',              replied(250),                                        8],
]

for (const [name, result, left] of endings) {
  test(`of eight connections ${name} leaves ${left}`, () => {
    const limit = createAdaptiveLimit(8)
    limit.learn(result)
    assert.equal(limit.current, left)
  })
}

test('one overload heard by all halves once, and one connection always stays', () => {
  const limit = createAdaptiveLimit(8)
  for (let heard = 0; heard < 8; heard += 1) limit.learn(replied(452))
  assert.equal(limit.current, 4)
  for (let heard = 0; heard < 100; heard += 1) limit.learn(replied(452))
  assert.equal(limit.current, 1)
})

test('successes win back one connection a round, up to the limit', () => {
  const limit = createAdaptiveLimit(8)
  for (let heard = 0; heard < 8; heard += 1) limit.learn(replied(421))
  for (let heard = 0; heard < 5; heard += 1) limit.learn(replied(250))
  assert.equal(limit.current, 5)
  for (let heard = 0; heard < 100; heard += 1) limit.learn(replied(250))
  assert.equal(limit.current, 8)
})
