/** SMPP addresses and ours: type of number, numbering plan and digits on one side, a kind on the other. */
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { SmppAddress } from '../../codecs/smpp/pdu.ts'
import { type Address, parseAddress, parseMsisdn, parseShortCode } from '../../core/address.ts'

/** SMPP 3.4 §5.2.5: types of number. */
const TON = {
  unknown: 0,
  international: 1,
  national: 2,
  network: 3,
  alphanumeric: 5,
  max: 6,
} as const
/** SMPP 3.4 §5.2.6: numbering plans with a meaning. */
const PLANS: ReadonlySet<number> = new Set([0, 1, 3, 4, 6, 8, 9, 10, 14, 18])
const E164 = 1

/** The address somebody wrote; `undefined` where it is none of ours, whatever its type of number. */
export function addressOf({ ton, addr }: SmppAddress): Address | undefined {
  if (ton === TON.international) {
    const number = parseMsisdn(addr)
    return number === undefined ? undefined : { kind: 'number', text: number }
  }
  if (ton === TON.alphanumeric || ton === TON.network) {
    const name = parseShortCode(addr)
    return name === undefined ? undefined : { kind: 'short-code', text: name }
  }
  const address = parseAddress(addr)
  return address?.kind === 'email' ? undefined : address
}

/** Why the fields beside the digits cannot be, as the status of a source or a destination. */
export function formFault(
  { ton, npi }: SmppAddress,
  role: 'source' | 'destination',
): number | undefined {
  const source = role === 'source'
  if (ton > TON.max) {
    return source ? COMMAND_STATUS.ESME_RINVSRCTON : COMMAND_STATUS.ESME_RINVDSTTON
  }
  if (PLANS.has(npi)) return undefined
  return source ? COMMAND_STATUS.ESME_RINVSRCNPI : COMMAND_STATUS.ESME_RINVDSTNPI
}

const LETTER = /[A-Za-z]/

/** An address of ours as a client is told it. */
export function printSmppAddress({ kind, text }: Address): SmppAddress {
  if (kind === 'number') return { ton: TON.international, npi: E164, addr: text }
  if (LETTER.test(text)) return { ton: TON.alphanumeric, npi: TON.unknown, addr: text }
  return { ton: TON.network, npi: TON.unknown, addr: text }
}
