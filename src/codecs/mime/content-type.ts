/**
 * Content-Type (RFC 2045 §5.1) and its sibling Content-Disposition: a value and parameters, read as
 * tolerantly as peers write them. Of parameters given twice the first wins.
 */
import { decodeLeniently, decodeUnnamed } from '../bytes/charset.ts'

/** A media type, in lower case, with its parameters by lower-case name. */
export interface ContentType {
  readonly type: string
  readonly subtype: string
  /** `type/subtype`. */
  readonly mediaType: string
  readonly parameters: ReadonlyMap<string, string>
}

/** A header value of the form `value; name=value; …`. */
export interface Parameterised {
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

const MEDIA_TYPE = /^([!#$%&'*+\-.^_`{|}~0-9a-z]+)\/([!#$%&'*+\-.^_`{|}~0-9a-z]+)$/
const TOKEN = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+$/

/** Parses a Content-Type value, or `undefined` where it is not `type/subtype` with parameters. */
export function parseContentType(value: string): ContentType | undefined {
  const parsed = parseParameterised(value)
  if (parsed === undefined) return undefined
  const mediaType = parsed.value.toLowerCase()
  const match = MEDIA_TYPE.exec(mediaType)
  if (match === null) return undefined
  const [, type = '', subtype = ''] = match
  return { type, subtype, mediaType, parameters: parsed.parameters }
}

/** Makes a content type of parts already known to be sound. */
export function contentType(
  mediaType: string,
  parameters: Readonly<Record<string, string>> = {},
): ContentType {
  const lower = mediaType.toLowerCase()
  const slash = lower.indexOf('/')
  return {
    type: lower.slice(0, slash),
    subtype: lower.slice(slash + 1),
    mediaType: lower,
    parameters: new Map(Object.entries(parameters)),
  }
}

/** Prints a content type on one line. Values that are no token are quoted. */
export function printContentType(contentType: ContentType): string {
  let text = contentType.mediaType
  for (const [name, value] of contentType.parameters) text += `; ${printParameter(name, value)}`
  return text
}

/** One `name=value`: a token bare, other ASCII quoted, the rest as RFC 2231 has it. */
export function printParameter(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const clean = value.replace(/[\x00-\x1f\x7f]/g, ' ')
  if (TOKEN.test(clean)) return `${name}=${clean}`
  if (/^[ -~]*$/.test(clean)) return `${name}="${clean.replace(/["\\]/g, '\\$&')}"`
  let encoded = ''
  for (const byte of Buffer.from(clean, 'utf-8')) {
    const character = String.fromCharCode(byte)
    encoded += /[0-9A-Za-z.-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return `${name}*=utf-8''${encoded}`
}

/**
 * Splits `value; name=value; …`. Quoted strings, RFC 2231 (`name*`, `name*0`), empty and valueless
 * parameters are understood; a quoted string that never ends makes the whole unreadable.
 */
export function parseParameterised(text: string): Parameterised | undefined {
  const semicolon = text.indexOf(';')
  const value = (semicolon < 0 ? text : text.slice(0, semicolon)).trim()
  const raw = new Map<string, string>()
  let extended = false
  let position = semicolon < 0 ? text.length : semicolon
  while (position < text.length) {
    const parameter = readParameter(text, position + 1)
    if (parameter === undefined) return undefined
    const { name } = parameter
    if (name.includes('*')) extended = true
    if (name !== '' && !raw.has(name)) raw.set(name, parameter.value)
    position = parameter.end
  }
  return { value, parameters: extended ? joinExtended(raw) : raw }
}

interface RawParameter {
  /** In lower case; empty where the parameter has no value. */
  readonly name: string
  readonly value: string
  /** Where the semicolon stands that ends it, or the end of the text. */
  readonly end: number
}

function readParameter(text: string, from: number): RawParameter | undefined {
  const semicolon = text.indexOf(';', from)
  const limit = semicolon < 0 ? text.length : semicolon
  // Not over the whole text: parameters without values would make that quadratic.
  const found = text.slice(from, limit).indexOf('=')
  if (found < 0) return { name: '', value: '', end: limit }
  const equals = from + found
  const name = text.slice(from, equals).trim().toLowerCase()
  let start = equals + 1
  while (text[start] === ' ' || text[start] === '\t') start++
  if (text[start] !== '"') return { name, value: text.slice(start, limit).trim(), end: limit }
  const quoted = readQuoted(text, start)
  if (quoted === undefined) return undefined
  const end = text.indexOf(';', quoted.end)
  return { name, value: quoted.value, end: end < 0 ? text.length : end }
}

function readQuoted(text: string, from: number): { value: string; end: number } | undefined {
  let value = ''
  let pieceStart = from + 1
  for (let i = from + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) return { value: value + text.slice(pieceStart, i), end: i + 1 }
    if (code === 0x5c && i + 1 < text.length) {
      value += text.slice(pieceStart, i)
      i++
      pieceStart = i
    }
  }
  return undefined
}

/** `name*`, `name*0`, `name*1*` … (RFC 2231): which section, and whether it is percent-encoded. */
const EXTENDED = /^([^*]+)\*(?:(\d{1,3})(\*?))?$/

interface Section {
  readonly index: number
  readonly text: string
  readonly encoded: boolean
}

/** Joins the sections of RFC 2231 parameters. They win over the plain form, which is the fallback. */
function joinExtended(raw: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const joined = new Map<string, string>()
  const sections = new Map<string, Section[]>()
  for (const [name, value] of raw) {
    const match = name.includes('*') ? EXTENDED.exec(name) : null
    if (match === null) {
      joined.set(name, value)
      continue
    }
    const [, base = '', digits, star] = match
    const index = digits === undefined ? 0 : Number(digits)
    const section = { index, text: value, encoded: digits === undefined || star === '*' }
    const known = sections.get(base)
    if (known === undefined) sections.set(base, [section])
    else known.push(section)
  }
  for (const [base, list] of sections) joined.set(base, joinSections(list))
  return joined
}

function joinSections(sections: Section[]): string {
  sections.sort((a, b) => a.index - b.index)
  let charset = 'utf-8'
  const pieces: Buffer[] = []
  sections.forEach((section, position) => {
    let text = section.text
    if (position === 0 && section.encoded) {
      const match = /^([^']*)'[^']*'/.exec(text)
      if (match !== null) {
        charset = match[1] === '' || match[1] === undefined ? charset : match[1]
        text = text.slice(match[0].length)
      }
    }
    pieces.push(section.encoded ? percentDecode(text) : Buffer.from(text, 'utf-8'))
  })
  const bytes = Buffer.concat(pieces)
  return decodeLeniently(charset, bytes) ?? decodeUnnamed(bytes)
}

function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf-8')
  let length = 0
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i] ?? 0
    if (byte === 0x25 && i + 2 < bytes.length) {
      const hex = bytes.toString('latin1', i + 1, i + 3)
      if (/^[0-9a-f]{2}$/i.test(hex)) {
        byte = Number.parseInt(hex, 16)
        i += 2
      }
    }
    bytes[length++] = byte
  }
  return bytes.subarray(0, length)
}
