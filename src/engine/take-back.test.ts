import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld, prefixOf, SECOND_MS, type Way } from '../../test/support/engine-world.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Cancellation } from './ports/connector.ts'

const TAKEN: Outcome = { kind: 'submitted', remoteId: 'r-1', expects: 'report' }
const YES: Cancellation = { kind: 'cancelled', raw: 'yes' }

async function openTaken(cancel: Way['cancel'], outcome: Outcome = TAKEN) {
  const lane = { cancelTimeoutMs: 5 * SECOND_MS }
  const way: Way = { lane, play: () => outcome, ...(cancel === undefined ? {} : { cancel }) }
  const world = await openWorld({ ways: { north: way } })
  const messageId = await world.send()
  await world.clock.advance(SECOND_MS)
  return { ...world, messageId, target: { accountId: 'acme', messageId } }
}

const TOO_LATE = { kind: 'refused', reason: 'no-longer-changeable' }

test('a far end that hangs is given its time and no more, and nothing changes', async () => {
  const hanging = (_id: string, signal: AbortSignal) =>
    new Promise<Cancellation>((resolve) => {
      signal.addEventListener('abort', () => resolve({ kind: 'unknown', raw: 'silence' }))
    })
  const { engine, target, clock, delivery, messageId } = await openTaken(hanging)
  const before = await delivery(messageId)
  const asked = engine.reviser.cancel(target)
  await clock.advance(5 * SECOND_MS)
  assert.deepEqual(await asked, TOO_LATE)
  assert.deepEqual(await delivery(messageId), before)
})

test('two withdrawals at once are both done, and the history has one', async () => {
  const { engine, target, history, messageId } = await openTaken(async () => YES)
  const both = await Promise.all([engine.reviser.cancel(target), engine.reviser.cancel(target)])
  assert.deepEqual(both, [
    { kind: 'done', left: [] },
    { kind: 'done', left: [] },
  ])
  const withdrawn = (await history(messageId)).filter((type) => type === 'cancelled')
  assert.equal(withdrawn.length, 1)
})

test('judging asks nobody', async () => {
  let asked = 0
  const { engine, target } = await openTaken(async () => {
    asked += 1
    return YES
  })
  assert.deepEqual(await engine.reviser.judgeCancel(target), { kind: 'done', left: [] })
  assert.equal(asked, 0)
})

test('a connector that throws rings the alarm and leaves the message where it is', async () => {
  const { engine, target, alarms } = await openTaken(() => Promise.reject(new Error('ours')))
  assert.deepEqual(await engine.reviser.cancel(target), TOO_LATE)
  assert.deepEqual(alarms, ['withdrawal on north: Error: ours'])
})

const unaskable: readonly (readonly [string, Outcome])[] = [
  ['has not answered the request itself', { ...TAKEN, expects: 'response' }],
  ['took it in several parts', { ...TAKEN, expects: 'reports', otherIds: ['r-2'] }],
]
for (const [what, outcome] of unaskable) {
  test(`a far end that ${what} is not asked`, async () => {
    const { engine, target } = await openTaken(async () => YES, outcome)
    assert.deepEqual(await engine.reviser.cancel(target), TOO_LATE)
  })
}

test('of several recipients those are left whose far end keeps them', async () => {
  const recipients = [1, 2, 3].map(
    (n) => ({ kind: 'number', text: `${prefixOf(0)}00000${n}` }) as const,
  )
  const world = await openWorld({
    ways: {
      north: {
        lane: { cancelTimeoutMs: SECOND_MS },
        play: ({ index }) =>
          index === 2
            ? { kind: 'deferred', reason: 'carrier-busy' }
            : { ...TAKEN, remoteId: `r-${index}` },
        cancel: async (id) => (id === 'r-0' ? YES : { kind: 'too-late', raw: 'no' }),
      },
    },
  })
  const messageId = await world.send({ recipients })
  await world.clock.advance(SECOND_MS)
  const target = { accountId: 'acme', messageId }
  const revision = await world.engine.reviser.cancel(target)
  assert.deepEqual(revision, { kind: 'done', left: [recipients[1]] })
  const { deliveries } = await world.story(messageId)
  assert.deepEqual(
    deliveries.map(({ state }) => state),
    ['cancelled', 'submitted', 'cancelled'],
  )
})
