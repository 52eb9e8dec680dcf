/** Bytes in pieces: all at hand, or coming one after the other. */
export type Pieces = AsyncIterable<Uint8Array> | readonly Uint8Array[]

/** They are all at hand; such a list can be read more than once. */
export function isList(pieces: Pieces): pieces is readonly Uint8Array[] {
  // By itself `Array.isArray` does not know lists that must not be changed.
  return Array.isArray(pieces)
}
