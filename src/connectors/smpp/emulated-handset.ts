/** What comes from simulated handsets: receipts of what they got, and messages of their own. */

import { createDataSm, createDeliverSm } from '../../codecs/smpp/create-body.ts'
import { printEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { DataSm, DeliverSm } from '../../codecs/smpp/pdu.ts'
import type { SmppTlvs } from '../../codecs/smpp/tlv-table.ts'
import { printDataCoding } from '../../codecs/sms/data-coding.ts'
import { findStateOfWord, MESSAGE_STATES } from '../../codecs/sms/message-state.ts'
import { printReceipt } from '../../codecs/sms/receipt.ts'
import { receiptDateOf } from '../../codecs/sms/receipt-date.ts'
import { splitText } from '../../codecs/sms/segmentation.ts'
import { printUserData } from '../../codecs/sms/user-data.ts'
import type { SmscBehaviour, SmscIdForm, SmscReceipt } from './behaviour.ts'
import type { SeenSubmit, WrittenMessage } from './emulator.ts'

const NO_ERROR = '000'
const GSM_NETWORK = 3
const DECIMAL_DIGITS = 10
const INTERNATIONAL = { ton: 1, npi: 1 } as const
const SHORT = { ton: 3, npi: 0 } as const
/** Shorter ones are short codes. */
const NUMBER_DIGITS_MIN = 7

/** The receipt of one request. `at`: epoch milliseconds. */
export function receiptBody(
  submit: SeenSubmit,
  receipt: SmscReceipt,
  { idForm = 'same', receiptStyle = 'both', receiptByData }: SmscBehaviour,
  at: number,
): DeliverSm | DataSm {
  const id = spell(submit.id, idForm)
  const { stat, err = NO_ERROR } = receipt
  const date = receiptDateOf(at)
  const dlvrd = stat === MESSAGE_STATES.delivered.word ? 1 : 0
  const text = printReceipt({
    id,
    sub: 1,
    dlvrd,
    submitDate: date,
    doneDate: date,
    stat,
    err,
    text: submit.text ?? '',
  })
  const state = findStateOfWord(stat)
  const tlvs: SmppTlvs =
    receiptStyle === 'text'
      ? {}
      : {
          receiptedMessageId: id,
          ...(state === undefined ? {} : { messageState: MESSAGE_STATES[state].number }),
          ...(err === NO_ERROR || !/^[0-9]{1,5}$/.test(err)
            ? {}
            : { networkErrorCode: { networkType: GSM_NETWORK, errorCode: Number(err) } }),
        }
  const words = receiptStyle === 'parameters' ? Buffer.alloc(0) : Buffer.from(text, 'latin1')
  const common = {
    source: submit.body.destination,
    destination: submit.body.source,
    esmClass: printEsmClass({ type: 'receipt' }),
  }
  return receiptByData === true
    ? createDataSm({ ...common, tlvs: { ...tlvs, messagePayload: words } })
    : createDeliverSm({ ...common, shortMessage: words, tlvs })
}

function spell(id: string, form: SmscIdForm): string {
  const decimal = BigInt(`0x${id}`).toString()
  switch (form) {
    case 'same':
      return id
    case 'lower':
      return id.toLowerCase()
    case 'trimmed':
      return id.replace(/^0+(?=.)/, '')
    case 'decimal':
      return decimal
    case 'decimal-padded':
      return decimal.padStart(DECIMAL_DIGITS, '0')
  }
}

/** A message as the requests it takes. */
export function messagesOf({ from, to, text }: WrittenMessage, reference: number): DeliverSm[] {
  const split = splitText(text, reference)
  if (split.kind !== 'parts')
    throw new Error(`a simulated handset cannot write this: ${split.kind}`)
  const { alphabet } = split.measure
  return split.parts.map((part) =>
    createDeliverSm({
      source: addressOf(from),
      destination: addressOf(to),
      dataCoding: printDataCoding(alphabet, 'gsm7') ?? 0,
      esmClass: printEsmClass({ udhi: part.elements.length > 0 }),
      shortMessage: printUserData(part, alphabet) ?? new Uint8Array(0),
    }),
  )
}

function addressOf(addr: string) {
  const digits = addr.replace(/^\+/, '')
  return { ...(digits.length < NUMBER_DIGITS_MIN ? SHORT : INTERNATIONAL), addr: digits }
}
