import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SpokenDialect } from '../core/code-row.ts'
import { OUTCOME_CLASSES } from '../core/outcome-class.ts'
import { isReason, REASONS, type Reason } from '../core/reason.ts'
import { faceOf } from './face.ts'
import {
  type Ending,
  finalFaceOf,
  interimFaceOf,
  reasonOfCode,
  requestStatusOf,
} from './mm4-face.ts'
import { findSpoken, SPOKEN } from './spoken.ts'

const named = (name: string): SpokenDialect => {
  const dialect = findSpoken(name)
  assert.ok(dialect !== undefined)
  return dialect
}
const bandwidth = named('bandwidth')
const reasons = Object.keys(REASONS).filter(isReason)

// biome-ignore format: a table
const interim: readonly (readonly [Reason, string])[] = [
  ['link-down', '112'],       ['link-refused', '112'],  ['link-closed', '113'],  ['window-full', '114'],
  ['carrier-busy', '115'],    ['carrier-error', '115'], ['carrier-timeout', '116'],
  ['response-missing', '116'],['attempt-lost', '116'],  ['route-unusable', '140'], ['held', '2'],
  ['database-unavailable', '130'], ['policy-service-down', '150'], ['internal-error', '100'],
]

for (const [reason, code] of interim) {
  test(`while it tries on, ${reason} is ${code}`, () => {
    assert.equal(interimFaceOf(bandwidth, reason).code, code)
  })
}

// biome-ignore format: a table
const endings: readonly (readonly [Ending, string, string | undefined])[] = [
  [{ reason: 'retries-exhausted', behind: 'carrier-busy' },                  '600', undefined],
  [{ reason: 'expired',           behind: 'carrier-busy' },                  '600', undefined],
  [{ reason: 'retries-exhausted', behind: 'carrier-error', steady: true },   '620', undefined],
  [{ reason: 'retries-exhausted', behind: 'carrier-error' },                 '201', '115'],
  [{ reason: 'expired',           behind: 'route-unusable' },                '201', '140'],
  [{ reason: 'link-down' },                                                  '201', '112'],
  [{ reason: 'carrier-timeout' },                                            '201', '116'],
  [{ reason: 'expired' },                                                    '201', undefined],
  [{ reason: 'report-missing' },                                             '902', undefined],
  [{ reason: 'recipient-unknown' },                                          '720', undefined],
]

for (const [ending, code, last] of endings) {
  test(`at the end ${Object.values(ending).join(', ')} is ${code}`, () => {
    const face = finalFaceOf(bandwidth, ending)
    assert.deepEqual([face.row.code, face.last?.code], [code, last])
  })
}

test('whatever the reason, a response never says Ok for a refusal, in no dialect', () => {
  for (const dialect of SPOKEN) {
    for (const reason of reasons) {
      if (OUTCOME_CLASSES[REASONS[reason].class].family === 'progress') continue
      assert.notEqual(requestStatusOf(dialect, reason), 'Ok', `${dialect.name} ${reason}`)
    }
  }
})

test('a code that came from a carrier leads back to itself', () => {
  for (const code of [
    '350',
    '352',
    '500',
    '650',
    '700',
    '712',
    '720',
    '740',
    '750',
    '770',
    '775',
  ]) {
    const reason = reasonOfCode(bandwidth, code)
    assert.ok(reason !== undefined, code)
    assert.equal(faceOf(bandwidth, reason).code, code)
  }
})

// biome-ignore format: a table
const codes: readonly (readonly [string, Reason | undefined])[] = [
  ['403', 'carrier-denied'],   ['404', 'recipient-unknown'], ['411', 'too-large-for-carrier'],
  ['470', 'spam-refused'],     ['475', 'recipient-opted-out'], ['211', 'carrier-busy'],
  ['112', 'carrier-error'],    ['0', undefined],               ['nonsense', undefined],
]

for (const [code, reason] of codes) {
  test(`a peer’s ${code} is ${reason ?? 'no row'} to us`, () => {
    assert.equal(reasonOfCode(bandwidth, code), reason)
  })
}
