/** How a receipt is worded: as text, as optional parameters, or as both. */
import { createDeliverSm } from '../../codecs/smpp/create-body.ts'
import { printEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { DeliverSm } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS, type SmppTlvs } from '../../codecs/smpp/tlv-table.ts'
import { MESSAGE_STATES } from '../../codecs/sms/message-state.ts'
import { printReceipt } from '../../codecs/sms/receipt.ts'
import { receiptDateOf } from '../../codecs/sms/receipt-date.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import type { SmppAccess } from '../../core/directory.ts'
import type { Notice } from '../../engine/ports/report-sender.ts'
import { printSmppAddress } from './address.ts'
import type { Telling } from './clients.ts'
import { codeOf, isInterim, stateOf } from './receipt-state.ts'

/** What `err` says where nothing is amiss (SMPP 3.4 appendix B: three characters). */
const NO_ERROR = '000'
/** SMPP 3.4 §5.3.2.31: GSM. */
const GSM_NETWORK = 3
/** Both carry 16 bits. */
const NUMBER_MAX = 0xffff
const SECOND_MS = 1000
const SECONDS_DIGITS = 10

/** The receipt of one part, by the id it was answered with. */
export function receiptOf(
  notice: Notice,
  id: string,
  { receiptForm }: SmppAccess,
  dialect: SpokenDialect,
  { tlvs: understood }: Telling,
): DeliverSm {
  const { result, reason, envelope, recipient } = notice
  const state = MESSAGE_STATES[stateOf(result, reason)]
  const code = codeOf(dialect, notice)
  const text = receiptForm !== 'tlvs' || !understood
  return createDeliverSm({
    source: printSmppAddress(recipient),
    destination: printSmppAddress(envelope.sender),
    ...(envelope.sms?.serviceType === undefined ? {} : { serviceType: envelope.sms.serviceType }),
    esmClass: printEsmClass({ type: isInterim(result) ? 'intermediate' : 'receipt' }),
    ...(text ? { shortMessage: Buffer.from(textOf(notice, id, state.word, code), 'latin1') } : {}),
    tlvs: understood ? tlvsOf(notice, id, state.number, code, receiptForm) : NO_TLVS,
  })
}

function textOf(notice: Notice, id: string, stat: string, code: string | undefined): string {
  const { result, happenedAt } = notice
  return printReceipt({
    id,
    sub: 1,
    dlvrd: result === 'delivered' || result === 'read' ? 1 : 0,
    submitDate: receiptDateOf(submittedAt(id)),
    doneDate: receiptDateOf(happenedAt),
    stat,
    err: code ?? NO_ERROR,
    // The client knows what it sent; repeating it would spread it further.
    text: '',
  })
}

/** Our ids begin with the second in which they were given. */
function submittedAt(id: string): number {
  return Number(id.slice(0, SECONDS_DIGITS)) * SECOND_MS
}

function tlvsOf(
  { envelope: { clientReference } }: Notice,
  id: string,
  messageState: number,
  code: string | undefined,
  form: SmppAccess['receiptForm'],
): SmppTlvs {
  const reference = numberOf(clientReference)
  const echo = reference === undefined ? {} : { userMessageReference: reference }
  if (form === 'text') return echo
  const errorCode = numberOf(code)
  return {
    receiptedMessageId: id,
    messageState,
    ...(errorCode === undefined
      ? {}
      : { networkErrorCode: { networkType: GSM_NETWORK, errorCode } }),
    ...echo,
  }
}

/** A number of 16 bits, if the text is one. */
function numberOf(text: string | undefined): number | undefined {
  const number = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isInteger(number) && number >= 0 && number <= NUMBER_MAX ? number : undefined
}
