/**
 * Which line of a TOML file each key stands on. The parser does not say, and "line 12" saves the
 * operator a search. Reads only as much TOML as positions need; what it does not understand has
 * simply no line of its own, and the line of the table around it is used.
 */
import { joinPath } from './schema-check.ts'

const HEADER = /^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/
const KEY =
  /^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=(.*)$/
const KEY_PART = /[A-Za-z0-9_-]+|"[^"]*"|'[^']*'/g
const MULTILINE_QUOTES = ['"""', "'''"] as const

/** Line numbers (from 1) by dotted path, in the form of `joinPath`. */
export function tomlLines(toml: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  const listLengths = new Map<string, number>()
  let table = ''
  let openQuote: string | undefined
  for (const [index, line] of toml.split('\n').entries()) {
    if (openQuote !== undefined) {
      if (line.includes(openQuote)) openQuote = undefined
      continue
    }
    const header = HEADER.exec(line)
    if (header !== null) {
      table = tablePath(keyParts(header[2] ?? ''), header[1] === '[[', listLengths)
      if (!lines.has(table)) lines.set(table, index + 1)
      continue
    }
    const key = KEY.exec(line)
    if (key === null) continue
    const path = keyParts(key[1] ?? '').reduce(joinPath, table)
    if (!lines.has(path)) lines.set(path, index + 1)
    openQuote = MULTILINE_QUOTES.find((quote) => (key[2] ?? '').split(quote).length === 2)
  }
  return lines
}

/** The line of a path, or of the nearest thing around it that has one. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number | undefined {
  for (let at = path; at !== ''; ) {
    const line = lines.get(at)
    if (line !== undefined) return line
    at = at.slice(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['), 0))
  }
  return undefined
}

function keyParts(text: string): readonly string[] {
  return (text.match(KEY_PART) ?? []).map((part) => (/^["']/.test(part) ? part.slice(1, -1) : part))
}

/** The full path of a header; `[[x]]` begins the next item, `[x.y]` means y of the last x. */
function tablePath(
  parts: readonly string[],
  list: boolean,
  listLengths: Map<string, number>,
): string {
  let path = ''
  for (const [i, part] of parts.entries()) {
    path = joinPath(path, part)
    const length = listLengths.get(path) ?? 0
    if (list && i === parts.length - 1) {
      listLengths.set(path, length + 1)
      path = joinPath(path, length)
    } else if (length > 0) {
      path = joinPath(path, length - 1)
    }
  }
  return path
}
