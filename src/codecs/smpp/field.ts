/**
 * The text fields of SMPP bodies: how long each may be and which status answers one that is longer
 * (SMPP 3.4 §4, §5.2). Lengths are octets with the closing NUL.
 */

import { COMMAND_STATUS } from './command-status.ts'

/** One C-octet string of a body. */
export interface TextField {
  readonly name: string
  readonly octetsMax: number
  /** What a peer is told whose value does not end within `octetsMax`. */
  readonly tooLong: number
}

/**
 * Every C-octet string. `system_id` and `password` are 16 and 9 octets in the standard; providers
 * hand out longer ones, and refusing them would help nobody.
 */
export const TEXT_FIELDS = {
  systemId: { name: 'system_id', octetsMax: 65, tooLong: COMMAND_STATUS.ESME_RINVSYSID },
  password: { name: 'password', octetsMax: 65, tooLong: COMMAND_STATUS.ESME_RINVPASWD },
  systemType: { name: 'system_type', octetsMax: 13, tooLong: COMMAND_STATUS.ESME_RINVSYSTYP },
  addressRange: { name: 'address_range', octetsMax: 41, tooLong: COMMAND_STATUS.ESME_RBINDFAIL },
  serviceType: { name: 'service_type', octetsMax: 6, tooLong: COMMAND_STATUS.ESME_RINVSERTYP },
  source: { name: 'source_addr', octetsMax: 21, tooLong: COMMAND_STATUS.ESME_RINVSRCADR },
  destination: { name: 'destination_addr', octetsMax: 21, tooLong: COMMAND_STATUS.ESME_RINVDSTADR },
  longSource: { name: 'source_addr', octetsMax: 65, tooLong: COMMAND_STATUS.ESME_RINVSRCADR },
  longDestination: {
    name: 'destination_addr',
    octetsMax: 65,
    tooLong: COMMAND_STATUS.ESME_RINVDSTADR,
  },
  esme: { name: 'esme_addr', octetsMax: 65, tooLong: COMMAND_STATUS.ESME_RINVDSTADR },
  listName: { name: 'dl_name', octetsMax: 21, tooLong: COMMAND_STATUS.ESME_RINVDLNAME },
  scheduleDeliveryTime: {
    name: 'schedule_delivery_time',
    octetsMax: 17,
    tooLong: COMMAND_STATUS.ESME_RINVSCHED,
  },
  validityPeriod: {
    name: 'validity_period',
    octetsMax: 17,
    tooLong: COMMAND_STATUS.ESME_RINVEXPIRY,
  },
  finalDate: { name: 'final_date', octetsMax: 17, tooLong: COMMAND_STATUS.ESME_RINVCMDLEN },
  messageId: { name: 'message_id', octetsMax: 65, tooLong: COMMAND_STATUS.ESME_RINVMSGID },
} as const satisfies Record<string, TextField>

/** SMPP 3.4 §4.4.1: what sm_length may say in a message of ours. */
export const SHORT_MESSAGE_OCTETS_MAX = 254

/** SMPP 3.4 §4.5.1: what number_of_dests may say. */
export const DESTINATIONS_MAX = 254
