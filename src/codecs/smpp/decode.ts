/**
 * One PDU from its bytes (SMPP 3.4 §3.2). What arrives broken is a value that says how the peer is to
 * be answered. Responses are never refused, since nobody answers an answer: what can be read of one
 * is given, the rest is empty.
 */

import { type CommandName, findCommand, isResponseId, printCommandId } from './command.ts'
import { COMMAND_STATUS } from './command-status.ts'
import { FieldReader } from './field-reader.ts'
import type { SmppPdu } from './pdu.ts'
import { READ_BODY } from './read-body.ts'
import type { MisfitTlvs } from './tlv.ts'

/** Octets of the header every PDU begins with. */
export const HEADER_OCTETS = 16

const ID_AT = 4
const STATUS_AT = 8
const SEQUENCE_AT = 12

/** A PDU, or how to answer what is none. */
export type Decoded =
  | { readonly kind: 'pdu'; readonly pdu: SmppPdu }
  /** The connection goes on: the next PDU begins where this one said it ends. */
  | {
      readonly kind: 'refused'
      /** What to answer: the request whose response to send, or `undefined` for generic_nack. */
      readonly command: CommandName | undefined
      readonly commandStatus: number
      readonly sequenceNumber: number
      /** For the log. */
      readonly detail: string
    }
  /** A response of an operation we do not speak: of no use, and not to be answered. */
  | { readonly kind: 'ignored'; readonly sequenceNumber: number; readonly detail: string }

/** Decodes the bytes of exactly one PDU, header included, as a frame reader gives them. */
export function decodePdu(frame: Buffer, misfits: MisfitTlvs = 'refuse'): Decoded {
  if (frame.length < HEADER_OCTETS) {
    const detail = `a PDU of ${frame.length} octets`
    const commandStatus = COMMAND_STATUS.ESME_RINVCMDLEN
    return { kind: 'refused', command: undefined, commandStatus, sequenceNumber: 0, detail }
  }
  const id = frame.readUInt32BE(ID_AT)
  const sequenceNumber = frame.readUInt32BE(SEQUENCE_AT)
  const command = findCommand(id)
  if (command === undefined) {
    const detail = `unknown operation ${printCommandId(id)}`
    if (isResponseId(id)) return { kind: 'ignored', sequenceNumber, detail }
    const commandStatus = COMMAND_STATUS.ESME_RINVCMDID
    return { kind: 'refused', command, commandStatus, sequenceNumber, detail }
  }
  const answer = isResponseId(id)
  const reader = new FieldReader(frame, HEADER_OCTETS)
  const body = READ_BODY[command](reader, answer ? 'keep' : misfits)
  if (reader.fault !== undefined && !answer) {
    return { kind: 'refused', command, sequenceNumber, ...reader.fault }
  }
  return {
    kind: 'pdu',
    pdu: { commandStatus: frame.readUInt32BE(STATUS_AT), sequenceNumber, body },
  }
}
