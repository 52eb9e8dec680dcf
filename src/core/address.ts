/** Addresses as the gateway keeps them: a kind and its canonical text. */

/** A subscriber number (E.164 digits without plus), a short code, or an e-mail address. */
export interface Address {
  readonly kind: 'number' | 'short-code' | 'email'
  /** Number: 7 to 15 digits, first not 0. Short code: as provisioned. E-mail: addr-spec. */
  readonly text: string
}

const E164 = /^[1-9][0-9]{6,14}$/
const SHORT_CODE = /^[0-9A-Za-z]{3,12}$/
const EMAIL = /^[^\s<>@"(),:;[\\\]]{1,64}@[^\s<>@"(),:;[\\\]/]{1,255}$/

/**
 * E.164 digits with no plus sign: 7 to 15 of them, the first not zero. Tolerates what peers write:
 * one leading plus, and a `/TYPE=PLMN` tail with or without a domain (TS 23.140 §8.4.5.1).
 */
export function parseMsisdn(text: string): string | undefined {
  const cut = text.search(/\/type=/i)
  const bare = (cut < 0 ? text : text.slice(0, cut)).trim().replace(/^\+/, '')
  return E164.test(bare) ? bare : undefined
}

/** A short code: 3 to 12 letters or digits. */
export function parseShortCode(text: string): string | undefined {
  const bare = text.trim()
  return SHORT_CODE.test(bare) ? bare : undefined
}

/** An address in whatever form a peer writes it; `undefined` when it is none of the three kinds. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.trim()
  const number = parseMsisdn(bare)
  if (number !== undefined) return { kind: 'number', text: number }
  // `+15550100123@mms.example`: a number that travels as mail is still a number.
  const at = bare.indexOf('@')
  if (at > 0 && bare.startsWith('+')) {
    const local = parseMsisdn(bare.slice(0, at))
    if (local !== undefined) return { kind: 'number', text: local }
  }
  if (EMAIL.test(bare)) return { kind: 'email', text: bare }
  const shortCode = parseShortCode(bare)
  return shortCode === undefined ? undefined : { kind: 'short-code', text: shortCode }
}

/** Human form: numbers with their plus. */
export function printAddress(address: Address): string {
  return address.kind === 'number' ? `+${address.text}` : address.text
}

/** For logs: enough to recognise, too little to call. `+15550100123` becomes `+1555***123`. */
export function maskAddress(address: Address): string {
  const text = printAddress(address)
  if (address.kind === 'short-code') return text
  if (text.length < 9) return '***'
  return `${text.slice(0, 5)}***${text.slice(-3)}`
}
