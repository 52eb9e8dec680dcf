/**
 * Addresses as MMSCs write them: `+15550100123/TYPE=PLMN`, the same with `@domain`, `+E164@domain`,
 * bare numbers and short codes, e-mail addresses, and system names without any domain (`PostMaster`).
 *
 * Whether a number is plausible or served is not judged here: that is a dialect's business.
 */

import type { Mm4Address } from './types.ts'

/** Longer ones are nobody's address; the number of a list is bounded by the header block. */
const ADDRESS_BYTES_MAX = 320

const DISPLAY = /^[^<]*<([^<>]*)>[^<>]*$/
const TYPE = /\/type=([a-z0-9]{1,20})$/i
const DIGITS = /^\+?[0-9]{1,32}$/
/** Digits without a plus are a short code up to this length, a number beyond it. */
const SHORT_CODE_DIGITS_MAX = 6
/** What may stand in an address that we write; the rest is left out, so that one stays one. */
const UNWRITABLE = /[^A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.@[\]:]/g
const PARTY_FORM = /^system=([^;,\s]+)/i

/** Reads one address; `undefined` if nothing usable is there. */
export function parseMm4Address(text: string): Mm4Address | undefined {
  const raw = text.trim()
  const bare = raw.includes('<') ? (DISPLAY.exec(raw)?.[1] ?? raw).trim() : raw
  if (bare === '' || bare.length > ADDRESS_BYTES_MAX || /\s/.test(bare)) return undefined
  const at = bare.lastIndexOf('@')
  const local = at < 0 ? bare : bare.slice(0, at)
  const domain = at < 0 ? undefined : bare.slice(at + 1).toLowerCase()
  if (local === '' || domain === '') return undefined
  const slash = local.lastIndexOf('/')
  const type = slash < 0 ? undefined : TYPE.exec(local)?.[1]?.toUpperCase()
  const name = type === undefined ? local : local.slice(0, slash)
  let kind: Mm4Address['kind'] = type === undefined && at > 0 ? 'email' : 'system'
  let value = bare
  if ((type === undefined || type === 'PLMN') && DIGITS.test(name)) {
    const signed = name.startsWith('+')
    value = signed ? name.slice(1) : name
    kind = !signed && name.length <= SHORT_CODE_DIGITS_MAX ? 'short-code' : 'number'
  } else if (type === 'PLMN') {
    kind = 'short-code'
    value = name
  }
  return domain === undefined ? { raw, text: value, kind } : { raw, text: value, kind, domain }
}

/** Reads X-Mms-Originator-System or Sender: an e-mail address there is a system's, not a person's. */
export function parseSystemAddress(text: string): Mm4Address | undefined {
  // `system=mmsc.example;party=+1555…` is one peer's own form.
  const host = PARTY_FORM.exec(text.trim())?.[1]
  if (host !== undefined) {
    return { raw: text.trim(), text: host, kind: 'system', domain: host.toLowerCase() }
  }
  const address = parseMm4Address(text)
  return address?.kind === 'email' ? { ...address, kind: 'system' } : address
}

/** Reads a list as To has it; what is no address is left out. */
export function parseMm4Addresses(text: string): readonly Mm4Address[] {
  const found: Mm4Address[] = []
  for (const piece of splitList(text)) {
    const address = parseMm4Address(piece)
    if (address !== undefined) found.push(address)
  }
  return found
}

/** Cuts at commas, but not at those in quoted names. */
function splitList(text: string): readonly string[] {
  if (!text.includes('"')) return text.split(',')
  return text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"]|")+/g) ?? []
}

/** The form to write: `+E164/TYPE=PLMN@domain`, without the domain where there is none. */
export function printMm4Address({ kind, text, domain }: Mm4Address): string {
  const clean = text.replace(UNWRITABLE, '')
  if (kind === 'email') return clean
  const tail = domain === undefined ? '' : `@${domain.replace(UNWRITABLE, '').replaceAll('@', '')}`
  if (kind === 'system') return clean.includes('@') || clean === domain ? clean : clean + tail
  const name = clean.replaceAll('@', '')
  return `${kind === 'number' ? '+' : ''}${name}/TYPE=PLMN${tail}`
}

/** An address of our own making. `text`: digits without plus, a short code, or an e-mail address. */
export function createMm4Address(
  kind: Mm4Address['kind'],
  text: string,
  domain?: string,
): Mm4Address {
  const parts = domain === undefined ? { kind, text } : { kind, text, domain }
  return { raw: printMm4Address({ raw: '', ...parts }), ...parts }
}
