/** The content of a short message: one inline part, text where it is text. */
import { type Alphabet, decodeText } from '../../codecs/sms/alphabet.ts'
import { shiftTablesOf } from '../../codecs/sms/national-tables.ts'
import type { Reading } from '../../codecs/sms/text-fault.ts'
import type { InformationElement } from '../../codecs/sms/udh.ts'
import type { Content } from '../../core/message.ts'
import { isForApplication } from './user-message.ts'

/** What a message is made of, before it is decoded. */
export interface Undecoded {
  readonly alphabet: Alphabet
  readonly elements: readonly InformationElement[]
  readonly body: Uint8Array
}

/** A content, and its text where it has one. */
export interface DecodedContent {
  readonly content: Content
  /** Absent for octets that are no text. */
  readonly text?: string
}

const TEXT = { mediaType: 'text/plain', contentType: 'text/plain; charset=utf-8' } as const
const OCTETS = {
  mediaType: 'application/octet-stream',
  contentType: 'application/octet-stream',
} as const

/** Decodes a content, which shares no bytes with `body`; `undefined` where a strict reading finds no text. */
export function decodeContent(
  { alphabet, elements, body }: Undecoded,
  reading: Reading = 'strict',
): DecodedContent | undefined {
  if (alphabet === 'binary' || isForApplication(elements))
    return { content: contentOf(Uint8Array.from(body), OCTETS) }
  const shift = elements.length === 0 ? {} : { shift: shiftTablesOf(elements) }
  const decoded = decodeText(alphabet, body, { reading, ...shift })
  if (decoded.kind === 'fault') return undefined
  return { content: textContent(decoded.text), text: decoded.text }
}

/** A text as a content. */
export function textContent(text: string): Content {
  return contentOf(Buffer.from(text), TEXT)
}

function contentOf(inline: Uint8Array, type: typeof TEXT | typeof OCTETS): Content {
  const { length } = inline
  return {
    parts: [{ encoding: 'binary', offset: 0, length, decodedLength: length, ...type }],
    length,
    inline,
    extents: [],
  }
}
