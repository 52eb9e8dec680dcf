/**
 * Text in a named charset while its bytes arrive: whether every byte belongs to it, and how the
 * text begins. Holds no more than the beginning, however long the text is.
 */
import { decodeWindows1252 } from './charset.ts'

/** What a text turned out to be. */
export interface ReadText {
  /** The charset is known and every byte is in it. */
  readonly readable: boolean
  /** The first characters, as far as it was readable. */
  readonly text: string
}

/** Reads one text. */
export interface TextReader {
  push(bytes: Uint8Array): void
  end(): ReadText
}

/** Decodes bytes; throws where they are not in the charset. No bytes: the end. */
type Decode = (bytes?: Uint8Array) => string

/**
 * A reader for a charset by its label, in any case. Without a label the text is UTF-8, or else
 * Windows-1252, which every byte string is. `charactersMax` bounds the text that is kept.
 */
export function createTextReader(label: string | undefined, charactersMax: number): TextReader {
  let decode: Decode | undefined
  let readable = true
  let text = ''

  function take(bytes?: Uint8Array): void {
    if (!readable) return
    try {
      decode ??= decoderOf(label?.trim().toLowerCase())
      const more = decode(bytes)
      if (text.length < charactersMax) text += more.slice(0, charactersMax - text.length)
    } catch {
      // TextDecoder tells by exception what is an answer here: not in the charset, or no charset.
      readable = false
    }
  }

  return {
    push(bytes) {
      if (bytes.length > 0) take(bytes)
    },
    end() {
      take()
      return { readable, text }
    },
  }
}

const NOTHING = new Uint8Array(0)

function decoderOf(label: string | undefined): Decode {
  switch (label) {
    case undefined:
    case '':
      return unnamed()
    case 'us-ascii':
    case 'ascii':
      return ascii
    case 'utf-16':
      return utf16()
    default: {
      const decoder = new TextDecoder(label, { fatal: true })
      return decoder.encoding === 'windows-1252' ? windows1252 : streaming(decoder)
    }
  }
}

function streaming(decoder: InstanceType<typeof TextDecoder>): Decode {
  return (bytes) =>
    bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
}

function windows1252(bytes?: Uint8Array): string {
  return bytes === undefined ? '' : decodeWindows1252(bytes)
}

/** The standard's decoders take `us-ascii` for Windows-1252; who names it promises seven bits. */
function ascii(bytes?: Uint8Array): string {
  if (bytes?.some((byte) => byte > 0x7f) === true) throw new RangeError('not ASCII')
  return windows1252(bytes)
}

/** Without a mark UTF-16 is big-endian (RFC 2781 §4.3); a mark that comes byte by byte is waited for. */
function utf16(): Decode {
  let decode: Decode | undefined
  let start = Buffer.alloc(0)
  return (bytes = NOTHING) => {
    const ended = bytes === NOTHING
    if (decode !== undefined) return decode(ended ? undefined : bytes)
    start = Buffer.concat([start, bytes])
    if (start.length < 2 && !ended) return ''
    const name = start[0] === 0xff && start[1] === 0xfe ? 'utf-16le' : 'utf-16be'
    decode = streaming(new TextDecoder(name, { fatal: true }))
    const text = decode(start)
    return ended ? text + decode() : text
  }
}

/** UTF-8 as long as it is, Windows-1252 from the first byte that is not. */
function unnamed(): Decode {
  const utf8 = streaming(new TextDecoder('utf-8', { fatal: true }))
  let decode = utf8
  return (bytes) => {
    try {
      return decode(bytes)
    } catch {
      decode = windows1252
      return decode(bytes)
    }
  }
}
