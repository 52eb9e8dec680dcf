/** Slides for parts that came without any, or whose presentation leaves some of them out. */
import { findReferenced, type PartNames } from '../mime/references.ts'
import { mediumOf, type Slide, type SmilItem, USUAL_REGIONS } from './presentation.ts'

/** A part to be shown: its media type and the name to refer to it by. */
export interface ShownPart {
  readonly mediaType: string
  readonly src: string
}

/**
 * Lays parts out on slides in their order: a slide takes one picture or film, one text and one
 * sound, and a part that finds its place taken starts the next.
 */
export function layOutSlides(parts: readonly ShownPart[]): readonly Slide[] {
  const slides: SmilItem[][] = []
  for (const { mediaType, src } of parts) {
    const medium = mediumOf(mediaType)
    const place = USUAL_REGIONS[medium]
    const open = slides[slides.length - 1]
    if (open === undefined || open.some((item) => USUAL_REGIONS[item.medium] === place)) {
      slides.push([{ medium, src }])
    } else {
      open.push({ medium, src })
    }
  }
  return slides.map((items) => ({ items }))
}

/** One slide as the parts it shows. */
export interface ResolvedSlide<T> {
  readonly parts: readonly T[]
  readonly durationMs?: number
}

const SMIL = 'application/smil'

/**
 * The parts behind each slide: a `src` means a part by its Content-ID, `cid:`, Content-Location,
 * name parameter or file name, the first of these that any part meets. Nothing is lost: parts no
 * slide means follow in their order, and so do all of them where the names lead nowhere.
 */
export function resolveSlides<T extends PartNames & { readonly mediaType: string }>(
  slides: readonly Slide[],
  parts: readonly T[],
): readonly ResolvedSlide<T>[] {
  const media = parts.filter(({ mediaType }) => mediaType !== SMIL)
  const resolved = slides.map(({ items, durationMs }) => ({
    parts: items.flatMap(({ src }) => findReferenced(src, media, true).slice(0, 1)),
    ...(durationMs === undefined ? {} : { durationMs }),
  }))
  const shown = new Set(resolved.flatMap((slide) => slide.parts))
  const rest = media.filter((part) => !shown.has(part))
  const indexed = rest.map(({ mediaType }, index) => ({ mediaType, src: String(index) }))
  const appended = layOutSlides(indexed).map(({ items }) => ({
    parts: items.flatMap(({ src }) => rest[Number(src)] ?? []),
  }))
  return [...resolved.filter((slide) => slide.parts.length > 0), ...appended]
}
