/**
 * Encoded words (RFC 2047): text outside ASCII in header fields. Decoding is tolerant: what cannot
 * be decoded stays as it is, so that a reader shows something rather than nothing.
 */
import { decodeLeniently, decodeStrictly, isKnownCharset } from '../bytes/charset.ts'

/** `=?charset*language?B or Q?text?=`; blanks inside the text are against the rules and common. */
const ENCODED_WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?\r\n]*)\?=/gi
// biome-ignore lint/suspicious/noControlCharactersInRegex: the border of ASCII
const NON_ASCII = /[^\x00-\x7f]/

interface Word {
  charset: string
  readonly pieces: Uint8Array[]
}

/** Replaces every encoded word by the text it stands for. */
export function decodeEncodedWords(value: string): string {
  if (!value.includes('=?')) return value
  let text = ''
  let lastEnd = 0
  let open: Word | undefined
  for (const match of value.matchAll(ENCODED_WORD)) {
    const [whole, label = '', scheme = '', payload = ''] = match
    const charset = (label.split('*')[0] ?? '').toLowerCase()
    const between = value.slice(lastEnd, match.index)
    // White space between two encoded words belongs to neither (RFC 2047 §6.2).
    const adjoins = open !== undefined && between.trim() === ''
    const bytes = scheme.toLowerCase() === 'b' ? decodeB(payload) : decodeQ(payload)
    if (open !== undefined && adjoins && open.charset === charset) {
      // Some senders cut a character in two between words: join the bytes before decoding.
      open.pieces.push(bytes)
    } else {
      text += closeWord(open) + (adjoins ? '' : between)
      open = { charset, pieces: [bytes] }
      if (!isKnownCharset(charset)) {
        text += whole
        open = undefined
      }
    }
    lastEnd = match.index + whole.length
  }
  return text + closeWord(open) + value.slice(lastEnd)
}

/** Every encoded word names a known charset, and its bytes are in it. */
export function areEncodedWordsReadable(value: string): boolean {
  if (!value.includes('=?')) return true
  const bytesByCharset: { charset: string; pieces: Uint8Array[] }[] = []
  for (const [, label = '', scheme = '', payload = ''] of value.matchAll(ENCODED_WORD)) {
    const charset = (label.split('*')[0] ?? '').toLowerCase()
    const bytes = scheme.toLowerCase() === 'b' ? decodeB(payload) : decodeQ(payload)
    const last = bytesByCharset.at(-1)
    // A character may be cut in two between words of one charset.
    if (last?.charset === charset) last.pieces.push(bytes)
    else bytesByCharset.push({ charset, pieces: [bytes] })
  }
  return bytesByCharset.every(
    ({ charset, pieces }) => decodeStrictly(charset, Buffer.concat(pieces)) !== undefined,
  )
}

function closeWord(word: Word | undefined): string {
  if (word === undefined) return ''
  return decodeLeniently(word.charset, Buffer.concat(word.pieces)) ?? ''
}

function decodeB(payload: string): Uint8Array {
  return Buffer.from(payload, 'base64')
}

function decodeQ(payload: string): Uint8Array {
  const latin1 = payload
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  // Raw text outside ASCII is against the rules; keep it readable as UTF-8.
  return Buffer.from(latin1, isLatin1(latin1) ? 'latin1' : 'utf-8')
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false
  return true
}

/** Whether a value cannot stand as it is: text outside ASCII, or something that looks encoded. */
export function needsEncodedWords(value: string): boolean {
  return NON_ASCII.test(value) || value.includes('=?')
}

/** 75 columns (RFC 2047 §2) less `=?utf-8?B?` and `?=`: 63, that is 15 groups of base64. */
const WORD_BYTES_MAX = 45

/**
 * Encodes text as encoded words in UTF-8, separated by single spaces. Leading words that need none
 * stay readable. No character is cut in two.
 */
export function encodeWords(text: string): string {
  const words = text.split(' ')
  const first = words.findIndex(needsEncodedWords)
  if (first < 0) return text
  let last = words.length - 1
  while (last > first && !needsEncodedWords(words[last] ?? '') && words[last] !== '') last--
  const encoded = encodeRun(words.slice(first, last + 1).join(' '))
  return [...words.slice(0, first), encoded, ...words.slice(last + 1)].join(' ')
}

function encodeRun(text: string): string {
  const out: string[] = []
  let word = ''
  let bytes = 0
  for (const character of text) {
    const size = Buffer.byteLength(character)
    if (bytes + size > WORD_BYTES_MAX) {
      out.push(encodeOne(word))
      word = ''
      bytes = 0
    }
    word += character
    bytes += size
  }
  out.push(encodeOne(word))
  return out.join(' ')
}

function encodeOne(word: string): string {
  return `=?utf-8?B?${Buffer.from(word, 'utf-8').toString('base64')}?=`
}
