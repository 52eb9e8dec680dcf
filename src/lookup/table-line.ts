/** One line of a carrier table; the format is written down in README.md. */

/** What a line says. */
export type TableLine =
  /** Blank, or a comment. */
  | { readonly kind: 'nothing' }
  /** Every number that begins so; `prefix` 0 is every number there is. */
  | { readonly kind: 'prefix'; readonly prefix: number; readonly carrier: string }
  /** This number alone: ported away from whom its prefix says. */
  | { readonly kind: 'number'; readonly number: number; readonly carrier: string }
  | { readonly kind: 'wrong'; readonly because: string }

/** Stands for "nobody": the number is known to have no carrier. */
export const NOBODY = '-'

const LINE = /^(\*|=?\+?[0-9]+)(?:[ \t]*[,;][ \t]*|[ \t]+)(\S+)$/
const CARRIER = /^[^\s,;#"']{1,64}$/
const NUMBER = /^[1-9][0-9]{6,14}$/
const PREFIX = /^[1-9][0-9]{0,14}$/

/** Reads a line, without its line end. */
export function readTableLine(line: string): TableLine {
  const comment = line.indexOf('#')
  const text = (comment < 0 ? line : line.slice(0, comment)).trim()
  if (text === '') return { kind: 'nothing' }
  const [, key = '', carrier = ''] = LINE.exec(text) ?? []
  if (key === '') return wrong('not a prefix or =number, blank or comma, and a carrier')
  if (!CARRIER.test(carrier)) return wrong(`not a carrier's name: ${carrier.slice(0, 70)}`)
  if (key === '*') return { kind: 'prefix', prefix: 0, carrier }
  const digits = key.replace(/^=?\+?/, '')
  if (key.startsWith('=')) {
    if (!NUMBER.test(digits)) return wrong(`not a number of 7 to 15 digits: ${digits}`)
    return { kind: 'number', number: Number(digits), carrier }
  }
  if (!PREFIX.test(digits)) return wrong(`not a prefix of 1 to 15 digits, the first not 0: ${key}`)
  return { kind: 'prefix', prefix: Number(digits), carrier }
}

function wrong(because: string): TableLine {
  return { kind: 'wrong', because }
}
