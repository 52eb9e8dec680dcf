/** Passing over the bytes of a text that no line end can begin with. */

/** The highest byte that may end a line; everything above it is ordinary. */
const CR = 0x0d
/** Added to by four and eight: one word, and the two that a step looks at. */
const WORD_BYTES = 4
const STEP_BYTES = 8
const LOWEST = 0x01010101 * (CR + 1)
const SIGNS = 0x80808080

/**
 * The offset of the first byte from `at` on that is CR or below, or the length. `view` shows the same
 * bytes: eight at a time are judged in the time of two, which is what a message of lines consists of.
 */
export function skipOrdinary(bytes: Uint8Array, view: DataView, at: number): number {
  let i = at
  for (const last = bytes.length - STEP_BYTES; i <= last; i += STEP_BYTES) {
    const a = view.getInt32(i, true)
    const b = view.getInt32(i + WORD_BYTES, true)
    // A byte borrows into its sign exactly when it is below, or stands above one that is.
    if (((((a - LOWEST) & ~a) | ((b - LOWEST) & ~b)) & SIGNS) !== 0) break
  }
  while (i < bytes.length && (bytes[i] as number) > CR) i++
  return i
}

/** The view that `skipOrdinary` wants. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
