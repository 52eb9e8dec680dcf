/**
 * Many seeds, many stories, not one broken promise. A failure names its seed; to see the whole story
 * of one, build and run `SIM_SEED=34 node --test dist/test/sim/story.test.js`. `SIM_FROM` and
 * `SIM_SEEDS` choose another range; a whole run divides a longer one between its processes.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Story, tellStory } from './story.ts'

const { SIM_SEED, SIM_FROM = '1', SIM_SEEDS = '300' } = process.env
const BATCH = 50

/** What was broken and how to see it again; empty when nothing was. */
function complaints({ seed, ledger }: Story): string[] {
  return ledger.violations.map(({ kind, detail }) => `seed ${seed}: ${kind}: ${detail}`)
}

if (SIM_SEED !== undefined) {
  test(`the story of seed ${SIM_SEED}`, async (t) => {
    const story = await tellStory(Number(SIM_SEED))
    for (const line of story.ledger.trace) t.diagnostic(line)
    assert.deepEqual(complaints(story), [])
  })
} else {
  const last = Number(SIM_FROM) + Number(SIM_SEEDS) - 1
  for (let from = Number(SIM_FROM); from <= last; from += BATCH) {
    const to = Math.min(from + BATCH - 1, last)
    test(`seeds ${from} to ${to}: nothing lost, doubled, stuck or untrue`, async (t) => {
      const found: string[] = []
      let virtualMs = 0
      for (let seed = from; seed <= to; seed += 1) {
        const story = await tellStory(seed)
        found.push(...complaints(story))
        virtualMs += story.virtualMs
      }
      t.diagnostic(`seeds ${from} to ${to}, ${Math.round(virtualMs / 3_600_000)} simulated hours`)
      const [first] = found
      const again = first === undefined ? '' : ` — see it with SIM_SEED=${first.match(/\d+/)?.[0]}`
      assert.deepEqual(found, [], `${found.length} broken promises${again}: ${found.join('; ')}`)
    })
  }
}
