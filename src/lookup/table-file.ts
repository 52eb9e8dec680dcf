/**
 * Reads a carrier table from its file in pieces, into memory that is small and lies still. A file
 * with one wrong line is refused as a whole: half a table would send messages the wrong way.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createNumberMap, type NumberMap } from './number-map.ts'
import { NOBODY, readTableLine } from './table-line.ts'

/** A table in memory. */
export interface LoadedTable {
  /** By carrier number: 0 is nobody. */
  readonly carriers: readonly string[]
  readonly numbers: NumberMap
  /** The key 0 cannot be kept in a map; `everyNumber` is its value. */
  readonly prefixes: NumberMap
  readonly everyNumber: number | undefined
  /** Length of the longest prefix, in digits. */
  readonly prefixDigitsMax: number
}

/** How a load ended. */
export type TableLoad =
  | { readonly kind: 'ok'; readonly entries: number; readonly carriers: number }
  /** A line is not as it should be; lines count from 1. */
  | { readonly kind: 'wrong'; readonly line: number; readonly because: string }
  | { readonly kind: 'unreadable'; readonly because: string }

/** The result of reading a file. */
export type ReadTable =
  | { readonly kind: 'table'; readonly table: LoadedTable; readonly load: TableLoad }
  | { readonly kind: 'failed'; readonly load: TableLoad }

/** Carrier numbers are 16 bits wide. */
const CARRIERS_MAX = 65_535
const LINE_CHARACTERS_MAX = 1000
/** Bytes of an ordinary line, to guess how many there are. */
const LINE_BYTES = 20

/** Reads the whole file. `entriesMax`: lines that say something. */
export async function readTableFile(file: string, entriesMax: number): Promise<ReadTable> {
  try {
    const { size } = await stat(file)
    const builder = createBuilder(Math.min(entriesMax, size / LINE_BYTES), entriesMax)
    let rest = ''
    const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 64 * 1024 })
    for await (const chunk of stream) {
      const text = rest + (chunk as string)
      let from = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        if (!builder.take(text.slice(from, end))) return builder.failure()
        from = end + 1
      }
      rest = text.slice(from)
      if (rest.length > LINE_CHARACTERS_MAX && !builder.take(rest)) return builder.failure()
      // A file in the page cache comes without a pause; the gateway has other things to do.
      await breathe()
    }
    return builder.take(rest) ? builder.finish() : builder.failure()
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    return { kind: 'failed', load: { kind: 'unreadable', because } }
  }
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

interface Builder {
  /** False: the line is wrong, and so is the file. */
  take(line: string): boolean
  failure(): ReadTable
  finish(): ReadTable
}

function createBuilder(expected: number, entriesMax: number): Builder {
  const ids = new Map<string, number>([[NOBODY, 0]])
  const numbers = createNumberMap(expected)
  const prefixes = createNumberMap()
  let everyNumber: number | undefined
  let prefixDigitsMax = 0
  let line = 0
  let because = ''

  function idOf(carrier: string): number | undefined {
    const known = ids.get(carrier)
    if (known !== undefined) return known
    if (ids.size > CARRIERS_MAX) return undefined
    ids.set(carrier, ids.size)
    return ids.size - 1
  }

  function keep(text: string): string {
    if (text.length > LINE_CHARACTERS_MAX) return `over ${LINE_CHARACTERS_MAX} characters`
    const read = readTableLine(text)
    if (read.kind === 'nothing') return ''
    if (read.kind === 'wrong') return read.because
    const id = idOf(read.carrier)
    if (id === undefined) return `more than ${CARRIERS_MAX} carriers`
    if (read.kind === 'number') numbers.set(read.number, id)
    else if (read.prefix === 0) everyNumber = id
    else {
      prefixes.set(read.prefix, id)
      prefixDigitsMax = Math.max(prefixDigitsMax, String(read.prefix).length)
    }
    return numbers.size + prefixes.size > entriesMax ? `more than ${entriesMax} entries` : ''
  }

  return {
    take(text) {
      line += 1
      // A byte order mark is white space to `trim`.
      because = keep(text)
      return because === ''
    },
    failure: () => ({ kind: 'failed', load: { kind: 'wrong', line, because } }),
    finish() {
      const carriers = [...ids.keys()]
      const table = { carriers, numbers, prefixes, everyNumber, prefixDigitsMax }
      const entries = numbers.size + prefixes.size + (everyNumber === undefined ? 0 : 1)
      return { kind: 'table', table, load: { kind: 'ok', entries, carriers: carriers.length - 1 } }
    },
  }
}
