/**
 * Carrier look-up from a local table of prefixes and ported numbers. The longest prefix wins, and a
 * number that is listed itself wins over every prefix. A reload changes the whole table at once, or
 * nothing.
 */
import type { CarrierFound, CarrierLookup } from '../engine/ports/carrier-lookup.ts'
import { type LoadedTable, readTableFile, type TableLoad } from './table-file.ts'

export interface CarrierTableOptions {
  /** Path of the file. */
  readonly file: string
  /** Lines that say something; a longer file is refused. */
  readonly entriesMax?: number
}

export interface CarrierTable extends CarrierLookup {
  /** How the latest load ended. */
  readonly loaded: TableLoad
  /** Bytes the numbers take in memory. */
  readonly bytes: number
  /** Reads the file again. When it cannot be read, the table stays as it is. */
  reload(): Promise<TableLoad>
}

const ENTRIES_MAX = 20_000_000
const NUMBER = /^[1-9][0-9]{6,14}$/

/**
 * Opens a table. A file that cannot be read is told in `loaded`; until a load succeeds, every
 * question is answered `unavailable`.
 */
export async function openCarrierTable(options: CarrierTableOptions): Promise<CarrierTable> {
  const { file, entriesMax = ENTRIES_MAX } = options
  let table: LoadedTable | undefined
  let loaded: TableLoad = { kind: 'unreadable', because: 'not read yet' }
  let loading: Promise<TableLoad> = Promise.resolve(loaded)

  async function load(): Promise<TableLoad> {
    const read = await readTableFile(file, entriesMax)
    if (read.kind === 'table') table = read.table
    loaded = read.load
    return loaded
  }

  /** One after the other: the last one to begin has read the newest file. */
  function reload(): Promise<TableLoad> {
    loading = loading.then(load)
    return loading
  }

  await reload()
  return {
    get loaded() {
      return loaded
    },
    get bytes() {
      return table === undefined ? 0 : table.numbers.bytes + table.prefixes.bytes
    },
    reload,
    async find(number, signal) {
      if (signal?.aborted === true) return { kind: 'unavailable', because: 'aborted' }
      if (table !== undefined) return findIn(table, number)
      return { kind: 'unavailable', because: `no carrier table: ${wordsOf(loaded)}` }
    },
    async close() {
      await loading
      table = undefined
    },
  }
}

function findIn(table: LoadedTable, number: string): CarrierFound {
  if (!NUMBER.test(number)) return { kind: 'unknown' }
  const own = table.numbers.get(Number(number))
  return named(table, own ?? byPrefix(table, number))
}

function byPrefix({ prefixes, prefixDigitsMax, everyNumber }: LoadedTable, number: string) {
  for (let digits = Math.min(prefixDigitsMax, number.length); digits > 0; digits -= 1) {
    const found = prefixes.get(Number(number.slice(0, digits)))
    if (found !== undefined) return found
  }
  return everyNumber
}

/** Number 0 is nobody: the table says outright that there is no carrier. */
function named({ carriers }: LoadedTable, id: number | undefined): CarrierFound {
  const carrier = id === undefined || id === 0 ? undefined : carriers[id]
  return carrier === undefined ? { kind: 'unknown' } : { kind: 'carrier', carrier }
}

function wordsOf(load: TableLoad): string {
  if (load.kind === 'wrong') return `line ${load.line}: ${load.because}`
  return load.kind === 'unreadable' ? load.because : ''
}
