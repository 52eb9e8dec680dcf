/** Every SMPP operation we write is read by tshark as it was meant, field by field. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandId } from '../../src/codecs/smpp/command.ts'
import type { SmppAddress, SmppBody } from '../../src/codecs/smpp/pdu.ts'
import { encoded } from '../../src/codecs/smpp/testing/bytes.ts'
import { NO_TLVS, type SmppTlvs, TLVS, type TlvRow } from '../../src/codecs/smpp/tlv-table.ts'
import { missing, openFolder } from '../support/peer-process.ts'
import { type Fields, readWithTshark } from '../support/tshark.ts'

const PORT = 2775
/** The bit of the command ids that makes a response. */
const RESPONSE = 0x8000_0000
const FROM: SmppAddress = { ton: 5, npi: 9, addr: 'Glocke' }
const TO: SmppAddress = { ton: 1, npi: 1, addr: '15550100199' }
const octets = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

/** Every parameter, each with a value of its own that fits it. */
const ALL_TLVS = Object.fromEntries(
  Object.entries<TlvRow>(TLVS).map(([name, row], index) => {
    const value = sampleOf(row, index)
    return [name, row.repeats === true ? [value] : value]
  }),
) as SmppTlvs

function sampleOf({ kind, octetsMin, octetsMax }: TlvRow, index: number): unknown {
  if (kind === 'text') return `value-${index}`
  if (kind === 'octets') return octets('ABCD'.slice(0, Math.min(octetsMax ?? 4, octetsMin ?? 4)))
  if (kind === 'network-error') return { networkType: 3, errorCode: 0x0107 }
  return index + 1
}

const message = {
  serviceType: 'CMT',
  source: FROM,
  esmClass: 0x07,
  protocolId: 0x41,
  priorityFlag: 2,
  scheduleDeliveryTime: '',
  validityPeriod: '000001020304000R',
  registeredDelivery: 0x11,
  replaceIfPresentFlag: 1,
  dataCoding: 4,
  smDefaultMsgId: 7,
  shortMessage: octets('Ding\0dong\xff'),
}
const bind = {
  systemId: 'carillon',
  password: 'bells',
  systemType: 'VMA',
  interfaceVersion: 0x34,
  addressRange: { ton: 1, npi: 1, addr: '^1555' },
  tlvs: NO_TLVS,
}
const plain = (command: string) => ({ command, tlvs: NO_TLVS }) as SmppBody

const bodies: readonly SmppBody[] = [
  { command: 'bind_transmitter', ...bind },
  { command: 'bind_receiver', ...bind },
  { command: 'bind_transceiver', ...bind },
  {
    command: 'bind_transceiver_resp',
    systemId: 'carillon',
    tlvs: { scInterfaceVersion: 0x34 },
  },
  { command: 'bind_transmitter_resp', systemId: 'carillon', tlvs: NO_TLVS },
  { command: 'bind_receiver_resp', systemId: 'carillon', tlvs: NO_TLVS },
  { command: 'outbind', systemId: 'carillon', password: 'bells', tlvs: NO_TLVS },
  { command: 'submit_sm', destination: TO, ...message, tlvs: NO_TLVS },
  { command: 'submit_sm', destination: TO, ...message, tlvs: ALL_TLVS },
  { command: 'deliver_sm', destination: TO, ...message, tlvs: { messageState: 2 } },
  {
    command: 'data_sm',
    serviceType: 'CMT',
    source: FROM,
    destination: TO,
    esmClass: 3,
    registeredDelivery: 1,
    dataCoding: 4,
    tlvs: { messagePayload: octets('Ding dong') },
  },
  {
    command: 'submit_multi',
    destinations: [
      { kind: 'address', address: TO },
      { kind: 'list', name: 'staff' },
    ],
    ...message,
    tlvs: NO_TLVS,
  },
  {
    command: 'submit_multi_resp',
    messageId: 'm-1',
    unsuccess: [{ address: TO, commandStatus: 0x0b }],
    tlvs: NO_TLVS,
  },
  { command: 'submit_sm_resp', messageId: '01H-9', tlvs: NO_TLVS },
  { command: 'deliver_sm_resp', messageId: '', tlvs: NO_TLVS },
  { command: 'data_sm_resp', messageId: 'd-1', tlvs: { additionalStatusInfoText: 'why' } },
  { command: 'query_sm', messageId: 'm-1', source: FROM, tlvs: NO_TLVS },
  {
    command: 'query_sm_resp',
    messageId: 'm-1',
    finalDate: '',
    messageState: 2,
    errorCode: 9,
    tlvs: NO_TLVS,
  },
  {
    command: 'cancel_sm',
    serviceType: 'CMT',
    messageId: 'm-1',
    source: FROM,
    destination: TO,
    tlvs: NO_TLVS,
  },
  {
    command: 'replace_sm',
    messageId: 'm-1',
    source: FROM,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    registeredDelivery: 1,
    smDefaultMsgId: 0,
    shortMessage: octets('Dong'),
    tlvs: NO_TLVS,
  },
  { command: 'alert_notification', source: TO, esme: FROM, tlvs: { msAvailabilityStatus: 1 } },
  ...[
    'unbind',
    'unbind_resp',
    'enquire_link',
    'enquire_link_resp',
    'cancel_sm_resp',
    'replace_sm_resp',
    'generic_nack',
  ].map(plain),
]

/** tshark's names for addresses, by ours: type, plan, digits. */
const ADDRESSES: Readonly<Record<string, readonly [string, string, string]>> = {
  source: ['source_addr_ton', 'source_addr_npi', 'source_addr'],
  destination: ['dest_addr_ton', 'dest_addr_npi', 'destination_addr'],
  esme: ['esme_addr_ton', 'esme_addr_npi', 'esme_addr'],
  addressRange: ['addr_ton', 'addr_npi', 'address_range'],
}

/** Fields that tshark shows in pieces or in words: told by their tag and length alone. */
const PIECEMEAL = new Set([
  'msMsgWaitFacilities',
  'callbackNumPresInd',
  'callbackNumAtag',
  'callbackNum',
  'alertOnMessageDelivery',
  'itsSessionInfo',
  'validityPeriod',
])
const OTHERWISE: Readonly<Record<string, string>> = {
  scInterfaceVersion: 'SC_interface_version',
  billingIdentification: 'billing_id',
  shortMessage: 'message',
}

/** What tshark must print of a body, by its names; a list where a field may come several times. */
function expected(body: SmppBody): [string, string | number][] {
  return Object.entries({ ...body, ...body.tlvs }).flatMap(([name, value]) => fieldsOf(name, value))
}

function fieldsOf(name: string, value: unknown): [string, string | number][] {
  const address = ADDRESSES[name]
  if (address !== undefined) {
    const { ton, npi, addr } = value as SmppAddress
    return [
      [address[0], ton],
      [address[1], npi],
      [address[2], addr],
    ]
  }
  if (name === 'esmClass') {
    const octet = value as number
    return [
      ['esm.submit.msg_mode', octet & 0x03],
      ['esm.submit.msg_type', (octet & 0x3c) >> 2],
      ['esm.submit.features', octet >> 6],
    ]
  }
  if (name === 'registeredDelivery') {
    const octet = value as number
    return [
      ['regdel.receipt', octet & 0x03],
      ['regdel.acks', (octet & 0x0c) >> 2],
      ['regdel.notif', (octet & 0x10) >> 4],
    ]
  }
  if (name === 'networkErrorCode') {
    const { networkType, errorCode } = value as { networkType: number; errorCode: number }
    return [
      ['network_error.type', networkType],
      ['network_error.code', errorCode],
    ]
  }
  const isTold = name !== 'command' && name !== 'tlvs' && !PIECEMEAL.has(name)
  if (!isTold || value === '' || Array.isArray(value)) return []
  const called = OTHERWISE[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return [[called, value instanceof Uint8Array ? colons(value) : (value as string | number)]]
}

const colons = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').replace(/..\B/g, '$&:')

/** tshark prints numbers in decimal or in hexadecimal, as the field is. */
function holds(fields: Fields, name: string, value: string | number): boolean {
  const seen = fields.get(`smpp.${name}`) ?? []
  return seen.some(
    (text) => text === value || (typeof value === 'number' && Number(text) === value),
  )
}

test('tshark reads every operation we write as it was meant', {
  skip: missing('tshark'),
}, async (t) => {
  const pdus = bodies.map((body, index) =>
    encoded({ commandStatus: 0, sequenceNumber: 100 + index, body }),
  )
  const read = await readWithTshark(openFolder(t, 'tshark'), {
    port: PORT,
    as: 'smpp',
    chunks: pdus.map((bytes) => ({ answered: false, bytes })),
  })
  assert.equal(read.length, bodies.length)
  for (const [index, body] of bodies.entries()) {
    await t.test(`${index} ${body.command}`, () => {
      const fields = read[index] ?? new Map()
      const header: [string, number][] = [
        ['command_length', pdus[index]?.length ?? 0],
        ['command_id', commandId(body.command)],
        // Shown in responses only.
        ...(commandId(body.command) >= RESPONSE ? [['command_status', 0] as [string, number]] : []),
        ['sequence_number', 100 + index],
      ]
      const wanted = [...header, ...expected(body)]
      const wrong = wanted.filter(([name, value]) => !holds(fields, name, value))
      assert.deepEqual(
        wrong.map(([name, value]) => ({ name, value, seen: fields.get(`smpp.${name}`) })),
        [],
      )
      const tags = Object.keys(body.tlvs).map((name) => TLVS[name as keyof typeof TLVS].tag)
      assert.deepEqual((fields.get('smpp.opt_param_tag') ?? []).map(Number), tags)
      assert.equal(fields.get('_ws.malformed'), undefined)
    })
  }
})
