import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createTextReader, type ReadText } from './text-reader.ts'

const ANY = 1000

function readInPieces(
  label: string | undefined,
  bytes: Uint8Array,
  size: number,
  max = ANY,
): ReadText {
  const reader = createTextReader(label, max)
  for (let i = 0; i < bytes.length; i += size) reader.push(bytes.subarray(i, i + size))
  return reader.end()
}

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

// biome-ignore format: a table
const texts: readonly (readonly [string, string | undefined, string, ReadText])[] = [
  ['UTF-8', 'UTF-8', 'gr\xc3\xbcn', { readable: true, text: 'grün' }],
  ['UTF-8 that is none', 'utf-8', 'gr\xfcn', { readable: false, text: 'gr' }],
  ['UTF-8 cut short', 'utf-8', 'gr\xc3', { readable: false, text: 'gr' }],
  ['ASCII', 'us-ascii', 'green', { readable: true, text: 'green' }],
  ['ASCII with eight bits', 'US-ASCII', 'gr\xfcn', { readable: false, text: 'gr' }],
  ['Latin-1', 'iso-8859-1', 'gr\xfcn', { readable: true, text: 'grün' }],
  ['UTF-16 with a mark', 'utf-16', '\xff\xfeH\0i\0', { readable: true, text: 'Hi' }],
  ['UTF-16 without one', 'utf-16', '\0H\0i', { readable: true, text: 'Hi' }],
  ['UTF-16 of odd length', 'utf-16le', 'H\0i', { readable: false, text: 'H' }],
  ['the charset of handsets', 'iso-10646-ucs-2', 'H\0i\0', { readable: true, text: 'Hi' }],
  ['no charset, but UTF-8', undefined, 'gr\xc3\xbcn', { readable: true, text: 'grün' }],
  ['no charset, and not UTF-8', undefined, 'gr\xfcn', { readable: true, text: 'grün' }],
  ['a charset of nobody', 'klingon', 'Hi', { readable: false, text: '' }],
  ['a charset of nobody and no text', 'klingon', '', { readable: false, text: '' }],
  ['no text', 'utf-8', '', { readable: true, text: '' }],
]

for (const [what, label, bytes, expected] of texts) {
  test(`${what}: read byte by byte, it is ${expected.readable ? '' : 'not '}readable`, () => {
    assert.deepEqual(readInPieces(label, latin1(bytes), 2).readable, expected.readable)
    const read = readInPieces(label, latin1(bytes), 1)
    assert.equal(read.readable, expected.readable)
    if (expected.readable) assert.equal(read.text, expected.text)
  })
}

test('only the beginning of a text is kept, and all of it is checked', () => {
  const reader = createTextReader('utf-8', 3)
  reader.push(latin1('abcdef'))
  assert.deepEqual(reader.end(), { readable: true, text: 'abc' })
  const broken = createTextReader('utf-8', 3)
  broken.push(latin1('abcdef\xff'))
  assert.equal(broken.end().readable, false)
})

test('any bytes in any charset: never an exception, and any chunking gives the same', () => {
  const labels = fc.constantFrom('utf-8', 'us-ascii', 'latin1', 'utf-16', 'utf-16le', 'gbk', 'x')
  fc.assert(
    fc.property(
      fc.option(labels, { nil: undefined }),
      fc.uint8Array({ maxLength: 50 }),
      fc.integer({ min: 2, max: 50 }),
      (label, bytes, size) => {
        const whole = readInPieces(label, bytes, size)
        const again = readInPieces(label, bytes, size + 1)
        assert.equal(whole.readable, again.readable)
        if (label !== undefined && whole.readable) assert.equal(whole.text, again.text)
      },
    ),
  )
})
