import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { commandId, RESPONSE_BIT } from './command.ts'
import { printStatus } from './command-status.ts'
import { createDataSm, createPlain, createSubmitMulti, createSubmitSm } from './create-body.ts'
import { decodePdu } from './decode.ts'
import { encodePdu } from './encode.ts'
import type { SmppBody, SmppPdu } from './pdu.ts'
import { comparable, encoded, frame, hex } from './testing/bytes.ts'
import { somePdu } from './testing/pdus.ts'
import { NO_TLVS } from './tlv-table.ts'

function decoded(bytes: Buffer): SmppPdu {
  const result = decodePdu(bytes)
  assert.ok(result.kind === 'pdu', JSON.stringify(result))
  return result.pdu
}

const to = { ton: 1, npi: 1, addr: '15550100123' }

/** The first is the example of SMPP 3.4 §3.2.1; the others are put together by its tables. */
const GOLDEN: readonly (readonly [name: string, bytes: string, body: SmppBody])[] = [
  [
    'bind_transmitter',
    `0000002f 00000002 00000000 00000001 534d50503354455354 00 7365637265743038 00
     5355424d495431 00 00 01 01 00`,
    {
      command: 'bind_transmitter',
      systemId: 'SMPP3TEST',
      password: 'secret08',
      systemType: 'SUBMIT1',
      interfaceVersion: 0,
      addressRange: { ton: 1, npi: 1, addr: '' },
      tlvs: NO_TLVS,
    },
  ],
  [
    'enquire_link',
    '00000010 00000015 00000000 00000001',
    { command: 'enquire_link', tlvs: NO_TLVS },
  ],
  [
    'submit_sm with a reference and a vendor’s own parameter',
    `00000043 00000004 00000000 00000001 00 000000 0101 3135353530313030313233 00 40 00 00 00 00
     01 00 08 00 05 0500034101 0204 0002 1234 1400 0003 616263 020f 0001 02`,
    createSubmitSm({
      destination: to,
      esmClass: 0x40,
      registeredDelivery: 1,
      dataCoding: 8,
      shortMessage: hex('0500034101'),
      tlvs: {
        userMessageReference: 0x1234,
        sarSegmentSeqnum: 2,
        others: [{ tag: 0x1400, value: Buffer.from('abc') }],
      },
    }),
  ],
  [
    'submit_sm_resp',
    '00000013 80000004 00000000 00000001 6162 00',
    { command: 'submit_sm_resp', messageId: 'ab', tlvs: NO_TLVS },
  ],
]

for (const [name, bytes, body] of GOLDEN) {
  test(`${name} is read from its bytes`, () => {
    const pdu = decoded(hex(bytes))
    assert.equal(pdu.sequenceNumber, 1)
    assert.deepEqual(comparable(pdu.body), comparable(body))
  })
}

test('a PDU without vendors’ parameters is written octet for octet', () => {
  for (const [, bytes, body] of GOLDEN) {
    if (body.tlvs.others !== undefined) continue
    assert.deepEqual(encoded({ commandStatus: 0, sequenceNumber: 1, body }), hex(bytes))
  }
})

test('what was written is read again, for every operation and every field', () => {
  fc.assert(
    fc.property(somePdu, (pdu) => {
      const bytes = encoded(pdu)
      assert.equal(bytes.readUInt32BE(0), bytes.length)
      assert.deepEqual(comparable(decoded(bytes)), comparable(pdu))
    }),
    { numRuns: 500 },
  )
})

test('a refusing response without content is a header and nothing else', () => {
  const body = { command: 'submit_sm_resp', messageId: '', tlvs: NO_TLVS } as const
  assert.equal(encoded({ commandStatus: 0x58, sequenceNumber: 7, body }).length, 16)
  const congested = { ...body, tlvs: { congestionState: 90 } }
  const bytes = encoded({ commandStatus: 0x58, sequenceNumber: 7, body: congested })
  assert.deepEqual(decoded(bytes).body.tlvs, { congestionState: 90 })
})

const NUL3 = '00 00 00'
const ADDRESSES = '000000 000000'
const REST = '00 00 00 00 00 00 00 00 00'

/** What is wrong, the bytes, and how the peer is told. */
const REFUSED: readonly (readonly [name: string, id: number, body: string, status: string])[] = [
  ['a system_id that never ends', 0x02, '6162', 'ESME_RINVCMDLEN'],
  ['a system_id of 66 octets', 0x02, '61'.repeat(66), 'ESME_RINVSYSID'],
  ['a password of 66 octets', 0x01, `00${'61'.repeat(66)}`, 'ESME_RINVPASWD'],
  ['a bind without its last fields', 0x09, NUL3, 'ESME_RINVCMDLEN'],
  ['an empty submit_sm', 0x04, '', 'ESME_RINVCMDLEN'],
  ['a service_type of 6 characters', 0x04, '616161616161 00', 'ESME_RINVSERTYP'],
  ['a source of 21 characters', 0x04, `00 0101 ${'31'.repeat(21)}00`, 'ESME_RINVSRCADR'],
  ['a destination of 21 characters', 0x05, `00 000000 0101${'31'.repeat(21)}00`, 'ESME_RINVDSTADR'],
  [
    'a validity of 17 characters',
    0x04,
    `00 ${ADDRESSES} 000000 00 ${'30'.repeat(17)}00`,
    'ESME_RINVEXPIRY',
  ],
  [
    'a schedule of 17 characters',
    0x04,
    `00 ${ADDRESSES} 000000 ${'30'.repeat(17)}00`,
    'ESME_RINVSCHED',
  ],
  ['an sm_length beyond the PDU', 0x04, `00 ${ADDRESSES} ${REST} 0a 61`, 'ESME_RINVMSGLEN'],
  ['a TLV header cut short', 0x04, `00 ${ADDRESSES} ${REST} 00 0204 00`, 'ESME_RINVOPTPARSTREAM'],
  [
    'a TLV value cut short',
    0x04,
    `00 ${ADDRESSES} ${REST} 00 0424 0005 6161`,
    'ESME_RINVOPTPARSTREAM',
  ],
  ['a TLV of a wrong length', 0x04, `00 ${ADDRESSES} ${REST} 00 0204 0001 61`, 'ESME_RINVPARLEN'],
  ['no destinations', 0x21, '00 000000 00', 'ESME_RINVNUMDESTS'],
  ['255 destinations', 0x21, '00 000000 ff', 'ESME_RINVNUMDESTS'],
  ['a dest_flag of 3', 0x21, '00 000000 01 03', 'ESME_RINVDESTFLAG'],
  ['a list name of 21', 0x21, `00 000000 01 02 ${'61'.repeat(21)}`, 'ESME_RINVDLNAME'],
  ['a message_id of 65 characters', 0x03, '61'.repeat(65), 'ESME_RINVMSGID'],
  ['an operation nobody knows', 0x7777, '', 'ESME_RINVCMDID'],
  ['cell broadcast', 0x0111, '00', 'ESME_RINVCMDID'],
]

for (const [name, id, body, status] of REFUSED) {
  test(`${name} is answered ${status}`, () => {
    const result = decodePdu(frame(id, 9, body))
    assert.ok(result.kind === 'refused', JSON.stringify(result))
    assert.equal(printStatus(result.commandStatus), status)
    assert.equal(result.sequenceNumber, 9)
    assert.equal(result.command === undefined, status === 'ESME_RINVCMDID')
  })
}

test('a header cut short is answered by a generic_nack', () => {
  const result = decodePdu(hex('00000010'))
  assert.ok(result.kind === 'refused' && result.command === undefined)
})

test('responses are never refused: what can be read is given', () => {
  const cut = decoded(frame(RESPONSE_BIT + 4, 3, '6162'))
  assert.deepEqual(cut.body, { command: 'submit_sm_resp', messageId: '', tlvs: NO_TLVS })
  const empty = decoded(frame(commandId('query_sm_resp'), 3, ''))
  assert.equal(empty.sequenceNumber, 3)
  const odd = decoded(frame(commandId('submit_sm_resp'), 3, '6100 0428 0002 0001'))
  assert.deepEqual(comparable(odd.body), {
    command: 'submit_sm_resp',
    messageId: 'a',
    tlvs: { others: [{ tag: 0x0428, value: Uint8Array.of(0, 1) }] },
  })
  assert.equal(decodePdu(frame(RESPONSE_BIT + 0x111, 3, '')).kind, 'ignored')
})

test('a client keeps a receipt whose parameters have odd lengths', () => {
  const bytes = frame(5, 1, `00 ${ADDRESSES} ${REST} 00 0427 0002 0002 001e 0002 6162`)
  assert.equal(decodePdu(bytes).kind, 'refused')
  const result = decodePdu(bytes, 'keep')
  assert.ok(result.kind === 'pdu')
  assert.deepEqual(comparable(result.pdu.body.tlvs), {
    receiptedMessageId: 'ab',
    others: [{ tag: 0x0427, value: Uint8Array.of(0, 2) }],
  })
})

test('the first of two values counts, and the second is not lost', () => {
  const bytes = frame(
    0x15,
    1,
    '0204 0002 0001 0204 0002 0002 0381 0004 01010131 0381 0004 01010132',
  )
  assert.deepEqual(comparable(decoded(bytes).body.tlvs), {
    userMessageReference: 1,
    callbackNum: [Uint8Array.of(1, 1, 1, 0x31), Uint8Array.of(1, 1, 1, 0x32)],
    others: [{ tag: 0x0204, value: Uint8Array.of(0, 2) }],
  })
})

const UNWRITABLE: readonly (readonly [name: string, body: SmppBody, field: string])[] = [
  [
    'a number of 21 digits',
    createSubmitSm({ destination: { ...to, addr: '1'.repeat(21) } }),
    'destination_addr',
  ],
  [
    'a short message of 255 octets',
    createSubmitSm({ destination: to, shortMessage: Buffer.alloc(255) }),
    'short_message',
  ],
  ['an esm_class of 256', createSubmitSm({ destination: to, esmClass: 256 }), 'esm_class'],
  ['half a data_coding', createDataSm({ destination: to, dataCoding: 0.5 }), 'data_coding'],
  ['a NUL', createSubmitSm({ destination: to, serviceType: 'a\0b' }), 'service_type'],
  [
    'a character of no octet',
    createSubmitSm({ destination: to, serviceType: 'é€' }),
    'service_type',
  ],
  ['nobody to send to', createSubmitMulti({ destinations: [] }), 'number_of_dests'],
  [
    'a payload of 64 KiB',
    createDataSm({ destination: to, tlvs: { messagePayload: Buffer.alloc(65_536) } }),
    'messagePayload',
  ],
  [
    'a reference of 17 bits',
    createDataSm({ destination: to, tlvs: { userMessageReference: 65_536 } }),
    'userMessageReference',
  ],
  [
    'a receipted id of 65 characters',
    createDataSm({ destination: to, tlvs: { receiptedMessageId: 'a'.repeat(65) } }),
    'receiptedMessageId',
  ],
  [
    'a subaddress of one octet',
    createDataSm({ destination: to, tlvs: { destSubaddress: Buffer.alloc(1) } }),
    'destSubaddress',
  ],
]

for (const [name, body, field] of UNWRITABLE) {
  test(`${name} is not written`, () => {
    const result = encodePdu({ commandStatus: 0, sequenceNumber: 1, body })
    assert.ok(result.kind === 'refused')
    assert.equal(result.field, field)
  })
}

test('the largest payload is written and read', () => {
  const messagePayload = Buffer.alloc(65_535, 'x')
  const body = createDataSm({ destination: to, tlvs: { messagePayload } })
  const again = decoded(encoded({ commandStatus: 0, sequenceNumber: 1, body })).body
  assert.equal(again.tlvs.messagePayload?.length, 65_535)
})

test('any bytes get an answer, and never an exception', () => {
  const header = fc.record({ id: fc.nat(0x200), response: fc.boolean() })
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 400 }), ({ id, response }, body) => {
      const bytes = frame((response ? RESPONSE_BIT : 0) + id, 1, Buffer.from(body))
      assert.ok(['pdu', 'refused', 'ignored'].includes(decodePdu(bytes).kind))
      decodePdu(bytes, 'keep')
    }),
    { numRuns: 2000 },
  )
})

test('a damaged PDU is read or refused, and what is read can be written again', () => {
  const damage = fc.array(fc.record({ at: fc.nat(400), to: fc.nat(0xff) }), { maxLength: 4 })
  fc.assert(
    fc.property(somePdu, damage, fc.nat(400), (pdu, places, cut) => {
      const bytes = Buffer.from(encoded(pdu))
      for (const { at, to: octet } of places) if (at < bytes.length) bytes[at] = octet
      const result = decodePdu(bytes.subarray(0, Math.max(16, bytes.length - cut)))
      if (result.kind !== 'pdu') return
      const again = encodePdu(result.pdu)
      // A message of 255 octets can be read (SMPP 5.0 allows it) and is not written.
      if (again.kind === 'refused') assert.match(again.field, /^(short_message|number_of_dests)$/)
    }),
    { numRuns: 1000 },
  )
})

test('an unbind is a header', () => {
  assert.equal(
    encoded({ commandStatus: 0, sequenceNumber: 1, body: createPlain('unbind') }).length,
    16,
  )
})
