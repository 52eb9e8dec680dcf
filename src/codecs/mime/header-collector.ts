/**
 * Collects the header block of one entity out of a stream: up to the blank line, or up to a line
 * that `isDelimiter` knows, since a part may end with its headers. Bytes are copied only where a
 * block is cut by the end of a chunk.
 */

/** What came of the bytes given. */
export type Collected =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'too-long' }
  /** `next`: where the body starts in the bytes last given. */
  | { readonly kind: 'block'; readonly block: Buffer; readonly next: number }
  /** The headers end at a delimiter line, which is given back whole. */
  | {
      readonly kind: 'delimiter'
      readonly block: Buffer
      readonly line: Buffer
      readonly next: number
    }

/** Reads header blocks one after the other. */
export interface HeaderCollector {
  read(bytes: Buffer, from: number, ended: boolean): Collected
}

const LF = 10
const CR = 13
const HYPHEN = 45
const FIRST_BYTES = 1_024
/** More than a delimiter with its blanks can have: so much may follow a block of the largest size. */
const DELIMITER_LINE_BYTES_MAX = 1_024

/** A collector for any number of blocks. */
export function createHeaderCollector(
  bytesMax: number,
  isDelimiter: (bytes: Buffer, from: number, ended: boolean) => boolean,
): HeaderCollector {
  let kept = Buffer.alloc(0)
  let keptBytes = 0

  function keep(bytes: Buffer): void {
    const needed = keptBytes + bytes.length
    if (needed > kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(FIRST_BYTES, needed * 2))
      kept.copy(larger, 0, 0, keptBytes)
      kept = larger
    }
    bytes.copy(kept, keptBytes)
    keptBytes = needed
  }

  /** Reads lines of `source`; the result is about places in `source`. */
  function scan(source: Buffer, lineFrom: number, lfFrom: number, ended: boolean): Scan {
    let line = lineFrom
    let searchFrom = lfFrom
    for (;;) {
      let lineFeed = source.indexOf(LF, searchFrom)
      if (lineFeed < 0) {
        if (!ended) return { kind: 'open', line, next: source.length }
        lineFeed = source.length
      }
      const contentEnd = lineFeed > line && source[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
      const next = Math.min(lineFeed + 1, source.length)
      if (contentEnd === line) return { kind: 'blank', line, next }
      if (source[line] === HYPHEN && isDelimiter(source.subarray(0, next), line, ended)) {
        return { kind: 'delimiter', line, next }
      }
      if (next === source.length && ended) return { kind: 'blank', line: next, next }
      line = next
      searchFrom = next
    }
  }

  /** Where in `kept` the line starts whose end has not come. */
  let openLine = 0

  return {
    read(bytes, from, ended) {
      const alone = keptBytes === 0
      const shift = alone ? 0 : keptBytes - from
      const start = alone ? from : 0
      if (!alone) keep(bytes.subarray(from))
      const source = alone ? bytes : kept.subarray(0, keptBytes)
      const found = alone
        ? scan(source, from, from, ended)
        : scan(source, openLine, from + shift, ended)
      if (found.line - start > bytesMax) return { kind: 'too-long' }
      if (found.kind === 'open') {
        if (source.length - start > bytesMax + DELIMITER_LINE_BYTES_MAX) return { kind: 'too-long' }
        openLine = found.line - start
        if (alone) keep(bytes.subarray(from))
        return { kind: 'incomplete' }
      }
      const block = source.subarray(start, found.line)
      const next = found.next - shift
      keptBytes = 0
      if (!alone) kept = Buffer.alloc(0)
      if (found.kind === 'blank') return { kind: 'block', block, next }
      return { kind: 'delimiter', block, line: source.subarray(found.line, found.next), next }
    },
  }
}

interface Scan {
  readonly kind: 'open' | 'blank' | 'delimiter'
  /** Where the line stands that ends the block, or the one that has no end yet. */
  readonly line: number
  readonly next: number
}
