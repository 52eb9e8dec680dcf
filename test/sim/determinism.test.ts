/** A seed is worth something only if it tells the same story again, and another one another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellStory } from './story.ts'

test('a seed tells the same story every time', async () => {
  const messages = { query: 'messages', limit: 1000 } as const
  for (const seed of [1, 2, 3]) {
    const [once, again] = [await tellStory(seed), await tellStory(seed)]
    assert.ok(once.ledger.trace.length > 50)
    assert.deepEqual(again.ledger.trace, once.ledger.trace)
    assert.deepEqual(await again.disk.read(messages), await once.disk.read(messages))
  }
})

test('different seeds tell different stories', async () => {
  const traces = new Set<string>()
  for (let seed = 1; seed <= 20; seed += 1) {
    traces.add((await tellStory(seed)).ledger.trace.join('\n'))
  }
  assert.equal(traces.size, 20)
})
