/**
 * Where in a JSON answer the carrier stands: a text with paths in braces, such as `{data.carrier}`
 * or `{mcc}{mnc}`. A path goes through objects by name and through lists by position.
 */

/** What a template finds in an answer. */
export type Filled =
  | { readonly kind: 'text'; readonly text: string }
  /** A place is absent, null or empty: the answer names no carrier. */
  | { readonly kind: 'absent' }
  /** A place holds something that is no single value. */
  | { readonly kind: 'unreadable'; readonly path: string }

/** Fills a template from an answer. */
export type AnswerTemplate = (answer: unknown) => Filled

const PIECE = /\{([^{}]*)\}|([^{}]+)/gy

/** Reads a template; `undefined` when braces do not match or no path is in it. */
export function createAnswerTemplate(written: string): AnswerTemplate | undefined {
  const pieces: (string | readonly string[])[] = []
  let end = 0
  for (const match of written.matchAll(PIECE)) {
    const [whole, path, text] = match
    if (path !== undefined) {
      if (!/^[^.\s]+(\.[^.\s]+)*$/.test(path)) return undefined
      pieces.push(path.split('.'))
    } else if (text !== undefined) pieces.push(text)
    end = match.index + whole.length
  }
  if (end !== written.length || !pieces.some((piece) => typeof piece !== 'string')) return undefined
  return (answer) => fill(pieces, answer)
}

function fill(pieces: readonly (string | readonly string[])[], answer: unknown): Filled {
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    const value = follow(piece, answer)
    if (value === undefined || value === null || value === '') return { kind: 'absent' }
    if (typeof value !== 'string' && typeof value !== 'number') {
      return { kind: 'unreadable', path: piece.join('.') }
    }
    text += String(value).trim()
  }
  return text === '' ? { kind: 'absent' } : { kind: 'text', text }
}

function follow(path: readonly string[], answer: unknown): unknown {
  let value = answer
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value
}
