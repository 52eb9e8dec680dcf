/**
 * Reading a presentation: takes what slides there are and the names they refer to. Handsets write
 * items outside slides, slides inside sequences and regions nobody declared; a document that cannot
 * be read at all is a fault, and no reason to lose the message.
 */
import { parseXml, type XmlElement, type XmlLimits } from '../soap/xml.ts'
import { decodeXmlText } from '../soap/xml-text.ts'
import { parseClock } from './clock-value.ts'
import type {
  Presentation,
  Slide,
  SmilItem,
  SmilLayout,
  SmilMedium,
  SmilRegion,
} from './presentation.ts'

/** What a document turned out to be. */
export type ReadSmil =
  | ({ readonly kind: 'ok' } & Presentation)
  | { readonly kind: 'fault'; readonly detail: string }

const MEDIA: ReadonlySet<string> = new Set<SmilMedium>(['text', 'img', 'audio', 'video', 'ref'])

/** Reads a presentation. Items outside any `par` make a slide each. */
export function readSmil(bytes: Uint8Array, charset?: string, limits?: XmlLimits): ReadSmil {
  const decoded = decodeXmlText(bytes, charset)
  if (decoded.kind === 'fault') return { kind: 'fault', detail: decoded.fault }
  const parsed = parseXml(decoded.text, limits)
  if (parsed.kind === 'fault') return { kind: 'fault', detail: parsed.fault }
  if (parsed.root.local !== 'smil') return { kind: 'fault', detail: `root is ${parsed.root.local}` }
  const slides: Slide[] = []
  let layout: SmilLayout | undefined
  for (const child of parsed.root.children) {
    if (child.local === 'body') readSlides(child, slides)
    if (child.local === 'head') layout ??= readLayout(child)
  }
  return { kind: 'ok', slides, ...(layout === undefined ? {} : { layout }) }
}

function readLayout(head: XmlElement): SmilLayout | undefined {
  const layout = head.children.find(({ local }) => local === 'layout')
  if (layout === undefined) return undefined
  const root = layout.children.find(({ local }) => local === 'root-layout')
  const regions = layout.children
    .filter(({ local }) => local === 'region')
    .flatMap((region): SmilRegion[] => {
      const id = region.attributes.get('id') ?? region.attributes.get('regionName') ?? ''
      return id === '' ? [] : [{ id, ...given(region, ['left', 'top', 'width', 'height', 'fit']) }]
    })
  const background =
    root?.attributes.get('background-color') ?? root?.attributes.get('backgroundColor')
  return {
    ...(root === undefined ? {} : given(root, ['width', 'height'])),
    ...(background === undefined ? {} : { background }),
    regions,
  }
}

/** Those of the attributes that are there. */
function given<const N extends string>(
  { attributes }: XmlElement,
  names: readonly N[],
): { readonly [K in N]?: string } {
  const found: { [K in N]?: string } = {}
  for (const name of names) {
    const value = attributes.get(name)
    if (value !== undefined) found[name] = value
  }
  return found
}

function readSlides(container: XmlElement, slides: Slide[]): void {
  for (const child of container.children) {
    const items: SmilItem[] = []
    if (child.local === 'par') {
      readItems(child, items)
      const durationMs = parseClock(child.attributes.get('dur'))
      slides.push({ items, ...(durationMs === undefined ? {} : { durationMs }) })
    } else if (isMedium(child.local)) {
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
  const { local, attributes, children } = element
  const src = attributes.get('src')?.trim() ?? ''
  if (!isMedium(local) || src === '') return
  const region = attributes.get('region')
  const alt = attributes.get('alt')
  const beginMs = parseClock(attributes.get('begin'))
  const endMs = parseClock(attributes.get('end'))
  const durationMs = parseClock(attributes.get('dur'))
  const params = children
    .filter((child) => child.local === 'param' && child.attributes.has('name'))
    .map((child) => ({
      name: child.attributes.get('name') ?? '',
      value: child.attributes.get('value') ?? '',
    }))
  items.push({
    medium: local,
    src,
    ...(region === undefined ? {} : { region }),
    ...(alt === undefined ? {} : { alt }),
    ...(beginMs === undefined ? {} : { beginMs }),
    ...(endMs === undefined ? {} : { endMs }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(params.length === 0 ? {} : { params }),
  })
}

function isMedium(local: string): local is SmilMedium {
  return MEDIA.has(local)
}
