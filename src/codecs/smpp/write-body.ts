/** The other direction of `read-body.ts`: the same fields in the same order. */

import type { CommandName } from './command.ts'
import { DESTINATIONS_MAX, TEXT_FIELDS as F, SHORT_MESSAGE_OCTETS_MAX } from './field.ts'
import type { FieldWriter } from './field-writer.ts'
import type {
  Bind,
  BodyOf,
  DeliverSm,
  MultiDestination,
  QuerySm,
  SmppAddress,
  SmppBody,
  SubmitSm,
  Unsuccess,
} from './pdu.ts'
import { writeTlvs } from './tlv.ts'

const ADDRESS_FLAG = 1
const LIST_FLAG = 2
const UNSUCCESS_MAX = 255

type AddressField = Parameters<FieldWriter['text']>[1]

function address(w: FieldWriter, { ton, npi, addr }: SmppAddress, field: AddressField): void {
  w.u8(ton, `${field.name} ton`)
  w.u8(npi, `${field.name} npi`)
  w.text(addr, field)
}

function shortMessage(w: FieldWriter, octets: Uint8Array): void {
  if (octets.length > SHORT_MESSAGE_OCTETS_MAX) {
    w.refuse('short_message', 'too-long')
    return
  }
  w.u8(octets.length, 'sm_length')
  w.octets(octets)
}

function bind(w: FieldWriter, body: Bind): void {
  w.text(body.systemId, F.systemId)
  w.text(body.password, F.password)
  w.text(body.systemType, F.systemType)
  w.u8(body.interfaceVersion, 'interface_version')
  address(w, body.addressRange, F.addressRange)
}

/** The fields that submit_sm, deliver_sm and submit_multi end with. */
function messageRest(w: FieldWriter, body: Omit<SubmitSm, 'command' | 'destination'>): void {
  w.u8(body.esmClass, 'esm_class')
  w.u8(body.protocolId, 'protocol_id')
  w.u8(body.priorityFlag, 'priority_flag')
  w.text(body.scheduleDeliveryTime, F.scheduleDeliveryTime)
  w.text(body.validityPeriod, F.validityPeriod)
  w.u8(body.registeredDelivery, 'registered_delivery')
  w.u8(body.replaceIfPresentFlag, 'replace_if_present_flag')
  w.u8(body.dataCoding, 'data_coding')
  w.u8(body.smDefaultMsgId, 'sm_default_msg_id')
  shortMessage(w, body.shortMessage)
}

function destinations(w: FieldWriter, all: readonly MultiDestination[]): void {
  if (all.length === 0 || all.length > DESTINATIONS_MAX) {
    w.refuse('number_of_dests', 'out-of-range')
    return
  }
  w.u8(all.length, 'number_of_dests')
  for (const each of all) {
    if (each.kind === 'address') {
      w.u8(ADDRESS_FLAG, 'dest_flag')
      address(w, each.address, F.destination)
    } else {
      w.u8(LIST_FLAG, 'dest_flag')
      w.text(each.name, F.listName)
    }
  }
}

function unsuccess(w: FieldWriter, all: readonly Unsuccess[]): void {
  if (all.length > UNSUCCESS_MAX) {
    w.refuse('no_unsuccess', 'out-of-range')
    return
  }
  w.u8(all.length, 'no_unsuccess')
  for (const each of all) {
    address(w, each.address, F.destination)
    w.u32(each.commandStatus, 'error_status_code')
  }
}

function plain(): void {
  // A header and nothing else.
}

type Write<B> = (w: FieldWriter, body: B) => void

function message(w: FieldWriter, body: SubmitSm | DeliverSm): void {
  w.text(body.serviceType, F.serviceType)
  address(w, body.source, F.source)
  address(w, body.destination, F.destination)
  messageRest(w, body)
}

function bindResp(w: FieldWriter, { systemId }: Pick<Bind, 'systemId'>): void {
  w.text(systemId, F.systemId)
}

function messageResp(w: FieldWriter, { messageId }: Pick<QuerySm, 'messageId'>): void {
  w.text(messageId, F.messageId)
}

const WRITE_FIELDS: { readonly [C in CommandName]: Write<BodyOf<C>> } = {
  bind_transmitter: bind,
  bind_receiver: bind,
  bind_transceiver: bind,
  bind_transmitter_resp: bindResp,
  bind_receiver_resp: bindResp,
  bind_transceiver_resp: bindResp,
  outbind: (w, body) => {
    w.text(body.systemId, F.systemId)
    w.text(body.password, F.password)
  },
  unbind: plain,
  unbind_resp: plain,
  enquire_link: plain,
  enquire_link_resp: plain,
  generic_nack: plain,
  submit_sm: message,
  submit_sm_resp: messageResp,
  deliver_sm: message,
  deliver_sm_resp: messageResp,
  submit_multi: (w, body) => {
    w.text(body.serviceType, F.serviceType)
    address(w, body.source, F.source)
    destinations(w, body.destinations)
    messageRest(w, body)
  },
  submit_multi_resp: (w, body) => {
    w.text(body.messageId, F.messageId)
    unsuccess(w, body.unsuccess)
  },
  data_sm: (w, body) => {
    w.text(body.serviceType, F.serviceType)
    address(w, body.source, F.longSource)
    address(w, body.destination, F.longDestination)
    w.u8(body.esmClass, 'esm_class')
    w.u8(body.registeredDelivery, 'registered_delivery')
    w.u8(body.dataCoding, 'data_coding')
  },
  data_sm_resp: messageResp,
  query_sm: (w, body) => {
    w.text(body.messageId, F.messageId)
    address(w, body.source, F.source)
  },
  query_sm_resp: (w, body) => {
    w.text(body.messageId, F.messageId)
    w.text(body.finalDate, F.finalDate)
    w.u8(body.messageState, 'message_state')
    w.u8(body.errorCode, 'error_code')
  },
  cancel_sm: (w, body) => {
    w.text(body.serviceType, F.serviceType)
    w.text(body.messageId, F.messageId)
    address(w, body.source, F.source)
    address(w, body.destination, F.destination)
  },
  cancel_sm_resp: plain,
  replace_sm: (w, body) => {
    w.text(body.messageId, F.messageId)
    address(w, body.source, F.source)
    w.text(body.scheduleDeliveryTime, F.scheduleDeliveryTime)
    w.text(body.validityPeriod, F.validityPeriod)
    w.u8(body.registeredDelivery, 'registered_delivery')
    w.u8(body.smDefaultMsgId, 'sm_default_msg_id')
    shortMessage(w, body.shortMessage)
  },
  replace_sm_resp: plain,
  alert_notification: (w, body) => {
    address(w, body.source, F.longSource)
    address(w, body.esme, F.esme)
  },
}

/** Writes a body; what does not fit lies in the writer's `refusal` afterwards. */
export function writeBody(w: FieldWriter, body: SmppBody): void {
  // The table pairs each operation with its own body; the compiler cannot follow that through a union.
  const writeFields = WRITE_FIELDS[body.command] as Write<SmppBody>
  writeFields(w, body)
  writeTlvs(w, body.tlvs)
}
