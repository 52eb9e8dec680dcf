/** The single source of chance of a simulated story: the same seed draws the same numbers. */

export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** True in this share of the draws. */
  chance(share: number): boolean
  /** A whole number from 0 up to and without `limit`. */
  below(limit: number): number
  /** A wait of this mean, exponentially distributed; whole milliseconds. */
  waitMs(meanMs: number): number
  pick<Item>(items: readonly [Item, ...Item[]]): Item
}

/** A 32-bit mixing generator (mulberry32): small, fast, and good enough to stir a story. */
export function createRandom(seed: number): Random {
  // Neighbouring seeds must not begin alike.
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    chance: (share) => next() < share,
    below,
    waitMs: (meanMs) => Math.round(-Math.log(1 - next()) * meanMs),
    pick: (items) => items[below(items.length)] ?? items[0],
  }
}
