/**
 * What a way out takes: how large a message, which media, how large a picture. The limits count the
 * message as it travels, because that is what carriers count: base64 and part headers included.
 */
import {
  CONTENT_CLASSES,
  type ContentClass,
  type ContentClassRow,
  isWithin,
  type MeasuredPart,
} from './content-class.ts'
import type { Part } from './message.ts'

/** The limits of one way out. An absent one does not limit. */
export interface ContentBudget {
  /** Bytes of the whole message as sent: base64, part headers and envelope counted. */
  readonly messageBytesMax?: number
  /** Bytes of all parts together, decoded. */
  readonly contentBytesMax?: number
  /** In pixels. */
  readonly imageWidthMax?: number
  /** In pixels. */
  readonly imageHeightMax?: number
  /** Media types taken, `image/*` for all of a kind. Plain text and SMIL are always taken. */
  readonly mediaTypes?: readonly string[]
  /** Its limits hold, too; the stricter one wins. */
  readonly contentClass?: ContentClass
}

/** A budget with its class written out. */
export interface ContentLimits extends Omit<ContentBudget, 'contentClass' | 'mediaTypes'> {
  /** Every list must take a type. */
  readonly mediaTypes: readonly (readonly string[])[]
}

/** Which limit a content passes. */
export type Excess = 'bytes' | 'type' | 'pixels'

/** A stored part and, for a picture, its size. */
export type SentPart = Part & Pick<MeasuredPart, 'picture'>

/** Writes out the class of a budget. */
export function limitsOf({ contentClass, mediaTypes, ...own }: ContentBudget): ContentLimits {
  const row: ContentClassRow | undefined =
    contentClass === undefined ? undefined : CONTENT_CLASSES[contentClass]
  return {
    ...own,
    ...strictest('contentBytesMax', own.contentBytesMax, row?.contentBytesMax),
    ...strictest('imageWidthMax', own.imageWidthMax, row?.picture?.width),
    ...strictest('imageHeightMax', own.imageHeightMax, row?.picture?.height),
    mediaTypes: [mediaTypes, row?.mediaTypes].filter((list) => list !== undefined),
  }
}

function strictest<N extends string>(
  name: N,
  a = Number.POSITIVE_INFINITY,
  b = Number.POSITIVE_INFINITY,
): { readonly [K in N]?: number } {
  const least = Math.min(a, b)
  return Number.isFinite(least) ? ({ [name]: least } as { [K in N]: number }) : {}
}

/** The first limit the content passes; a picture whose size is not known passes none of pixels. */
export function excessOf(parts: readonly SentPart[], limits: ContentLimits): Excess | undefined {
  if (parts.some(({ mediaType }) => !isTaken(mediaType, limits))) return 'type'
  if (messageBytesOf(parts) > (limits.messageBytesMax ?? Number.POSITIVE_INFINITY)) return 'bytes'
  if (contentBytesOf(parts) > (limits.contentBytesMax ?? Number.POSITIVE_INFINITY)) return 'bytes'
  const tooLarge = ({ picture }: SentPart) => picture !== undefined && !isInFrame(picture, limits)
  return parts.some(tooLarge) ? 'pixels' : undefined
}

/** Whether a picture of this size may go out as it is. */
export function isInFrame(
  picture: { readonly width: number; readonly height: number },
  { imageWidthMax, imageHeightMax }: ContentLimits,
): boolean {
  return isWithin(picture, {
    ...(imageWidthMax === undefined ? {} : { width: imageWidthMax }),
    ...(imageHeightMax === undefined ? {} : { height: imageHeightMax }),
  })
}

/** The words of a message and its presentation are what every way out carries. */
const ALWAYS_TAKEN: readonly string[] = ['text/plain', 'application/smil']

/** Whether the way out takes this media type. */
export function isTaken(mediaType: string, { mediaTypes }: ContentLimits): boolean {
  if (ALWAYS_TAKEN.includes(mediaType)) return true
  const kind = `${mediaType.slice(0, mediaType.indexOf('/'))}/*`
  return mediaTypes.every((list) => list.includes(mediaType) || list.includes(kind))
}

/** Bytes of all parts together, decoded. */
export function contentBytesOf(parts: readonly Pick<Part, 'decodedLength'>[]): number {
  return parts.reduce((sum, { decodedLength }) => sum + decodedLength, 0)
}

/** Headers of the message itself: addresses, ids, subject, version. An estimate on the safe side. */
export const MESSAGE_HEAD_BYTES = 2048
/** Delimiter and names of the headers of one part; their values are counted. */
const PART_HEAD_BYTES = 256
/** Text that cannot travel as it is goes as quoted-printable or base64, whichever is shorter. */
const TEXT_GROWTH = 1.4

/** Bytes of the whole message as sent. */
export function messageBytesOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + sentBytesOf(part), MESSAGE_HEAD_BYTES)
}

/** Bytes of one part as sent, with its headers. */
export function sentBytesOf(part: Part): number {
  const { contentType, contentId = '', contentLocation = '', fileName = '' } = part
  const names = [contentType, contentId, contentLocation, fileName]
  // A name outside ASCII travels percent-encoded: three bytes for each of its own.
  const headers = names.reduce((sum, name) => sum + 3 * name.length, PART_HEAD_BYTES)
  return headers + bodyBytesOf(part)
}

function bodyBytesOf({ mediaType, encoding, length }: Part): number {
  if (encoding === 'base64' || encoding === 'quoted-printable') return length
  const text = mediaType.startsWith('text/') || mediaType === 'application/smil'
  return text ? Math.ceil(length * TEXT_GROWTH) : base64Bytes(length)
}

/** RFC 2045 §6.8: lines of 76 columns, each of 57 bytes, with CRLF. */
const LINE_BYTES = 57
const LINE_COLUMNS = 78

/** Bytes of base64 for so many bytes, the end of the last line counted. */
export function base64Bytes(bytes: number): number {
  const rest = bytes % LINE_BYTES
  const last = rest === 0 ? 0 : Math.ceil(rest / 3) * 4 + 2
  return Math.floor(bytes / LINE_BYTES) * LINE_COLUMNS + last
}

/** The most bytes whose base64 is not longer than this. */
export function bytesInBase64(encodedBytesMax: number): number {
  const lines = Math.floor(Math.max(0, encodedBytesMax) / LINE_COLUMNS)
  const rest = Math.max(0, encodedBytesMax) - lines * LINE_COLUMNS - 2
  return lines * LINE_BYTES + Math.max(0, Math.floor(rest / 4) * 3)
}
