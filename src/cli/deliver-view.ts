/** How a deliver_sm is shown: a receipt by its state and code, a message by its text. Pure. */

import { isReceipt } from '../codecs/smpp/esm-class.ts'
import type { DeliverSm } from '../codecs/smpp/pdu.ts'
import { decodeText } from '../codecs/sms/alphabet.ts'
import { parseDataCoding } from '../codecs/sms/data-coding.ts'
import {
  findStateOfNumber,
  findStateOfWord,
  MESSAGE_STATES,
  type MessageState,
} from '../codecs/sms/message-state.ts'
import { shiftTablesOf } from '../codecs/sms/national-tables.ts'
import { parseReceipt } from '../codecs/sms/receipt.ts'
import { findConcatenation } from '../codecs/sms/udh.ts'
import { parseUserData } from '../codecs/sms/user-data.ts'
import { type Paint, printable } from './terminal.ts'
import { printClock } from './time-words.ts'

/** A receipt as far as it can be read. */
export interface ReadReceipt {
  readonly kind: 'receipt'
  readonly messageId: string | undefined
  readonly state: MessageState | undefined
  /** Whether no other receipt follows for this message and recipient. */
  readonly final: boolean
  readonly err: string | undefined
  readonly from: string
}

/** A message from a handset, or a part of one. */
export interface ReadMessage {
  readonly kind: 'message'
  readonly from: string
  readonly to: string
  readonly text: string
  readonly part: { readonly sequence: number; readonly total: number } | undefined
}

/** Reads what a centre delivered. */
export function readDeliverSm(pdu: DeliverSm): ReadReceipt | ReadMessage {
  return isReceipt(pdu.esmClass) ? readReceipt(pdu) : readMessage(pdu)
}

function readReceipt({ shortMessage, source, tlvs }: DeliverSm): ReadReceipt {
  const said = parseReceipt(Buffer.from(shortMessage).toString('latin1'))
  const state =
    (tlvs.messageState === undefined ? undefined : findStateOfNumber(tlvs.messageState)) ??
    (said?.stat === undefined ? undefined : findStateOfWord(said.stat))
  const error = tlvs.networkErrorCode?.errorCode
  return {
    kind: 'receipt',
    messageId: tlvs.receiptedMessageId ?? said?.id,
    state,
    final: state !== undefined && MESSAGE_STATES[state].final,
    err: said?.err ?? (error === undefined ? undefined : String(error)),
    from: source.addr,
  }
}

const UDHI = 0x40

function readMessage(pdu: DeliverSm): ReadMessage {
  const { source, destination, dataCoding, esmClass, tlvs } = pdu
  const octets = tlvs.messagePayload ?? pdu.shortMessage
  const coding = parseDataCoding(dataCoding, 'gsm7')
  const alphabet = coding.kind === 'known' ? coding.alphabet : 'binary'
  const read = parseUserData(octets, alphabet, (esmClass & UDHI) !== 0)
  const elements = read.kind === 'fault' ? [] : read.elements
  const body = read.kind === 'fault' ? octets : read.body
  const decoded = decodeText(alphabet, body, { reading: 'lenient', shift: shiftTablesOf(elements) })
  const place = findConcatenation(elements)
  return {
    kind: 'message',
    from: source.addr,
    to: destination.addr,
    text: decoded.kind === 'text' ? decoded.text : `${octets.length} octets`,
    part: place === undefined ? undefined : { sequence: place.sequence, total: place.total },
  }
}

/** Lines for a person. */
export function deliverLines(
  read: ReadReceipt | ReadMessage,
  at: number,
  paint: Paint,
): readonly string[] {
  const time = paint('dim', printClock(at))
  if (read.kind === 'message') {
    const { from, to, text, part } = read
    const place = part === undefined ? '' : paint('dim', `  part ${part.sequence} of ${part.total}`)
    const head = paint('bold', paint('cyan', '◀ message'))
    return [`${time}  ${head}  ${printable(from)} → ${printable(to)}  “${printable(text)}”${place}`]
  }
  const { state, err, from, messageId } = read
  const good = state === 'delivered' || state === 'enroute' || state === 'accepted'
  const word = state === undefined ? '?' : MESSAGE_STATES[state].word
  const code = err === undefined || /^0*$/.test(err) ? '' : `  err ${printable(err)}`
  return [
    `${time}  ${paint('bold', paint(good ? 'green' : 'yellow', `◀ receipt ${word}`))}  by ${printable(from)}${code}`,
    paint('dim', `          message ${printable(messageId ?? '?')}`),
  ]
}
