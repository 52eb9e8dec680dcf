import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shiftElementsOf, shiftTablesOf } from './national-tables.ts'
import {
  countUdhOctets,
  findConcatenation,
  type InformationElement,
  isHeaderLengthFault,
  parseUdh,
  printUdh,
} from './udh.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

const HEADERS: readonly (readonly [
  name: string,
  octets: string,
  elements: InformationElement[],
])[] = [
  ['nothing', '00', []],
  [
    'part 2 of 3 with a reference of 8 bits',
    '05 00 03 a7 03 02',
    [{ kind: 'concatenation', referenceBits: 8, reference: 0xa7, total: 3, sequence: 2 }],
  ],
  [
    'part 1 of 2 with a reference of 16 bits',
    '06 08 04 12 34 02 01',
    [{ kind: 'concatenation', referenceBits: 16, reference: 0x1234, total: 2, sequence: 1 }],
  ],
  [
    'the ports of a WAP push',
    '06 05 04 0b84 23f0',
    [{ kind: 'ports', portBits: 16, destination: 2948, source: 9200 }],
  ],
  [
    'ports of 8 bits',
    '04 04 02 f0 f1',
    [{ kind: 'ports', portBits: 8, destination: 0xf0, source: 0xf1 }],
  ],
  [
    'the Turkish tables',
    '06 24 01 01 25 01 01',
    [
      { kind: 'single-shift', language: 1 },
      { kind: 'locking-shift', language: 1 },
    ],
  ],
  [
    'three voice mails waiting',
    '04 01 02 80 03',
    [{ kind: 'waiting', keep: true, indication: 0, count: 3 }],
  ],
  [
    'an element nobody knows',
    '05 70 03 01 02 03',
    [{ kind: 'other', identifier: 0x70, data: hex('010203') }],
  ],
  ['ports of no meaning', '03 05 01 0b', [{ kind: 'other', identifier: 5, data: hex('0b') }]],
]
for (const [name, octets, elements] of HEADERS) {
  test(`a header is read and written: ${name}`, () => {
    const header = hex(octets)
    const parsed = parseUdh(Buffer.concat([header, hex('4142')]))
    assert.deepEqual(parsed, { kind: 'udh', elements, octets: header.length, body: hex('4142') })
    assert.deepEqual(printUdh(elements), Uint8Array.from(header))
    assert.equal(countUdhOctets(elements), elements.length === 0 ? 0 : header.length)
  })
}

type Fault = readonly [name: string, octets: string, because: string, at: number, length?: boolean]
const FAULTS: readonly Fault[] = [
  ['no octet at all', '', 'message-empty', 0, true],
  ['a length past the message', '05 00 03 a7 03', 'header-past-message', 0, true],
  ['a length octet alone', '01', 'header-past-message', 0, true],
  ['an identifier alone', '01 00 41', 'element-past-header', 1],
  ['an element past the header', '04 00 03 a7 03 02 41', 'element-past-header', 1],
  ['a second element past the header', '07 00 03 a7 03 02 70 05 41', 'element-past-header', 6],
  ['identifier 00 of length 4', '06 00 04 a7 03 02 00', 'concatenation-length', 1],
  ['identifier 00 of length 0', '02 00 00', 'concatenation-length', 1],
  ['identifier 08 of length 3', '05 08 03 a7 03 02', 'concatenation-length', 1],
  ['no parts', '05 00 03 a7 00 00', 'total-zero', 1],
  ['part 0', '05 00 03 a7 03 00', 'sequence-zero', 1],
  ['part 4 of 3', '05 00 03 a7 03 04', 'sequence-past-total', 1],
  ['part 4 of 3 with 16 bits', '06 08 04 a7 a7 03 04', 'sequence-past-total', 1],
]
for (const [name, octets, because, at, length = false] of FAULTS) {
  test(`a header is at fault: ${name}`, () => {
    const parsed = parseUdh(hex(octets))
    assert.deepEqual(parsed, { kind: 'fault', because, at })
    assert.equal(parsed.kind === 'fault' && isHeaderLengthFault(parsed.because), length)
  })
}

test('of two concatenations the last counts', () => {
  const parsed = parseUdh(hex('0b 08 04 12 34 02 01 00 03 a7 03 02'))
  assert.equal(parsed.kind, 'udh')
  if (parsed.kind === 'udh') assert.equal(findConcatenation(parsed.elements)?.reference, 0xa7)
  assert.equal(findConcatenation([]), undefined)
})

test('a header names its national tables, and a reserved language leaves the default', () => {
  for (const shift of [{}, { single: 'urdu' }, { locking: 'hindi', single: 'tamil' }] as const) {
    assert.deepEqual(shiftTablesOf(shiftElementsOf(shift)), shift)
  }
  assert.deepEqual(shiftTablesOf([{ kind: 'locking-shift', language: 99 }]), {})
})

test('elements longer than a header can be are not written', () => {
  assert.equal(
    printUdh([{ kind: 'other', identifier: 0x70, data: new Uint8Array(254) }]),
    undefined,
  )
})

test('whatever octets come, a header is read or at fault, and read it is written the same', () => {
  const messages = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ max: 8, maxLength: 40 }),
  )
  fc.assert(
    fc.property(messages, (message) => {
      const parsed = parseUdh(message)
      if (parsed.kind === 'fault') return assert.ok(parsed.at <= message.length)
      assert.equal(parsed.octets + parsed.body.length, message.length)
      const header = Uint8Array.from(message.subarray(0, parsed.octets))
      assert.deepEqual(printUdh(parsed.elements), header)
    }),
    { numRuns: 500 },
  )
})
