/**
 * The little SMIL that MMS uses (OMA-MMS-CONF): slides one after the other, each with at most one
 * picture or film, one text and one sound. Reading takes what slides there are and the names they
 * refer to; a document that cannot be read is no reason to lose the message.
 */
import { parseXml, type XmlElement, type XmlLimits } from '../soap/xml.ts'
import { decodeXmlText } from '../soap/xml-text.ts'
import { elementOf } from '../soap/xml-writer.ts'

/** The elements that show something. */
export type SmilMedium = 'text' | 'img' | 'audio' | 'video' | 'ref'

/** One thing on a slide. */
export interface SmilItem {
  readonly medium: SmilMedium
  /** As written: `cid:` and an id, a file name, a Content-Location. */
  readonly src: string
}

/** One `par`. */
export interface Slide {
  readonly items: readonly SmilItem[]
  readonly durationMs?: number
}

/** What a document turned out to be. */
export type ReadSmil =
  | { readonly kind: 'ok'; readonly slides: readonly Slide[] }
  | { readonly kind: 'fault'; readonly detail: string }

const MEDIA: ReadonlySet<string> = new Set(['text', 'img', 'audio', 'video', 'ref'])

/** Reads a presentation. Items outside any `par` make a slide each. */
export function readSmil(bytes: Uint8Array, charset?: string, limits?: XmlLimits): ReadSmil {
  const decoded = decodeXmlText(bytes, charset)
  if (decoded.kind === 'fault') return { kind: 'fault', detail: decoded.fault }
  const parsed = parseXml(decoded.text, limits)
  if (parsed.kind === 'fault') return { kind: 'fault', detail: parsed.fault }
  if (parsed.root.local !== 'smil') return { kind: 'fault', detail: `root is ${parsed.root.local}` }
  const slides: Slide[] = []
  for (const child of parsed.root.children) if (child.local === 'body') readSlides(child, slides)
  return { kind: 'ok', slides }
}

function readSlides(container: XmlElement, slides: Slide[]): void {
  for (const child of container.children) {
    if (child.local === 'par') {
      const items: SmilItem[] = []
      readItems(child, items)
      const durationMs = parseClock(child.attributes.get('dur') ?? '')
      slides.push({ items, ...(durationMs === undefined ? {} : { durationMs }) })
    } else if (isMedium(child.local)) {
      const items: SmilItem[] = []
      addItem(child, items)
      if (items.length > 0) slides.push({ items })
    } else {
      readSlides(child, slides)
    }
  }
}

function readItems(container: XmlElement, items: SmilItem[]): void {
  for (const child of container.children) {
    addItem(child, items)
    readItems(child, items)
  }
}

function addItem(element: XmlElement, items: SmilItem[]): void {
  const src = element.attributes.get('src')?.trim() ?? ''
  if (isMedium(element.local) && src !== '') items.push({ medium: element.local, src })
}

function isMedium(local: string): local is SmilMedium {
  return MEDIA.has(local)
}

/** `5s`, `5000ms`, `1.5s`, `5`; other clock values are not used in MMS. */
function parseClock(written: string): number | undefined {
  const match = /^\s*(\d{1,9})(?:\.(\d{1,3}))?\s*(ms|s)?\s*$/.exec(written)
  if (match === null) return undefined
  const whole = Number(match[1])
  if (match[3] === 'ms') return whole
  return whole * 1_000 + Number((match[2] ?? '').padEnd(3, '0'))
}

/** How long a slide stays where nothing is said. */
const SLIDE_MS = 5_000

/** Writes a presentation with the two usual regions. */
export function writeSmil(slides: readonly Slide[]): string {
  const region = (id: string, top: string) =>
    elementOf('region', '', { id, top, left: '0', height: '50%', width: '100%', fit: 'meet' })
  const rootLayout = elementOf('root-layout', '', { width: '100%', height: '100%' })
  const layout = elementOf('layout', rootLayout + region('Image', '0') + region('Text', '50%'))
  const body = slides.map(writeSlide).join('')
  return elementOf('smil', elementOf('head', layout) + elementOf('body', body))
}

function writeSlide({ items, durationMs }: Slide): string {
  const markup = items
    .map(({ medium, src }) => elementOf(medium, '', { src, region: REGIONS[medium] }))
    .join('')
  return elementOf('par', markup, { dur: `${durationMs ?? SLIDE_MS}ms` })
}

const REGIONS: Readonly<Record<SmilMedium, string | undefined>> = {
  text: 'Text',
  img: 'Image',
  video: 'Image',
  ref: 'Image',
  audio: undefined,
}

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
    const place = REGIONS[medium]
    const open = slides[slides.length - 1]
    if (open === undefined || open.some((item) => REGIONS[item.medium] === place)) {
      slides.push([{ medium, src }])
    } else {
      open.push({ medium, src })
    }
  }
  return slides.map((items) => ({ items }))
}

function mediumOf(mediaType: string): SmilMedium {
  if (mediaType.startsWith('text/')) return 'text'
  if (mediaType.startsWith('image/')) return 'img'
  if (mediaType.startsWith('audio/')) return 'audio'
  if (mediaType.startsWith('video/')) return 'video'
  return 'ref'
}
