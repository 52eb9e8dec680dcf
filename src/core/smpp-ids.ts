/**
 * Message ids of a message centre in the one spelling we keep. Where a centre is known to answer in one
 * base and to report in the other both are brought to decimal; ids are never more than text to us.
 */
import type { SmppIdForm } from './smpp-peer.ts'

const HEX = /^(?:0x)?[0-9a-f]{1,16}$/i
const DECIMAL = /^[0-9]{1,20}$/

/** An id from an answer to a request. */
export function answeredId(form: SmppIdForm, id: string): string {
  return form === 'hex-decimal' ? fromHex(id) : plain(form, id)
}

/** An id from a receipt. */
export function reportedId(form: SmppIdForm, id: string): string {
  return form === 'decimal-hex' ? fromHex(id) : plain(form, id)
}

/** Whether ids are kept as the centre writes them, so that it can be asked by them. */
export function keepsIds(form: SmppIdForm): boolean {
  return form === 'auto' || form === 'same'
}

function plain(form: SmppIdForm, given: string): string {
  const id = given.trim()
  if (keepsIds(form)) return id
  if (form === 'trimmed') return withoutZeros(id).toLowerCase()
  return DECIMAL.test(id) ? withoutZeros(id) : id
}

function fromHex(given: string): string {
  const id = given.trim()
  return HEX.test(id) ? BigInt(`0x${id.replace(/^0x/i, '')}`).toString() : id
}

function withoutZeros(id: string): string {
  return id.replace(/^0+(?=.)/, '')
}
