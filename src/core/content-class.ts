/**
 * The content classes of OMA-MMS-CONF as data: how large a content may be, which media it may hold
 * and how large its pictures may be. A class is a statement about a content, never a wish.
 */

/** What the rules about classes and budgets need to know of one part. */
export interface MeasuredPart {
  /** In lower case, without parameters. */
  readonly mediaType: string
  /** Bytes after transfer decoding. */
  readonly decodedLength: number
  /** Of a picture, in pixels; absent where nobody looked or nobody could tell. */
  readonly picture?: PictureSize
}

/** In pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** One row of OMA-MMS-CONF. */
export interface ContentClassRow {
  /** Bytes of all parts together, decoded. */
  readonly contentBytesMax: number
  /** Largest picture; absent: of every size. */
  readonly picture?: PictureSize
  /** Media types it may hold; absent: of every type. */
  readonly mediaTypes?: readonly string[]
}

/** OMA-MMS-CONF counts in kB of 1024 bytes. */
const KB = 1024

const TEXT = [
  'text/plain',
  'application/smil',
  'text/x-vcard',
  'text/vcard',
  'text/x-vcalendar',
  'text/calendar',
] as const
const IMAGE_BASIC = [...TEXT, 'image/jpeg', 'image/gif', 'image/vnd.wap.wbmp'] as const
const IMAGE_RICH = [
  ...IMAGE_BASIC,
  'image/png',
  'audio/amr',
  'audio/sp-midi',
  'application/vnd.oma.drm.message',
] as const
const VIDEO = [...IMAGE_RICH, 'video/3gpp'] as const
const SMALL_PICTURE = { width: 160, height: 120 } as const
const RICH_PICTURE = { width: 640, height: 480 } as const

/** From the smallest to the largest: `classOf` answers the first that a content fits. */
export const CONTENT_CLASSES = {
  text: { contentBytesMax: 30 * KB, mediaTypes: TEXT },
  'image-basic': { contentBytesMax: 30 * KB, picture: SMALL_PICTURE, mediaTypes: IMAGE_BASIC },
  'image-rich': { contentBytesMax: 100 * KB, picture: RICH_PICTURE, mediaTypes: IMAGE_RICH },
  'video-basic': { contentBytesMax: 100 * KB, picture: RICH_PICTURE, mediaTypes: VIDEO },
  'video-rich': { contentBytesMax: 300 * KB, picture: RICH_PICTURE, mediaTypes: VIDEO },
  megapixel: {
    contentBytesMax: 300 * KB,
    picture: { width: 1600, height: 1200 },
    mediaTypes: VIDEO,
  },
  'content-basic': { contentBytesMax: 100 * KB },
  'content-rich': { contentBytesMax: 600 * KB },
} as const satisfies Readonly<Record<string, ContentClassRow>>

/** Name of a class, as in MM7 ContentClass and X-Mms-Content-Class. */
export type ContentClass = keyof typeof CONTENT_CLASSES

/** The names, from the smallest class to the largest. */
export const CONTENT_CLASS_NAMES = Object.keys(CONTENT_CLASSES) as readonly ContentClass[]

/**
 * The smallest class the content fits, `undefined` when it fits none. A picture whose size is not
 * known fits no class that limits pictures.
 */
export function classOf(parts: readonly MeasuredPart[]): ContentClass | undefined {
  return CONTENT_CLASS_NAMES.find((name) => fits(parts, CONTENT_CLASSES[name]))
}

function fits(parts: readonly MeasuredPart[], row: ContentClassRow): boolean {
  const bytes = parts.reduce((sum, { decodedLength }) => sum + decodedLength, 0)
  if (bytes > row.contentBytesMax) return false
  return parts.every(
    ({ mediaType, picture }) =>
      (row.mediaTypes === undefined || row.mediaTypes.includes(mediaType)) &&
      (row.picture === undefined ||
        !mediaType.startsWith('image/') ||
        (picture !== undefined && isWithin(picture, row.picture))),
  )
}

/** Side by side: a picture that stands is not turned to fit a frame that lies. */
export function isWithin(picture: PictureSize, frame: Partial<PictureSize>): boolean {
  const { width = Number.POSITIVE_INFINITY, height = Number.POSITIVE_INFINITY } = frame
  return picture.width <= width && picture.height <= height
}
