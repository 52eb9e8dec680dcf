/** A submit_sm, data_sm or submit_multi as one kind of value: fields one of them lacks are neutral. */
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { DataSm, SmppAddress, SubmitMulti, SubmitSm } from '../../codecs/smpp/pdu.ts'
import type { SmppAccess } from '../../core/directory.ts'
import type { Priority } from '../../core/message.ts'
import { formFault } from './address.ts'
import { isObjection, type Objection, objection } from './objection.ts'
import { readUserMessage, type UserMessage } from './user-message.ts'
import {
  type ReceiptWishes,
  readPriority,
  readReceiptWishes,
  readTimeWishes,
  type TimeWishes,
} from './wishes.ts'

/** A request that hands a message in. */
export type SubmitRequest = SubmitSm | DataSm | SubmitMulti

/** What a request says, its protocol's rules kept; addresses are not judged yet. */
export interface Draft {
  readonly request: SubmitRequest
  readonly destinations: readonly SmppAddress[]
  readonly message: UserMessage
  readonly receipts: ReceiptWishes
  readonly priority: Priority
  readonly times: TimeWishes
  readonly protocolId: number
}

/** What of an account reading depends on. */
type Habits = Pick<SmppAccess, 'defaultAlphabet' | 'septets' | 'registeredDelivery'>

const NOTHING = new Uint8Array(0)
const SECOND_MS = 1000

/** Reads a request, or says what its protocol has against it. */
export function readDraft(
  request: SubmitRequest,
  access: Habits,
  now: number,
  validityMs: number,
): Draft | Objection {
  const fault = formFault(request.source, 'source')
  if (fault !== undefined) return objection(fault)
  const destinations = destinationsOf(request)
  if ('kind' in destinations) return destinations
  const receipts = readReceiptWishes(request.registeredDelivery, access)
  if (isObjection(receipts)) return receipts
  if (request.command === 'data_sm')
    return readData(request, destinations, receipts, access, now, validityMs)
  const refusal = unoffered(request)
  if (refusal !== undefined) return objection(refusal)
  const priority = readPriority(request.priorityFlag)
  if (typeof priority !== 'string') return priority
  const times = readTimeWishes(request, now, validityMs)
  if (isObjection(times)) return times
  const message = readUserMessage(request, access)
  if (isObjection(message)) return message
  const { protocolId } = request
  return { request, destinations, message, receipts, priority, times, protocolId }
}

function readData(
  request: DataSm,
  destinations: readonly SmppAddress[],
  receipts: ReceiptWishes,
  access: Habits,
  now: number,
  validityMs: number,
): Draft | Objection {
  const message = readUserMessage({ ...request, shortMessage: NOTHING }, access)
  if (isObjection(message)) return message
  const { qosTimeToLive } = request.tlvs
  const expiresAt = now + (qosTimeToLive === undefined ? validityMs : qosTimeToLive * SECOND_MS)
  if (expiresAt <= now) return objection(COMMAND_STATUS.ESME_RINVEXPIRY)
  return {
    request,
    destinations,
    message,
    receipts,
    priority: 'normal',
    times: { expiresAt },
    protocolId: 0,
  }
}

/** What we do not offer: replacing by sender and recipient, and messages kept at the centre. */
function unoffered(request: SubmitSm | SubmitMulti): number | undefined {
  if (request.replaceIfPresentFlag > 1) return COMMAND_STATUS.ESME_RINVREPFLAG
  if (request.replaceIfPresentFlag === 1) return COMMAND_STATUS.ESME_RINVSUBREP
  return request.smDefaultMsgId === 0 ? undefined : COMMAND_STATUS.ESME_RINVDFTMSGID
}

/** No lists are kept here, so the name of one is the name of none. */
function destinationsOf(request: SubmitRequest): readonly SmppAddress[] | Objection {
  if (request.command !== 'submit_multi') {
    const fault = formFault(request.destination, 'destination')
    return fault === undefined ? [request.destination] : objection(fault)
  }
  const addresses: SmppAddress[] = []
  for (const destination of request.destinations) {
    if (destination.kind === 'list') return objection(COMMAND_STATUS.ESME_RINVDLNAME)
    addresses.push(destination.address)
  }
  return addresses
}
