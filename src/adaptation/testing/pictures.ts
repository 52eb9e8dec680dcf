/** Pictures drawn for a test: nobody's photograph travels in the repository. */
import { createRequire } from 'node:module'

/** What the tests use of the picture library, beside what the product does. */
export interface Drawing {
  resize(width: number, height: number, options: { readonly kernel: string }): Drawing
  toFormat(format: string, options?: object): Drawing
  withMetadata(options: object): Drawing
  ensureAlpha(alpha: number): Drawing
  raw(): Drawing
  metadata(): Promise<{
    readonly format: string
    readonly width: number
    readonly height: number
    readonly pages?: number
    readonly pageHeight?: number
    readonly orientation?: number
    readonly exif?: Uint8Array
    readonly loop?: number
    readonly delay?: readonly number[]
    readonly isProgressive?: boolean
  }>
  toBuffer(): Promise<Buffer>
}

type Draw = (input: Uint8Array, options?: object) => Drawing

/** Not a plain import: the library is optional, and the tests must compile without it. */
export const draw: Draw | undefined = (() => {
  try {
    return createRequire(import.meta.url)('sharp') as Draw
  } catch {
    return undefined
  }
})()

/** For `test(…, { skip })`. */
export const skip = draw === undefined ? 'the picture library is not installed' : false

/** Opens a picture to look at it. */
export function look(bytes: Uint8Array): Drawing {
  if (draw === undefined) throw new Error('no picture library')
  return draw(bytes, { animated: true })
}

/** Numbers in [0, 1), the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const RGB = 3
const COARSE = 24

/** Soft shapes under fine noise: about as hard to compress as a photograph. */
export async function photograph(
  width: number,
  height: number,
  seed: number,
  noise = 12,
): Promise<Drawing> {
  if (draw === undefined) throw new Error('no picture library')
  const random = chance(seed)
  const raw = { width: COARSE, height: COARSE, channels: RGB }
  const shapes = Buffer.from(Array.from({ length: COARSE * COARSE * RGB }, () => random() * 256))
  const soft = await draw(shapes, { raw })
    .resize(width, height, { kernel: 'cubic' })
    .raw()
    .toBuffer()
  for (let at = 0; at < soft.length; at += 1) {
    const value = (soft[at] ?? 0) + (random() - 0.5) * noise
    soft[at] = Math.max(0, Math.min(255, Math.round(value)))
  }
  return draw(soft, { raw: { width, height, channels: RGB } })
}

/** A film in frames, each with shapes of its own. */
export async function film(
  width: number,
  height: number,
  frames: number,
  format: 'gif' | 'webp',
): Promise<Buffer> {
  if (draw === undefined) throw new Error('no picture library')
  const pictures: Buffer[] = []
  for (let frame = 0; frame < frames; frame += 1) {
    pictures.push(await (await photograph(width, height, frame)).raw().toBuffer())
  }
  const raw = { width, height: height * frames, channels: RGB, pageHeight: height }
  return draw(Buffer.concat(pictures), { raw })
    .toFormat(format, { delay: Array(frames).fill(120), loop: 0 })
    .toBuffer()
}

/** A PNG that claims a size and holds nothing of it. */
export function pngClaiming(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}
