/**
 * Makes one picture fit: reads what it is, refuses what would fill the memory, then encodes it down
 * the ladder. Runs in a picture thread. What was drawn upright stays upright; what else the file
 * says of its camera and its owner is left out.
 */
import type { PictureSize } from '../core/content-class.ts'
import { type Fineness, nextRung, RUNGS_MAX, type Rung, type Tried } from './ladder.ts'
import { ANIMATED, type PictureFormat } from './picture-format.ts'
import type { Picture, PictureFacts, PictureLibrary } from './picture-library.ts'
import { failed, type PictureAnswer, type PictureTask } from './picture-task.ts'

/** What is smaller than this on its longer side shows nothing any more, in pixels. */
const EDGE_MIN = 16
const FULL_SIZE: Rung = { scale: 1, fineness: 'fine' }

const SETTINGS: Readonly<Record<PictureFormat, Readonly<Record<Fineness, object>>>> = {
  // Baseline, not progressive: OMA-MMS-CONF promises no more.
  jpeg: { fine: { quality: 82 }, fair: { quality: 68 }, coarse: { quality: 50 } },
  // Effort 1: at the usual 7 a million pixels take ten seconds for a fifth less.
  png: {
    fine: { palette: true, effort: 1 },
    fair: { palette: true, effort: 1, dither: 0 },
    coarse: { palette: true, effort: 1, dither: 0, colours: 16 },
  },
  webp: {
    fine: { quality: 80, effort: 2 },
    fair: { quality: 65, effort: 2 },
    coarse: { quality: 45, effort: 2 },
  },
  gif: {
    fine: { effort: 1 },
    fair: { effort: 1, dither: 0, reuse: false, colours: 64, interFrameMaxError: 4 },
    coarse: { effort: 1, dither: 0, reuse: false, colours: 16, interFrameMaxError: 8 },
  },
}

interface Work {
  readonly task: PictureTask
  readonly open: () => Picture
  /** As it is shown, of one frame. */
  readonly from: PictureSize
  /** `from` in its frame. */
  readonly fitted: PictureSize
  readonly msLeft: () => number
}

/** `now`: milliseconds that only go forward. Rejects only for faults of our own. */
export async function fitPicture(
  library: PictureLibrary,
  task: PictureTask,
  now: () => number,
): Promise<PictureAnswer> {
  const began = now()
  const input = {
    animated: true,
    // Of all frames together, judged by the header: nothing larger is decoded.
    limitInputPixels: task.pixelsMax,
    failOn: 'truncated',
    sequentialRead: true,
  } as const
  const open = () => library(task.bytes, input)
  try {
    const facts = await open().metadata()
    const { width, height, frames } = shapeOf(facts)
    const into = frames > 1 ? task.into.filter((format) => ANIMATED.has(format)) : task.into
    if (into.length === 0) return failed('type-not-taken', 'it moves, and no taken format does')
    const from = { width, height }
    const msLeft = () => task.timeoutMs - (now() - began)
    return await tryFormats({ task, open, from, fitted: inFrame(from, task.frame), msLeft }, into)
  } catch (error) {
    const raw = error instanceof Error ? error.message : String(error)
    return failed(/^timeout:/.test(raw) ? 'not-in-time' : 'unreadable', raw)
  }
}

function shapeOf({ width = 0, height = 0, pages = 1, pageHeight, orientation = 1 }: PictureFacts) {
  const shown = { width, height: pageHeight ?? Math.ceil(height / pages), frames: pages }
  return orientation >= 5 ? { ...shown, width: shown.height, height: shown.width } : shown
}

function inFrame({ width, height }: PictureSize, frame: Partial<PictureSize>): PictureSize {
  return scaled(
    { width, height },
    Math.min(1, (frame.width ?? width) / width, (frame.height ?? height) / height),
  )
}

/** Rounded down: a frame holds to the pixel. */
function scaled({ width, height }: PictureSize, scale: number): PictureSize {
  const side = (pixels: number) => Math.max(1, Math.floor(pixels * scale + 1e-9))
  return { width: side(width), height: side(height) }
}

/** A drawing that stays too large as what it is does better as a photograph than shrunk. */
async function tryFormats(work: Work, into: readonly PictureFormat[]): Promise<PictureAnswer> {
  const [own = 'jpeg'] = into
  const drawing = (own === 'png' || own === 'gif') && into.includes('jpeg')
  const made = drawing
    ? ((await descend(work, own, 1)) ?? (await descend(work, 'jpeg', RUNGS_MAX)))
    : await descend(work, own, RUNGS_MAX)
  return made ?? failed('too-large', `no picture of ${work.task.bytesMax} bytes can be made of it`)
}

async function descend(
  work: Work,
  format: PictureFormat,
  rungsMax: number,
): Promise<PictureAnswer | undefined> {
  const { task, fitted, from } = work
  const pixels = fitted.width * fitted.height
  const tried: Tried[] = []
  let made: PictureAnswer | undefined
  while (tried.length < rungsMax) {
    const rung = rungsMax === 1 ? FULL_SIZE : nextRung(tried, task.bytesMax, pixels)
    if (rung === undefined) break
    const to = scaled(fitted, rung.scale)
    if (tried.length > 0 && Math.max(to.width, to.height) < EDGE_MIN) break
    const bytes = await encode(work, format, rung, to)
    if (bytes === undefined) return failed('not-in-time', `after ${tried.length} encodings`)
    tried.push({ ...rung, bytes: bytes.length })
    if (bytes.length > task.bytesMax && made !== undefined) break
    if (bytes.length <= task.bytesMax) made = { kind: 'made', bytes, format, from, to }
  }
  return made
}

async function encode(
  { open, from, msLeft }: Work,
  format: PictureFormat,
  { fineness }: Rung,
  to: PictureSize,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const ms = msLeft()
  if (ms <= 0) return undefined
  const upright = open().autoOrient()
  const same = to.width === from.width && to.height === from.height
  const sizedPicture = same ? upright : upright.resize({ ...to, fit: 'fill' })
  // JPEG knows no transparency; the pages of handsets are white.
  const flat = format === 'jpeg' ? sizedPicture.flatten({ background: '#ffffff' }) : sizedPicture
  const made = await flat
    .timeout({ seconds: Math.ceil(ms / 1000) })
    .toFormat(format, SETTINGS[format][fineness])
    .toBuffer()
  // A copy of its own: the library's may be a slice of a pool, which cannot be moved.
  return Uint8Array.from(made)
}
