/** What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1). */

import type { SmtpReply } from './reply.ts'

/** The extensions a client of MM4 peers makes use of. */
export interface SmtpExtensions {
  readonly pipelining: boolean
  readonly eightBitMime: boolean
  readonly startTls: boolean
  /** `undefined`: SIZE not offered. 0: offered without a limit (RFC 1870 §3). */
  readonly sizeBytesMax: number | undefined
  /** Upper-case mechanism names. */
  readonly authMechanisms: readonly string[]
}

/** What a server that answered only to HELO has. */
export const NO_EXTENSIONS: SmtpExtensions = {
  pipelining: false,
  eightBitMime: false,
  startTls: false,
  sizeBytesMax: undefined,
  authMechanisms: [],
}

/** Reads the lines after the first of a 250 to EHLO. Keywords come in any case. */
export function parseExtensions(reply: SmtpReply): SmtpExtensions {
  const offered = new Map<string, string>()
  const mechanisms = new Set<string>()
  for (const line of reply.lines.slice(1)) {
    const [keyword = '', ...words] = line.trim().toUpperCase().split(/ +/)
    // `AUTH=LOGIN PLAIN` is an old misspelling that some servers send beside the right line.
    const [name = '', glued] = keyword.split('=')
    offered.set(name, words[0] ?? '')
    if (name !== 'AUTH') continue
    for (const word of glued === undefined ? words : [glued, ...words]) mechanisms.add(word)
  }
  const size = offered.get('SIZE')
  return {
    pipelining: offered.has('PIPELINING'),
    eightBitMime: offered.has('8BITMIME'),
    startTls: offered.has('STARTTLS'),
    sizeBytesMax: size === undefined ? undefined : /^\d{1,15}$/.test(size) ? Number(size) : 0,
    authMechanisms: [...mechanisms],
  }
}
