import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeEncodedWords } from './encoded-word.ts'
import { decodeHeaders, encodeHeader, isHeaderName } from './headers.ts'
import { defaultMimeLimits } from './limits.ts'

function decode(block: string | Uint8Array) {
  const bytes = typeof block === 'string' ? Buffer.from(block, 'latin1') : block
  return decodeHeaders(bytes, defaultMimeLimits)
}

function fields(block: string | Uint8Array): [string, string][] {
  const decoded = decode(block)
  assert.equal(decoded.kind, 'ok')
  return decoded.kind === 'ok' ? [...decoded.headers].map((f) => [f.name, f.value]) : []
}

const readings: [string, string, [string, string][]][] = [
  ['a plain field', 'A: b\r\n', [['A', 'b']]],
  ['no space after the colon', 'Content-Type:text/xml\r\n', [['Content-Type', 'text/xml']]],
  ['a blank before the colon', 'Subject : x\r\n', [['Subject', 'x']]],
  [
    'bare LF line ends',
    'A: 1\nB: 2\n',
    [
      ['A', '1'],
      ['B', '2'],
    ],
  ],
  [
    'no line end at the end',
    'A: 1\r\nB: 2',
    [
      ['A', '1'],
      ['B', '2'],
    ],
  ],
  [
    'an empty value',
    'Subject:\r\nB: 2\r\n',
    [
      ['Subject', ''],
      ['B', '2'],
    ],
  ],
  ['a fold by spaces', 'A: one;\r\n   two\r\n', [['A', 'one;   two']]],
  ['a fold by a tab', 'A: one; \r\n\tb="x"\r\n', [['A', 'one;  b="x"']]],
  ['a continuation of blanks only', 'A: one\r\n \t \r\n two\r\n', [['A', 'one two']]],
  ['the blank line ends it', 'A: 1\r\n\r\nB: 2\r\n', [['A', '1']]],
  ['a bare CR inside a value', 'A: 1\rB: 2\r\n', [['A', '1 B: 2']]],
  ['a NUL inside a value', 'A: 1\x002\r\n', [['A', '1 2']]],
  ['raw Latin-1', 'Subject: caf\xe9\r\n', [['Subject', 'café']]],
  ['raw UTF-8', 'Subject: caf\xc3\xa9\r\n', [['Subject', 'café']]],
  ['nothing at all', '', []],
]

for (const [name, block, expected] of readings) {
  test(`a header block is read: ${name}`, () => assert.deepEqual(fields(block), expected))
}

const faults: [string, string, string][] = [
  ['a line without a colon', 'A: 1\r\nhello\r\n', 'header-malformed'],
  ['a name with a blank in it', 'From me: 1\r\n', 'header-malformed'],
  ['a continuation of nothing', ' x: 1\r\n', 'header-malformed'],
  ['an empty name', ': 1\r\n', 'header-malformed'],
  ['too many bytes', `A: ${'x'.repeat(65_536)}\r\n`, 'headers-too-long'],
  ['too many fields', 'A:\n'.repeat(1_001), 'too-many-header-fields'],
]

for (const [name, block, fault] of faults) {
  test(`a header block is refused: ${name}`, () => {
    const decoded = decode(block)
    assert.equal(decoded.kind === 'fault' ? decoded.fault.fault : 'none', fault)
  })
}

test('names are found in any case, and the first of several wins', () => {
  const decoded = decode('X-A: 1\r\nx-a: 2\r\nB: 3\r\n')
  assert.ok(decoded.kind === 'ok')
  assert.equal(decoded.headers.get('x-A'), '1')
  assert.deepEqual(decoded.headers.getAll('X-a'), ['1', '2'])
  assert.equal(decoded.headers.get('C'), undefined)
})

test('no bytes make the header reader throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      decode(bytes)
    }),
  )
})

test('a value cannot start a header line of its own', () => {
  const line = encodeHeader('Subject', 'hello\r\nBcc: victim@example.com\r\n\r\nbody\0')
  assert.equal(line, 'Subject: hello  Bcc: victim@example.com    body\r\n')
})

test('a name that is no header name is our own mistake', () => {
  assert.throws(() => encodeHeader('X: Y', '1'))
  assert.equal(isHeaderName('X-Mms-Message-ID'), true)
  assert.equal(isHeaderName('X\r\nY'), false)
})

test('every line of a folded header is at most 76 columns where it has spaces to fold at', () => {
  const line = encodeHeader('To', Array.from({ length: 20 }, (_, i) => `+1555000${i},`).join(' '))
  for (const part of line.split('\r\n')) assert.ok(part.length <= 76)
  assert.equal(fields(line)[0]?.[1].split(', ').length, 20)
})

test('any text comes back from a header as it went in', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc
      .array(fc.constantFrom('word', 'wörd', '', '=?x?=', '日本語', '😀'), { maxLength: 60 })
      .map((words) => words.join(' ')),
  )
  fc.assert(
    fc.property(text, (value) => {
      const encoded = encodeHeader('Subject', value)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the codec drops control characters
      const clean = value.replace(/[\x00-\x1f\x7f]/g, ' ').trim()
      const wellFormed = Buffer.from(clean, 'utf-8').toString('utf-8')
      assert.match(encoded, /^[\x20-\x7e\r\n]*$/)
      assert.equal(decodeEncodedWords(fields(encoded)[0]?.[1] ?? ''), wellFormed)
    }),
  )
})
