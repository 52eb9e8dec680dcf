/** One PDU to its bytes. A value that does not fit its field is a refusal, not a shorter value. */

import { commandId } from './command.ts'
import { FieldWriter, type WriteRefusal } from './field-writer.ts'
import type { SmppBody, SmppPdu } from './pdu.ts'
import { writeBody } from './write-body.ts'

/** The bytes, or the first field that cannot be written. */
export type Encoded =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | ({ readonly kind: 'refused' } & WriteRefusal)

/** Encodes a PDU with its length. */
export function encodePdu(pdu: SmppPdu): Encoded {
  const { commandStatus, sequenceNumber, body } = pdu
  const writer = new FieldWriter()
  writer.u32(0, 'command_length')
  writer.u32(commandId(body.command), 'command_id')
  writer.u32(commandStatus, 'command_status')
  writer.u32(sequenceNumber, 'sequence_number')
  if (commandStatus === 0 || !saysNothing(body)) writeBody(writer, body)
  if (writer.refusal !== undefined) return { kind: 'refused', ...writer.refusal }
  return { kind: 'bytes', bytes: writer.finish() }
}

/**
 * SMPP 3.4 §4.1.2, §4.4.2: the body of a response that refuses is not returned. One that has
 * something to say all the same (SMPP 5.0: congestion_state) keeps it.
 */
function saysNothing(body: SmppBody): boolean {
  if (Object.keys(body.tlvs).length > 0) return false
  switch (body.command) {
    case 'submit_sm_resp':
    case 'deliver_sm_resp':
    case 'data_sm_resp':
      return body.messageId === ''
    case 'bind_transmitter_resp':
    case 'bind_receiver_resp':
    case 'bind_transceiver_resp':
      return body.systemId === ''
    case 'submit_multi_resp':
      return body.messageId === '' && body.unsuccess.length === 0
    case 'query_sm_resp':
      return body.messageId === '' && body.finalDate === '' && body.messageState === 0
    default:
      return false
  }
}
