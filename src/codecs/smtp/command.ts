/**
 * Command lines of SMTP (RFC 5321 §4.1) and of the extensions MMSCs use between themselves.
 *
 * The line comes without its CRLF. A line that cannot be understood is a value, never a throw: the
 * session decides which reply it earns.
 */

import { parsePath } from './path.ts'

/** Longest command line accepted, CRLF included; RFC 5321 asks for 512 plus what extensions add. */
export const COMMAND_LINE_BYTES_MAX = 2048

/** RFC 4954 §4: the longest line of an authentication exchange, CRLF included. */
export const AUTH_LINE_BYTES_MAX = 12_288

/** ESMTP parameters of MAIL and RCPT, keyed by upper-case keyword. */
export type SmtpParams = ReadonlyMap<string, string>

/** A command that was understood. */
export type SmtpCommand =
  | { readonly verb: 'EHLO' | 'HELO'; readonly name: string }
  | { readonly verb: 'MAIL'; readonly from: string; readonly params: SmtpParams }
  | { readonly verb: 'RCPT'; readonly to: string; readonly params: SmtpParams }
  | { readonly verb: 'BDAT'; readonly bytes: number; readonly last: boolean }
  | { readonly verb: 'AUTH'; readonly mechanism: string; readonly initial: string | undefined }
  | { readonly verb: 'VRFY'; readonly argument: string }
  | { readonly verb: PlainVerb }

/** Commands without an argument that matters. */
export type PlainVerb = 'DATA' | 'RSET' | 'NOOP' | 'QUIT' | 'STARTTLS' | 'HELP'

/** What a line can be. `foreign` is another protocol talking to this port: hang up. */
export type ParsedCommand =
  | { readonly kind: 'command'; readonly command: SmtpCommand }
  | { readonly kind: 'syntax'; readonly verb: string; readonly because: SyntaxFault }
  | { readonly kind: 'unknown'; readonly verb: string }
  | { readonly kind: 'foreign'; readonly verb: string }

/** Why the argument of a known command was refused. */
export type SyntaxFault =
  | 'name-missing'
  | 'path-broken'
  | 'parameters-broken'
  | 'argument-unexpected'
  | 'argument-broken'

const NO_PARAMS: SmtpParams = new Map()
const PARAMS_MAX = 16
// RFC 5321 §4.1.2 esmtp-param.
const PARAM = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e]+))?$/
const BDAT = /^(\d{1,12})(?: +(LAST))?$/i

const FOREIGN = new Set(['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'CONNECT', 'DELETE'])

type ArgumentParser = (verb: string, argument: string) => ParsedCommand

const PARSERS: ReadonlyMap<string, ArgumentParser> = new Map<string, ArgumentParser>([
  ['EHLO', (_verb, name) => parseHello('EHLO', name)],
  ['HELO', (_verb, name) => parseHello('HELO', name)],
  ['MAIL', (_verb, argument) => parseMail(argument)],
  ['RCPT', (_verb, argument) => parseRcpt(argument)],
  ['DATA', (_verb, argument) => parsePlain('DATA', argument)],
  ['RSET', (_verb, argument) => parsePlain('RSET', argument)],
  ['QUIT', (_verb, argument) => parsePlain('QUIT', argument)],
  ['STARTTLS', (_verb, argument) => parsePlain('STARTTLS', argument)],
  ['NOOP', () => parsePlain('NOOP', '')],
  ['HELP', () => parsePlain('HELP', '')],
  ['VRFY', (_verb, argument) => ({ kind: 'command', command: { verb: 'VRFY', argument } })],
  ['AUTH', (_verb, argument) => parseAuth(argument)],
  ['BDAT', (_verb, argument) => parseBdat(argument)],
])

/** Understands one command line (no CRLF). Verbs and keywords are compared in any case. */
export function parseCommand(line: string): ParsedCommand {
  const space = line.indexOf(' ')
  const verb = (space === -1 ? line : line.slice(0, space)).toUpperCase()
  const parser = PARSERS.get(verb)
  if (parser !== undefined) return parser(verb, space === -1 ? '' : line.slice(space + 1).trim())
  return { kind: FOREIGN.has(verb) ? 'foreign' : 'unknown', verb: verb.slice(0, 32) }
}

function parseHello(verb: 'EHLO' | 'HELO', argument: string): ParsedCommand {
  // What follows the name (some clients add a comment) says nothing we use.
  const name = /^[\x21-\x7e]{1,255}/.exec(argument)?.[0]
  if (name === undefined) return { kind: 'syntax', verb, because: 'name-missing' }
  return { kind: 'command', command: { verb, name } }
}

function parsePlain(verb: PlainVerb, argument: string): ParsedCommand {
  if (argument !== '') return { kind: 'syntax', verb, because: 'argument-unexpected' }
  return { kind: 'command', command: { verb } }
}

function parseMail(argument: string): ParsedCommand {
  const parsed = parsePathAndParams('FROM:', argument)
  if (typeof parsed === 'string') return { kind: 'syntax', verb: 'MAIL', because: parsed }
  const { address: from, params } = parsed
  return { kind: 'command', command: { verb: 'MAIL', from, params } }
}

function parseRcpt(argument: string): ParsedCommand {
  const parsed = parsePathAndParams('TO:', argument)
  if (typeof parsed === 'string') return { kind: 'syntax', verb: 'RCPT', because: parsed }
  const { address: to, params } = parsed
  if (to === '') return { kind: 'syntax', verb: 'RCPT', because: 'path-broken' }
  return { kind: 'command', command: { verb: 'RCPT', to, params } }
}

function parsePathAndParams(
  prefix: string,
  argument: string,
): { readonly address: string; readonly params: SmtpParams } | SyntaxFault {
  if (argument.slice(0, prefix.length).toUpperCase() !== prefix) return 'path-broken'
  // A blank after the colon is not in the grammar and very common.
  const path = parsePath(argument.slice(prefix.length).trimStart())
  if (path === undefined) return 'path-broken'
  if (path.rest === '') return { address: path.address, params: NO_PARAMS }
  if (!path.rest.startsWith(' ')) return 'path-broken'
  const params = parseParams(path.rest)
  return params === undefined ? 'parameters-broken' : { address: path.address, params }
}

function parseParams(text: string): SmtpParams | undefined {
  const words = text.split(' ').filter((word) => word !== '')
  if (words.length > PARAMS_MAX) return undefined
  const params = new Map<string, string>()
  for (const word of words) {
    const [, keyword, value] = PARAM.exec(word) ?? []
    if (keyword === undefined || params.has(keyword.toUpperCase())) return undefined
    params.set(keyword.toUpperCase(), value ?? '')
  }
  return params
}

function parseAuth(argument: string): ParsedCommand {
  const [mechanism = '', initial, ...more] = argument.split(/ +/)
  if (!/^[A-Za-z0-9_-]{1,20}$/.test(mechanism) || more.length > 0) {
    return { kind: 'syntax', verb: 'AUTH', because: 'argument-broken' }
  }
  return { kind: 'command', command: { verb: 'AUTH', mechanism: mechanism.toUpperCase(), initial } }
}

function parseBdat(argument: string): ParsedCommand {
  const [, bytes, last] = BDAT.exec(argument) ?? []
  if (bytes === undefined) return { kind: 'syntax', verb: 'BDAT', because: 'argument-broken' }
  const command = { verb: 'BDAT', bytes: Number(bytes), last: last !== undefined } as const
  return { kind: 'command', command }
}
