import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWorld, plainSubmission } from '../../test/support/engine-world.ts'
import { createVirtualClock } from '../../test/support/virtual-clock.ts'
import type { Outcome } from '../core/outcome.ts'
import { createWatches, firstAnswer, type Rest } from './watches.ts'

const WAIT_MS = 10_000

// biome-ignore format: a table
const rests: readonly (readonly [string, Rest, string | undefined])[] = [
  ['waiting in line',                    { state: 'queued' },                                              undefined],
  ['waiting for another attempt',        { state: 'deferred', reason: 'carrier-busy' },                    undefined],
  ['taken, its response still to come',  { state: 'submitted', expects: 'response' },                      undefined],
  ['taken, a report to come',            { state: 'submitted', expects: 'report' },                        'taken'],
  ['delivered',                          { state: 'delivered' },                                           'taken'],
  ['passed on',                          { state: 'forwarded' },                                           'taken'],
  ['refused',                            { state: 'failed', reason: 'carrier-denied' },                    'carrier-denied'],
  ['nobody knows',                       { state: 'unknown', reason: 'carrier-timeout' },                  'carrier-timeout'],
  ['taken and rejected later',           { state: 'failed', expects: 'report', reason: 'recipient-rejected' }, 'taken'],
]
for (const [what, rest, expected] of rests) {
  test(`a delivery ${what} says ${expected ?? 'nothing yet'}`, () => {
    const said = firstAnswer(rest)
    assert.equal(said?.kind === 'refused' ? said.reason : said?.kind, expected)
  })
}

test('a wait ends with its time, unless an answer is being kept just then', async () => {
  const clock = createVirtualClock()
  const watches = createWatches(clock)
  const plain = watches.open('a', WAIT_MS)
  const held = watches.open('b', WAIT_MS)
  let finish = () => {}
  const keeping = watches.during('b', async (waits) => {
    assert.equal(waits, true)
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    watches.moved('b', { state: 'failed', reason: 'carrier-busy' })
  })
  await clock.advance(WAIT_MS)
  assert.deepEqual(await plain.answer, { kind: 'open' })
  finish()
  await keeping
  assert.deepEqual(await held.answer, { kind: 'refused', reason: 'carrier-busy' })
  await watches.during('b', async (waits) => assert.equal(waits, false))
})

test('what was held and came to nothing lets a late client go', async () => {
  const clock = createVirtualClock()
  const watches = createWatches(clock)
  const late = watches.open('a', WAIT_MS)
  await watches.during('a', () => clock.advance(WAIT_MS))
  assert.deepEqual(await late.answer, { kind: 'open' })
})

test('closing lets everybody go, and nobody in', async () => {
  const watches = createWatches(createVirtualClock())
  const waiting = [
    watches.open('a', WAIT_MS),
    watches.open('a', WAIT_MS),
    watches.open('b', WAIT_MS),
  ]
  watches.close()
  assert.deepEqual(
    await Promise.all(waiting.map(({ answer }) => answer)),
    Array(3).fill({ kind: 'open' }),
  )
  assert.deepEqual(await watches.open('c', WAIT_MS).answer, { kind: 'open' })
})

test('who leaves waits no longer, and is told by reports like everybody else', async () => {
  const watches = createWatches(createVirtualClock())
  const [leaving, staying] = [watches.open('a', WAIT_MS), watches.open('a', WAIT_MS)]
  leaving.leave()
  leaving.leave()
  assert.deepEqual(await leaving.answer, { kind: 'open' })
  await watches.during('a', async (waits) => assert.equal(waits, true))
  staying.leave()
  await watches.during('a', async (waits) => assert.equal(waits, false))
})

const BUSY: Outcome = { kind: 'deferred', reason: 'carrier-busy' }

test('a refusal for now ends the message of a client that waits, and is tried again for others', async () => {
  const world = await openWorld({ ways: { north: { lane: {}, play: () => BUSY } } })
  const accept = async (answerWaitMs?: number) => {
    const wish = plainSubmission(answerWaitMs === undefined ? {} : { answerWaitMs })
    const accepted = await world.engine.accept(wish)
    assert.equal(accepted.kind, 'accepted')
    return accepted.kind === 'accepted' ? accepted : undefined
  }
  const waiting = await accept(WAIT_MS)
  assert.deepEqual(await waiting?.wait?.answer, { kind: 'refused', reason: 'carrier-busy' })
  const { state, reason } = await world.delivery(waiting?.messageId ?? '')
  assert.deepEqual([state, reason], ['failed', 'carrier-busy'])
  assert.deepEqual(world.told, [], 'it was told on the line')
  const other = await accept()
  while ((await world.delivery(other?.messageId ?? '')).state !== 'deferred') await turn()
  await world.engine.stop()
})

test('a repeated request gets the answer its message got', async () => {
  const denied: Outcome = { kind: 'rejected', reason: 'carrier-denied' }
  const world = await openWorld({ ways: { north: { lane: {}, play: () => denied } } })
  const idempotency = { scope: 'acme', key: 'k', fingerprint: 'f' }
  const wish = plainSubmission({ answerWaitMs: WAIT_MS, idempotency })
  for (const kind of ['accepted', 'duplicate']) {
    const accepted = await world.engine.accept(wish)
    assert.equal(accepted.kind, kind)
    const answer = accepted.kind === 'refused' ? undefined : await accepted.wait?.answer
    assert.deepEqual(answer, { kind: 'refused', reason: 'carrier-denied' })
  }
  assert.equal(world.attempts.length, 1)
  await world.engine.stop()
})

test('a request repeated after a refusal for now is tried anew, and its answer is the latest', async () => {
  const answers: Outcome[] = [
    BUSY,
    BUSY,
    { kind: 'submitted', remoteId: 'r', expects: 'report' },
    BUSY,
  ]
  const play = () => answers.shift() ?? BUSY
  const world = await openWorld({ ways: { north: { lane: {}, play } } })
  const idempotency = { scope: 'acme', key: 'k', fingerprint: 'f' }
  const wish = plainSubmission({ answerWaitMs: WAIT_MS, idempotency })
  const seen: unknown[] = []
  const ids = new Set<string>()
  for (let time = 0; time < 5; time += 1) {
    const accepted = await world.engine.accept(wish)
    if (accepted.kind === 'refused') throw new Error(accepted.reason)
    ids.add(accepted.messageId)
    seen.push([accepted.kind, (await accepted.wait?.answer)?.kind])
  }
  assert.deepEqual(seen, [
    ['accepted', 'refused'],
    ['accepted', 'refused'],
    ['accepted', 'taken'],
    ['duplicate', 'taken'],
    ['duplicate', 'taken'],
  ])
  assert.deepEqual([ids.size, world.attempts.length], [3, 3])
  await world.engine.stop()
})

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
