/**
 * How the fixed fields of each body lie on the wire. An object literal is read from top to bottom, so
 * the order of its members here is the order of the octets; moving one breaks the format.
 */

import type { CommandName } from './command.ts'
import { COMMAND_STATUS } from './command-status.ts'
import { DESTINATIONS_MAX, TEXT_FIELDS as F, type TextField } from './field.ts'
import type { FieldReader } from './field-reader.ts'
import type {
  Bind,
  BindResp,
  MessageResp,
  MultiDestination,
  Plain,
  SmppAddress,
  SmppBody,
  Unsuccess,
} from './pdu.ts'
import { type MisfitTlvs, readTlvs } from './tlv.ts'

type Read<B> = (reader: FieldReader, misfits: MisfitTlvs) => B

const ADDRESS_FLAG = 1
const LIST_FLAG = 2

function address(reader: FieldReader, field: TextField): SmppAddress {
  return { ton: reader.u8(), npi: reader.u8(), addr: reader.text(field) }
}

function bind(command: Bind['command']): Read<Bind> {
  return (r, misfits) => ({
    command,
    systemId: r.text(F.systemId),
    password: r.text(F.password),
    systemType: r.text(F.systemType),
    interfaceVersion: r.u8(),
    addressRange: address(r, F.addressRange),
    tlvs: readTlvs(r, misfits),
  })
}

function bindResp(command: BindResp['command']): Read<BindResp> {
  return (r, misfits) => ({ command, systemId: r.text(F.systemId), tlvs: readTlvs(r, misfits) })
}

function messageResp(command: MessageResp['command']): Read<MessageResp> {
  return (r, misfits) => ({ command, messageId: r.text(F.messageId), tlvs: readTlvs(r, misfits) })
}

function plain(command: Plain['command']): Read<Plain> {
  return (r, misfits) => ({ command, tlvs: readTlvs(r, misfits) })
}

function shortMessage(r: FieldReader): Uint8Array {
  return r.octets(r.u8(), COMMAND_STATUS.ESME_RINVMSGLEN, 'sm_length')
}

function message<C extends 'submit_sm' | 'deliver_sm'>(command: C) {
  return (r: FieldReader, misfits: MisfitTlvs) => ({
    command,
    serviceType: r.text(F.serviceType),
    source: address(r, F.source),
    destination: address(r, F.destination),
    esmClass: r.u8(),
    protocolId: r.u8(),
    priorityFlag: r.u8(),
    scheduleDeliveryTime: r.text(F.scheduleDeliveryTime),
    validityPeriod: r.text(F.validityPeriod),
    registeredDelivery: r.u8(),
    replaceIfPresentFlag: r.u8(),
    dataCoding: r.u8(),
    smDefaultMsgId: r.u8(),
    shortMessage: shortMessage(r),
    tlvs: readTlvs(r, misfits),
  })
}

function destinations(r: FieldReader): MultiDestination[] {
  const count = r.u8()
  if (r.fault === undefined && (count === 0 || count > DESTINATIONS_MAX)) {
    r.fail(COMMAND_STATUS.ESME_RINVNUMDESTS, `number_of_dests is ${count}`)
  }
  const found: MultiDestination[] = []
  while (found.length < count && r.fault === undefined) {
    const flag = r.u8()
    if (flag === ADDRESS_FLAG) found.push({ kind: 'address', address: address(r, F.destination) })
    else if (flag === LIST_FLAG) found.push({ kind: 'list', name: r.text(F.listName) })
    else r.fail(COMMAND_STATUS.ESME_RINVDESTFLAG, `dest_flag is ${flag}`)
  }
  return found
}

function unsuccess(r: FieldReader): Unsuccess[] {
  const count = r.u8()
  const found: Unsuccess[] = []
  while (found.length < count && r.fault === undefined) {
    found.push({ address: address(r, F.destination), commandStatus: r.u32() })
  }
  return found
}

/** Reads the body of each operation; what is broken lies in the reader's `fault` afterwards. */
export const READ_BODY: Readonly<Record<CommandName, Read<SmppBody>>> = {
  bind_transmitter: bind('bind_transmitter'),
  bind_receiver: bind('bind_receiver'),
  bind_transceiver: bind('bind_transceiver'),
  bind_transmitter_resp: bindResp('bind_transmitter_resp'),
  bind_receiver_resp: bindResp('bind_receiver_resp'),
  bind_transceiver_resp: bindResp('bind_transceiver_resp'),
  outbind: (r, misfits) => ({
    command: 'outbind',
    systemId: r.text(F.systemId),
    password: r.text(F.password),
    tlvs: readTlvs(r, misfits),
  }),
  unbind: plain('unbind'),
  unbind_resp: plain('unbind_resp'),
  enquire_link: plain('enquire_link'),
  enquire_link_resp: plain('enquire_link_resp'),
  generic_nack: plain('generic_nack'),
  submit_sm: message('submit_sm'),
  submit_sm_resp: messageResp('submit_sm_resp'),
  deliver_sm: message('deliver_sm'),
  deliver_sm_resp: messageResp('deliver_sm_resp'),
  submit_multi: (r, misfits) => ({
    command: 'submit_multi',
    serviceType: r.text(F.serviceType),
    source: address(r, F.source),
    destinations: destinations(r),
    esmClass: r.u8(),
    protocolId: r.u8(),
    priorityFlag: r.u8(),
    scheduleDeliveryTime: r.text(F.scheduleDeliveryTime),
    validityPeriod: r.text(F.validityPeriod),
    registeredDelivery: r.u8(),
    replaceIfPresentFlag: r.u8(),
    dataCoding: r.u8(),
    smDefaultMsgId: r.u8(),
    shortMessage: shortMessage(r),
    tlvs: readTlvs(r, misfits),
  }),
  submit_multi_resp: (r, misfits) => ({
    command: 'submit_multi_resp',
    messageId: r.text(F.messageId),
    unsuccess: unsuccess(r),
    tlvs: readTlvs(r, misfits),
  }),
  data_sm: (r, misfits) => ({
    command: 'data_sm',
    serviceType: r.text(F.serviceType),
    source: address(r, F.longSource),
    destination: address(r, F.longDestination),
    esmClass: r.u8(),
    registeredDelivery: r.u8(),
    dataCoding: r.u8(),
    tlvs: readTlvs(r, misfits),
  }),
  data_sm_resp: messageResp('data_sm_resp'),
  query_sm: (r, misfits) => ({
    command: 'query_sm',
    messageId: r.text(F.messageId),
    source: address(r, F.source),
    tlvs: readTlvs(r, misfits),
  }),
  query_sm_resp: (r, misfits) => ({
    command: 'query_sm_resp',
    messageId: r.text(F.messageId),
    finalDate: r.text(F.finalDate),
    messageState: r.u8(),
    errorCode: r.u8(),
    tlvs: readTlvs(r, misfits),
  }),
  cancel_sm: (r, misfits) => ({
    command: 'cancel_sm',
    serviceType: r.text(F.serviceType),
    messageId: r.text(F.messageId),
    source: address(r, F.source),
    destination: address(r, F.destination),
    tlvs: readTlvs(r, misfits),
  }),
  cancel_sm_resp: plain('cancel_sm_resp'),
  replace_sm: (r, misfits) => ({
    command: 'replace_sm',
    messageId: r.text(F.messageId),
    source: address(r, F.source),
    scheduleDeliveryTime: r.text(F.scheduleDeliveryTime),
    validityPeriod: r.text(F.validityPeriod),
    registeredDelivery: r.u8(),
    smDefaultMsgId: r.u8(),
    shortMessage: shortMessage(r),
    tlvs: readTlvs(r, misfits),
  }),
  replace_sm_resp: plain('replace_sm_resp'),
  alert_notification: (r, misfits) => ({
    command: 'alert_notification',
    source: address(r, F.longSource),
    esme: address(r, F.esme),
    tlvs: readTlvs(r, misfits),
  }),
}
