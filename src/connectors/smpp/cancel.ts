/** Taking a message back from a message centre: cancel_sm (SMPP 3.4 §4.9), and what its answer means. */
import { COMMAND_STATUS, printStatus } from '../../codecs/smpp/command-status.ts'
import type { CancelSm } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'
import type { Cancellation, Parties } from '../../engine/ports/connector.ts'
import type { SmppReply } from '../../transports/smpp/handler.ts'
import { destinationOf, sourceOf } from './address.ts'

/** The request, with the addresses the message was submitted with; `undefined`: it never was. */
export function cancelSmOf(
  messageId: string,
  { sender, recipient }: Parties,
  smpp: SmppPeer,
): CancelSm | undefined {
  const source = sourceOf(sender, smpp)
  const destination = destinationOf(recipient, smpp)
  if (source === undefined || destination === undefined) return undefined
  // §4.9.1: the service type only narrows a search without an id.
  return { command: 'cancel_sm', serviceType: '', messageId, source, destination, tlvs: NO_TLVS }
}

const BY_STATUS: Readonly<Record<number, Cancellation['kind']>> = {
  [COMMAND_STATUS.ESME_RINVCMDID]: 'unsupported',
  [COMMAND_STATUS.ESME_RINVMSGID]: 'not-found',
  [COMMAND_STATUS.ESME_RCANCELFAIL]: 'too-late',
}

/** Reads the answer. */
export function classifyCancel(reply: SmppReply<CancelSm>): Cancellation {
  switch (reply.kind) {
    case 'not-sent':
      return { kind: 'unreachable', raw: `not sent: ${reply.detail}` }
    case 'unanswered':
      return { kind: 'unknown', raw: reply.detail }
    case 'answered': {
      const { commandStatus, response } = reply
      const raw = `${response.command} ${printStatus(commandStatus)}`
      if (commandStatus !== COMMAND_STATUS.ESME_ROK) {
        return { kind: BY_STATUS[commandStatus] ?? 'refused', raw }
      }
      // A yes in no words says nothing of the message.
      return { kind: response.command === 'cancel_sm_resp' ? 'cancelled' : 'unknown', raw }
    }
  }
}
