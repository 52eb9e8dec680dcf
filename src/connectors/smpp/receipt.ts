/**
 * Receipts: what a deliver_sm or data_sm of a message centre says of a message we handed over. The
 * parameters go before the text, the carrier's own words before the common tables. `err` is no
 * standard: the table is what GSM networks commonly mean.
 */

import { isReceipt } from '../../codecs/smpp/esm-class.ts'
import type { DataSm, DeliverSm } from '../../codecs/smpp/pdu.ts'
import { decodeText } from '../../codecs/sms/alphabet.ts'
import { parseDataCoding } from '../../codecs/sms/data-coding.ts'
import {
  findStateOfNumber,
  findStateOfWord,
  MESSAGE_STATES,
  type MessageState,
} from '../../codecs/sms/message-state.ts'
import { parseReceipt, RECEIPT_CHARACTERS_MAX, type Receipt } from '../../codecs/sms/receipt.ts'
import { receiptDateToMs } from '../../codecs/sms/receipt-date.ts'
import type { Report, ReportedStatus } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import { reportedId } from '../../core/smpp-ids.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'

/** A receipt as a report on the message of this id; without one it names nothing. */
export interface Receipted {
  readonly id: string | undefined
  readonly report: Report
}

type Habits = Pick<
  SmppPeer,
  'idForm' | 'receiptsUnmarked' | 'clockOffsetMinutes' | 'overrides' | 'defaultAlphabet'
>

/** What a request says of an earlier message; `undefined` where it is a message of its own. */
export function receiptOf(body: DeliverSm | DataSm, smpp: Habits): Receipted | undefined {
  const { tlvs } = body
  const named = tlvs.receiptedMessageId !== undefined
  const told = isReceipt(body.esmClass) || tlvs.messageState !== undefined
  if (!told && !named && !smpp.receiptsUnmarked) return undefined
  const text = textOf(body, smpp)
  const receipt = parseReceipt(text)
  // An id alone, as Kannel's test centre gives to messages, says nothing of an earlier one: a
  // message taken for a receipt is answered and lost.
  const marked = told || (named && receipt?.stat !== undefined)
  if (!marked && (receipt?.id === undefined || receipt.stat === undefined)) return undefined
  const id = tlvs.receiptedMessageId ?? receipt?.id
  return {
    id: id === undefined ? undefined : reportedId(smpp.idForm, id),
    report: reportOf(body, receipt, text, smpp),
  }
}

function textOf(body: DeliverSm | DataSm, { defaultAlphabet }: Habits): string {
  const octets =
    body.tlvs.messagePayload ?? ('shortMessage' in body ? body.shortMessage : new Uint8Array(0))
  const coding = parseDataCoding(body.dataCoding, defaultAlphabet)
  const alphabet = coding.kind === 'known' && coding.alphabet === 'ucs2' ? 'ucs2' : 'latin1'
  const decoded = decodeText(alphabet, octets, { reading: 'lenient' })
  return decoded.kind === 'text' ? decoded.text.slice(0, RECEIPT_CHARACTERS_MAX) : ''
}

/** A receipt comes from the address its message went to. */
const DIGITS = /^\+?[0-9]{7,15}$/

function reportOf(
  { tlvs, source }: DeliverSm | DataSm,
  receipt: Receipt | undefined,
  text: string,
  smpp: Habits,
): Report {
  const state =
    (tlvs.messageState === undefined ? undefined : findStateOfNumber(tlvs.messageState)) ??
    (receipt?.stat === undefined ? undefined : findStateOfWord(receipt.stat))
  const err = errOf(receipt?.err) ?? errOf(String(tlvs.networkErrorCode?.errorCode ?? ''))
  const own =
    state === 'delivered' ? undefined : ownWord(smpp, { err, stat: receipt?.stat ?? state })
  const happenedAt =
    smpp.clockOffsetMinutes === undefined || receipt?.doneDate === undefined
      ? undefined
      : receiptDateToMs(receipt.doneDate, smpp.clockOffsetMinutes)
  return {
    ...statusOf(state, err, own),
    ...(happenedAt === undefined ? {} : { happenedAt }),
    ...(DIGITS.test(source.addr) ? { recipient: source.addr.replace(/^\+/, '') } : {}),
    raw: rawOf(tlvs, text),
  }
}

/** The text as it came, and the parameters that are read. */
function rawOf(tlvs: DeliverSm['tlvs'], text: string): string {
  const { receiptedMessageId: id, messageState, networkErrorCode: error } = tlvs
  const said = [
    id === undefined ? '' : `receipted_message_id ${id}`,
    messageState === undefined ? '' : `message_state ${messageState}`,
    error === undefined ? '' : `network_error_code ${error.networkType}/${error.errorCode}`,
  ].filter((each) => each !== '')
  return [text.trim(), ...said].filter((each) => each !== '').join('; ')
}

/** A code without its leading zeros; zero is no error. */
function errOf(written: string | undefined): string | undefined {
  const err = written?.trim().replace(/^0+(?=.)/, '')
  return err === undefined || err === '' || err === '0' ? undefined : err
}

/** What the carrier's own table says of a receipt. */
function ownWord(
  { overrides = [] }: Habits,
  said: { readonly err: string | undefined; readonly stat: string | undefined },
): Reason | undefined {
  return overrides.find(({ on, value }) => {
    if (on === 'err') return said.err !== undefined && errOf(value) === said.err
    return on === 'stat' && value.toUpperCase() === said.stat?.toUpperCase()
  })?.reason
}

type Meaning = Pick<Report, 'status' | 'reason'>

function statusOf(
  state: MessageState | undefined,
  err: string | undefined,
  own: Reason | undefined,
): Meaning {
  if (state !== undefined && !MESSAGE_STATES[state].final) return { status: 'acknowledged' }
  if (own !== undefined) return { status: 'rejected', reason: own }
  // A word nobody knows is no evidence either way.
  if (state === undefined) return { status: 'indeterminate' }
  const status = STATUS_BY_STATE[state] ?? 'indeterminate'
  const finer = FINER.has(state) && err !== undefined ? REASON_BY_ERR[err] : undefined
  if (finer !== undefined) return { status: 'rejected', reason: finer }
  if (state === 'deleted') return { status, reason: 'deleted-by-carrier' }
  return { status }
}

/** States behind which the network's own code says more. */
const FINER: ReadonlySet<MessageState> = new Set(['undeliverable', 'rejected', 'skipped'])

const STATUS_BY_STATE: Readonly<Partial<Record<MessageState, ReportedStatus>>> = {
  delivered: 'retrieved',
  expired: 'expired',
  deleted: 'rejected',
  undeliverable: 'unreachable',
  rejected: 'rejected',
  skipped: 'rejected',
  unknown: 'indeterminate',
}

/** Codes of GSM networks (3GPP TS 29.002 and 23.040) as most centres print them. */
// biome-ignore format: a table
const REASON_BY_ERR: Readonly<Record<string, Reason>> = {
  // Unknown or unidentified subscriber, barred, illegal subscriber.
  '1': 'recipient-unknown', '2': 'recipient-unknown', '5': 'recipient-unknown',
  '9': 'recipient-unknown', '11': 'recipient-unknown', '13': 'recipient-unknown',
  // Illegal equipment.
  '12': 'handset-unregistered',
  // Absent, busy, detached, no answer to paging.
  '6': 'recipient-unreachable', '27': 'recipient-unreachable', '31': 'recipient-unreachable',
  '60': 'recipient-unreachable', '61': 'recipient-unreachable', '62': 'recipient-unreachable',
  '63': 'recipient-unreachable', '64': 'recipient-unreachable',
  // Short messages not supported, by the network or the handset.
  '21': 'handset-incapable', '22': 'handset-incapable', '42': 'handset-incapable',
  '43': 'handset-incapable', '46': 'handset-incapable',
  // No room in the handset or the SIM.
  '40': 'recipient-full', '49': 'recipient-full', '50': 'recipient-full', '52': 'recipient-full',
  // Trouble in the network.
  '34': 'carrier-error', '35': 'carrier-error', '36': 'carrier-error', '41': 'carrier-error',
  '44': 'carrier-error', '45': 'carrier-error', '47': 'carrier-error', '48': 'carrier-error',
  '51': 'carrier-error',
}
