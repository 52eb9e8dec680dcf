/** Writing a presentation that handsets take: one layout, one `par` a slide, times in milliseconds. */
import { elementOf } from '../soap/xml-writer.ts'
import { printClock } from './clock-value.ts'
import {
  type Presentation,
  type Slide,
  type SmilItem,
  type SmilLayout,
  type SmilRegion,
  USUAL_REGIONS,
} from './presentation.ts'

/** How long a slide stays where nothing is said. */
const SLIDE_MS = 5_000

/**
 * Writes a presentation. Without a layout it gets the usual one, the picture above the text, and
 * items without a region go where their medium belongs.
 */
export function writeSmil({ slides, layout }: Presentation): string {
  const body = slides.map((slide) => writeSlide(slide, layout === undefined)).join('')
  const head = elementOf('head', writeLayout(layout ?? usualLayout(slides)))
  return elementOf('smil', head + elementOf('body', body))
}

/** Both regions where both are used; else the one takes the whole screen. */
function usualLayout(slides: readonly Slide[]): SmilLayout {
  const used = new Set(
    slides.flatMap(({ items }) =>
      items.map(({ medium, region }) => region ?? USUAL_REGIONS[medium]),
    ),
  )
  const both = used.has('Image') && used.has('Text')
  const region = (id: string, top: string): SmilRegion => ({
    id,
    left: '0',
    top: both ? top : '0',
    width: '100%',
    height: both ? '50%' : '100%',
    fit: id === 'Image' ? 'meet' : 'scroll',
  })
  const regions = [region('Image', '0'), region('Text', '50%')]
  return { width: '100%', height: '100%', regions: regions.filter(({ id }) => used.has(id)) }
}

function writeLayout({ width, height, background, regions }: SmilLayout): string {
  const root = elementOf('root-layout', '', { width, height, 'background-color': background })
  const places = regions.map(({ id, left, top, width, height, fit }) =>
    elementOf('region', '', { id, left, top, width, height, fit }),
  )
  return elementOf('layout', root + places.join(''))
}

function writeSlide({ items, durationMs = SLIDE_MS }: Slide, usual: boolean): string {
  const markup = items.map((item) => writeItem(item, usual)).join('')
  return elementOf('par', markup, { dur: printClock(durationMs) })
}

function writeItem(item: SmilItem, usual: boolean): string {
  const { medium, src, alt, beginMs, endMs, durationMs, params = [] } = item
  const markup = params.map(({ name, value }) => elementOf('param', '', { name, value })).join('')
  const time = (ms: number | undefined) => (ms === undefined ? undefined : printClock(ms))
  return elementOf(medium, markup, {
    src,
    region: item.region ?? (usual ? USUAL_REGIONS[medium] : undefined),
    alt,
    begin: time(beginMs),
    end: time(endMs),
    dur: time(durationMs),
  })
}
