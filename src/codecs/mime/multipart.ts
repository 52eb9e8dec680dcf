/**
 * Finding the delimiters of open multiparts in a stretch of body (RFC 2046 §5.1.1). A delimiter
 * stands at the start of a line; nothing but blanks may follow it on that line, so `--Bogus` is no
 * delimiter of `B`. The line end before it belongs to it. LF is accepted for CRLF.
 */

/** A multipart that has been opened and not closed, with what to look for. */
export interface OpenMultipart {
  readonly path: readonly number[]
  /** LF, two hyphens and the boundary. */
  readonly needle: Buffer
  /** Parts begun so far. */
  parts: number
}

/** What the bytes at a place where a delimiter might stand turned out to be. */
export type DelimiterLine =
  | { readonly kind: 'none' }
  /** It cannot be said before more bytes come. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'delimiter'; readonly closing: boolean; readonly end: number }

const NONE: DelimiterLine = { kind: 'none' }
const INCOMPLETE: DelimiterLine = { kind: 'incomplete' }

/** Blanks a peer may leave after a delimiter before it stops being one. */
const PADDING_BYTES_MAX = 256
/** RFC 2046 allows 70 characters; some peers use more. */
const BOUNDARY_CHARACTERS_MAX = 250

const EMPTY = Buffer.alloc(0)
const CR = 13
const LF = 10
const HYPHEN = 45

/** What to look for, or `undefined` where the parameter cannot be a boundary. */
export function needleFor(boundary: string | undefined): Buffer | undefined {
  const trimmed = boundary?.trimEnd() ?? ''
  if (trimmed.length > BOUNDARY_CHARACTERS_MAX || !/^[ -~]+$/.test(trimmed)) return undefined
  return Buffer.from(`\n--${trimmed}`, 'latin1')
}

/**
 * Reads what follows the boundary at `from`: perhaps `--`, blanks, the line end. `ended` says that
 * no more bytes will come, which counts as a line end.
 */
export function readDelimiterTail(bytes: Buffer, from: number, ended: boolean): DelimiterLine {
  let i = from
  let closing = false
  if (bytes[i] === HYPHEN) {
    if (i + 1 >= bytes.length) return ended ? NONE : INCOMPLETE
    if (bytes[i + 1] !== HYPHEN) return NONE
    closing = true
    i += 2
  }
  const limit = i + PADDING_BYTES_MAX
  while (bytes[i] === 32 || bytes[i] === 9) {
    if (++i > limit) return NONE
  }
  if (bytes[i] === CR) i++
  if (i >= bytes.length) return ended ? { kind: 'delimiter', closing, end: i } : INCOMPLETE
  return bytes[i] === LF ? { kind: 'delimiter', closing, end: i + 1 } : NONE
}

/** Reads a line that starts at `from` as a delimiter of `open`. */
export function readDelimiterLine(
  open: OpenMultipart,
  bytes: Buffer,
  from: number,
  ended: boolean,
): DelimiterLine {
  const { needle } = open
  const available = Math.min(needle.length - 1, bytes.length - from)
  for (let i = 0; i < available; i++) if (bytes[from + i] !== needle[i + 1]) return NONE
  if (available < needle.length - 1) return ended ? NONE : INCOMPLETE
  return readDelimiterTail(bytes, from + available, ended)
}

/** The next place of interest in body bytes. */
export interface Sighting {
  /** Where the data before it ends. */
  readonly dataEnd: number
  /** A delimiter of `stack[level]`; `undefined`: bytes to be held until more come, or none. */
  readonly level: number | undefined
  readonly closing: boolean
  /** Where reading goes on. */
  readonly next: number
}

/**
 * Walks one stretch of bytes for the delimiters of `stack`, innermost first where two stand in one
 * place. Each boundary is searched for natively and its next place remembered, so that every byte
 * is looked at about once for each open level and not once for each part.
 */
export function createDelimiterSearch(stack: readonly OpenMultipart[], bytes: Buffer) {
  /** Per level: where its needle stands next; -1: nowhere any more. */
  const places: number[] = []

  function placeOf(level: number, from: number): number {
    const open = stack[level]
    const known = places[level]
    if (open === undefined) return -1
    if (known !== undefined && (known >= from || known === -1)) return known
    const place = bytes.indexOf(open.needle, from)
    places[level] = place
    return place
  }

  /** `lineStart`: the byte before `from` ended a line, though it is not in `bytes`. */
  return {
    next(from: number, lineStart: boolean, ended: boolean): Sighting {
      if (lineStart) {
        const first = atLineStart(stack, bytes, from, ended)
        if (first !== undefined) return first
      }
      let position = from
      for (;;) {
        let place = -1
        let level = -1
        for (let i = stack.length - 1; i >= 0; i--) {
          const candidate = placeOf(i, position)
          if (candidate >= 0 && (place < 0 || candidate < place)) {
            place = candidate
            level = i
          }
        }
        if (place < 0) return rest(stack, bytes, position, ended)
        const dataEnd = place > from && bytes[place - 1] === CR ? place - 1 : place
        const needle = stack[level]?.needle ?? EMPTY
        const tail = readDelimiterTail(bytes, place + needle.length, ended)
        if (tail.kind === 'delimiter') {
          return { dataEnd, level, closing: tail.closing, next: tail.end }
        }
        if (tail.kind === 'incomplete') {
          return { dataEnd, level: undefined, closing: false, next: dataEnd }
        }
        // The same place may still hold another level's delimiter, so only this level moves on.
        places[level] = bytes.indexOf(needle, place + 1)
        position = place
      }
    },
    /** A level was opened or closed: what is remembered for it is void. */
    forget(level: number): void {
      places.length = Math.min(places.length, level)
    },
  }
}

/** The walk over one stretch of bytes. */
export type DelimiterSearch = ReturnType<typeof createDelimiterSearch>

function atLineStart(
  stack: readonly OpenMultipart[],
  bytes: Buffer,
  from: number,
  ended: boolean,
): Sighting | undefined {
  let incomplete = false
  for (let level = stack.length - 1; level >= 0; level--) {
    const open = stack[level]
    if (open === undefined) continue
    const line = readDelimiterLine(open, bytes, from, ended)
    if (line.kind === 'delimiter') {
      return { dataEnd: from, level, closing: line.closing, next: line.end }
    }
    if (line.kind === 'incomplete') incomplete = true
  }
  return incomplete ? { dataEnd: from, level: undefined, closing: false, next: from } : undefined
}

/** No whole needle is left: all is data but a tail that might be the start of one. */
function rest(
  stack: readonly OpenMultipart[],
  bytes: Buffer,
  position: number,
  ended: boolean,
): Sighting {
  const end = bytes.length
  let hold = end
  if (!ended) {
    let longest = 0
    for (const open of stack) longest = Math.max(longest, open.needle.length)
    for (let i = Math.max(position, end - longest); i < end; i++) {
      const byte = bytes[i]
      if ((byte === CR || byte === LF) && mayBegin(stack, bytes, i)) {
        hold = i
        break
      }
    }
  }
  return { dataEnd: hold, level: undefined, closing: false, next: hold }
}

function mayBegin(stack: readonly OpenMultipart[], bytes: Buffer, at: number): boolean {
  const from = bytes[at] === CR ? at + 1 : at
  const length = bytes.length - from
  return stack.some(
    ({ needle }) => length < needle.length && bytes.compare(needle, 0, length, from) === 0,
  )
}
