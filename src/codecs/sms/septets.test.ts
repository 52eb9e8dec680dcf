import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fillBitsAfter, packSeptets, septetsIn, unpackSeptets } from './septets.ts'

const hex = (text: string) => Buffer.from(text, 'hex')
const toHex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')
const ascii = (text: string) => Buffer.from(text, 'ascii')

const VECTORS: readonly (readonly [text: string, packed: string])[] = [
  ['hellohello', 'e8329bfd4697d9ec37'],
  ['hello', 'e8329bfd06'],
  ['12345678', '31d98c56b3dd70'],
  ['A', '41'],
  ['', ''],
]
for (const [text, packed] of VECTORS) {
  test(`septets are packed as the standard does: ${text}`, () => {
    assert.equal(toHex(packSeptets(ascii(text))), packed)
    assert.equal(toHex(unpackSeptets(hex(packed), text.length)), toHex(ascii(text)))
  })
}

test('one fill bit stands behind a concatenation header, none behind seven octets', () => {
  assert.deepEqual([0, 1, 5, 6, 7, 9, 12].map(fillBitsAfter), [0, 6, 2, 1, 0, 5, 2])
  assert.equal(toHex(packSeptets(ascii('hello'), 1)), 'd06536fb0d')
})

test('140 octets hold 160 septets, 153 behind a header of six and 152 behind one of seven', () => {
  assert.deepEqual([septetsIn(140), septetsIn(134, 1), septetsIn(133, 0)], [160, 153, 152])
  assert.equal(septetsIn(0, 6), 0)
})

test('packed septets come back, whatever the fill bits', () => {
  const septets = fc.uint8Array({ max: 0x7f })
  fc.assert(
    fc.property(septets, fc.integer({ min: 0, max: 6 }), (each, fillBits) => {
      const packed = packSeptets(each, fillBits)
      assert.equal(packed.length, Math.ceil((fillBits + each.length * 7) / 8))
      assert.equal(toHex(unpackSeptets(packed, each.length, fillBits)), toHex(each))
    }),
  )
})

test('more septets than there are cannot be taken out', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.integer(),
      fc.integer({ min: 0, max: 6 }),
      (octets, n, fill) => {
        const septets = unpackSeptets(octets, n, fill)
        assert.ok(septets.length <= septetsIn(octets.length, fill))
        assert.ok(septets.every((septet) => septet < 0x80))
      },
    ),
  )
})
