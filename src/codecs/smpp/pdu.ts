/**
 * PDUs as values: a header and one body per operation (SMPP 3.4 §4). Names are the standard's in our
 * spelling. Octets are kept as octets: what `shortMessage` means is for whoever reads `dataCoding`
 * and `esmClass`. Fields of type `Uint8Array` are views of the bytes they were read from.
 */

import type { SmppTlvs } from './tlv-table.ts'

/** An address with its type of number and its numbering plan. */
export interface SmppAddress {
  readonly ton: number
  readonly npi: number
  readonly addr: string
}

interface Parameters {
  readonly tlvs: SmppTlvs
}

/** bind_transmitter, bind_receiver, bind_transceiver (§4.1). */
export interface Bind {
  readonly command: 'bind_transmitter' | 'bind_receiver' | 'bind_transceiver'
  readonly systemId: string
  readonly password: string
  readonly systemType: string
  /** 0x34 for SMPP 3.4, 0x50 for 5.0; 0x33 and less: no TLVs are understood (§3.3). */
  readonly interfaceVersion: number
  readonly addressRange: SmppAddress
  readonly tlvs: SmppTlvs
}

/** The answer to a bind; `systemId` is empty where it was refused. */
export interface BindResp extends Parameters {
  readonly command: 'bind_transmitter_resp' | 'bind_receiver_resp' | 'bind_transceiver_resp'
  readonly systemId: string
}

/** A centre asks us to bind as receiver (§4.1.7). Nobody answers it. */
export interface Outbind extends Parameters {
  readonly command: 'outbind'
  readonly systemId: string
  readonly password: string
}

/** Operations that are a header and nothing else. */
export interface Plain extends Parameters {
  readonly command:
    | 'unbind'
    | 'unbind_resp'
    | 'enquire_link'
    | 'enquire_link_resp'
    | 'cancel_sm_resp'
    | 'replace_sm_resp'
    | 'generic_nack'
}

/** What submit_sm and submit_multi say besides whom it goes to, and deliver_sm too. */
interface MessageFields extends Parameters {
  readonly serviceType: string
  readonly source: SmppAddress
  readonly esmClass: number
  readonly protocolId: number
  readonly priorityFlag: number
  /** Empty, or a time as in §7.1.1. */
  readonly scheduleDeliveryTime: string
  readonly validityPeriod: string
  readonly registeredDelivery: number
  readonly replaceIfPresentFlag: number
  readonly dataCoding: number
  readonly smDefaultMsgId: number
  /** 254 octets at most; longer content travels as the TLV `messagePayload`. */
  readonly shortMessage: Uint8Array
}

/** submit_sm (§4.4.1): a message from a client. */
export interface SubmitSm extends MessageFields {
  readonly command: 'submit_sm'
  readonly destination: SmppAddress
}

/** deliver_sm (§4.6.1): a message or a receipt to a client. */
export interface DeliverSm extends MessageFields {
  readonly command: 'deliver_sm'
  readonly destination: SmppAddress
}

/** One destination of submit_multi (§4.5.1.1): an address, or the name of a list at the centre. */
export type MultiDestination =
  | { readonly kind: 'address'; readonly address: SmppAddress }
  | { readonly kind: 'list'; readonly name: string }

/** submit_multi (§4.5.1). */
export interface SubmitMulti extends MessageFields {
  readonly command: 'submit_multi'
  /** 1 to 254 of them. */
  readonly destinations: readonly MultiDestination[]
}

/** One destination of a submit_multi that failed at once (§4.5.2.1). */
export interface Unsuccess {
  readonly address: SmppAddress
  readonly commandStatus: number
}

/** The answer to submit_multi. */
export interface SubmitMultiResp extends Parameters {
  readonly command: 'submit_multi_resp'
  readonly messageId: string
  readonly unsuccess: readonly Unsuccess[]
}

/** Answers that carry a message_id. deliver_sm_resp leaves it empty (§4.6.2). */
export interface MessageResp extends Parameters {
  readonly command: 'submit_sm_resp' | 'deliver_sm_resp' | 'data_sm_resp'
  /** 64 characters at most; empty where the request was refused. */
  readonly messageId: string
}

/** data_sm (§4.7.1): either direction; the content is the TLV `messagePayload`. */
export interface DataSm extends Parameters {
  readonly command: 'data_sm'
  readonly serviceType: string
  readonly source: SmppAddress
  readonly destination: SmppAddress
  readonly esmClass: number
  readonly registeredDelivery: number
  readonly dataCoding: number
}

/** query_sm (§4.8.1): what became of a message. */
export interface QuerySm extends Parameters {
  readonly command: 'query_sm'
  readonly messageId: string
  readonly source: SmppAddress
}

/** The answer to query_sm. */
export interface QuerySmResp extends Parameters {
  readonly command: 'query_sm_resp'
  readonly messageId: string
  /** Empty while the message has not reached a final state. */
  readonly finalDate: string
  readonly messageState: number
  readonly errorCode: number
}

/** cancel_sm (§4.9.1): by id, or all of a source and destination where the id is empty. */
export interface CancelSm extends Parameters {
  readonly command: 'cancel_sm'
  readonly serviceType: string
  readonly messageId: string
  readonly source: SmppAddress
  readonly destination: SmppAddress
}

/** replace_sm (§4.10.1). */
export interface ReplaceSm extends Parameters {
  readonly command: 'replace_sm'
  readonly messageId: string
  readonly source: SmppAddress
  readonly scheduleDeliveryTime: string
  readonly validityPeriod: string
  readonly registeredDelivery: number
  readonly smDefaultMsgId: number
  readonly shortMessage: Uint8Array
}

/** alert_notification (§4.12.1): a handset can be reached again. Nobody answers it. */
export interface AlertNotification extends Parameters {
  readonly command: 'alert_notification'
  readonly source: SmppAddress
  readonly esme: SmppAddress
}

/** Any body, told apart by `command`. */
export type SmppBody =
  | Bind
  | BindResp
  | Outbind
  | Plain
  | SubmitSm
  | DeliverSm
  | SubmitMulti
  | SubmitMultiResp
  | MessageResp
  | DataSm
  | QuerySm
  | QuerySmResp
  | CancelSm
  | ReplaceSm
  | AlertNotification

type Narrowed<B, C> = B extends { readonly command: infer N }
  ? C extends N
    ? Omit<B, 'command'> & { readonly command: C }
    : never
  : never

/** The body of one operation. */
export type BodyOf<C extends SmppBody['command']> = C extends unknown
  ? Narrowed<SmppBody, C>
  : never

/** A whole PDU but for its length. */
export interface SmppPdu {
  /** 0 in requests. */
  readonly commandStatus: number
  /** 1 to 0x7FFFFFFF; 0 only in a generic_nack for something unreadable. */
  readonly sequenceNumber: number
  readonly body: SmppBody
}
