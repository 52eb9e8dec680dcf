/**
 * Header blocks of RFC 5322 and MIME: tolerant decoding, and encoding that cannot be made to add a
 * line of its own. A field's value is text without line ends; encoded words stay encoded, because
 * only some fields may hold them (see `encoded-word.ts`).
 */
import { decodeUnnamed } from '../bytes/charset.ts'
import { encodeWords, needsEncodedWords } from './encoded-word.ts'
import type { MimeFault } from './fault.ts'
import type { MimeLimits } from './limits.ts'

/** One header field, its name as it was spelt. */
export interface HeaderField {
  readonly name: string
  readonly value: string
}

/** Header fields in the order they came. Names are compared without regard to case. */
export interface Headers extends Iterable<HeaderField> {
  readonly fields: readonly HeaderField[]
  /** The first field of this name. */
  get(name: string): string | undefined
  getAll(name: string): readonly string[]
}

/** Wraps a list of fields. */
export function createHeaders(fields: readonly HeaderField[]): Headers {
  return new FieldList(fields)
}

class FieldList implements Headers {
  readonly fields: readonly HeaderField[]

  constructor(fields: readonly HeaderField[]) {
    this.fields = fields
  }

  get(name: string): string | undefined {
    const wanted = name.toLowerCase()
    for (const field of this.fields) if (isNamed(field, wanted)) return field.value
    return undefined
  }

  getAll(name: string): readonly string[] {
    const wanted = name.toLowerCase()
    const values: string[] = []
    for (const field of this.fields) if (isNamed(field, wanted)) values.push(field.value)
    return values
  }

  [Symbol.iterator](): Iterator<HeaderField> {
    return this.fields[Symbol.iterator]()
  }
}

function isNamed({ name }: HeaderField, wanted: string): boolean {
  return name.length === wanted.length && name.toLowerCase() === wanted
}

/** What a header block turned out to be. */
export type DecodedHeaders =
  | { readonly kind: 'ok'; readonly headers: Headers }
  | { readonly kind: 'fault'; readonly fault: MimeFault }

/** RFC 5322 §3.6.8: printable ASCII but the colon. */
const FIELD_NAME = /^[!-9;-~]+$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: the border of ASCII
const NON_ASCII = /[^\x00-\x7f]/
const ORDINARY = /^[\t -~]*$/
/** Printable ASCII without a blank at either end. */
const PLAIN = /^(?:[!-~](?:[ -~]*[!-~])?)?$/

/**
 * Decodes a header block, with or without the blank line that ends it. Line ends may be CRLF or LF;
 * a fold is read as one space, whatever white space it was made of; a continuation of blanks only
 * adds nothing. Raw 8-bit values are UTF-8 if they are valid UTF-8, else Windows-1252.
 */
export function decodeHeaders(block: Uint8Array, limits: MimeLimits): DecodedHeaders {
  if (block.length > limits.headerBytesMax) return faultAt('headers-too-long', block.length)
  const text = Buffer.from(block.buffer, block.byteOffset, block.length).toString('latin1')
  const fields: HeaderField[] = []
  let position = 0
  while (position < text.length) {
    const lineAt = position
    const end = endOfLine(text, position)
    if (end.content === position) break
    position = end.next
    const colon = text.indexOf(':', lineAt)
    if (colon < 0 || colon >= end.content) return faultAt('header-malformed', lineAt)
    const name = text.slice(lineAt, colon).trimEnd()
    if (!FIELD_NAME.test(name)) return faultAt('header-malformed', lineAt)
    let value = text.slice(colon + 1, end.content)
    while (isBlank(text.charCodeAt(position))) {
      const more = endOfLine(text, position)
      const continuation = text.slice(position + 1, more.content)
      if (continuation.trim() !== '') value += ` ${continuation}`
      position = more.next
    }
    if (fields.length === limits.headerFieldsMax) return faultAt('too-many-header-fields', lineAt)
    fields.push({ name, value: cleanValue(value) })
  }
  return { kind: 'ok', headers: createHeaders(fields) }
}

function faultAt(fault: MimeFault['fault'], offset: number): DecodedHeaders {
  return { kind: 'fault', fault: { fault, at: [], offset } }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

function endOfLine(text: string, from: number): { content: number; next: number } {
  const lineFeed = text.indexOf('\n', from)
  if (lineFeed < 0) {
    const content = text.endsWith('\r') && text.length > from ? text.length - 1 : text.length
    return { content, next: text.length }
  }
  const content = lineFeed > from && text.charCodeAt(lineFeed - 1) === 13 ? lineFeed - 1 : lineFeed
  return { content, next: lineFeed + 1 }
}

function cleanValue(latin1: string): string {
  if (ORDINARY.test(latin1)) return latin1.trim()
  const value = latin1.replace(CONTROLS, ' ').trim()
  return NON_ASCII.test(value) ? decodeUnnamed(Buffer.from(value, 'latin1')).trim() : value
}

/** Whether `name` may stand before a colon; a name from outside must pass this before `encodeHeader`. */
export function isHeaderName(name: string): boolean {
  return FIELD_NAME.test(name)
}

/** RFC 5322 §2.1.1 advises 78 columns; 76 leaves room for peers that count differently. */
const LINE_COLUMNS = 76

/**
 * One header field with its CRLF. Line ends and other control characters in the value become
 * spaces, so that no value can start a field of its own. Text outside ASCII becomes encoded words;
 * fields that may not hold them (Content-Type, addresses) must be given in ASCII. `columnsMax` of
 * infinity writes one line, for peers that cannot unfold.
 */
export function encodeHeader(name: string, value: string, columnsMax = LINE_COLUMNS): string {
  if (!isHeaderName(name)) throw new Error(`not a header name: ${JSON.stringify(name)}`)
  // Nearly every value can stand as it is.
  const line = `${name}: ${value}`
  if (line.length <= columnsMax && PLAIN.test(value) && !value.includes('=?')) return `${line}\r\n`
  const clean = value.replace(CONTROLS, ' ').replaceAll('\t', ' ').trim()
  const ascii = needsEncodedWords(clean) ? encodeWords(clean) : clean
  return `${fold(`${name}: ${ascii}`, columnsMax)}\r\n`
}

/** Folds only before single spaces, so that unfolding gives the same text again. */
function fold(line: string, columnsMax: number): string {
  if (line.length <= columnsMax) return line
  let folded = ''
  let rest = line
  let from = rest.indexOf(':') + 2
  while (rest.length > columnsMax) {
    const at = foldPoint(rest, from, columnsMax)
    if (at < 0) break
    folded += `${rest.slice(0, at)}\r\n`
    rest = rest.slice(at)
    from = 1
  }
  return folded + rest
}

/** The last single space within the column limit, else the first one after it. */
function foldPoint(line: string, from: number, columnsMax: number): number {
  for (let at = columnsMax; at > from; at--) if (isLoneSpace(line, at)) return at
  for (let at = columnsMax + 1; at < line.length - 1; at++) {
    if (isLoneSpace(line, at)) return at
  }
  return -1
}

function isLoneSpace(line: string, at: number): boolean {
  return line[at] === ' ' && line[at - 1] !== ' ' && at + 1 < line.length && line[at + 1] !== ' '
}
