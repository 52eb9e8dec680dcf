import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createFrameReader, PDU_OCTETS_MAX } from './frame-reader.ts'
import { encoded, hex } from './testing/bytes.ts'
import { somePdu } from './testing/pdus.ts'

/** All PDUs of a stream cut into `chunks`, as hexadecimal, and how it was left. */
function readAll(chunks: readonly Buffer[], octetsMax = PDU_OCTETS_MAX): string[] {
  const reader = createFrameReader(octetsMax)
  const found: string[] = []
  for (const chunk of chunks) {
    let from = 0
    for (;;) {
      const step = reader.read(chunk, from)
      if (step.kind === 'fatal') return [...found, step.because]
      if (step.kind === 'incomplete') break
      assert.ok(step.next > from, 'every PDU uses something up')
      found.push(step.bytes.toString('hex'))
      from = step.next
    }
  }
  return reader.begun ? [...found, 'begun'] : found
}

const ENQUIRE = '00000010000000150000000000000001'
const LONGER = '0000001200000015000000000000000204ff'

const STREAMS: readonly (readonly [name: string, bytes: Buffer, found: readonly string[]])[] = [
  ['nothing', Buffer.alloc(0), []],
  ['three bytes', hex('000000'), ['begun']],
  ['a header cut short', hex('00000010 00000015 00000000 0a342e'), ['begun']],
  ['one PDU', hex(ENQUIRE), [ENQUIRE]],
  ['two PDUs and a beginning', hex(`${ENQUIRE}${LONGER}00`), [ENQUIRE, LONGER, 'begun']],
  ['a length of 0', hex('00000000 00000015'), ['length-too-small']],
  ['a length below a header', hex(`0000000f${ENQUIRE.slice(8)}`), ['length-too-small']],
  ['a length of 4 GiB', hex('ffffffff 00000015'), ['length-too-large']],
  ['a good PDU before a bad one', hex(`${ENQUIRE}ffffffff`), [ENQUIRE, 'length-too-large']],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), ['length-too-large']],
  ['a response of HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), ['length-too-large']],
  ['a TLS hello', hex('160301020001000f'), ['length-too-large']],
]

for (const [name, bytes, found] of STREAMS) {
  test(`a frame reader reads ${name}, whole and byte by byte`, () => {
    assert.deepEqual(readAll([bytes]), found)
    assert.deepEqual(readAll([...bytes].map((byte) => Buffer.of(byte))), found)
  })
}

test('a PDU of exactly the limit is read, one octet more is not', () => {
  const whole = Buffer.alloc(2000)
  whole.writeUInt32BE(2000, 0)
  assert.deepEqual(readAll([whole], 2000), [whole.toString('hex')])
  assert.deepEqual(readAll([whole], 1999), ['length-too-large'])
})

test('a split PDU is read wherever it is cut, and grows no further than what came', () => {
  const whole = Buffer.alloc(5000, 7)
  whole.writeUInt32BE(5000, 0)
  for (let cut = 1; cut < whole.length; cut += 7) {
    assert.deepEqual(readAll([whole.subarray(0, cut), whole.subarray(cut)]), [
      whole.toString('hex'),
    ])
  }
})

test('a PDU that lies whole in a chunk is a view of it', () => {
  const chunk = hex(`${ENQUIRE}${LONGER}`)
  const step = createFrameReader().read(chunk, 16)
  assert.ok(step.kind === 'frame')
  assert.equal(step.bytes.buffer, chunk.buffer)
})

test('a frame reader finds the same PDUs however the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(somePdu, { maxLength: 5 }), fc.array(fc.nat(2000)), (pdus, cuts) => {
      const whole = Buffer.concat(pdus.map(encoded))
      const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b)]
      const chunks = places.map((from, index) => whole.subarray(from, places[index + 1]))
      assert.deepEqual(readAll(chunks), readAll([whole]))
    }),
  )
})
