import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageEvent } from '../core/event.ts'
import { colour, plain } from './terminal.ts'
import { DELIVERED, MIXED, NOON } from './testing/stories.ts'
import { traceLines } from './trace-view.ts'

const view = { paint: plain, columns: 100 }

const DELIVERED_PAGE = `
177236640000000001  12345 → +15550100123
mms mt · dialect sinch · account demo-sinch · 0 parts, 27806 bytes · “First MMS”
accepted 2026-03-01 12:00:00 UTC

           you      gateway  carrier  handset
      0 ms  ●───────▶│        │        │  accepted and stored as 177236640000000001, answered 1000
            │        │        │        │  “Successfully parsed and validated request”
            │        │        │        │    Rule all: the default rule → sandbox.
     12 ms  │        ●───────✖│        │  attempt 1 by sandbox: not now: the carrier is full or
            │        │        │        │  throttles (19 ms)
            │        │        │        │    “452 4.3.1 Queue full”
            │        │        │        │    again in 30 s
            ┆        ┆        ┆        ┆  30.1 s, waiting for the next attempt
    30.1 s  │        ◆        │        │  the gateway stopped in the middle of attempt 2
            │        │        │        │    again in 5 s
            ┆        ┆        ┆        ┆  5 s, waiting for the next attempt
    35.1 s  │        ●───────▶│        │  attempt 3 by sandbox: taken, known there as c7 (5 ms)
            │        │        │        │    “250 2.0.0 Ok”
    35.1 s  │        │◀───────●        │  the carrier confirms it has the message
            │        │        │        │    “MM4_forward.RES Ok”
            ┆        ┆        ┆        ┆  2 h, waiting for the carrier’s report
   2:00:35  │        │◀────────────────●  the handset fetched it
            │        │        │        │    “X-Mms-MM-Status-Code: Retrieved”
   2:00:35  │        │◀────────────────●  the handset fetched it
            │        │        │        │    “X-Mms-MM-Status-Code: Retrieved”
            │        │        │        │    said before; kept as evidence
   2:00:35  │✖───────●        │        │  telling you Retrieved: not now: the client could not be
            │        │        │        │  reached
            │        │        │        │    “connect ECONNREFUSED”
            │        │        │        │    again in 5 m
            ┆        ┆        ┆        ┆  5 m, waiting for the next try to tell you
   2:05:35  │◀───────●        │        │  you were told: Retrieved, time 2

● delivered  +15550100123  after 2 h
`

const MIXED_PAGE = `
177236640000000001  12345 → +15550100123, +15550100124
mms mt · dialect sinch · account demo-sinch · 0 parts, 27806 bytes · “First MMS”
accepted 2026-03-01 12:00:00 UTC

           you      gateway  carrier  handset
      0 ms  ●───────▶│        │        │  accepted and stored as 177236640000000001, answered 1000
            │        │        │        │  “Successfully parsed and validated request”
            │        │        │        │    Rule all: the default rule → sandbox.
     10 ms  │        ●───────▶│        │  [1] attempt 1 by sandbox: refused: the recipient opted out
            │        │        │        │  at the carrier (10 ms)
            │        │        │        │    “554 5.7.1 Opted out”
     11 ms  │        ●───────✖│        │  [2] attempt 1 by sandbox: nobody knows: the carrier did
            │        │        │        │  not answer in time (7 ms)
            │        │        │        │    again in 60 s

✖ failed  +15550100123  after 20 ms
  Why     the recipient opted out at the carrier
  Code    sinch 4007 Service denied
  Means   The carrier denies service to this recipient: MMS barred, no credit, or an opt-out kept
          there.
  Do      Stop sending MMS to this number; another channel may reach it.
  More    npx carillon codes explain sinch 4007
◔ deferred  +15550100124
  Waiting Attempt 2 of 8 is due at 12:01:00: the carrier is busy.
`

test('a long life is drawn with its lanes, its pauses and its raw words', () => {
  assert.equal(`\n${traceLines(DELIVERED, view).join('\n')}\n`, DELIVERED_PAGE)
})

test('each recipient has its own end: a code to act on, or what it waits for', () => {
  assert.equal(`\n${traceLines(MIXED, view).join('\n')}\n`, MIXED_PAGE)
})

test('colour changes no character of the page', () => {
  const coloured = traceLines(DELIVERED, { ...view, paint: colour }).join('\n')
  assert.notEqual(coloured, traceLines(DELIVERED, view).join('\n'))
  const bare = coloured
    .split('\u001b')
    .map((piece, i) => (i === 0 ? piece : piece.slice(piece.indexOf('m') + 1)))
  assert.equal(bare.join(''), traceLines(DELIVERED, view).join('\n'))
})

test('a carrier cannot write control characters into an operator’s terminal', () => {
  const evil: MessageEvent = {
    type: 'failed',
    at: NOON,
    delivery: 0,
    reason: 'carrier-refused',
    raw: 'no\u001b[2J\u0007\u009b1m thanks',
  }
  const page = traceLines({ ...DELIVERED, events: [evil] }, view).join('\n')
  assert.match(page, /“no·\[2J··1m thanks”/)
})

test('what a policy refused is told with its name and its rule', () => {
  const refused: MessageEvent = {
    type: 'failed',
    at: NOON,
    delivery: 0,
    reason: 'spam-detected',
    raw: 'Known\u001b[2J campaign.',
    policy: 'spam',
  }
  const page = traceLines({ ...DELIVERED, events: [refused] }, view).join('\n')
  assert.match(page, /refused by policy spam: Known·\[2J campaign\./)
  assert.match(page, /the content filter matched/)
})

test('an inbound message comes from the handset and goes to you', () => {
  const message = { ...DELIVERED.message, direction: 'mo' as const }
  const [accepted, attempted] = traceLines({ ...DELIVERED, message }, view).filter((line) =>
    /accepted and|attempt 1/.test(line),
  )
  assert.match(accepted ?? '', /│ {8}│◀────────────────● {2}accepted/)
  assert.match(attempted ?? '', /│✖───────● {8}│ {8}│ {2}attempt 1/)
})

test('many tries that end alike are shortened to the first and the last', () => {
  const tries = Array.from(
    { length: 20 },
    (_, i): MessageEvent => ({
      type: 'client-told',
      at: NOON + i * 300_000,
      delivery: 0,
      notice: 'delivered',
      attempt: i + 1,
      outcome: { kind: 'deferred', reason: 'client-unreachable' },
    }),
  )
  const page = traceLines({ ...DELIVERED, events: tries }, view)
  assert.equal(page.filter((line) => line.includes('telling you')).length, 2)
  assert.match(page.join('\n'), /┆ {2}1 h 35 m, 18 more like it\n/)
  assert.match(page.join('\n'), /Retrieved, time 20/)
})

test('what was made smaller stands above the attempt it was made for', () => {
  const note = 'photo.jpg: image/jpeg 900000 bytes 4000×3000 → image/jpeg 70000 bytes 1500×1125'
  const adapted: MessageEvent = {
    type: 'adapted',
    at: NOON + 25,
    delivery: 0,
    attempt: 1,
    route: 'sandbox',
    notes: [note],
  }
  const [accepted, ...rest] = DELIVERED.events
  const events = [...(accepted === undefined ? [] : [accepted]), adapted, ...rest]
  const page = traceLines({ ...DELIVERED, events }, { ...view, columns: 140 })
  const line = page.findIndex((text) => text.includes('made to fit sandbox for attempt 1'))
  assert.ok(line > 0 && page[line + 1]?.includes(note))
  assert.match(page[line + 2] ?? '', /attempt 1 by sandbox/)
})
