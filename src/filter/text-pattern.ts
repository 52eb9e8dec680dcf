/**
 * A text pattern as it is matched. Without case and by whole characters at once (`i` and `u`) the
 * engine takes a way some twenty times slower, and most texts and patterns have no need of it: in
 * ASCII the flag `u` changes nothing. So a pattern that is plain has a twin without it.
 */
import { TEXT_PATTERN_FLAGS } from '../core/policy/facts.ts'

/** What to look for in a text. */
export interface TextMatcher {
  /** `ascii`: as `isAscii` says of the text. */
  test(text: string, ascii: boolean): boolean
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII, too
const OUTSIDE_ASCII = /[^\x00-\x7f]/
/** Escapes that mean something else without `u`, or reach beyond ASCII. */
const FOR_UNICODE = /\\[pPuxkcW]/
const ASCII_FLAGS = TEXT_PATTERN_FLAGS.replace('u', '')

/** Whether every character is one of ASCII. */
export function isAscii(text: string): boolean {
  return !OUTSIDE_ASCII.test(text)
}

/** Throws a SyntaxError for a pattern that is none. */
export function createTextMatcher(pattern: string): TextMatcher {
  const whole = new RegExp(pattern, TEXT_PATTERN_FLAGS)
  const plain = isAscii(pattern) && !FOR_UNICODE.test(pattern)
  const forAscii = plain ? new RegExp(pattern, ASCII_FLAGS) : whole
  return { test: (text, ascii) => (ascii ? forAscii : whole).test(text) }
}
