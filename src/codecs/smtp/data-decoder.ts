/**
 * The body of a DATA command (RFC 5321 §4.5.2): takes stuffed dots out and finds the end.
 *
 * Only CRLF.CRLF ends it. A bare CR or a bare LF is reported as a fault wherever it stands, because a
 * relay that reads `LF . LF` as an end, or repairs it, lets one peer speak as another (SMTP
 * smuggling). Nothing is buffered: every state needs one remembered word, not remembered bytes.
 *
 * States: `line-start` (after CRLF), `in-line`, `cr` (CR seen), `dot` (dot at a line's start),
 * `dot-cr` (dot and CR), `over` (ended or faulty).
 */

import { skipOrdinary, viewOf } from '../bytes/ordinary.ts'

/** What one chunk brought. */
export type DataStep =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  /** The end was in this chunk; `rest` is what the peer sent after it. */
  | { readonly kind: 'end'; readonly data: Uint8Array; readonly rest: Buffer }
  | { readonly kind: 'fault'; readonly because: 'bare-cr' | 'bare-lf' }

/** Decodes one DATA body, chunk by chunk, the same for every way of cutting it. */
export interface DataDecoder {
  /**
   * Takes the next chunk. The data of the answer is a view of the chunk where no dot had to go, so
   * the caller must not write into it. After `end` or `fault` the decoder must not be used again.
   */
  push(chunk: Buffer): DataStep
}

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e
const NOTHING = Buffer.alloc(0)

const LINE_START = 0
const IN_LINE = 1
const AFTER_CR = 2
const AFTER_DOT = 3
const AFTER_DOT_CR = 4

/** A decoder for the bytes that follow the reply 354. */
export function createDataDecoder(): DataDecoder {
  let state = LINE_START
  return {
    push(chunk) {
      const scan = scanData(chunk, state)
      state = scan.state
      if (scan.fault !== undefined) return { kind: 'fault', because: scan.fault }
      const data = withoutDots(chunk, scan)
      if (scan.endsAt === -1) return { kind: 'data', data }
      return { kind: 'end', data, rest: chunk.subarray(scan.endsAt) }
    },
  }
}

interface Scan {
  state: number
  /** Offset after the final CRLF, or -1. */
  endsAt: number
  /** Offsets of dots to leave out; allocated only when there is one. */
  dots: number[] | undefined
  fault: 'bare-cr' | 'bare-lf' | undefined
}

function scanData(chunk: Buffer, from: number): Scan {
  const length = chunk.length
  const view = viewOf(chunk)
  let dots: number[] | undefined
  let state = from
  let at = 0
  while (at < length) {
    if (state === IN_LINE) {
      at = skipLines(chunk, view, at)
      if (at === length) break
    }
    const byte = chunk[at] as number
    if (byte === LF) {
      if (state === AFTER_DOT_CR) return { state, endsAt: at + 1, dots, fault: undefined }
      if (state !== AFTER_CR) return { state, endsAt: -1, dots, fault: 'bare-lf' }
      state = LINE_START
    } else if (state === AFTER_CR || state === AFTER_DOT_CR) {
      return { state, endsAt: -1, dots, fault: 'bare-cr' }
    } else if (byte === CR) {
      state = state === AFTER_DOT ? AFTER_DOT_CR : AFTER_CR
    } else if (byte === DOT && state === LINE_START) {
      dots ??= []
      dots.push(at)
      state = AFTER_DOT
    } else {
      state = IN_LINE
    }
    at++
  }
  return { state, endsAt: -1, dots, fault: undefined }
}

/** Passes over the rest of a line, and over whole lines that begin with nothing to look at. */
function skipLines(chunk: Buffer, view: DataView, from: number): number {
  const last = chunk.length - 3
  let at = skipOrdinary(chunk, view, from)
  while (at <= last && chunk[at] === CR && chunk[at + 1] === LF) {
    const first = chunk[at + 2] as number
    if (first <= CR || first === DOT) return at
    at = skipOrdinary(chunk, view, at + 3)
  }
  return at
}

/** Copies only when a dot stands in the way; one buffer even if every line has one. */
function withoutDots(chunk: Buffer, scan: Scan): Uint8Array {
  const end = scan.endsAt === -1 ? chunk.length : scan.endsAt
  // The dot and CR of an unfinished or finished end mark belong to no line of the message.
  const kept = end - endMarkBytes(scan, end)
  if (scan.dots === undefined) return chunk.subarray(0, kept)
  if (kept <= 0) return NOTHING
  const [first = 0] = scan.dots
  if (first >= kept) return chunk.subarray(0, kept)
  const target = Buffer.allocUnsafe(kept)
  let written = 0
  let from = 0
  for (const dot of scan.dots) {
    const until = Math.min(dot, kept)
    written += chunk.copy(target, written, from, until)
    from = dot + 1
  }
  if (from < kept) written += chunk.copy(target, written, from, kept)
  return target.subarray(0, written)
}

function endMarkBytes(scan: Scan, end: number): number {
  const mark = scan.endsAt !== -1 ? 3 : scan.state === AFTER_DOT_CR ? 2 : 0
  return Math.min(mark, end)
}
