/**
 * Phone numbers and prefixes to small integers, in two typed arrays: 10 bytes a slot, against about
 * 100 for a string in a Map. Open addressing with linear probing; nothing is ever taken out.
 *
 * A prefix is kept as the number its digits make. As no prefix begins with 0, two prefixes of
 * different length are different numbers, and 15 digits fit a double exactly.
 */

/** At most this share of the slots is used before the arrays double. */
const LOAD_MAX = 0.7
const SLOTS_MIN = 1024

/** A map from positive integers below 2^53 to integers below 65,536. */
export interface NumberMap {
  readonly size: number
  /** Bytes its arrays take. */
  readonly bytes: number
  get(key: number): number | undefined
  /** A later value replaces an earlier one. */
  set(key: number, value: number): void
}

/** `expected` entries fit without the arrays growing on the way. */
export function createNumberMap(expected = 0): NumberMap {
  let slots = slotsFor(expected)
  // 0 is no key: it marks a free slot.
  let keys = new Float64Array(slots)
  let values = new Uint16Array(slots)
  let size = 0

  function slotOf(key: number): number {
    let slot = hash(key) & (slots - 1)
    for (let found = keys[slot]; found !== 0 && found !== key; found = keys[slot]) {
      slot = (slot + 1) & (slots - 1)
    }
    return slot
  }

  function grow(): void {
    const oldKeys = keys
    const oldValues = values
    slots *= 2
    keys = new Float64Array(slots)
    values = new Uint16Array(slots)
    for (let old = 0; old < oldKeys.length; old += 1) {
      const key = oldKeys[old] ?? 0
      if (key === 0) continue
      const slot = slotOf(key)
      keys[slot] = key
      values[slot] = oldValues[old] ?? 0
    }
  }

  return {
    get size() {
      return size
    },
    get bytes() {
      return keys.byteLength + values.byteLength
    },
    get(key) {
      const slot = slotOf(key)
      return keys[slot] === key ? values[slot] : undefined
    },
    set(key, value) {
      let slot = slotOf(key)
      if (keys[slot] !== key) {
        size += 1
        if (size > slots * LOAD_MAX) {
          grow()
          slot = slotOf(key)
        }
      }
      keys[slot] = key
      values[slot] = value
    },
  }
}

function slotsFor(expected: number): number {
  let slots = SLOTS_MIN
  while (expected > slots * LOAD_MAX) slots *= 2
  return slots
}

/** Mixes both halves of the number; neighbours, which prefixes are, must not lie side by side. */
function hash(key: number): number {
  const low = key >>> 0
  const high = Math.floor(key / 0x1_0000_0000)
  let mixed = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
