import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeLeniently, decodeStrictly, decodeUnnamed, isKnownCharset } from './charset.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const rows: [string, string, string, string | undefined][] = [
  ['UTF-8', 'UTF-8', 'c3a9', 'é'],
  ['UTF-8 cut off', 'utf-8', 'c3', undefined],
  ['the euro of Windows', 'windows-1252', '80 e9', '€é'],
  ['Latin-1, which means the same', 'ISO-8859-1', '93 e9 94', '“é”'],
  ['plain ASCII, which means the same', ' us-ascii ', '41', 'A'],
  ['a byte that stands for nothing', 'windows-1252', '81', '\u0081'],
  ['EUC-KR', 'euc-kr', 'b0a1', '가'],
  ['a charset nobody knows', 'x-none', '41', undefined],
]

for (const [name, label, bytes, text] of rows) {
  test(`bytes become text: ${name}`, () => assert.equal(decodeStrictly(label, hex(bytes)), text))
}

test('lenient decoding marks what is not in the charset', () => {
  assert.equal(decodeLeniently('utf-8', hex('41c3')), 'A\ufffd')
  assert.equal(decodeLeniently('x-none', hex('41')), undefined)
})

test('text of no named charset is UTF-8 if it can be, else Windows-1252', () => {
  assert.equal(decodeUnnamed(hex('c3a9')), 'é')
  assert.equal(decodeUnnamed(hex('e9')), 'é')
})

test('labels are known in any case, and nonsense is not', () => {
  assert.deepEqual(['Utf-16LE', 'SHIFT_JIS', '', 'utf-9'].map(isKnownCharset), [
    true,
    true,
    false,
    false,
  ])
})
