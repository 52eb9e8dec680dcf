import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Reason } from '../../core/reason.ts'
import { findDialect } from '../../dialects/index.ts'
import { type FindRow, meaningOf } from './code-reasons.ts'

const rowsOf =
  (name: string): FindRow =>
  (code) =>
    findDialect(name)?.surfaces[0]?.codes.find((row) => row.code === code)
const NONE: FindRow = () => undefined

function seen(code: number, findRow: FindRow): string {
  const meaning = meaningOf(code, findRow)
  if (meaning.kind !== 'refusal') return meaning.kind
  return meaning.wholeLink ? `${meaning.reason}, whole link` : meaning.reason
}

const WHOLE = 'link-refused, whole link'

/** Without a dialect: the numbers of TS 23.140, private ones that are agreed on, classes. */
// biome-ignore format: a table
const standard: readonly (readonly [number, Reason | 'success' | 'partial' | 'version' | typeof WHOLE])[] = [
  [1000, 'success'],                       [1100, 'partial'],
  [1234, 'success'],
  [2000, 'malformed-for-carrier'],         [2001, 'carrier-operation-unsupported'],
  [2002, 'recipient-unknown'],             [2003, 'recipient-unknown'],
  [2004, 'content-refused'],               [2005, 'malformed-for-carrier'],
  [2006, 'malformed-for-carrier'],         [2007, 'malformed-for-carrier'],
  [2008, WHOLE],                           [2009, 'malformed-for-carrier'],
  [2500, 'malformed-for-carrier'],         [2560, 'malformed-for-carrier'],
  [2561, WHOLE],                           [2562, WHOLE],
  [2563, 'link-refused'],                  [2564, WHOLE],
  [2565, 'link-refused'],                  [2566, 'link-refused'],
  [2567, 'link-refused'],                  [2568, WHOLE],
  [2569, 'malformed-for-carrier'],         [2999, 'malformed-for-carrier'],
  [3000, 'carrier-error'],                 [3001, 'carrier-operation-unsupported'],
  [3002, 'carrier-error'],                 [3003, 'carrier-operation-unsupported'],
  [3004, 'carrier-operation-unsupported'], [3005, 'carrier-error'],
  [3500, 'carrier-error'],                 [3510, 'carrier-busy'],
  [3520, 'carrier-error'],                 [3999, 'carrier-error'],
  [4000, 'carrier-error'],                 [4001, WHOLE],
  [4002, 'version'],                       [4003, 'carrier-operation-unsupported'],
  [4004, 'carrier-error'],                 [4005, 'carrier-refused'],
  [4006, 'carrier-busy'],                  [4007, 'carrier-denied'],
  [4008, 'carrier-error'],                 [4999, 'carrier-error'],
  [5000, 'carrier-error'],                 [9, 'carrier-error'],
  [999, 'carrier-error'],                  [99999, 'carrier-error'],
]
for (const [code, meaning] of standard) {
  test(`${code} of an upstream without a dialect is ${meaning}`, () => {
    assert.equal(seen(code, NONE), meaning)
  })
}

/** Where the upstream's dialect is known: what its row says beyond or against the number. */
// biome-ignore format: a table
const spoken: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  sinch: [
    [1000, 'success'],                       [2000, WHOLE],
    [2002, 'recipient-unknown'],             [2004, 'content-refused'],
    [2007, 'malformed-for-carrier'],         [2500, 'malformed-for-carrier'],
    [2502, 'malformed-for-carrier'],         [2503, 'carrier-operation-unsupported'],
    [2504, 'malformed-for-carrier'],         [2505, 'carrier-operation-unsupported'],
    [2506, 'malformed-for-carrier'],         [2507, 'carrier-operation-unsupported'],
    [2510, 'malformed-for-carrier'],         [2511, 'malformed-for-carrier'],
    [2512, 'carrier-operation-unsupported'], [2513, 'content-refused'],
    [2514, 'malformed-for-carrier'],         [2515, 'malformed-for-carrier'],
    [2550, WHOLE],                           [2551, 'link-refused'],
    [2560, 'too-large-for-carrier'],         [2561, WHOLE],
    [2562, WHOLE],                           [2563, 'link-refused'],
    [2564, WHOLE],                           [2565, 'link-refused'],
    [2566, 'link-refused'],                  [2567, 'link-refused'],
    [2568, WHOLE],                           [3000, 'carrier-error'],
    [3001, 'recipient-opted-out'],           [3002, 'carrier-operation-unsupported'],
    [3003, 'carrier-error'],                 [3500, 'carrier-error'],
    [3510, 'carrier-busy'],                  [3520, 'link-refused'],
    [4000, 'carrier-error'],                 [4002, 'version'],
    [4003, 'carrier-operation-unsupported'], [4004, 'malformed-for-carrier'],
    [4006, 'carrier-busy'],                  [4007, 'carrier-denied'],
  ],
  skycore: [
    // Retryable under a 2xxx number, which only its table knows.
    [2569, 'carrier-error'],                 [2570, 'carrier-denied'],
  ],
  smsglobal: [
    [1000, 'success'],                       [1100, 'partial'],
    [2000, 'malformed-for-carrier'],         [2001, 'carrier-operation-unsupported'],
    [2002, 'recipient-unknown'],             [2003, 'recipient-unknown'],
    [2004, 'content-refused'],               [2005, 'malformed-for-carrier'],
    [2006, 'malformed-for-carrier'],         [2007, 'malformed-for-carrier'],
    [2008, WHOLE],                           [2009, 'malformed-for-carrier'],
    [3000, 'carrier-error'],                 [3001, 'carrier-operation-unsupported'],
    [3002, 'carrier-refused'],               [3003, 'carrier-operation-unsupported'],
    [3004, 'carrier-operation-unsupported'], [4000, 'carrier-error'],
    [4001, WHOLE],                           [4002, 'version'],
    [4003, 'carrier-operation-unsupported'], [4004, 'malformed-for-carrier'],
    [4005, 'carrier-refused'],               [4006, 'carrier-busy'],
    [4007, 'carrier-denied'],                [4008, 'carrier-denied'],
    // None of its own: by class.
    [2560, 'malformed-for-carrier'],         [3510, 'carrier-busy'],
  ],
}
for (const [dialect, rows] of Object.entries(spoken)) {
  for (const [code, meaning] of rows) {
    test(`${code} of ${dialect} is ${meaning}`, () => {
      assert.equal(seen(code, rowsOf(dialect)), meaning)
    })
  }
}

test('no row of an MM7 dialect is left out of these tables', () => {
  for (const dialect of ['sinch', 'smsglobal']) {
    const listed = new Set((spoken[dialect] ?? []).map(([code]) => String(code)))
    // 0 never comes in an answer.
    const codes = (findDialect(dialect)?.surfaces[0]?.codes ?? []).map(({ code }) => code)
    assert.deepEqual(
      codes.filter((code) => code !== '0' && !listed.has(code)),
      [],
    )
  }
})

test('a row that says outright how long its condition lasts is believed', () => {
  const row = rowsOf('sinch')('2513')
  assert.ok(row)
  const lasting = (permanence: 'permanent' | 'transient', klass: 'busy' | 'media-broken') =>
    seen(2999, () => ({ ...row, class: klass, override: { permanence, because: 'it says so' } }))
  assert.equal(lasting('permanent', 'busy'), 'carrier-refused')
  assert.equal(lasting('transient', 'media-broken'), 'carrier-error')
  assert.equal(lasting('permanent', 'media-broken'), 'content-refused')
})
