/** Passing over the bytes of a text that no line end can begin with. */

/** The highest byte that may end a line; everything above it is ordinary. */
const CR = 0x0d
const WORD_BYTES = 4
const STEP_BYTES = 8
const LOWEST = 0x01010101 * (CR + 1)
const SIGNS = 0x80808080

/**
 * The offset of the first byte from `at` on that is CR or below, or the length. `view` shows the same
 * bytes: by words, since nearly every byte of a message is passed over here.
 */
export function skipOrdinary(bytes: Uint8Array, view: DataView, at: number): number {
  let i = at
  for (const last = bytes.length - STEP_BYTES; i <= last; i += STEP_BYTES) {
    const first = view.getInt32(i, true)
    const second = view.getInt32(i + WORD_BYTES, true)
    // A byte borrows into its sign exactly when it is CR or below, or stands above one that is.
    const inFirst = (first - LOWEST) & ~first & SIGNS
    if (inFirst !== 0) return i + lowestByte(inFirst)
    const inSecond = (second - LOWEST) & ~second & SIGNS
    if (inSecond !== 0) return i + WORD_BYTES + lowestByte(inSecond)
  }
  while (i < bytes.length && (bytes[i] as number) > CR) i++
  return i
}

/** Which byte of a word the lowest bit that is set belongs to. */
function lowestByte(word: number): number {
  return (31 - Math.clz32(word & -word)) >> 3
}

/** The view that `skipOrdinary` wants. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
