/**
 * The order in which a picture is tried smaller, until it fits or is no picture any more. Pure:
 * encoding is the caller's. At each size the coarsest is asked first, and something finer only when
 * there is room: a size that fits coarsely is worth more than a smaller fine one.
 */

/** How much is lost at one size. */
export type Fineness = 'fine' | 'fair' | 'coarse'

export interface Rung {
  /** Of the picture fitted into its frame; 1 for that size itself. */
  readonly scale: number
  readonly fineness: Fineness
}

export interface Tried extends Rung {
  readonly bytes: number
}

/** Encodings of one picture in one format. */
export const RUNGS_MAX = 12
/** A step is at least and at most this factor. */
const STEP = { least: 0.9, most: 0.25 } as const
/** Bytes follow area only roughly: aim a little below. */
const AIM = 0.95
/** Below so many bytes for a pixel no photograph fits, however coarse: it is not worth trying. */
const BYTES_PER_PIXEL_MIN = 0.02

/** The next to try; `undefined`: the last one that fits is the result, or nothing fits. */
export function nextRung(
  tried: readonly Tried[],
  bytesMax: number,
  pixels: number,
): Rung | undefined {
  const last = tried.at(-1)
  if (last === undefined) return { scale: firstScale(bytesMax, pixels), fineness: 'fine' }
  if (tried.length >= RUNGS_MAX) return undefined
  const { scale, fineness, bytes } = last
  if (bytes <= bytesMax) return fineness === 'coarse' ? { scale, fineness: 'fair' } : undefined
  if (fineness === 'fine') return { scale, fineness: 'coarse' }
  if (fineness === 'fair') return undefined
  const step = Math.sqrt(bytesMax / bytes) * AIM
  return { scale: scale * clamp(step, STEP.most, STEP.least), fineness }
}

function firstScale(bytesMax: number, pixels: number): number {
  return Math.min(1, Math.sqrt(bytesMax / (pixels * BYTES_PER_PIXEL_MIN)))
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
