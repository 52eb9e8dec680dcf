/**
 * Writing XML for peers that read it badly: every value in one text node, only the five characters
 * escaped, no CDATA, no comments, children without prefixes.
 */

/** Nothing here needs a second look: what most values consist of. */
const ORDINARY = /^[ !#-%(-;=?-~]*$/
const SPECIAL = /[&<>"']/
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 §2.2 has no place for them
const NOT_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

/**
 * Text for an element or an attribute in double quotes. Characters that XML cannot hold are left
 * out, and CR becomes LF, as every reader would make it.
 */
export function escapeXml(text: string): string {
  if (ORDINARY.test(text)) return text
  const clean = text.replace(NOT_XML, '').replace(/\r\n?/g, '\n')
  return SPECIAL.test(clean) ? clean.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c) : clean
}

/** Attributes in the order to be written; those that are `undefined` are left out. */
export type XmlAttributes = Readonly<Record<string, string | undefined>>

/** An element around markup that is already written. */
export function elementOf(name: string, markup: string, attributes?: XmlAttributes): string {
  return elementWith(name, attributes === undefined ? '' : printAttributes(attributes), markup)
}

/** An element whose attributes are written already too, each with a blank before it. */
export function elementWith(name: string, attributes: string, markup: string): string {
  const start = name + attributes
  return markup === '' ? `<${start}/>` : `<${start}>${markup}</${name}>`
}

/** An element that holds text only. */
export function textElement(name: string, text: string, attributes?: XmlAttributes): string {
  return elementOf(name, escapeXml(text), attributes)
}

function printAttributes(attributes: XmlAttributes): string {
  let out = ''
  for (const name in attributes) {
    const value = attributes[name]
    if (value !== undefined) out += ` ${name}="${escapeXml(value)}"`
  }
  return out
}
