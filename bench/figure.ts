/** One measured figure with the floors it is held against. */

/** What a figure must reach, said and judged. */
export interface Bound {
  /** The floor and its value, as people read it: `H(10 KB) 21,000/s`. */
  readonly floor: string
  /** The figure as a multiple of the floor, where there is one. */
  readonly ratio?: number
  /** `≥ 0.25 × H(10 KB)`. */
  readonly target: string
  readonly met: boolean
}

export interface Figure {
  readonly what: string
  /** With its unit. */
  readonly value: string
  /** Empty for a figure that is only told. */
  readonly bounds: readonly Bound[]
}

/** A floor by name. */
export interface Floor {
  readonly name: string
  readonly value: number
  readonly unit: string
}

/** At least `share` of a floor. */
export function atLeast(value: number, share: number, { name, value: floor, unit }: Floor): Bound {
  const ratio = value / floor
  return {
    floor: `${name} = ${number(floor)} ${unit}`,
    ratio,
    target: `≥ ${share} ${name}`,
    met: ratio >= share,
  }
}

/** At most a fixed limit. */
export function atMost(value: number, limit: number, unit: string): Bound {
  return { floor: '', target: `≤ ${number(limit)} ${unit}`, met: value <= limit }
}

/** At least a fixed limit. */
export function noLessThan(value: number, limit: number, unit: string): Bound {
  return { floor: '', target: `≥ ${number(limit)} ${unit}`, met: value >= limit }
}

/** A figure that is told beside the others and promises nothing. */
export function told(what: string, value: number, unit: string): Figure {
  return { what, value: `${number(value)} ${unit}`, bounds: [] }
}

/** Three digits that mean something, thousands apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '?'
  if (value !== 0 && Math.abs(value) < 100) return String(Number(value.toPrecision(3)))
  return Math.round(value).toLocaleString('en-US')
}
