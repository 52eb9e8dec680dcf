import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readTableLine } from './table-line.ts'

// biome-ignore format: a table
const lines: readonly (readonly [string, unknown])[] = [
  ['',                               { kind: 'nothing' }],
  ['   ',                            { kind: 'nothing' }],
  ['# a comment',                    { kind: 'nothing' }],
  ['\ufeff# after a byte order mark', { kind: 'nothing' }],
  ['1555 att',                       { kind: 'prefix', prefix: 1555, carrier: 'att' }],
  ['1555\tatt\r',                    { kind: 'prefix', prefix: 1555, carrier: 'att' }],
  ['1555,att',                       { kind: 'prefix', prefix: 1555, carrier: 'att' }],
  ['1555 ; 31002  # with a word',    { kind: 'prefix', prefix: 1555, carrier: '31002' }],
  ['+1555 att',                      { kind: 'prefix', prefix: 1555, carrier: 'att' }],
  ['  1 att  ',                      { kind: 'prefix', prefix: 1, carrier: 'att' }],
  ['* others',                       { kind: 'prefix', prefix: 0, carrier: 'others' }],
  ['1900 -',                         { kind: 'prefix', prefix: 1900, carrier: '-' }],
  ['=15550100123 verizon',           { kind: 'number', number: 15550100123, carrier: 'verizon' }],
  ['=+15550100123,verizon',          { kind: 'number', number: 15550100123, carrier: 'verizon' }],
  ['=999999999999999 far',           { kind: 'number', number: 999999999999999, carrier: 'far' }],
]
for (const [line, read] of lines) {
  test(`the line ${JSON.stringify(line)} is understood`, () => {
    assert.deepEqual(readTableLine(line), read)
  })
}

for (const line of [
  '1555',
  'att',
  '1555 att verizon',
  '0155 att',
  '=155 att',
  '=0155501001234 att',
  '1234567890123456 att',
  '1555 "att"',
  '1555 a,b',
  `1555 ${'a'.repeat(65)}`,
  '15-55 att',
  '++1555 att',
  '= att',
  '** att',
  '*1 att',
]) {
  test(`the line ${JSON.stringify(line)} is wrong`, () => {
    const read = readTableLine(line)
    assert.equal(read.kind, 'wrong')
  })
}

test('whatever a line holds, it is read or refused', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      assert.ok(readTableLine(line).kind.length > 0)
    }),
  )
})
