/**
 * XML into a small tree: strict (well formed or nothing), namespace-aware, without DTDs, and with a
 * cap on everything, since saxes alone takes quadratic time on deep nesting. Parsing stops at the
 * first cap that is reached. Nothing is ever fetched and no entities exist beyond the five.
 */
import { type SaxesAttributeNSIncomplete, SaxesParser, type SaxesTagNS } from 'saxes'

/** What an XML document may cost. */
export interface XmlLimits {
  /** Bytes of the document before decoding. */
  readonly bytesMax: number
  readonly depthMax: number
  readonly elementsMax: number
  /** Attributes of one element, namespace declarations counted. */
  readonly attributesMax: number
  /** Characters of one element's own text, or of one attribute. */
  readonly textCharactersMax: number
}

/** The limits used where the operator sets none. */
export const defaultXmlLimits: XmlLimits = {
  bytesMax: 256 * 1_024,
  depthMax: 64,
  elementsMax: 2_000,
  attributesMax: 64,
  textCharactersMax: 8_192,
}

/** One element. */
export interface XmlElement {
  readonly local: string
  readonly prefix: string
  /** Empty: in no namespace. */
  readonly namespace: string
  /** By local name, whatever the prefix; of two the first. Namespace declarations are left out. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** The element's own text, that of its children left out. */
  readonly text: string
}

/** Why a document was not read. */
export type XmlFaultName =
  | 'not-well-formed'
  | 'doctype-refused'
  | 'too-many-bytes'
  | 'too-deep'
  | 'too-many-elements'
  | 'too-many-attributes'
  | 'text-too-long'

/** What a document turned out to be. `detail` is for logs; it may quote the document. */
export type ParsedXml =
  | { readonly kind: 'ok'; readonly root: XmlElement }
  | { readonly kind: 'fault'; readonly fault: XmlFaultName; readonly detail: string }

interface OpenElement extends XmlElement {
  readonly children: XmlElement[]
  text: string
}

/** Thrown by a handler to make saxes stop; never leaves this file. */
class Stop {
  readonly fault: XmlFaultName
  constructor(fault: XmlFaultName) {
    this.fault = fault
  }
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'

/**
 * Parses a document. White space before the XML declaration is passed over, as peers put an empty
 * line there; everything else that is not well formed is refused.
 */
export function parseXml(document: string, limits: XmlLimits = defaultXmlLimits): ParsedXml {
  // Every character takes a byte at least.
  if (document.length > limits.bytesMax) return fault('too-many-bytes', '')
  const builder = createBuilder(limits)
  try {
    builder.parser.write(document.trimStart()).close()
  } catch (error) {
    if (error instanceof Stop) return fault(error.fault, '')
    return fault('not-well-formed', error instanceof Error ? error.message : String(error))
  }
  const root = builder.root()
  return root === undefined ? fault('not-well-formed', 'no root') : { kind: 'ok', root }
}

function fault(name: XmlFaultName, detail: string): ParsedXml {
  return { kind: 'fault', fault: name, detail }
}

function createBuilder(limits: XmlLimits) {
  const parser = new SaxesParser({
    xmlns: true,
    position: false,
    // A document that calls itself 1.1 is read by the rules of 1.0.
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  })
  const open: OpenElement[] = []
  let root: OpenElement | undefined
  let elements = 0
  let attributes = 0

  function addText(text: string): void {
    const element = open[open.length - 1]
    if (element === undefined) return
    if (element.text.length + text.length > limits.textCharactersMax) {
      if (element.text.trim() !== '' || text.trim() !== '') throw new Stop('text-too-long')
      return
    }
    element.text += text
  }

  // No seventh handler: saxes keeps them as properties of its own, and with a seventh V8 turns the
  // parser into a dictionary, five times slower. So depth is counted where a tag is complete.
  parser.on('attribute', (attribute: SaxesAttributeNSIncomplete) => {
    if (++attributes > limits.attributesMax) throw new Stop('too-many-attributes')
    if (attribute.value.length > limits.textCharactersMax) throw new Stop('text-too-long')
  })
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (open.length >= limits.depthMax) throw new Stop('too-deep')
    if (++elements > limits.elementsMax) throw new Stop('too-many-elements')
    const element: OpenElement = {
      local: tag.local,
      prefix: tag.prefix,
      namespace: tag.uri,
      attributes: attributes === 0 ? NO_ATTRIBUTES : readAttributes(tag),
      children: [],
      text: '',
    }
    const parent = open[open.length - 1]
    if (parent === undefined) root = element
    else parent.children.push(element)
    open.push(element)
    attributes = 0
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('doctype', () => {
    throw new Stop('doctype-refused')
  })
  return { parser, root: () => root }
}

function readAttributes(tag: SaxesTagNS): ReadonlyMap<string, string> {
  let attributes: Map<string, string> | undefined
  for (const name in tag.attributes) {
    const attribute = tag.attributes[name]
    if (attribute === undefined || attribute.uri === XMLNS_NAMESPACE) continue
    attributes ??= new Map()
    if (!attributes.has(attribute.local)) attributes.set(attribute.local, attribute.value)
  }
  return attributes ?? NO_ATTRIBUTES
}

/** The first child of this local name. */
export function childNamed(element: XmlElement, local: string): XmlElement | undefined {
  for (const child of element.children) if (child.local === local) return child
  return undefined
}

/** All text below an element, in document order as far as the tree keeps it. */
export function textBelow(element: XmlElement): string {
  let text = element.text
  for (const child of element.children) text += textBelow(child)
  return text
}
