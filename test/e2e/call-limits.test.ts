/** An account's calls by the minute and the day, at whatever door it calls. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startGateway } from '../support/start-gateway.ts'

const LIMITS = { callsPerSecond: 1000, callsBurst: 1000, contentBytesMax: 5 * 1024 * 1024 }
const MINUTE_MS = 60_000

// biome-ignore format: a table
const dialects = [
  ['sinch',     '3510'],
  ['skycore',   '3510'],
  ['smsglobal', '4006'],
] as const
for (const [dialect, code] of dialects) {
  test(`a call over the minute is ${code} in ${dialect}, and told when it may come again`, async (t) => {
    const account = { dialect, limits: { ...LIMITS, callsPerMinute: 2 } }
    const world = await startGateway(t, { account })
    const draft = { path: `/mm7/${dialect}` }
    for (const _ of [1, 2]) assert.equal((await world.send(draft)).code, '1000')
    const refused = await world.send(draft)
    assert.equal(refused.code, code)
    const seconds = Number(/retry-after: ([0-9]+)/i.exec(refused.headers)?.[1])
    assert.ok(seconds > 50 && seconds <= 60, refused.headers)
    world.advance(MINUTE_MS)
    assert.equal((await world.send(draft)).code, '1000')
  })
}

test('a day that is used up stays so over its minutes', async (t) => {
  const world = await startGateway(t, { account: { limits: { ...LIMITS, callsPerDay: 1 } } })
  assert.equal((await world.send()).code, '1000')
  world.advance(60 * MINUTE_MS)
  const refused = await world.send()
  assert.equal(refused.code, '3510')
  assert.match(refused.headers, /retry-after: 8[0-9]{4}\b/i)
  world.advance(24 * 60 * MINUTE_MS)
  assert.equal((await world.send()).code, '1000')
})
