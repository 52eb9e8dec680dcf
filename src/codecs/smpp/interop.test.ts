/** A foreign implementation as oracle: what we write it reads, what it writes we read. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CommandName, findCommand, printCommandId } from './command.ts'
import { COMMAND_STATUS, findStatusName, parseStatus } from './command-status.ts'
import { decodePdu } from './decode.ts'
import type { SmppBody } from './pdu.ts'
import { comparable, encoded } from './testing/bytes.ts'
import { foreignSmpp } from './testing/foreign-smpp.ts'
import { NO_TLVS, TLVS, type TlvRow } from './tlv-table.ts'

const digits = fc.stringMatching(/^[0-9]{0,20}$/)
const word = (maxLength: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9]{0,${maxLength}}$`))
const u8 = fc.nat(0xff)
const address = fc.record({ ton: u8, npi: u8, addr: digits })
const octets = fc.uint8Array({ maxLength: 254 }).map((bytes) => Buffer.from(bytes))

/** 8-bit data and no header: the foreign side would read text and headers for itself. */
const OCTETS = 4
const esmClass = u8.map((octet) => octet & 0x3f)

const tlvs = fc.record(
  {
    userMessageReference: fc.nat(0xffff),
    sourcePort: fc.nat(0xffff),
    sarMsgRefNum: fc.nat(0xffff),
    sarTotalSegments: u8,
    sarSegmentSeqnum: u8,
    receiptedMessageId: word(64),
    messageState: u8,
    qosTimeToLive: fc.nat(0xffff_ffff),
  },
  { requiredKeys: [] },
)

const message = fc.record({
  serviceType: word(5),
  source: address,
  destination: address,
  esmClass,
  protocolId: u8,
  priorityFlag: u8,
  scheduleDeliveryTime: fc.constant(''),
  validityPeriod: fc.constant(''),
  registeredDelivery: u8,
  replaceIfPresentFlag: u8,
  dataCoding: fc.constant(OCTETS),
  smDefaultMsgId: u8,
  shortMessage: octets,
  tlvs,
})

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Our fields by the names the foreign side has for them. */
function foreignFields(body: SmppBody): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, value] of Object.entries({ ...body, ...body.tlvs })) {
    if (name === 'source') {
      fields.source_addr_ton = value.ton
      fields.source_addr_npi = value.npi
      fields.source_addr = value.addr
    } else if (name === 'destination') {
      fields.dest_addr_ton = value.ton
      fields.dest_addr_npi = value.npi
      fields.destination_addr = value.addr
    } else if (name === 'addressRange') {
      fields.addr_ton = value.ton
      fields.addr_npi = value.npi
      fields.address_range = value.addr
    } else if (name !== 'tlvs' && name !== 'command') fields[snake(name)] = value
  }
  return fields
}

const anyForeignBody: fc.Arbitrary<SmppBody> = fc.oneof(
  message.map((fields) => ({ command: 'submit_sm' as const, ...fields })),
  message.map((fields) => ({ command: 'deliver_sm' as const, ...fields })),
  fc.record({
    command: fc.constantFrom('bind_transmitter', 'bind_receiver', 'bind_transceiver'),
    systemId: word(15),
    password: word(8),
    systemType: word(12),
    interfaceVersion: u8,
    addressRange: address,
    tlvs: fc.constant(NO_TLVS),
  }),
  fc.record({
    command: fc.constantFrom('submit_sm_resp', 'deliver_sm_resp', 'data_sm_resp'),
    messageId: word(64),
    tlvs,
  }),
  fc.record({
    command: fc.constantFrom('unbind', 'enquire_link', 'enquire_link_resp', 'cancel_sm_resp'),
    tlvs: fc.constant(NO_TLVS),
  }),
  fc.record({
    command: fc.constant('data_sm'),
    serviceType: word(5),
    source: address,
    destination: address,
    esmClass,
    registeredDelivery: u8,
    dataCoding: fc.constant(OCTETS),
    tlvs,
  }),
  fc.record({
    command: fc.constant('query_sm'),
    messageId: word(64),
    source: address,
    tlvs: fc.constant(NO_TLVS),
  }),
  fc.record({
    command: fc.constant('cancel_sm'),
    serviceType: word(5),
    messageId: word(64),
    source: address,
    destination: address,
    tlvs: fc.constant(NO_TLVS),
  }),
) as fc.Arbitrary<SmppBody>

test('what the npm package writes is read as it was meant', () => {
  fc.assert(
    fc.property(anyForeignBody, (body) => {
      const bytes = new foreignSmpp.PDU(body.command, {
        ...foreignFields(body),
        sequence_number: 5,
      }).toBuffer()
      const result = decodePdu(bytes)
      assert.ok(result.kind === 'pdu', JSON.stringify(result))
      assert.deepEqual(comparable(result.pdu.body), comparable(body))
    }),
    { numRuns: 400 },
  )
})

test('what we write the npm package reads as it was meant', () => {
  fc.assert(
    fc.property(anyForeignBody, (body) => {
      const bytes = encoded({ commandStatus: 0, sequenceNumber: 5, body })
      const found = new foreignSmpp.PDU(bytes)
      assert.equal(found.command, body.command)
      const seen = { ...found, short_message: messageOf(found.short_message) }
      const expected = foreignFields(body)
      for (const [name, value] of Object.entries(expected)) {
        assert.deepEqual(comparable(seen[name as keyof typeof seen]), comparable(value), name)
      }
    }),
    { numRuns: 400 },
  )
})

function messageOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'message' in value ? value.message : value
}

test('several destinations and failures are read as the npm package wrote them', () => {
  const to = { dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '15550100123' }
  const many = new foreignSmpp.PDU('submit_multi', {
    dest_address: [to, { dl_name: 'staff' }],
    short_message: Buffer.from('x'),
  })
  const submit = decodePdu(many.toBuffer())
  assert.ok(submit.kind === 'pdu' && submit.pdu.body.command === 'submit_multi')
  const address = { ton: 1, npi: 1, addr: '15550100123' }
  assert.deepEqual(submit.pdu.body.destinations, [
    { kind: 'address', address },
    { kind: 'list', name: 'staff' },
  ])
  const failed = new foreignSmpp.PDU('submit_multi_resp', {
    message_id: 'm1',
    unsuccess_sme: [{ ...to, error_status_code: 11 }],
  })
  const response = decodePdu(failed.toBuffer())
  assert.ok(response.kind === 'pdu' && response.pdu.body.command === 'submit_multi_resp')
  assert.deepEqual(response.pdu.body.unsuccess, [{ address, commandStatus: 11 }])
})

test('operations have the numbers the npm package knows, cell broadcast only by name', () => {
  for (const [name, { id }] of Object.entries(foreignSmpp.commands)) {
    assert.equal(printCommandId(id), name)
    if (!name.includes('broadcast')) assert.equal(findCommand(id), name as CommandName)
  }
})

test('statuses have the numbers the npm package knows', () => {
  for (const [name, value] of Object.entries(foreignSmpp.errors)) {
    assert.equal(parseStatus(name), value, name)
  }
  for (const name of Object.keys(COMMAND_STATUS)) {
    assert.equal(foreignSmpp.errors[name] ?? parseStatus(name), parseStatus(name))
  }
  assert.equal(findStatusName(0xfe), 'ESME_RDELIVERYFAILURE')
})

test('optional parameters have the tags the npm package knows', () => {
  const tags = new Set(Object.values(foreignSmpp.tlvs).map(({ id }) => id))
  for (const [name, row] of Object.entries<TlvRow>(TLVS)) {
    // A few are spelt otherwise there; their tags are known all the same.
    assert.equal(foreignSmpp.tlvs[snake(name)]?.id ?? row.tag, row.tag, name)
    assert.ok(tags.has(row.tag), name)
  }
})
