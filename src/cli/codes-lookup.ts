/** From the words of a command line to rows of the catalog, or to exit code 65 with the nearest. */
import {
  type Entry,
  entries,
  type Lookup,
  lookup,
  lookupTarget,
  type Target,
} from '../catalog/index.ts'
import { entryLines } from './codes-text.ts'
import { EXIT } from './exit-code.ts'
import { CommandFailure } from './failure.ts'
import type { Paint } from './terminal.ts'

type None = Extract<Lookup, { kind: 'none' }>

/** The rows that the words name: one, or all that they can mean. */
export function rowsFor(words: readonly string[], paintTalk: Paint): Exclude<Lookup, None> {
  const found = lookup(words)
  if (found.kind === 'none') throw unknown(found, paintTalk)
  return found
}

/** The dialect, and the surface if one is named. */
export function targetFor(words: string, paintTalk: Paint): Target {
  const found = lookupTarget(words)
  if (found.kind === 'none') throw unknown(found, paintTalk)
  const { dialect, surface } = found
  return { dialect: dialect.name, ...(surface !== undefined && { surface: surface.name }) }
}

/** Rows that differ in nothing but their variant: the list prints one code twice. */
export function isOneCode(rows: readonly Entry[]): boolean {
  const [first] = rows
  return rows.every(
    ({ dialect, surface, code }) =>
      dialect === first?.dialect && surface === first.surface && code === first.code,
  )
}

function unknown({ what, given, nearest }: None, paintTalk: Paint): CommandFailure {
  const message = what === 'name' ? `nothing is called ${given}` : `there is no ${what} ${given}`
  return new CommandFailure(
    EXIT.dataError,
    given === '' ? 'no code given' : message,
    near(nearest, paintTalk),
  )
}

function near(names: readonly string[], paintTalk: Paint): string {
  if (names.length === 0) return 'See: carillon codes list, or carillon codes search WORDS'
  const rows = names.flatMap((name) => entries().filter((entry) => entry.id === name))
  const lines = rows.length > 0 ? entryLines(rows, paintTalk) : [names.join(', ')]
  return ['The nearest:', ...lines.map((line) => `  ${line}`)].join('\n')
}
