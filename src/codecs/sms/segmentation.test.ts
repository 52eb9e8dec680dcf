import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeText } from './alphabet.ts'
import { septetTables } from './gsm7-tables.ts'
import { shiftTablesOf } from './national-tables.ts'
import {
  measureText,
  PART_OCTETS_MAX,
  type SegmentationOptions,
  type Split,
  splitOctets,
  splitText,
} from './segmentation.ts'
import { countUdhOctets, findConcatenation } from './udh.ts'
import { parseUserData, printUserData } from './user-data.ts'

type Row = readonly [name: string, text: string, expected: string, options?: SegmentationOptions]
const ROWS: readonly Row[] = [
  ['no text', '', 'gsm7 1×160'],
  ['160 septets', 'a'.repeat(160), 'gsm7 1×160'],
  ['161 septets', 'a'.repeat(161), 'gsm7 2×153'],
  ['306 septets', 'a'.repeat(306), 'gsm7 2×153'],
  ['307 septets', 'a'.repeat(307), 'gsm7 3×153'],
  ['80 escaped septets', '€'.repeat(80), 'gsm7 1×160'],
  ['153 escaped pairs, 76 in each part', '€'.repeat(153), 'gsm7 3×153'],
  ['70 units', 'я'.repeat(70), 'ucs2 1×70'],
  ['71 units', 'я'.repeat(71), 'ucs2 2×67'],
  ['134 units', 'я'.repeat(134), 'ucs2 2×67'],
  ['67 bells of two units, 33 in each part', '🔔'.repeat(67), 'ucs2 3×67'],
  ['140 octets', 'ç'.repeat(140), 'latin1 1×140', { alphabets: ['gsm7', 'latin1', 'ucs2'] }],
  ['141 octets', 'ç'.repeat(141), 'latin1 2×134', { alphabets: ['gsm7', 'latin1', 'ucs2'] }],
  ['a reference of 16 bits', 'a'.repeat(161), 'gsm7 2×152', { referenceBits: 16 }],
  ['16 bits of reference and units', 'я'.repeat(71), 'ucs2 2×66', { referenceBits: 16 }],
  ['Turkish without its tables', 'ğ'.repeat(71), 'ucs2 2×67'],
  ['Turkish in its own alphabet', 'ğ'.repeat(152), 'gsm7 1×155', { languages: ['turkish'] }],
  ['a long Turkish text', 'ğ'.repeat(298), 'gsm7 2×149', { languages: ['turkish'] }],
  ['Spanish, where tables help', 'á'.repeat(77), 'gsm7 1×155', { languages: ['spanish'] }],
  ['Hindi with both tables', 'न।'.repeat(50), 'gsm7 1×152', { languages: ['hindi'] }],
  [
    'English, where tables do not help',
    'a'.repeat(160),
    'gsm7 1×160',
    { languages: ['turkish', 'hindi'] },
  ],
]
for (const [name, text, expected, options] of ROWS) {
  test(`a text takes as few parts as it can: ${name}`, () => {
    const result = measureText(text, options)
    assert.equal(result.kind, 'measure')
    if (result.kind !== 'measure') return
    const { alphabet, parts, unitsPerPart } = result.measure
    assert.equal(`${alphabet} ${parts}×${unitsPerPart}`, expected)
  })
}

test('a text is not cut where no alphabet has its characters, or too many parts are needed', () => {
  const gsm7Only = { alphabets: ['gsm7'] } as const
  assert.deepEqual(splitText('ab中', 1, gsm7Only), { kind: 'unencodable', at: 2 })
  assert.deepEqual(splitText('a\ud83d', 1), { kind: 'unencodable', at: 1 })
  assert.deepEqual(splitText('a'.repeat(161), 1, { partsMax: 1 }), {
    kind: 'too-long',
    partsMax: 1,
  })
  assert.equal(splitText('a'.repeat(255 * 153), 1).kind, 'parts')
  const tooLong = { kind: 'too-long', partsMax: 255 }
  assert.deepEqual(splitText('a'.repeat(255 * 153 + 1), 1), tooLong)
  assert.deepEqual(splitText('a'.repeat(1_000_000), 1), tooLong)
  assert.equal(splitText('a', 1, { partsMax: 0 }).kind, 'too-long')
  assert.equal(splitText('a', 1, { alphabets: [] }).kind, 'unencodable')
})

test('a header that leaves no room is too long, not cut without end', () => {
  const elements = [{ kind: 'other', identifier: 0x70, data: new Uint8Array(200) }] as const
  assert.equal(splitText('hello', 1, { elements }).kind, 'too-long')
})

test('parts carry their place, for a header and for sar parameters', () => {
  const split = splitText('a'.repeat(200), 0x1ff)
  assert.equal(split.kind, 'parts')
  if (split.kind !== 'parts') return
  assert.deepEqual(
    split.parts.map(({ concatenation }) => concatenation),
    [1, 2].map((sequence) => ({
      ...{ kind: 'concatenation', referenceBits: 8, reference: 0xff, total: 2, sequence },
    })),
  )
  const octets = split.parts.map((part) => printUserData(part, 'gsm7'))
  assert.deepEqual(octets[0]?.subarray(0, 7), Uint8Array.of(5, 0, 3, 0xff, 2, 1, 0x61))
})

const TABLES = [{}, { locking: 'turkish', single: 'turkish' }, { single: 'hindi' }] as const
const known = TABLES.flatMap((shift) => {
  const { locking, single } = septetTables(shift)
  return [...locking.septets.keys(), ...single.septets.keys()]
})
const texts = fc.oneof(
  fc.array(fc.constantFrom(...known), { maxLength: 700 }).map((each) => each.join('')),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.array(fc.constantFrom('€', 'a', '🔔', 'я'), { maxLength: 400 }).map((each) => each.join('')),
)
const optionSets = fc.record<SegmentationOptions>(
  {
    languages: fc.subarray(['turkish', 'spanish', 'hindi', 'urdu'] as const),
    referenceBits: fc.constantFrom(8, 16),
    elements: fc.constantFrom(
      [],
      [{ kind: 'ports', portBits: 16, destination: 2948, source: 9200 }],
    ),
    alphabets: fc.constantFrom(['gsm7', 'ucs2'], ['gsm7', 'latin1', 'ucs2']),
  },
  { requiredKeys: [] },
)

/** Reads the parts as a receiver would: every header parsed, every part within the air's limit. */
function readBack(split: Extract<Split, { kind: 'parts' }>, carriage: 'unpacked' | 'packed') {
  const { alphabet } = split.measure
  return split.parts.map((part, index) => {
    const octets = printUserData(part, alphabet, carriage) ?? new Uint8Array(0)
    const read = parseUserData(octets, alphabet, part.elements.length > 0, carriage)
    assert.equal(read.kind, 'user-data')
    if (read.kind !== 'user-data') return ''
    const place = findConcatenation(read.elements)
    assert.equal(place?.sequence, split.parts.length === 1 ? undefined : index + 1)
    const shift = shiftTablesOf(read.elements)
    const decoded = decodeText(alphabet, read.body, { shift })
    assert.equal(decoded.kind, 'text', 'a part is text on its own: no pair is cut in two')
    return decoded.kind === 'text' ? decoded.text : ''
  })
}

test('any text comes back from its parts, and no part is longer than the air allows', () => {
  fc.assert(
    fc.property(texts, fc.nat(0xffff), optionSets, (text, reference, options) => {
      const split = splitText(text, reference, options)
      if (split.kind !== 'parts') return
      const { measure, parts } = split
      assert.equal(parts.length, measure.parts)
      for (const part of parts) {
        const units = measure.alphabet === 'ucs2' ? part.body.length / 2 : part.body.length
        assert.ok(units <= measure.unitsPerPart)
        const packed = printUserData(part, measure.alphabet, 'packed')
        assert.ok((packed?.length ?? Number.NaN) <= PART_OCTETS_MAX)
        assert.ok(countUdhOctets(part.elements) < PART_OCTETS_MAX)
      }
      assert.equal(readBack(split, 'unpacked').join(''), text)
      // Packed, an @ at the last bit of a part cannot be told from spare bits.
      if (!text.includes('@')) assert.equal(readBack(split, 'packed').join(''), text)
    }),
    { numRuns: 300 },
  )
})

test('octets come back from their parts of 134', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => {
      const split = splitOctets(octets, 7)
      assert.equal(split.kind, 'parts')
      if (split.kind !== 'parts') return
      assert.ok(
        split.parts.every(({ body }) => body.length <= (split.parts.length > 1 ? 134 : 140)),
      )
      assert.deepEqual(Buffer.concat(split.parts.map(({ body }) => body)), Buffer.from(octets))
    }),
  )
})

test('whatever octets come, header and text are taken apart or at fault', () => {
  const carriages = fc.constantFrom('packed', 'unpacked')
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), carriages, (octets, headed, carriage) => {
      for (const alphabet of ['gsm7', 'ucs2', 'binary'] as const) {
        const read = parseUserData(octets, alphabet, headed, carriage)
        assert.ok(read.kind === 'fault' || read.body.length <= (octets.length * 8) / 7)
      }
    }),
  )
})
