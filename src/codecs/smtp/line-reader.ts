/**
 * Cuts a byte stream into command lines that end in CRLF and in nothing else.
 *
 * A bare LF or a bare CR is a fault and not a line end: a server and the relay before it that
 * disagree about line ends are what SMTP smuggling lives on.
 */

/** The next line in a chunk, none yet, or a stream that must be refused. */
export type LineStep =
  /** `next` is the offset in the chunk of the first byte after the line. */
  | { readonly kind: 'line'; readonly text: string; readonly next: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'fault'; readonly because: 'line-too-long' | 'bare-lf' | 'bare-cr' }

/** Reads lines; keeps only the beginning of an unfinished one between calls. */
export interface LineReader {
  /**
   * Looks for a line in `chunk` from offset `from` on. After `incomplete` the chunk is used up; after
   * a fault the reader must not be used again.
   */
  read(chunk: Buffer, from: number): LineStep
}

const LF = 0x0a

/** A reader for lines of at most `lineBytesMax` octets, CRLF included. Bytes are read as Latin-1. */
export function createLineReader(lineBytesMax: number): LineReader {
  let begun = ''
  return {
    read(chunk, from) {
      const lf = chunk.indexOf(LF, from)
      const end = lf === -1 ? chunk.length : lf + 1
      if (begun.length + end - from > lineBytesMax)
        return { kind: 'fault', because: 'line-too-long' }
      const text = begun + chunk.toString('latin1', from, end)
      if (lf === -1) {
        begun = text
        return { kind: 'incomplete' }
      }
      begun = ''
      const cr = text.indexOf('\r')
      if (cr === text.length - 2) return { kind: 'line', text: text.slice(0, -2), next: end }
      return { kind: 'fault', because: cr === -1 ? 'bare-lf' : 'bare-cr' }
    },
  }
}
