/** Transaction and message ids: opaque, quoted by some peers and unquoted in their answers. */

import type { Mm4Id } from './types.ts'

/** Longer than any seen; they hold numbers, slashes and queue names, so they are no file names. */
export const ID_BYTES_MAX = 255

/** Reads an id; `undefined` if it is empty or too long. */
export function parseMm4Id(value: string): Mm4Id | undefined {
  const raw = value.trim()
  const quoted = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"')
  const text = quoted ? raw.slice(1, -1) : raw
  return text === '' || Buffer.byteLength(raw) > ID_BYTES_MAX ? undefined : { raw, text }
}

/** An id of our own, quoted as most MMSCs have it. */
export function createMm4Id(text: string): Mm4Id {
  return { raw: `"${text}"`, text }
}
