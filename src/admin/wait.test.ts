import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DELIVERY_STATES, isFinal } from '../core/delivery-state.ts'
import type { Delivery } from '../engine/ports/store.ts'
import { describeWait, type LaneFacts } from './wait.ts'

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0)
const LATER = NOW + 60_000
const EARLIER = NOW - 60_000

const delivery: Delivery = {
  id: 1,
  messageId: '100000000000000001',
  index: 0,
  recipient: { kind: 'number', text: '15005550100' },
  lane: 'harbour',
  state: 'queued',
  nextAt: EARLIER,
  expiresAt: NOW + 3_600_000,
  attempts: 0,
  token: 0,
  version: 1,
}

const open: LaneFacts = { open: true, concurrency: 4, held: 12 }

// biome-ignore format: a table
const ROWS: readonly (readonly [string, Partial<Delivery>, LaneFacts | undefined, RegExp])[] = [
  ['a first attempt to come',       { nextAt: LATER },                                    open, /^Its first attempt is planned for 2026-11-21T12:01:00/],
  ['a repeat to come',              { state: 'deferred', nextAt: LATER, attempts: 2, reason: 'carrier-busy' }, open,
                                                                                                /^Attempt 2 failed for now: the carrier is full or throttles\. The next is at 2026-11-21T12:01:00\.000Z\. It expires at 2026-11-21T13:00/],
  ['a repeat without a reason',     { state: 'deferred', nextAt: LATER, attempts: 1 },    open, /^Attempt 1 failed for now\. The next is at/],
  ['an attempt under way',          { state: 'attempting', attempts: 3, leasedAt: EARLIER, nextAt: LATER }, open,
                                                                                                /^Attempt 3 towards harbour has been under way since 2026-11-21T11:59:00.*lost, another begins at 2026-11-21T12:01/],
  ['an answer awaited',             { state: 'submitted', expects: 'response', submittedAt: EARLIER, nextAt: LATER }, open,
                                                                                                /^harbour took it at 2026-11-21T11:59.*Its answer to the request is awaited until 2026-11-21T12:01/],
  ['a report awaited',              { state: 'submitted', expects: 'report', nextAt: LATER }, open, /^harbour took it\. Its delivery report is awaited until 2026-11-21T12:01/],
  ['no such way out',               {},                                              undefined, /no way out called harbour is configured; it waits until 2026-11-21T13:00/],
  ['a way out that is off',         {}, { ...open, open: false, closedBecause: 'the carrier is switched off' }, /towards harbour the carrier is switched off; it waits until/],
  ['a way out that is shut',        {}, { ...open, open: false },                         /nothing leaves that way now/],
  ['its turn in line',              {}, open,                                             /^It has been due since 2026-11-21T11:59.*sends 4 at once, and 12 are under way or ahead/],
  ['its turn at a limited rate',    {}, { ...open, perSecond: 10 },                       /at no more than 10 per second/],
]

for (const [name, change, lane, says] of ROWS) {
  test(`why it waits: ${name}`, () => {
    assert.match(describeWait({ ...delivery, ...change }, lane, NOW), says)
  })
}

test('every state of a delivery has its sentence', () => {
  for (const state of DELIVERY_STATES) {
    const sentence = describeWait({ ...delivery, state }, open, NOW)
    assert.match(sentence, /^[A-Z].*\.$/i)
    assert.equal(sentence.startsWith('It ended'), isFinal(state))
  }
})
