/**
 * The little SMIL that MMS uses (OMA-MMS-CONF): slides one after the other, each with at most one
 * picture or film, one text and one sound, on two regions.
 */

/** The elements that show something. */
export type SmilMedium = 'text' | 'img' | 'audio' | 'video' | 'ref'

/** One thing on a slide. */
export interface SmilItem {
  readonly medium: SmilMedium
  /** As written: `cid:` and an id, a file name, a Content-Location. */
  readonly src: string
  /** Where it is shown: id of a region. */
  readonly region?: string
  /** What is said where it cannot be shown. */
  readonly alt?: string
  /** When it appears on its slide, and when it goes, in milliseconds from the slide's start. */
  readonly beginMs?: number
  readonly endMs?: number
  readonly durationMs?: number
  /** `param` children: how handsets are told colours and sizes of a text. */
  readonly params?: readonly SmilParam[]
}

export interface SmilParam {
  readonly name: string
  readonly value: string
}

/** One `par`. */
export interface Slide {
  readonly items: readonly SmilItem[]
  /** Absent: not said, or without end. */
  readonly durationMs?: number
}

/** One place on the screen; lengths as written: pixels or per cent. */
export interface SmilRegion {
  readonly id: string
  readonly left?: string
  readonly top?: string
  readonly width?: string
  readonly height?: string
  readonly fit?: string
}

/** The screen; lengths as written. */
export interface SmilLayout {
  readonly width?: string
  readonly height?: string
  readonly background?: string
  readonly regions: readonly SmilRegion[]
}

export interface Presentation {
  readonly slides: readonly Slide[]
  readonly layout?: SmilLayout
}

/** Where each medium goes when nobody says otherwise; sounds are nowhere. */
export const USUAL_REGIONS: Readonly<Record<SmilMedium, string | undefined>> = {
  text: 'Text',
  img: 'Image',
  video: 'Image',
  ref: 'Image',
  audio: undefined,
}

/** The element that shows parts of this media type. */
export function mediumOf(mediaType: string): SmilMedium {
  if (mediaType.startsWith('text/')) return 'text'
  if (mediaType.startsWith('image/')) return 'img'
  if (mediaType.startsWith('audio/')) return 'audio'
  if (mediaType.startsWith('video/')) return 'video'
  return 'ref'
}
