/** Bodies of messages with every field a caller leaves out at the standard's neutral value. */

import { type RequestName, responseNameOf } from './command.ts'
import type {
  BodyOf,
  DataSm,
  DeliverSm,
  SmppAddress,
  SmppBody,
  SubmitMulti,
  SubmitSm,
} from './pdu.ts'
import { NO_TLVS } from './tlv-table.ts'

/** Unknown type of number, unknown plan, no digits: the centre takes its default. */
export const NO_ADDRESS: SmppAddress = Object.freeze({ ton: 0, npi: 0, addr: '' })

const NO_OCTETS = new Uint8Array(0)

const MESSAGE = {
  serviceType: '',
  source: NO_ADDRESS,
  esmClass: 0,
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  registeredDelivery: 0,
  replaceIfPresentFlag: 0,
  dataCoding: 0,
  smDefaultMsgId: 0,
  shortMessage: NO_OCTETS,
  tlvs: NO_TLVS,
} as const

type Given<B, Required extends keyof B> = Pick<B, Required> & Partial<Omit<B, 'command' | Required>>

/** A submit_sm. */
export function createSubmitSm(given: Given<SubmitSm, 'destination'>): SubmitSm {
  return { command: 'submit_sm', ...MESSAGE, ...given }
}

/** A deliver_sm. */
export function createDeliverSm(given: Given<DeliverSm, 'destination'>): DeliverSm {
  return { command: 'deliver_sm', ...MESSAGE, ...given }
}

/** A submit_multi. */
export function createSubmitMulti(given: Given<SubmitMulti, 'destinations'>): SubmitMulti {
  return { command: 'submit_multi', ...MESSAGE, ...given }
}

/** A data_sm; its content is the TLV `messagePayload`. */
export function createDataSm(given: Given<DataSm, 'destination'>): DataSm {
  return {
    command: 'data_sm',
    serviceType: '',
    source: NO_ADDRESS,
    esmClass: 0,
    registeredDelivery: 0,
    dataCoding: 0,
    tlvs: NO_TLVS,
    ...given,
  }
}

/** An operation that is a header and nothing else. */
export function createPlain<C extends 'unbind' | 'enquire_link' | 'generic_nack'>(
  command: C,
): BodyOf<C> {
  return { command, tlvs: NO_TLVS } as BodyOf<C>
}

/** The response to a request with nothing in it: what a refusal is, and what an answer begins with. */
export function createResponse(to: RequestName): SmppBody {
  const command = responseNameOf(to)
  switch (command) {
    case 'bind_transmitter_resp':
    case 'bind_receiver_resp':
    case 'bind_transceiver_resp':
      return { command, systemId: '', tlvs: NO_TLVS }
    case 'submit_sm_resp':
    case 'deliver_sm_resp':
    case 'data_sm_resp':
      return { command, messageId: '', tlvs: NO_TLVS }
    case 'submit_multi_resp':
      return { command, messageId: '', unsuccess: [], tlvs: NO_TLVS }
    case 'query_sm_resp':
      return { command, messageId: '', finalDate: '', messageState: 0, errorCode: 0, tlvs: NO_TLVS }
    default:
      return { command, tlvs: NO_TLVS }
  }
}
