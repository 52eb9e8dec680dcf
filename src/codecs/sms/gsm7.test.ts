import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { countSeptets, decodeGsm7, encodeGsm7 } from './gsm7.ts'
import {
  findNationalLanguage,
  hasLockingTable,
  NATIONAL_LANGUAGES,
  type NationalLanguage,
  type SeptetTable,
  type ShiftTables,
  septetTables,
} from './gsm7-tables.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const septetsOf = (text: string, shift: ShiftTables = {}) => {
  const encoded = encodeGsm7(text, shift)
  return encoded.kind === 'octets' ? Buffer.from(encoded.octets).toString('hex') : encoded
}
const languages = Object.keys(NATIONAL_LANGUAGES) as NationalLanguage[]

const VECTORS: readonly (readonly [text: string, septets: string, shift?: ShiftTables])[] = [
  ['', ''],
  ['hellohello', '68656c6c6f68656c6c6f'],
  ['@£$¥èéùìòÇ', '00010203040506070809'],
  ['ΔΦΓΛΩΠΨΣΘΞ', '1012131415161718191a'],
  ['ÄÖÑÜ§¿äöñüà', '5b5c5d5e5f607b7c7d7e7f'],
  ['[€]', '1b3c1b651b3e'],
  ['^{}\\~|\f', '1b141b281b291b2f1b3d1b401b0a'],
  ['İstanbul ğ', '1b497374616e62756c201b67', { single: 'turkish' }],
  ['İstanbul ğ', '407374616e62756c200c', { locking: 'turkish' }],
  ['Ángel €', '1b416e67656c201b65', { single: 'spanish' }],
  ['coração', '636f7261097b6f', { locking: 'portuguese' }],
  ['नमस्ते', '2f424c5f2759', { locking: 'hindi' }],
  ['१ A', '1b1d201b41', { locking: 'hindi', single: 'hindi' }],
  ['سلام', '3d4d004e', { locking: 'urdu' }],
]

for (const [text, septets, shift] of VECTORS) {
  test(`text becomes septets and text again: ${JSON.stringify(text)} ${JSON.stringify(shift)}`, () => {
    assert.equal(septetsOf(text, shift), septets)
    assert.deepEqual(decodeGsm7(hex(septets), 'strict', shift), { kind: 'text', text })
  })
}

test('a character that no table has is named with its place', () => {
  assert.deepEqual(encodeGsm7('ab\u4e00'), { kind: 'unencodable', at: 2 })
  assert.deepEqual(encodeGsm7('\x1b'), { kind: 'unencodable', at: 0 })
  assert.equal(countSeptets('5 €'), 4)
  assert.equal(countSeptets('ç'), undefined)
})

const BROKEN: readonly (readonly [name: string, septets: string, because: string, at: number])[] = [
  ['an escape at the end', '411b', 'escape-at-end', 1],
  ['an escape before nothing known', '1b41', 'escape-unknown', 0],
  ['two escapes in a row', '1b1b', 'escape-unknown', 0],
  ['an octet that is no septet', '4180', 'octet-above-7f', 1],
  ['an escaped octet that is no septet', '1b80', 'escape-unknown', 0],
]
for (const [name, septets, because, at] of BROKEN) {
  test(`a strict reading names ${name}`, () =>
    assert.deepEqual(decodeGsm7(hex(septets)), { kind: 'fault', because, at }))
}

test('a position reserved in a national table is a fault of its own', () => {
  assert.deepEqual(decodeGsm7(hex('0c'), 'strict', { locking: 'tamil' }), {
    kind: 'fault',
    because: 'septet-reserved',
    at: 0,
  })
})

test('a lenient reading shows what a handset would show', () => {
  const read = (septets: string) => {
    const decoded = decodeGsm7(hex(septets), 'lenient')
    return decoded.kind === 'text' ? decoded.text : decoded
  }
  assert.deepEqual(['411b', '1b41', '1b1b41', '4180', '1b80'].map(read), [
    'A ',
    'A',
    ' A',
    'A\ufffd',
    '\ufffd',
  ])
})

test('the default alphabet has 127 characters and the extension ten', () => {
  const { locking, single } = septetTables({})
  assert.deepEqual([locking.septets.size, single.septets.size], [127, 10])
})

/** Digests of tables that agree, position by position, with those of two independent codecs. */
const DIGESTS: Readonly<Record<NationalLanguage | 'none', string>> = {
  none: '4d5e3de8666f2d89',
  turkish: 'd9e07ed4bfb2620a',
  spanish: 'd0cf7b477bf611f2',
  portuguese: '59819295f961c7a5',
  bengali: '71e952e07f1f7705',
  gujarati: '62c7dc95f521eb45',
  hindi: '8e732c2bc479d5fb',
  kannada: '31eab3f70ea16848',
  malayalam: 'ff85e9f6704847bc',
  oriya: 'd2281d24a6796daa',
  punjabi: '8e4d3200e5fceb9b',
  tamil: '44d3cd17da2cb4bd',
  telugu: '98491b489b91a073',
  urdu: '300dcd18b14c80d7',
}
for (const language of ['none', ...languages] as const) {
  test(`every position of the tables is what the standard says: ${language}`, () => {
    const shift = language === 'none' ? {} : { locking: language, single: language }
    const { locking, single } = septetTables(shift)
    const digest = createHash('sha256').update(JSON.stringify([locking, single].map(listed)))
    assert.equal(digest.digest('hex').slice(0, 16), DIGESTS[language])
    assert.deepEqual(
      [locking, single].map(listed).map(({ length }) => length),
      [128, 128],
    )
    assert.equal(single.septets.get('€'), 0x65)
  })
}

function listed({ characters }: SeptetTable): SeptetTable['characters'] {
  return characters
}

test('only Spanish has no locking table', () => {
  assert.deepEqual(
    languages.filter((language) => !hasLockingTable(language)),
    ['spanish'],
  )
  assert.deepEqual([0, 14, 255].map(findNationalLanguage), [undefined, undefined, undefined])
  for (const language of languages) {
    assert.equal(findNationalLanguage(NATIONAL_LANGUAGES[language]), language)
  }
})

const shifts = fc.record<ShiftTables>(
  { locking: fc.constantFrom(...languages), single: fc.constantFrom(...languages) },
  { requiredKeys: [] },
)

test('whatever octets come, reading ends in text or a fault, and a lenient one always in text', () => {
  fc.assert(
    fc.property(fc.uint8Array(), shifts, (octets, shift) => {
      const strict = decodeGsm7(octets, 'strict', shift)
      const lenient = decodeGsm7(octets, 'lenient', shift)
      assert.equal(lenient.kind, 'text')
      if (strict.kind === 'text') assert.deepEqual(lenient, strict)
      else assert.ok(strict.at < octets.length)
    }),
  )
})

test('text in any tables comes back as it was', () => {
  const texts = shifts.chain((shift) => {
    const { locking, single } = septetTables(shift)
    const known = [...locking.septets.keys(), ...single.septets.keys()]
    const characters = fc.array(fc.constantFrom(...known), { maxLength: 200 })
    return fc.record({ shift: fc.constant(shift), text: characters.map((each) => each.join('')) })
  })
  fc.assert(
    fc.property(texts, ({ shift, text }) => {
      const encoded = encodeGsm7(text, shift)
      assert.equal(encoded.kind, 'octets')
      if (encoded.kind !== 'octets') return
      assert.deepEqual(decodeGsm7(encoded.octets, 'strict', shift), { kind: 'text', text })
    }),
  )
})
