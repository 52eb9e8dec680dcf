import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DefaultAlphabet, parseDataCoding, printDataCoding } from './data-coding.ts'

const rows: readonly (readonly [value: number, alphabet: string, messageClass?: number])[] = [
  [0x00, 'gsm7'],
  [0x01, 'ascii'],
  [0x02, 'binary'],
  [0x03, 'latin1'],
  [0x04, 'binary'],
  [0x08, 'ucs2'],
  [0x10, 'gsm7', 0],
  [0x11, 'gsm7', 1],
  [0x14, 'binary', 0],
  [0x18, 'ucs2', 0],
  [0x19, 'ucs2', 1],
  [0x48, 'ucs2'],
  [0xf0, 'gsm7', 0],
  [0xf2, 'gsm7', 2],
  [0xf4, 'binary', 0],
  [0xf7, 'binary', 3],
]
for (const [value, alphabet, messageClass] of rows) {
  test(`data_coding 0x${value.toString(16)} is ${alphabet} of class ${messageClass}`, () => {
    const tail = messageClass === undefined ? {} : { messageClass }
    assert.deepEqual(parseDataCoding(value, 'gsm7'), { kind: 'known', alphabet, ...tail })
  })
}

const unsupported: readonly (readonly [value: number, because: string])[] = [
  [0x05, 'jis'],
  [0x06, 'cyrillic'],
  [0x07, 'hebrew'],
  [0x09, 'pictogram'],
  [0x0a, 'iso-2022-jp'],
  [0x0b, 'reserved'],
  [0x0d, 'extended-kanji'],
  [0x0e, 'ks-c-5601'],
  [0x0f, 'reserved'],
  [0x1c, 'reserved'],
  [0x20, 'compressed'],
  [0x80, 'reserved'],
  [0xbf, 'reserved'],
]
for (const [value, because] of unsupported) {
  test(`data_coding 0x${value.toString(16)} is not decoded: ${because}`, () =>
    assert.deepEqual(parseDataCoding(value, 'gsm7'), { kind: 'unsupported', because }))
}

test('a waiting indication says what waits, whether it does, and whether to keep the message', () => {
  assert.deepEqual(parseDataCoding(0xc8, 'latin1'), {
    kind: 'known',
    alphabet: 'gsm7',
    waiting: { kind: 'voicemail', active: true, keep: false },
  })
  assert.deepEqual(parseDataCoding(0xd2, 'gsm7'), {
    kind: 'known',
    alphabet: 'gsm7',
    waiting: { kind: 'email', active: false, keep: true },
  })
  assert.deepEqual(parseDataCoding(0xe9, 'gsm7'), {
    kind: 'known',
    alphabet: 'ucs2',
    waiting: { kind: 'fax', active: true, keep: true },
  })
})

const defaults: readonly DefaultAlphabet[] = ['gsm7', 'ascii', 'latin1', 'ucs2']

test('value 0 means what the peer means by it, and no other value does', () => {
  for (const alphabet of defaults) {
    assert.deepEqual(parseDataCoding(0, alphabet), { kind: 'known', alphabet })
    for (let value = 1; value < 256; value += 1) {
      assert.deepEqual(parseDataCoding(value, alphabet), parseDataCoding(value, 'gsm7'))
    }
  }
})

test('a value that is written means what it was written for', () => {
  const classes = [undefined, 0, 1, 2, 3] as const
  for (const peer of defaults) {
    for (const alphabet of ['gsm7', 'ascii', 'latin1', 'ucs2', 'binary'] as const) {
      for (const messageClass of classes) {
        const value = printDataCoding(alphabet, peer, messageClass)
        if (value === undefined) continue
        const tail = messageClass === undefined ? {} : { messageClass }
        assert.deepEqual(parseDataCoding(value, peer), { kind: 'known', alphabet, ...tail })
      }
    }
  }
})

test('GSM 7 bit can be said without a class only to a peer whose default it is', () => {
  assert.equal(printDataCoding('gsm7', 'gsm7'), 0)
  assert.equal(printDataCoding('gsm7', 'latin1'), undefined)
  assert.equal(printDataCoding('gsm7', 'latin1', 0), 0xf0)
  assert.equal(printDataCoding('latin1', 'gsm7', 0), undefined)
})
