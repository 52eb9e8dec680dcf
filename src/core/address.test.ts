import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskAddress, parseAddress, parseMsisdn, printAddress } from './address.ts'

// biome-ignore format: a table
const numbers = [
  ['plain digits',               '15550100123',                        '15550100123'],
  ['one leading plus',           '+15550100123',                       '15550100123'],
  ['a PLMN tail',                '+15550100123/TYPE=PLMN',             '15550100123'],
  ['a PLMN tail in any case',    '+15550100123/type=plmn',             '15550100123'],
  ['a PLMN tail with a domain',  '+15550100123/TYPE=PLMN@mms.example', '15550100123'],
  ['blanks around',              ' 15550100123\r\n',                   '15550100123'],
  ['seven digits',               '5550100',                            '5550100'],
  ['fifteen digits',             '123456789012345',                    '123456789012345'],
  ['six digits',                 '555010',                             undefined],
  ['sixteen digits',             '1234567890123456',                   undefined],
  ['a leading zero',             '0015550100123',                      undefined],
  ['two pluses',                 '++15550100123',                      undefined],
  ['letters',                    '+1555O100123',                       undefined],
  ['nothing',                    '',                                   undefined],
] as const

for (const [name, text, expected] of numbers) {
  test(`a number with ${name}`, () => assert.equal(parseMsisdn(text), expected))
}

// biome-ignore format: a table
const addresses = [
  ['+15550100123@mms.example', 'number',     '15550100123'],
  ['12345',                    'short-code', '12345'],
  ['BELLS',                    'short-code', 'BELLS'],
  ['ann@example.org',          'email',      'ann@example.org'],
] as const

for (const [text, kind, canonical] of addresses) {
  test(`${text} is a ${kind}`, () =>
    assert.deepEqual(parseAddress(text), { kind, text: canonical }))
}

test('what is printed parses back to the same address', () => {
  const msisdn = fc.stringMatching(/^[1-9][0-9]{6,14}$/)
  fc.assert(
    fc.property(msisdn, (text) => {
      const address = { kind: 'number', text } as const
      assert.deepEqual(parseAddress(printAddress(address)), address)
    }),
  )
})

test('a masked number keeps its ends only', () => {
  assert.equal(maskAddress({ kind: 'number', text: '15550100123' }), '+1555***123')
  assert.equal(maskAddress({ kind: 'number', text: '5550100' }), '***')
})

test('parsing never throws, whatever comes', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseAddress(text)))
})
