/** Generated PDUs for property tests: every operation, every field at any value it may hold. */

import fc from 'fast-check'
import { TEXT_FIELDS as F } from '../field.ts'
import type { SmppAddress, SmppBody, SmppPdu } from '../pdu.ts'
import { type SmppTlvs, TLVS, type TlvName, type TlvRow } from '../tlv-table.ts'

const u8 = fc.nat(0xff)
const u16 = fc.nat(0xffff)
const u32 = fc.nat({ max: 0xffff_ffff })

const character = fc.integer({ min: 1, max: 0xff }).map((code) => String.fromCharCode(code))

function text(octetsMax: number): fc.Arbitrary<string> {
  return fc.string({ unit: character, maxLength: octetsMax - 1 })
}

function octets(maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength })
}

function address(octetsMax: number): fc.Arbitrary<SmppAddress> {
  return fc.record({ ton: u8, npi: u8, addr: text(octetsMax) })
}

function tlvValue(row: TlvRow): fc.Arbitrary<unknown> {
  switch (row.kind) {
    case 'u8':
      return u8
    case 'u16':
      return u16
    case 'u32':
      return u32
    case 'text':
      return text(row.octetsMax ?? 65)
    case 'octets':
      return octets(Math.min(row.octetsMax ?? 300, 300), row.octetsMin)
    case 'network-error':
      return fc.record({ networkType: u8, errorCode: u16 })
  }
}

const knownTags = new Set<number>(Object.values(TLVS).map(({ tag }) => tag))
const other = fc.record({
  tag: u16.filter((tag) => !knownTags.has(tag)),
  value: octets(20),
})

/** Any set of optional parameters. */
export const someTlvs: fc.Arbitrary<SmppTlvs> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...(Object.keys(TLVS) as TlvName[])), { maxLength: 6 }),
    fc.array(other, { maxLength: 2 }),
  )
  .chain(([names, others]) => {
    const model: Record<string, fc.Arbitrary<unknown>> = {}
    for (const name of names) {
      const row: TlvRow = TLVS[name]
      const value = tlvValue(row)
      model[name] = row.repeats === true ? fc.array(value, { minLength: 1, maxLength: 3 }) : value
    }
    if (others.length > 0) model.others = fc.constant(others)
    return fc.record(model) as fc.Arbitrary<SmppTlvs>
  })

const message = {
  serviceType: text(F.serviceType.octetsMax),
  source: address(F.source.octetsMax),
  esmClass: u8,
  protocolId: u8,
  priorityFlag: u8,
  scheduleDeliveryTime: text(F.scheduleDeliveryTime.octetsMax),
  validityPeriod: text(F.validityPeriod.octetsMax),
  registeredDelivery: u8,
  replaceIfPresentFlag: u8,
  dataCoding: u8,
  smDefaultMsgId: u8,
  shortMessage: octets(254),
  tlvs: someTlvs,
}
const shortAddress = address(F.source.octetsMax)
const longAddress = address(F.longSource.octetsMax)
const messageId = text(F.messageId.octetsMax)

function commands<C extends string>(...names: C[]): fc.Arbitrary<C> {
  return fc.constantFrom(...names)
}

/** Any body of any operation. */
export const someBody: fc.Arbitrary<SmppBody> = fc.oneof(
  fc.record({
    command: commands('bind_transmitter', 'bind_receiver', 'bind_transceiver'),
    systemId: text(F.systemId.octetsMax),
    password: text(F.password.octetsMax),
    systemType: text(F.systemType.octetsMax),
    interfaceVersion: u8,
    addressRange: address(F.addressRange.octetsMax),
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('bind_transmitter_resp', 'bind_receiver_resp', 'bind_transceiver_resp'),
    systemId: text(F.systemId.octetsMax),
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('outbind'),
    systemId: text(F.systemId.octetsMax),
    password: text(F.password.octetsMax),
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands(
      'unbind',
      'unbind_resp',
      'enquire_link',
      'enquire_link_resp',
      'cancel_sm_resp',
      'replace_sm_resp',
      'generic_nack',
    ),
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('submit_sm', 'deliver_sm'),
    destination: shortAddress,
    ...message,
  }),
  fc.record({
    command: commands('submit_multi'),
    destinations: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('address' as const), address: shortAddress }),
        fc.record({ kind: fc.constant('list' as const), name: text(F.listName.octetsMax) }),
      ),
      { minLength: 1, maxLength: 5 },
    ),
    ...message,
  }),
  fc.record({
    command: commands('submit_multi_resp'),
    messageId,
    unsuccess: fc.array(fc.record({ address: shortAddress, commandStatus: u32 }), {
      maxLength: 4,
    }),
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('submit_sm_resp', 'deliver_sm_resp', 'data_sm_resp'),
    messageId,
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('data_sm'),
    serviceType: message.serviceType,
    source: longAddress,
    destination: longAddress,
    esmClass: u8,
    registeredDelivery: u8,
    dataCoding: u8,
    tlvs: someTlvs,
  }),
  fc.record({ command: commands('query_sm'), messageId, source: shortAddress, tlvs: someTlvs }),
  fc.record({
    command: commands('query_sm_resp'),
    messageId,
    finalDate: text(F.finalDate.octetsMax),
    messageState: u8,
    errorCode: u8,
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('cancel_sm'),
    serviceType: message.serviceType,
    messageId,
    source: shortAddress,
    destination: shortAddress,
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('replace_sm'),
    messageId,
    source: shortAddress,
    scheduleDeliveryTime: message.scheduleDeliveryTime,
    validityPeriod: message.validityPeriod,
    registeredDelivery: u8,
    smDefaultMsgId: u8,
    shortMessage: message.shortMessage,
    tlvs: someTlvs,
  }),
  fc.record({
    command: commands('alert_notification'),
    source: longAddress,
    esme: longAddress,
    tlvs: someTlvs,
  }),
)

/** Any PDU. */
export const somePdu: fc.Arbitrary<SmppPdu> = fc.record({
  commandStatus: fc.oneof(fc.constant(0), u32),
  sequenceNumber: u32,
  body: someBody,
})
