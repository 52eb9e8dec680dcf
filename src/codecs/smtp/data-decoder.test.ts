import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDataDecoder } from './data-decoder.ts'
import { createDotStuffer } from './dot-stuffer.ts'

interface Decoded {
  readonly ended: 'open' | 'end' | 'bare-cr' | 'bare-lf'
  readonly data: string
  readonly rest: string
}

function decode(chunks: readonly Buffer[]): Decoded {
  const decoder = createDataDecoder()
  let data = ''
  for (const [index, chunk] of chunks.entries()) {
    const step = decoder.push(chunk)
    if (step.kind === 'fault') return { ended: step.because, data: '', rest: '' }
    data += Buffer.from(step.data).toString('latin1')
    if (step.kind === 'end') {
      const rest = Buffer.concat([step.rest, ...chunks.slice(index + 1)]).toString('latin1')
      return { ended: 'end', data, rest }
    }
  }
  return { ended: 'open', data, rest: '' }
}

const BODIES: readonly (readonly [name: string, bytes: string, expected: Partial<Decoded>])[] = [
  ['a line', 'a\r\n.\r\n', { ended: 'end', data: 'a\r\n', rest: '' }],
  ['nothing', '.\r\n', { ended: 'end', data: '' }],
  ['a command after the end', 'a\r\n.\r\nQUIT\r\n', { ended: 'end', rest: 'QUIT\r\n' }],
  ['a stuffed dot', '..a\r\n.\r\n', { ended: 'end', data: '.a\r\n' }],
  ['a lone stuffed dot', '..\r\n.\r\n', { ended: 'end', data: '.\r\n' }],
  ['an unstuffed dot before text', '.a\r\n.\r\n', { ended: 'end', data: 'a\r\n' }],
  ['dots inside a line', 'a.b..\r\n.\r\n', { ended: 'end', data: 'a.b..\r\n' }],
  ['empty lines', '\r\n\r\n.\r\n', { ended: 'end', data: '\r\n\r\n' }],
  ['eight-bit octets and NUL', '\xff\0\r\n.\r\n', { ended: 'end', data: '\xff\0\r\n' }],
  ['no end yet', 'a\r\n.', { ended: 'open', data: 'a\r\n' }],
  ['LF . LF', 'a\n.\nMAIL', { ended: 'bare-lf' }],
  ['LF . CRLF', 'a\n.\r\nMAIL', { ended: 'bare-lf' }],
  ['CRLF . LF', 'a\r\n.\nMAIL', { ended: 'bare-lf' }],
  ['CR . CR', 'a\r.\rMAIL', { ended: 'bare-cr' }],
  ['CRLF . CR', 'a\r\n.\rMAIL', { ended: 'bare-cr' }],
  ['CR . CRLF', 'a\r.\r\nMAIL', { ended: 'bare-cr' }],
  ['CR CRLF . CRLF', 'a\r\r\n.\r\nMAIL', { ended: 'bare-cr' }],
  ['CRLF . CR CRLF', 'a\r\n.\r\r\nMAIL', { ended: 'bare-cr' }],
  ['LF first of all', '\n.\r\n', { ended: 'bare-lf' }],
  ['LF after a dot first of all', '.\n', { ended: 'bare-lf' }],
]

for (const [name, bytes, expected] of BODIES) {
  test(`a data decoder reads ${name} the same for every way of cutting it in two or in bytes`, () => {
    const whole = Buffer.from(bytes, 'latin1')
    const decoded = decode([whole])
    for (const [key, value] of Object.entries(expected)) {
      assert.equal(decoded[key as keyof Decoded], value)
    }
    for (let cut = 0; cut <= whole.length; cut++) {
      assert.deepEqual(decode([whole.subarray(0, cut), whole.subarray(cut)]), decoded)
    }
    assert.deepEqual(decode([...whole].map((byte) => Buffer.of(byte))), decoded)
  })
}

const anyBytes = fc
  .array(fc.constantFrom('\r\n', '\r', '\n', '.', '..', 'a', '\r\n.\r\n', 'bc', '\xff'))
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'))
const crlfText = fc
  .array(fc.constantFrom('\r\n', '.', '..', 'a', 'b.', '\xff', ' '))
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'))
const cuts = fc.array(fc.nat(60), { maxLength: 8 })

test('a data decoder gives the same result however the bytes are cut', () => {
  fc.assert(
    fc.property(anyBytes, cuts, (whole, places) => {
      assert.deepEqual(decode(cutAt(whole, places)), decode([whole]))
    }),
  )
})

test('a data decoder ends nowhere but at the first CRLF.CRLF', () => {
  fc.assert(
    fc.property(anyBytes, (whole) => {
      const decoded = decode([whole])
      if (decoded.ended !== 'end') return
      const used = whole.toString('latin1').slice(0, whole.length - decoded.rest.length)
      assert.equal(`\r\n${used}`.indexOf('\r\n.\r\n'), used.length - 3)
      assert.doesNotMatch(used, /\r(?!\n)|(?<!\r)\n/)
    }),
  )
})

test('what a stuffer writes, a decoder reads back, however both are cut', () => {
  fc.assert(
    fc.property(crlfText, cuts, cuts, (text, stufferCuts, decoderCuts) => {
      const stuffer = createDotStuffer()
      const sent = cutAt(text, stufferCuts).map((chunk) => stuffer.push(chunk))
      const wire = Buffer.concat([...sent, stuffer.end()])
      const decoded = decode(cutAt(wire, decoderCuts))
      const expected = text.toString('latin1')
      const ending = expected === '' || expected.endsWith('\r\n') ? '' : '\r\n'
      assert.deepEqual(decoded, { ended: 'end', data: expected + ending, rest: '' })
    }),
  )
})

test('a data decoder hands out views of the chunk as long as no dot has to go', () => {
  const chunk = Buffer.from('many\r\nlines\r\n')
  const step = createDataDecoder().push(chunk)
  assert.ok(step.kind === 'data')
  assert.equal(step.data.buffer, chunk.buffer)
  assert.equal(step.data.byteOffset, chunk.byteOffset)
})

test('a stuffer hands the chunk back untouched as long as no line begins with a dot', () => {
  const chunk = Buffer.from('many\r\nlines. \r\n')
  assert.equal(createDotStuffer().push(chunk), chunk)
})

test('a stuffer doubles a dot after a bare LF too, so a lenient peer sees no end there', () => {
  const stuffer = createDotStuffer()
  assert.equal(Buffer.from(stuffer.push(Buffer.from('a\n.\nb'))).toString(), 'a\n..\nb')
})

function cutAt(whole: Buffer, places: readonly number[]): Buffer[] {
  const from = [0, ...places.filter((place) => place < whole.length).sort((a, b) => a - b)]
  return from.map((start, index) => whole.subarray(start, from[index + 1] ?? whole.length))
}
