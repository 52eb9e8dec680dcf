/**
 * Replies of SMTP (RFC 5321 §4.2) with enhanced status codes (RFC 2034, RFC 3463).
 *
 * Printing is strict: whatever text a caller hands in, exactly one reply leaves. Reading is tolerant:
 * LF alone ends a line, a code may stand without text.
 */

/** A reply as a value. */
export interface SmtpReply {
  /** Three digits, 200 to 599. */
  readonly code: number
  /** `class.subject.detail`, where the speaker gave one. */
  readonly enhanced?: string
  /** Text lines without codes; one at least. */
  readonly lines: readonly string[]
}

/** A reply that came from a peer, with its text just as it came. */
export interface ReceivedReply extends SmtpReply {
  /** All lines with their codes, joined by LF. */
  readonly raw: string
}

/** What a reader made of the bytes so far. */
export type RepliesStep =
  | { readonly kind: 'replies'; readonly replies: readonly ReceivedReply[] }
  | {
      readonly kind: 'fault'
      readonly because: 'not-a-reply' | 'line-too-long' | 'too-many-lines'
      readonly detail: string
    }

/** Collects lines of a stream into replies. */
export interface ReplyReader {
  /** Takes the next chunk and answers with the replies completed by it, if any. */
  push(chunk: Buffer): RepliesStep
  /** Whether a reply has begun and not ended. */
  readonly begun: boolean
}

/** RFC 5321 says 512; peers write long texts. */
export const REPLY_LINE_BYTES_MAX = 4096
/** More lines than any EHLO answer has. */
export const REPLY_LINES_MAX = 128

const LF = 0x0a
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const UNPRINTABLE = /[\x00-\x1f\x7f-\uffff]+/g
const REPLY_LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/
const ENHANCED = /^([245])\.\d{1,3}\.\d{1,3}(?= |$)/

/** Makes a reply. An empty `enhanced` means none. */
export function createReply(code: number, enhanced: string, ...lines: string[]): SmtpReply {
  return enhanced === '' ? { code, lines } : { code, enhanced, lines }
}

/** Whether the reply is of the second class: done. */
export function isPositive(reply: SmtpReply): boolean {
  return reply.code >= 200 && reply.code < 300
}

/** The reply as bytes-to-be: US-ASCII, CRLF at the end, no line break from within. */
export function printReply(reply: SmtpReply): string {
  const { code, enhanced, lines } = reply
  const last = lines.length - 1
  if (last <= 0) return `${printLine(code, ' ', enhanced, lines[0] ?? '')}\r\n`
  let text = ''
  for (const [index, line] of lines.entries()) {
    text += `${printLine(code, index === last ? ' ' : '-', enhanced, line)}\r\n`
  }
  return text
}

function printLine(
  code: number,
  separator: ' ' | '-',
  enhanced: string | undefined,
  line: string,
): string {
  const text = line.replace(UNPRINTABLE, ' ').slice(0, REPLY_LINE_BYTES_MAX - 64)
  return enhanced === undefined
    ? `${code}${separator}${text}`
    : `${code}${separator}${enhanced.replace(/[^0-9.]/g, '')} ${text}`
}

/** A reader with bounded memory; after a fault it must not be used again. */
export function createReplyReader(): ReplyReader {
  let begunLine = ''
  let begunReply: string[] = []

  function takeLine(line: string, replies: ReceivedReply[]): RepliesStep | undefined {
    const [, digits, separator] = REPLY_LINE.exec(line) ?? []
    if (digits === undefined) return fault('not-a-reply', line)
    const previous = begunReply[0]
    if (previous !== undefined && !previous.startsWith(digits)) return fault('not-a-reply', line)
    begunReply.push(line)
    if (begunReply.length > REPLY_LINES_MAX) return fault('too-many-lines', line)
    if (separator === '-') return undefined
    replies.push(toReply(begunReply))
    begunReply = []
    return undefined
  }

  return {
    push(chunk) {
      const replies: ReceivedReply[] = []
      let from = 0
      for (;;) {
        const lf = chunk.indexOf(LF, from)
        const end = lf === -1 ? chunk.length : lf
        if (begunLine.length + end - from > REPLY_LINE_BYTES_MAX) {
          return fault('line-too-long', begunLine)
        }
        begunLine += chunk.toString('latin1', from, end)
        if (lf === -1) return { kind: 'replies', replies }
        const line = begunLine.endsWith('\r') ? begunLine.slice(0, -1) : begunLine
        begunLine = ''
        from = lf + 1
        const failed = takeLine(line, replies)
        if (failed !== undefined) return failed
      }
    },
    get begun() {
      return begunLine !== '' || begunReply.length > 0
    },
  }
}

function fault(
  because: 'not-a-reply' | 'line-too-long' | 'too-many-lines',
  line: string,
): RepliesStep {
  return { kind: 'fault', because, detail: line.replace(UNPRINTABLE, ' ').slice(0, 200) }
}

function toReply(rawLines: readonly string[]): ReceivedReply {
  const code = Number((rawLines[0] ?? '').slice(0, 3))
  const texts = rawLines.map((line) => line.slice(4))
  const found = ENHANCED.exec(texts[0] ?? '')
  const raw = rawLines.join('\n')
  // A class that contradicts the code ("550 2.1.5") is text, not a status.
  if (found === null || Number(found[1]) !== Math.floor(code / 100))
    return { code, lines: texts, raw }
  const enhanced = found[0]
  const lines = texts.map((text) =>
    text.startsWith(enhanced) ? text.slice(enhanced.length + 1) : text,
  )
  return { code, enhanced, lines, raw }
}
