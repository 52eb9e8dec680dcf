import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  createMm4Address,
  parseMm4Address,
  parseMm4Addresses,
  parseSystemAddress,
  printMm4Address,
} from './address.ts'
import { parseExpiry, parseMailDate, printExpiry, printMailDate } from './dates.ts'
import { createMm4Id, parseMm4Id } from './ids.ts'
import {
  parseMmStatus,
  parseMmStatusExtension,
  parseReadStatus,
  parseRequestStatus,
  parseYesNo,
} from './values.ts'

const ADDRESSES: readonly (readonly [
  written: string,
  kind: string,
  text: string,
  domain?: string,
])[] = [
  ['+15550100123/TYPE=PLMN', 'number', '15550100123'],
  ['+15550100123/type=plmn', 'number', '15550100123'],
  ['+15550100123/TYPE=PLMN@MMS.a.example', 'number', '15550100123', 'mms.a.example'],
  ['+15550100123@a.example', 'number', '15550100123', 'a.example'],
  ['15550100123@a.example', 'number', '15550100123', 'a.example'],
  ['+15550100123', 'number', '15550100123'],
  ['<+15550100123/TYPE=PLMN@a.example>', 'number', '15550100123', 'a.example'],
  ['"Ann, at home" <+15550100123/TYPE=PLMN>', 'number', '15550100123'],
  ['Ann <ann@a.example>', 'email', 'ann@a.example', 'a.example'],
  ['40404/TYPE=PLMN@a.example', 'short-code', '40404', 'a.example'],
  ['911', 'short-code', '911'],
  ['+911', 'number', '911'],
  ['BELLS/TYPE=PLMN', 'short-code', 'BELLS'],
  ['PostMaster', 'system', 'PostMaster'],
  ['mmsc.a.example', 'system', 'mmsc.a.example'],
  ['192.0.2.7/TYPE=IPv4@a.example', 'system', '192.0.2.7/TYPE=IPv4@a.example', 'a.example'],
]

for (const [written, kind, text, domain] of ADDRESSES) {
  test(`parseMm4Address reads ${written} as ${kind} ${text}`, () => {
    const tail = domain === undefined ? {} : { domain }
    assert.deepEqual(parseMm4Address(` ${written} `), { raw: written, kind, text, ...tail })
  })
}

test('parseMm4Address finds nothing where nothing is', () => {
  for (const text of ['', ' ', '<>', '@a.example', 'a@', 'two words', 'x'.repeat(400)]) {
    assert.equal(parseMm4Address(text), undefined)
  }
})

test('parseMm4Addresses cuts a list at its commas and not inside a quoted name', () => {
  const list = '+15550100001/TYPE=PLMN,+15550100002,, "B, C" <+15550100003>, "open'
  assert.deepEqual(
    parseMm4Addresses(list).map(({ text }) => text),
    ['15550100001', '15550100002', '15550100003', '"open'],
  )
})

const SYSTEMS: readonly (readonly [written: string, kind: string, text: string])[] = [
  ['system@mms.a.example', 'system', 'system@mms.a.example'],
  ['PostMaster', 'system', 'PostMaster'],
  ['system=mmsc.a.example;party=+15550100123', 'system', 'mmsc.a.example'],
  ['+15550100123/TYPE=PLMN@a.example', 'number', '15550100123'],
]

for (const [written, kind, text] of SYSTEMS) {
  test(`parseSystemAddress reads ${written} as ${kind} ${text}`, () => {
    const { kind: found, text: read } = parseSystemAddress(written) ?? {}
    assert.deepEqual([found, read], [kind, text])
  })
}

test('an address of our own making is written so that it reads back', () => {
  for (const [kind, text, written] of [
    ['number', '15550100123', '+15550100123/TYPE=PLMN@a.example'],
    ['short-code', '40404', '40404/TYPE=PLMN@a.example'],
    ['system', 'system', 'system@a.example'],
  ] as const) {
    const address = createMm4Address(kind, text, 'a.example')
    assert.equal(address.raw, written)
    const read = kind === 'system' ? parseSystemAddress(written) : parseMm4Address(written)
    assert.equal(read?.kind, kind)
  }
  assert.equal(createMm4Address('email', 'ann@a.example', 'a.example').raw, 'ann@a.example')
  assert.equal(createMm4Address('number', '15550100123').raw, '+15550100123/TYPE=PLMN')
})

test('no text makes two addresses of one', () => {
  const kind = fc.constantFrom('number', 'short-code', 'email', 'system')
  const text = fc.string({ unit: 'binary', maxLength: 30 })
  fc.assert(
    fc.property(kind, text, text, (k, body, domain) => {
      assert.match(printMm4Address(createMm4Address(k, body, domain)), /^[^\s,;<>()"\\]*$/)
    }),
  )
})

const IDS: readonly (readonly [written: string, text: string | undefined])[] = [
  ['"t-1@a.example"', 't-1@a.example'],
  ['t-1', 't-1'],
  ['""t""', '"t"'],
  ['"+15550100123/TYPE=PLMN-host-q1.2"', '+15550100123/TYPE=PLMN-host-q1.2'],
  ['"', '"'],
  ['""', undefined],
  ['', undefined],
  ['x'.repeat(255), 'x'.repeat(255)],
  ['x'.repeat(256), undefined],
]

for (const [written, text] of IDS) {
  test(`parseMm4Id matches ${written.slice(0, 40)} by ${text?.slice(0, 40)}`, () => {
    const expected = text === undefined ? undefined : { raw: written, text }
    assert.deepEqual(parseMm4Id(written), expected)
  })
}

test('an id of our own is quoted, and matches with and without its quotes', () => {
  assert.deepEqual(parseMm4Id(createMm4Id('m.1').raw), { raw: '"m.1"', text: 'm.1' })
  assert.equal(parseMm4Id('m.1')?.text, 'm.1')
})

const DATES: readonly (readonly [written: string, iso: string | undefined])[] = [
  ['Tue, 01 Feb 2022 22:17:44 GMT', '2022-02-01T22:17:44.000Z'],
  ['Tue, 1 Feb 2022 22:17:44 +0200 (IST)', '2022-02-01T20:17:44.000Z'],
  ['01 Feb 2022 22:17 -0530', '2022-02-02T03:47:00.000Z'],
  ['Tue, 01 Feb 22 22:17:44 EST', '2022-02-02T03:17:44.000Z'],
  ['Tuesday, 01-Feb-22 22:17:44 GMT', '2022-02-01T22:17:44.000Z'],
  ['2022-02-01T22:17:44Z', '2022-02-01T22:17:44.000Z'],
  ['2022-02-01T22:17:44.123+02:00', '2022-02-01T20:17:44.000Z'],
  ['2022-02-01 22:17', '2022-02-01T22:17:00.000Z'],
  ['Tue, 31 Feb 2022 22:17:44 GMT', undefined],
  ['Tue, 01 Foo 2022 22:17:44 GMT', undefined],
  ['Tue, 01 Feb 2022 25:17:44 GMT', undefined],
  ['yesterday', undefined],
  ['', undefined],
]

for (const [written, iso] of DATES) {
  test(`parseMailDate reads ${JSON.stringify(written)} as ${iso}`, () => {
    const ms = parseMailDate(written)
    assert.equal(ms === undefined ? undefined : new Date(ms).toISOString(), iso)
  })
}

test('dates and expiries are written so that they read back', () => {
  const seconds = fc.integer({ min: 0, max: 4_000_000_000 })
  fc.assert(
    fc.property(seconds, (s) => {
      assert.equal(parseMailDate(printMailDate(s * 1000)), s * 1000)
      const at = { kind: 'at', ms: s * 1000 } as const
      assert.deepEqual(parseExpiry(printExpiry(at)), at)
    }),
  )
  assert.equal(printMailDate(0), 'Thu, 01 Jan 1970 00:00:00 +0000')
  assert.deepEqual(parseExpiry('600'), { kind: 'after', ms: 600_000 })
  assert.equal(printExpiry({ kind: 'after', ms: 600_000 }), '600')
  assert.deepEqual(parseExpiry('999999999999'), { kind: 'after', ms: 315_360_000_000 })
  assert.equal(parseExpiry('soon'), undefined)
})

test('words are read in any case and in the spellings seen', () => {
  assert.deepEqual(parseRequestStatus('0'), { value: 'Ok', raw: undefined })
  assert.deepEqual(parseRequestStatus('OK'), { value: 'Ok', raw: undefined })
  assert.equal(parseRequestStatus('error-Network-problem').value, 'Error-network-problem')
  assert.deepEqual(parseRequestStatus('Error-odd'), {
    value: 'Error-unspecified',
    raw: 'Error-odd',
  })
  assert.deepEqual(parseMmStatus('Unrecognized'), { value: 'Unrecognised', raw: undefined })
  assert.deepEqual(parseMmStatus('ForwardedToMMBox'), {
    value: 'Retrieved',
    raw: 'ForwardedToMMBox',
  })
  assert.deepEqual(parseMmStatus('Vanished'), { value: 'Indeterminate', raw: 'Vanished' })
  assert.equal(parseMmStatusExtension('rejected-by-recipient'), 'Rejection-by-MMS-Recipient')
  assert.equal(parseMmStatusExtension('Something-else'), 'Something-else')
  assert.equal(parseReadStatus('deletedwithoutbeingread'), 'Deleted without being read')
  assert.equal(parseReadStatus('READ'), 'Read')
  assert.equal(parseReadStatus('burnt'), undefined)
  assert.deepEqual(['YES', 'no', 'true', '0', 'maybe'].map(parseYesNo), [
    true,
    false,
    true,
    false,
    undefined,
  ])
})
