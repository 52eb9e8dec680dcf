/**
 * Mailbox paths of SMTP commands: `<+15550100123/TYPE=PLMN@mms.example>` (RFC 5321 §4.1.2).
 *
 * `+`, `/` and `=` are ordinary atom characters, so an MMS address travels as it stands. It is never
 * rewritten, quoted or given a domain here: what the peer said is what the caller sees.
 */

/** RFC 5321 §4.5.3.1.3: the longest path, in octets, with its angle brackets. */
export const PATH_BYTES_MAX = 256

// RFC 5321 atoms and dots. The places of dots are not judged: real MMSCs are careless with them.
const ATOM = String.raw`[A-Za-z0-9!#$%&'*+\-/=?^_\x60{|}~.]+`
const QUOTED = String.raw`"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"`
const DOMAIN = String.raw`(?:[A-Za-z0-9._-]+|\[[\x21-\x5a\x5e-\x7e]+\])`
const MAILBOX = `(?:${ATOM}|${QUOTED})(?:@${DOMAIN})?`
// A source route (`@a,@b:`) is accepted and dropped, as RFC 5321 appendix C asks.
const PATH = new RegExp(`^<(?:@[^\\s<>:"]+:)?(${MAILBOX})?>`)
const BARE = new RegExp(`^(${MAILBOX})(?=\\s|$)`)
const WHOLE_MAILBOX = new RegExp(`^${MAILBOX}$`)

/** A path found at the start of a text, and what follows it. */
export interface ParsedPath {
  /** The mailbox without brackets; empty for the null path `<>`. */
  readonly address: string
  readonly rest: string
}

/** Reads the path at the start of `text`; `undefined` if there is none or it is too long. */
export function parsePath(text: string): ParsedPath | undefined {
  const found = PATH.exec(text) ?? BARE.exec(text)
  if (found === null || found[0].length > PATH_BYTES_MAX) return undefined
  return { address: found[1] ?? '', rest: text.slice(found[0].length) }
}

/** Whether `address` may stand between angle brackets as it is; the empty (null) path may. */
export function isMailbox(address: string): boolean {
  return address === '' || (address.length <= PATH_BYTES_MAX - 2 && WHOLE_MAILBOX.test(address))
}
