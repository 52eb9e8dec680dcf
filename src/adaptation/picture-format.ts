/** The kinds of picture that can be written anew, and what each may become. Everything else stays. */
import { type ContentLimits, isTaken } from '../core/content-budget.ts'

export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif'

export const MEDIA_TYPES: Readonly<Record<PictureFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
}

/** Names in use for the same thing. */
const ALIASES: ReadonlyMap<string, PictureFormat> = new Map([
  ['image/jpg', 'jpeg'],
  ['image/pjpeg', 'jpeg'],
  ['image/x-png', 'png'],
  ...Object.entries(MEDIA_TYPES).map(([format, type]) => [type, format as PictureFormat] as const),
])

/**
 * What a picture may become, the dearest first. A drawing that stays too large as PNG does better
 * as JPEG; a film in frames may only become another one.
 */
const BECOMES: Readonly<Record<PictureFormat, readonly PictureFormat[]>> = {
  jpeg: ['jpeg', 'png', 'webp', 'gif'],
  png: ['png', 'jpeg', 'webp', 'gif'],
  webp: ['webp', 'jpeg', 'png', 'gif'],
  gif: ['gif', 'png', 'jpeg', 'webp'],
}

/** Formats that can move. */
export const ANIMATED: ReadonlySet<PictureFormat> = new Set<PictureFormat>(['gif', 'webp'])

/** The format behind a media type; `undefined`: never touched. */
export function formatOf(mediaType: string): PictureFormat | undefined {
  return ALIASES.get(mediaType)
}

/** The formats a picture may become on a way out, in order of preference. */
export function targetsOf(format: PictureFormat, limits: ContentLimits): readonly PictureFormat[] {
  return BECOMES[format].filter((target) => isTaken(MEDIA_TYPES[target], limits))
}
