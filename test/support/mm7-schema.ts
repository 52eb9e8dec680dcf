/**
 * Judges MM7 bodies by schemas of our own (`test/schemas`), with a validator nobody here wrote. Only
 * for what we write: what arrives from real peers is never judged by a schema.
 */
import { readFileSync } from 'node:fs'
import { XmlDocument, XmlElement, XmlLibError, XsdValidator } from 'libxml2-wasm'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'
import type { Mm7Profile } from '../../src/core/code-row.ts'

/** Compiled tests run from another tree, the schemas do not. */
const folder = new URL('../../../test/schemas/', import.meta.url)

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
/** Where a release's file names its namespace, and where a provider's statuses go. */
const TAIL = /REL-[56]-MM7-1-\d/g
const STATUSES = '<!-- provider statuses -->'

const validators = new Map<string, XsdValidator>()

function validatorOf(key: string, schema: () => string): XsdValidator {
  const known = validators.get(key)
  if (known !== undefined) return known
  const document = XmlDocument.fromString(schema())
  const made = XsdValidator.fromDoc(document)
  validators.set(key, made)
  return made
}

const read = (name: string) => readFileSync(new URL(name, folder), 'utf8')

/** The schema text of one namespace tail such as `REL-6-MM7-1-4`, with a provider's statuses. */
export function mm7Schema(tail: string, statuses: readonly string[] = []): string {
  const extra = statuses.map((status) => `<xs:enumeration value="${status}"/>`).join('')
  return read(`mm7-release-${tail.startsWith('REL-5') ? 5 : 6}.xsd`)
    .replace(TAIL, tail)
    .replace(STATUSES, extra)
}

/** Delivery statuses a dialect reports that the schema of a release does not list. */
export function statusesBeyond({ reports }: Mm7Profile, tail: string): string[] {
  const schema = mm7Schema(tail)
  const said = new Set(Object.values(reports).flatMap((face) => face?.status ?? []))
  return [...said].filter((status) => !schema.includes(`<xs:enumeration value="${status}"/>`))
}

/** What a schema has to say against an envelope; nothing when it is in order. */
export function schemaComplaints(xml: string | Uint8Array, statuses?: readonly string[]): string[] {
  let document: XmlDocument
  try {
    document = typeof xml === 'string' ? XmlDocument.fromString(xml) : XmlDocument.fromBuffer(xml)
  } catch (error) {
    return [complaintOf(error)]
  }
  try {
    const soap = validatorOf(SOAP, () => read('soap-envelope.xsd'))
    return [...against(soap, document), ...complaintsInside(document, statuses)]
  } finally {
    document.dispose()
  }
}

/** The header entry and the operation, each by the schema of the namespace it is in. */
function complaintsInside(document: XmlDocument, statuses: readonly string[] = []): string[] {
  const path = ['Header/*', 'Body/*[local-name()!="Fault"]', 'Body/s:Fault/detail/*']
    .map((inside) => `/s:Envelope/s:${inside}`)
    .join('|')
  return document.find(path, { s: SOAP }).flatMap((node) => {
    if (!(node instanceof XmlElement)) return []
    const namespace = node.namespaceUri
    const tail = namespace.slice(NAMESPACE_BASE.length)
    if (!namespace.startsWith(NAMESPACE_BASE) || tail.replace(TAIL, '') !== '') {
      return [`${node.name} stands in the namespace "${namespace}"`]
    }
    const key = [tail, ...statuses].join(' ')
    return against(
      validatorOf(key, () => mm7Schema(tail, statuses)),
      node,
    )
  })
}

function against(validator: XsdValidator, node: XmlDocument | XmlElement): string[] {
  try {
    if (node instanceof XmlElement) validator.validate(node)
    else validator.validate(node)
    return []
  } catch (error) {
    return [complaintOf(error)]
  }
}

function complaintOf(error: unknown): string {
  if (error instanceof XmlLibError) return error.message.trim()
  throw error
}
