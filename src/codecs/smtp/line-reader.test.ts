import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLineReader } from './line-reader.ts'

/** All lines of a stream cut into `chunks`, and the fault that ended it, if any. */
function readAll(chunks: readonly Buffer[], lineBytesMax = 64): readonly string[] {
  const reader = createLineReader(lineBytesMax)
  const found: string[] = []
  for (const chunk of chunks) {
    let from = 0
    for (;;) {
      const step = reader.read(chunk, from)
      if (step.kind === 'incomplete') break
      if (step.kind === 'fault') return [...found, `fault: ${step.because}`]
      found.push(step.text)
      from = step.next
      if (from === chunk.length) break
    }
  }
  return found
}

const STREAMS: readonly (readonly [name: string, bytes: string, lines: readonly string[]])[] = [
  ['one line', 'NOOP\r\n', ['NOOP']],
  ['two lines and a beginning', 'A\r\nB\r\nC', ['A', 'B']],
  ['an empty line', '\r\n', ['']],
  ['a bare LF', 'A\r\nB\nC\r\n', ['A', 'fault: bare-lf']],
  ['a bare CR', 'A\rB\r\n', ['fault: bare-cr']],
  ['CR CR LF', 'A\r\r\n', ['fault: bare-cr']],
  ['the longest line', `${'x'.repeat(62)}\r\n`, ['x'.repeat(62)]],
  ['a line too long', `${'x'.repeat(63)}\r\n`, ['fault: line-too-long']],
  ['a line that never ends', 'x'.repeat(65), ['fault: line-too-long']],
]

for (const [name, bytes, lines] of STREAMS) {
  test(`a line reader reads ${name}, whole and byte by byte`, () => {
    const whole = Buffer.from(bytes, 'latin1')
    assert.deepEqual(readAll([whole]), lines)
    assert.deepEqual(readAll([...whole].map((byte) => Buffer.of(byte))), lines)
  })
}

test('a line reader finds the same lines however the stream is cut', () => {
  const piece = fc.constantFrom('\r\n', '\r', '\n', 'MAIL', 'x'.repeat(40), '.')
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(300)), (pieces, cuts) => {
      const whole = Buffer.from(pieces.join(''), 'latin1')
      assert.deepEqual(readAll(cutAt(whole, cuts)), readAll([whole]))
    }),
  )
})

function cutAt(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b)]
  return places.map((from, index) => whole.subarray(from, places[index + 1] ?? whole.length))
}
