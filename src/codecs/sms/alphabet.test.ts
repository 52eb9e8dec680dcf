import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Alphabet, decodeText, encodeText } from './alphabet.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const VECTORS: readonly (readonly [alphabet: Alphabet, text: string, octets: string])[] = [
  ['gsm7', 'A€', '411b65'],
  ['ascii', 'A~', '417e'],
  ['latin1', 'é\u0080', 'e980'],
  ['ucs2', 'Aя', '0041044f'],
  ['ucs2', '🔔', 'd83ddd14'],
  ['ucs2', '\ufeffA', 'feff0041'],
]
for (const [alphabet, text, octets] of VECTORS) {
  test(`${alphabet} carries ${JSON.stringify(text)}`, () => {
    const encoded = encodeText(alphabet, text)
    assert.deepEqual(encoded, { kind: 'octets', octets: Uint8Array.from(hex(octets)) })
    assert.deepEqual(decodeText(alphabet, hex(octets)), { kind: 'text', text })
  })
}

type Broken = readonly [
  name: string,
  alphabet: Alphabet,
  octets: string,
  because: string,
  at: number,
]
const BROKEN: readonly Broken[] = [
  ['UCS-2 of an odd length', 'ucs2', '0041 00', 'odd-length', 2],
  ['one octet of UCS-2', 'ucs2', '41', 'odd-length', 0],
  ['a first half alone', 'ucs2', '0041 d83d 0041', 'surrogate-alone', 2],
  ['a first half at the end', 'ucs2', '0041 d83d', 'surrogate-alone', 2],
  ['a second half alone', 'ucs2', 'dd14', 'surrogate-alone', 0],
  ['halves in the wrong order', 'ucs2', 'dd14 d83d', 'surrogate-alone', 0],
  ['ASCII with a high bit', 'ascii', '41e9', 'octet-above-7f', 1],
  ['an escape at the end', 'gsm7', '1b', 'escape-at-end', 0],
  ['octets that are no text', 'binary', '41', 'not-text', 0],
]
for (const [name, alphabet, octets, because, at] of BROKEN) {
  test(`a strict reading names ${name}`, () =>
    assert.deepEqual(decodeText(alphabet, hex(octets)), { kind: 'fault', because, at }))
}

test('a lenient reading marks what nothing is meant by', () => {
  const read = (alphabet: Alphabet, octets: string) => {
    const decoded = decodeText(alphabet, hex(octets), { reading: 'lenient' })
    return decoded.kind === 'text' ? decoded.text : decoded.because
  }
  assert.equal(read('ucs2', '0041 d83d 0042 00'), 'A\ufffdB\ufffd')
  assert.equal(read('ucs2', 'dd14 d83d dd14'), '\ufffd🔔')
  assert.equal(read('ascii', '41e9'), 'A\ufffd')
  assert.equal(read('binary', '41'), 'not-text')
})

test('what an alphabet does not have is named with its place', () => {
  assert.deepEqual(encodeText('ascii', 'aé'), { kind: 'unencodable', at: 1 })
  assert.deepEqual(encodeText('latin1', 'é€'), { kind: 'unencodable', at: 1 })
  assert.deepEqual(encodeText('ucs2', 'a\ud83d'), { kind: 'unencodable', at: 1 })
  assert.deepEqual(encodeText('binary', 'a'), { kind: 'unencodable', at: 0 })
})

const alphabets = fc.constantFrom<Alphabet>('gsm7', 'ascii', 'latin1', 'ucs2', 'binary')

test('what is encoded comes back as it was, in every alphabet', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  )
  fc.assert(
    fc.property(alphabets, texts, (alphabet, text) => {
      const encoded = encodeText(alphabet, text)
      if (encoded.kind === 'unencodable') return assert.ok(encoded.at < text.length)
      if (alphabet === 'binary') return assert.equal(text, '')
      assert.deepEqual(decodeText(alphabet, encoded.octets), { kind: 'text', text })
    }),
  )
})

test('whatever octets come, reading ends in text or a fault', () => {
  fc.assert(
    fc.property(alphabets, fc.uint8Array(), (alphabet, octets) => {
      const strict = decodeText(alphabet, octets)
      const lenient = decodeText(alphabet, octets, { reading: 'lenient' })
      if (strict.kind === 'text') assert.deepEqual(lenient, strict)
      if (lenient.kind === 'text') assert.ok(encodeText('ucs2', lenient.text).kind === 'octets')
    }),
  )
})
