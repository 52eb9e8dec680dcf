/** Our addresses as a message centre wants them. */
import type { SmppAddress } from '../../codecs/smpp/pdu.ts'
import type { Address } from '../../core/address.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'

type Habits = Pick<
  SmppPeer,
  'senderNumber' | 'senderShortCode' | 'senderName' | 'recipientNumber' | 'numberForm'
>

const LETTER = /[A-Za-z]/

/** Whom it is from; `undefined` for a mail address, which SMPP cannot say. */
export function sourceOf({ kind, text }: Address, smpp: Habits): SmppAddress | undefined {
  if (kind === 'email') return undefined
  if (kind === 'number') return { ...smpp.senderNumber, addr: printNumber(text, smpp) }
  return { ...(LETTER.test(text) ? smpp.senderName : smpp.senderShortCode), addr: text }
}

/** Whom it is for. */
export function destinationOf({ kind, text }: Address, smpp: Habits): SmppAddress | undefined {
  if (kind === 'email') return undefined
  if (kind === 'number') return { ...smpp.recipientNumber, addr: printNumber(text, smpp) }
  return { ...smpp.senderShortCode, addr: text }
}

function printNumber(digits: string, { numberForm }: Habits): string {
  return numberForm === 'plus' ? `+${digits}` : digits
}
