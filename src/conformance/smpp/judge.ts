/** Compares what a gateway said over SMPP with the row of the table. Pure. */
import type { Entry } from '../../catalog/index.ts'
import { findStatusName } from '../../codecs/smpp/command-status.ts'
import type { DeliverSm, SmppPdu } from '../../codecs/smpp/pdu.ts'
import { parseReceipt } from '../../codecs/sms/receipt.ts'
import type { Face, SmppSubmit } from '../provocation.ts'

/** Where a code stood. */
const FORMS = {
  response: 'submit_sm_resp',
  receipt: 'deliver_sm',
} as const satisfies Record<SmppSubmit['seenIn'], string>

/** What must be seen; a receipt has room for the code alone, and the state stands beside it. */
export function expectedFace({ code, text }: Entry, { seenIn, state }: SmppSubmit): Face {
  return { form: FORMS[seenIn], code, text: seenIn === 'response' ? text : '', details: state }
}

/** `304 malformed-invalid-udh`. */
const CODE_IN_TEXT = /^([0-9]+) (.*)$/s

/** What a response says: the status, and code and text in `additional_status_info_text`. */
export function faceOfResponse({ commandStatus, body }: SmppPdu): Face {
  const { additionalStatusInfoText: said = '' } = body.tlvs
  const details = findStatusName(commandStatus) ?? String(commandStatus)
  const [, code = '', text = said] = CODE_IN_TEXT.exec(said) ?? []
  return { form: FORMS.response, code, text, details }
}

/** What a receipt says; leading zeros of `err` fill it up to three digits. */
export function faceOfReceipt({ shortMessage }: DeliverSm): Face | undefined {
  const receipt = parseReceipt(Buffer.from(shortMessage).toString('latin1'))
  if (receipt === undefined) return undefined
  const { err = '', stat = '' } = receipt
  return { form: FORMS.receipt, code: err.replace(/^0+(?=[0-9])/, ''), text: '', details: stat }
}

/** Equal letter by letter. */
export function saysSame(expected: Face, seen: Face | undefined): boolean {
  if (seen === undefined) return false
  const { form, code, text, details } = expected
  const same = seen.form === form && seen.code === code && seen.text === text
  return same && seen.details === details
}
