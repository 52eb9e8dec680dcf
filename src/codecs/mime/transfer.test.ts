import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { base64Length, createBase64Encoder, encodeBase64 } from './base64.ts'
import { encodeQuotedPrintable } from './quoted-printable.ts'
import { createTransferDecoder, decodeTransfer, isTransferFault } from './transfer.ts'

function decode(encoding: string | undefined, text: string): string {
  const result = decodeTransfer(encoding, Buffer.from(text, 'latin1'))
  return isTransferFault(result) ? result.fault : Buffer.from(result).toString('latin1')
}

const readings: [string, string | undefined, string, string][] = [
  ['no encoding named', undefined, 'a=b', 'a=b'],
  ['7bit', '7bit', 'abc', 'abc'],
  ['8BIT in capitals', '8BIT', '\xe9', '\xe9'],
  ['binary with a comment after it', 'binary; x', 'a\0', 'a\0'],
  ['BASE64 in capitals', ' BASE64 ', 'aGk=', 'hi'],
  ['base64 with junk white space', 'base64', ' a G\r\n\tk =\n\n', 'hi'],
  ['base64 of nothing', 'base64', '\r\n', ''],
  ['base64 cut off', 'base64', 'aGk', 'base64-broken'],
  ['base64 with one digit left', 'base64', 'aGlya', 'base64-broken'],
  ['base64 with a foreign character', 'base64', 'aG*k', 'base64-broken'],
  ['base64 with content after its end', 'base64', 'aGk=aGk=', 'base64-broken'],
  ['base64 with too much padding', 'base64', 'aGk==', 'base64-broken'],
  ['base64 of padding alone', 'base64', '====', 'base64-broken'],
  ['quoted-printable', 'Quoted-Printable', 'caf=C3=a9=\r\n!', 'caf\xc3\xa9!'],
  ['blanks before a line end', 'quoted-printable', 'a \t\r\nb', 'a\r\nb'],
  ['blanks after a soft break', 'quoted-printable', 'a= \t\nb', 'ab'],
  ['an equals sign of nothing', 'quoted-printable', 'a=ZZ=4', 'a=ZZ=4'],
  ['an unknown encoding', 'x-uuencode', 'a', 'encoding-unknown'],
]

for (const [name, encoding, text, expected] of readings) {
  test(`a body is transfer-decoded: ${name}`, () => assert.equal(decode(encoding, text), expected))
}

function inPieces(encoding: string, bytes: Uint8Array, sizes: readonly number[]): string {
  const decoder = createTransferDecoder(encoding)
  const out: Uint8Array[] = []
  let position = 0
  for (let i = 0; position < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    const piece = decoder.push(bytes.subarray(position, position + size))
    if (isTransferFault(piece)) return piece.fault
    // A piece may share memory with the input, so it is copied at once.
    out.push(Buffer.from(piece))
    position += size
  }
  const last = decoder.end()
  if (isTransferFault(last)) return last.fault
  return Buffer.concat([...out, last]).toString('latin1')
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })

test('any chunking of a transfer-encoded body gives the same bytes', () => {
  const alphabet = fc.constantFrom(...'aB3+/= \t\r\n=4Z')
  fc.assert(
    fc.property(
      fc.constantFrom('base64', 'quoted-printable'),
      fc.array(alphabet, { maxLength: 60 }),
      sizes,
      (encoding, characters, pieces) => {
        const text = characters.join('')
        assert.equal(inPieces(encoding, Buffer.from(text), pieces), decode(encoding, text))
      },
    ),
  )
})

test('bytes come back from base64, whatever the pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), sizes, (bytes, pieces) => {
      const encoder = createBase64Encoder()
      const out: Uint8Array[] = []
      let position = 0
      for (let i = 0; position < bytes.length; i++) {
        const size = (pieces[i % pieces.length] ?? 1) * 13
        out.push(encoder.push(bytes.subarray(position, position + size)))
        position += size
      }
      const encoded = Buffer.concat([...out, encoder.end()])
      assert.deepEqual(encoded, encodeBase64(bytes))
      assert.equal(encoded.length, base64Length(bytes.length))
      for (const line of encoded.toString().split('\r\n')) assert.ok(line.length <= 76)
      assert.equal(decode('base64', encoded.toString()), Buffer.from(bytes).toString('latin1'))
    }),
  )
})

test('a body in lines of any length is decoded like one without them, and never past its memory', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('\r\n', '\n', '\r', ' \r\n'),
      (bytes, lengths, pieces, lineEnd) => {
        const digits = Buffer.from(bytes).toString('base64')
        let text = ''
        for (let i = 0, at = 0; at < digits.length; i++) {
          const length = lengths[i % lengths.length] ?? 1
          text += `${digits.slice(at, at + length)}${lineEnd}`
          at += length
        }
        assert.equal(decode('base64', text), Buffer.from(bytes).toString('latin1'))
        assert.equal(inPieces('base64', Buffer.from(text), pieces), decode('base64', text))
      },
    ),
  )
})

test('base64 says of itself whether its lines can go over SMTP as they are', () => {
  const between = fc.constantFrom('\r\n', '\r\n', '\r\n', '', '\n', '\r', '\r\r\n', ' ', '\r\n\r\n')
  const columns = fc.constantFrom(4, 19, 76, 76, 996, 998, 1000)
  const line = fc.tuple(columns, between)
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(3000)), fc.nat(3), (lines, cuts, padding) => {
      const digits = lines.reduce((sum, [size]) => sum + size, 0)
      const body = `${lines.map(([size, end]) => 'A'.repeat(size) + end).join('')}`
      const rest = 'A'.repeat((4 - (digits % 4)) % 4)
      const text = `${body}${rest}${['', 'AA==', 'AA==\r\n', 'AAA=\r\n'][padding]}`
      const bytes = Buffer.from(text)
      const decoder = createTransferDecoder('base64')
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      for (const [index, place] of places.entries()) {
        decoder.push(bytes.subarray(places[index - 1] ?? 0, place))
      }
      assert.equal(isTransferFault(decoder.end()), false)
      const sound = /^(?:[A=]{0,998}\r\n)*[A=]{0,998}$/.test(text)
      assert.equal(decoder.soundLines, sound)
    }),
    { numRuns: 500 },
  )
})

test('one memory serves every piece of a body', () => {
  const memory = Buffer.alloc(64)
  const decoder = createTransferDecoder('base64', (needed) => {
    assert.ok(needed <= memory.length)
    return memory
  })
  const texts = ['Q2Fy', 'aWxs', 'b24=']
  const read = texts.map((text) => decoder.push(Buffer.from(text)).toString())
  assert.deepEqual([...read, decoder.end().toString()], ['Car', 'ill', '', 'on'])
})

test('text comes back from quoted-printable in lines of at most 76 columns', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const encoded = encodeQuotedPrintable(text)
      for (const line of encoded.split('\r\n')) assert.ok(line.length <= 76)
      const expected = Buffer.from(text.replace(/\r\n|\n/g, '\r\n')).toString('latin1')
      assert.equal(decode('quoted-printable', encoded), expected)
    }),
  )
})
