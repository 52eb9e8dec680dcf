/** Requests about a message that was taken: query_sm, cancel_sm and replace_sm (SMPP 3.4 §4.8 to 10). */
import { hash } from 'node:crypto'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { CancelSm, QuerySm, ReplaceSm, SmppAddress } from '../../codecs/smpp/pdu.ts'
import { printAbsoluteTime } from '../../codecs/smpp/time.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import { MESSAGE_STATES, type MessageState } from '../../codecs/sms/message-state.ts'
import { isFinal } from '../../core/delivery-state.ts'
import type { Envelope } from '../../core/message.ts'
import { resultOf } from '../../engine/notices.ts'
import type { Delivery, MessageStory } from '../../engine/ports/store.ts'
import type { Revision } from '../../engine/reviser.ts'
import type { SmppAnswer } from '../../transports/smpp/handler.ts'
import { addressOf } from './address.ts'
import { decodeContent } from './content.ts'
import type { Client, SmppDoorParts } from './door.ts'
import { isObjection, type Objection, objection, refused } from './objection.ts'
import { codeOf, stateOf } from './receipt-state.ts'
import { readUserMessage } from './user-message.ts'
import { readReceiptWishes, readTimeWishes } from './wishes.ts'

const OK: SmppAnswer = { commandStatus: COMMAND_STATUS.ESME_ROK }
const MESSAGE_ID = /^[0-9]{18}$/
/** error_code is one octet. */
const ERROR_CODE_MAX = 0xff
/** Messages looked through, the newest first, where a client names none by its id. */
const CANCEL_LOOK_MAX = 500

/** What became of a message; a part that waits for others is on its way. */
export async function query(
  parts: SmppDoorParts,
  client: Client,
  { messageId, source }: QuerySm,
): Promise<SmppAnswer | Objection> {
  const story = await find(parts, client, messageId)
  if (story === undefined) {
    const part = MESSAGE_ID.test(messageId)
      ? await parts.read({ query: 'waiting-part', id: messageId })
      : undefined
    if (part?.submission.accountId !== client.account.id) return refused('message-unknown')
    return queried(messageId, 'enroute')
  }
  if (!isFrom(story, source)) return objection(COMMAND_STATUS.ESME_RQUERYFAIL)
  // Of several recipients the one that is still under way speaks for all.
  const delivery = story.deliveries.find(({ state }) => !isFinal(state)) ?? story.deliveries[0]
  if (delivery === undefined) return objection(COMMAND_STATUS.ESME_RQUERYFAIL)
  const { state, reason } = delivery
  const result = resultOf(state, reason)
  if (result === undefined) return queried(messageId, 'enroute')
  const dialect = parts.findDialect(story.message.dialect)
  const told = { result, ...(reason === undefined ? {} : { reason }) }
  const code = dialect === undefined ? undefined : codeOf(dialect, told)
  return queried(messageId, stateOf(result, reason), endOf(story, delivery), code)
}

function queried(
  messageId: string,
  state: MessageState,
  endedAt?: number,
  code?: string,
): SmppAnswer {
  const errorCode = Number(code ?? 0)
  return {
    ...OK,
    response: {
      command: 'query_sm_resp',
      messageId,
      finalDate: endedAt === undefined ? '' : (printAbsoluteTime(endedAt) ?? ''),
      messageState: MESSAGE_STATES[state].number,
      errorCode: errorCode >= 0 && errorCode <= ERROR_CODE_MAX ? errorCode : 0,
      tlvs: NO_TLVS,
    },
  }
}

function endOf({ events, message }: MessageStory, { index }: Delivery): number {
  const last = events.findLast(({ delivery }) => delivery === index)
  return last?.at ?? message.acceptedAt
}

/** Withdraws a message; without its id, all that wait between a sender and a recipient. */
export async function cancel(
  parts: SmppDoorParts,
  client: Client,
  request: CancelSm,
): Promise<SmppAnswer | Objection> {
  const { messageId, source } = request
  if (messageId === '') return cancelBetween(parts, client, request)
  const story = await find(parts, client, messageId)
  if (story === undefined || !isFrom(story, source)) return refused('message-unknown')
  const target = { accountId: client.account.id, messageId: story.message.id }
  return revised(await parts.reviser.cancel(target), COMMAND_STATUS.ESME_RCANCELFAIL)
}

async function cancelBetween(
  parts: SmppDoorParts,
  { account }: Client,
  { source, destination, serviceType }: CancelSm,
): Promise<SmppAnswer | Objection> {
  const [from, to] = [addressOf(source), addressOf(destination)]
  if (from === undefined || to === undefined) return objection(COMMAND_STATUS.ESME_RCANCELFAIL)
  const newest = await parts.read({
    query: 'messages',
    accountId: account.id,
    limit: CANCEL_LOOK_MAX,
  })
  const meant = newest.filter(
    ({ message: { envelope, channel }, states }) =>
      channel === 'sms' &&
      envelope.sender.text === from.text &&
      (serviceType === '' || envelope.sms?.serviceType === serviceType) &&
      states.some((state) => state === 'queued' || state === 'deferred'),
  )
  let cancelled = 0
  for (const { message } of meant) {
    const target = { accountId: account.id, messageId: message.id, recipients: [to] }
    if ((await parts.reviser.cancel(target)).kind === 'done') cancelled += 1
  }
  return cancelled > 0 ? OK : objection(COMMAND_STATUS.ESME_RCANCELFAIL)
}

/** Changes a message that waits: its text in the alphabet it had, its times, its receipts. */
export async function replace(
  parts: SmppDoorParts,
  client: Client,
  request: ReplaceSm,
): Promise<SmppAnswer | Objection> {
  const story = await find(parts, client, request.messageId)
  if (story === undefined || !isFrom(story, request.source)) return refused('message-unknown')
  if (request.smDefaultMsgId !== 0) return objection(COMMAND_STATUS.ESME_RINVDFTMSGID)
  const { envelope, id } = story.message
  const times = readTimeWishes(request, parts.clock.now(), parts.validityMs)
  if (isObjection(times)) return times
  const receipts = readReceiptWishes(request.registeredDelivery, client.access)
  if (isObjection(receipts)) return receipts
  const dataCoding = envelope.sms?.dataCoding ?? 0
  const message = readUserMessage({ ...request, esmClass: 0, dataCoding }, client.access)
  if (isObjection(message)) return message
  const decoded = decodeContent(message)
  if (decoded === undefined) return refused('text-undecodable')
  const { notBefore, expiresAt } = times
  const revision = await parts.reviser.replace(
    { accountId: client.account.id, messageId: id },
    {
      envelope: envelopeWith(envelope, receipts),
      content: decoded.content,
      ...(notBefore === undefined ? {} : { notBefore }),
      // An empty validity leaves the one there is (SMPP 3.4 §4.10.1).
      ...(request.validityPeriod === '' ? {} : { expiresAt }),
      request: hash('sha256', JSON.stringify([request, dataCoding]), 'hex'),
    },
  )
  return revised(revision, COMMAND_STATUS.ESME_RREPLACEFAIL)
}

function envelopeWith(
  { sms }: Envelope,
  { deliveryReports, ...wishes }: Exclude<ReturnType<typeof readReceiptWishes>, Objection>,
): Partial<Envelope> {
  const { receiptsFor: _for, interimReceipts: _interim, ...kept } = sms ?? { alphabet: 'gsm7' }
  return { deliveryReports, sms: { ...kept, ...wishes } }
}

function revised(revision: Revision, failed: number): SmppAnswer | Objection {
  if (revision.kind === 'done') return OK
  const { reason } = revision
  return reason === 'no-longer-changeable' ? { ...objection(failed), reason } : refused(reason)
}

/** A message of this client, by its id or by that of a part it came in. */
async function find(
  parts: SmppDoorParts,
  { account }: Client,
  messageId: string,
): Promise<MessageStory | undefined> {
  if (!MESSAGE_ID.test(messageId)) return undefined
  const story = await parts.read({ query: 'message', messageId })
  return story?.message.accountId === account.id ? story : undefined
}

/** The sender must be named as it was; a client that names none means any (SMPP 3.4 §4.8.1). */
function isFrom({ message }: MessageStory, source: SmppAddress): boolean {
  return source.addr === '' || addressOf(source)?.text === message.envelope.sender.text
}
