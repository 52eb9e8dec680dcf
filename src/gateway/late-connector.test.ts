import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt, Connector, Lane, Parties } from '../engine/ports/connector.ts'
import { lateConnector } from './late-connector.ts'

const lane: Lane = {
  concurrency: 1,
  retry: { attemptsMax: 1, delayMsMin: 1, delayMsMax: 1, jitter: 0 },
  attemptTimeoutMs: 1,
  responseTimeoutMs: 1,
  reportWindowMs: 1,
  whenAmbiguous: 'hold',
}
const attempt = {} as Attempt
const { signal } = new AbortController()
const parties: Parties = {
  sender: { kind: 'short-code', text: '24680' },
  recipient: { kind: 'number', text: '15550100123' },
}

function way(told: string[], extra: Partial<Connector> = {}): Connector {
  return {
    name: 'harbour',
    lane: { ...lane, concurrency: 7 },
    open: async () => void told.push('open'),
    async deliver() {
      told.push('deliver')
      return { kind: 'delivered' }
    },
    close: async () => void told.push('close'),
    ...extra,
  }
}

test('it is loaded once, by the first use, and its own lane counts from then on', async () => {
  const told: string[] = []
  const late = lateConnector({ name: 'harbour', lane }, async () => {
    told.push('load')
    return way(told)
  })
  assert.equal(late.lane.concurrency, 1)
  assert.deepEqual(told, [])
  await Promise.all([late.open(), late.deliver(attempt, signal)])
  assert.equal(late.lane.concurrency, 7)
  await late.close()
  assert.deepEqual(told.sort(), ['close', 'deliver', 'load', 'open'])
})

test('one that was never used is closed without being loaded', async () => {
  await lateConnector({ name: 'harbour', lane }, () => assert.fail('loaded')).close()
})

test('one that could not be loaded is told of, closed without harm, and loaded by the next use', async () => {
  const told: string[] = []
  let broken = true
  const late = lateConnector({ name: 'harbour', lane }, async () => {
    if (broken) throw new Error('not to be had')
    return way(told)
  })
  await assert.rejects(late.open(), /not to be had/)
  await late.close()
  broken = false
  assert.deepEqual(await late.deliver(attempt, signal), { kind: 'delivered' })
  assert.deepEqual(told, ['deliver'])
})

test('it can be asked for messages back where it is said to, and nowhere else', async () => {
  const cancel: NonNullable<Connector['cancel']> = async (id) => ({ kind: 'cancelled', raw: id })
  const load = async () => way([], { cancel })
  const known = { name: 'harbour', lane }
  assert.equal(lateConnector(known, load).cancel, undefined)
  const late = lateConnector({ ...known, cancels: true }, load)
  assert.deepEqual(await late.cancel?.('7', signal, parties), { kind: 'cancelled', raw: '7' })
})
