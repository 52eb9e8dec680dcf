/**
 * The auditor is not blind: take one guard away, and within a thousand seeds it objects, and to the
 * right thing (reliability goal G3).
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GUARDS, type Guard } from './guards.ts'
import type { Violation } from './ledger.ts'
import { tellStory } from './story.ts'

const SEEDS_MAX = 1000

/** What the loss of each guard looks like; the first that shows is enough. */
const SHOWS: Readonly<Record<Guard, readonly Violation[]>> = {
  'sync-before-yes': ['acknowledged message lost'],
  'version-check': ['zombie write', 'double final', 'wrong final'],
  'fencing-token': ['zombie write'],
  'final-is-final': ['double final', 'client told two ends'],
  'parking-early-reports': ['wrong final'],
  'unused-reports-at-start': ['wrong final'],
  'kept-before-yes': ['wrong final'],
  'idempotency-key': ['duplicate acceptance'],
  'stable-key': ['unstable key', 'duplicate at the handset'],
  'hold-when-ambiguous': ['duplicate at the handset'],
  'notice-in-same-commit': ['client never told the end'],
  'lease-end': ['no final state'],
  'bytes-before-yes': ['acknowledged message lost', 'body changed'],
  'timer-of-submitted': ['no final state'],
}

for (const [guard, removed] of Object.entries(GUARDS) as [Guard, string][]) {
  test(`it is noticed when ${removed}`, async (t) => {
    for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
      const { violations } = (await tellStory(seed, guard)).ledger
      const shown = violations.find(({ kind }) => SHOWS[guard].includes(kind))
      if (shown === undefined) continue
      t.diagnostic(`seed ${seed}: ${shown.kind}`)
      return
    }
    assert.fail(`${SEEDS_MAX} seeds without ${guard} and nobody objected`)
  })
}
