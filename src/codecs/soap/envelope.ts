/**
 * SOAP 1.1 envelopes as MM7 uses them: a TransactionID in the header, one operation or a Fault in the
 * body. Reading tells every problem apart and decides nothing, since the order in which problems
 * count belongs to the dialect. Elements are known by local name.
 */
import { childNamed, textBelow, type XmlElement } from './xml.ts'
import { elementOf, elementWith, escapeXml, textElement } from './xml-writer.ts'

/** SOAP 1.1 §3. */
export const SOAP_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/'

/** What may be wrong with the Header. */
export type HeaderProblem =
  | 'header-absent'
  | 'header-repeated'
  | 'header-empty'
  | 'transaction-id-absent'
  | 'transaction-id-repeated'
  | 'transaction-id-empty'
  /** Something stands beside the TransactionID. */
  | 'header-entry-foreign'

/** What may be wrong with the Body. */
export type BodyProblem = 'body-absent' | 'body-repeated' | 'body-empty' | 'body-several-children'

/** A SOAP Fault as it was found; none of its texts may be parsed for meaning. */
export interface SoapFault {
  readonly faultCode: string
  readonly faultString: string
  /** The children of `detail`. */
  readonly detail: readonly XmlElement[]
}

/** What an Envelope holds. */
export interface Envelope {
  readonly namespace: string
  /** Trimmed; `undefined` where it is absent or empty. */
  readonly transactionId: string | undefined
  readonly headerProblem: HeaderProblem | undefined
  readonly bodyProblem: BodyProblem | undefined
  readonly bodyChildren: readonly XmlElement[]
  /** The Fault, where the body's first child is one. */
  readonly fault: SoapFault | undefined
}

/** Reads an envelope, or `undefined` where the root element is none. */
export function readEnvelope(root: XmlElement): Envelope | undefined {
  if (root.local !== 'Envelope') return undefined
  const headers = root.children.filter((child) => child.local === 'Header')
  const bodies = root.children.filter((child) => child.local === 'Body')
  const children = bodies[0]?.children ?? []
  const first = children[0]
  const { transactionId, headerProblem } = readHeader(headers)
  return {
    namespace: root.namespace,
    transactionId,
    headerProblem,
    bodyProblem: problemOfBody(bodies, children),
    bodyChildren: children,
    fault: first?.local === 'Fault' ? readFault(first) : undefined,
  }
}

function readHeader(headers: readonly XmlElement[]): {
  transactionId: string | undefined
  headerProblem: HeaderProblem | undefined
} {
  const header = headers[0]
  if (header === undefined) return { transactionId: undefined, headerProblem: 'header-absent' }
  const ids = header.children.filter((child) => child.local === 'TransactionID')
  const text = ids[0]?.text.trim() ?? ''
  const transactionId = text === '' ? undefined : text
  return { transactionId, headerProblem: problemOfHeader(headers, header, ids, transactionId) }
}

function problemOfHeader(
  headers: readonly XmlElement[],
  header: XmlElement,
  ids: readonly XmlElement[],
  transactionId: string | undefined,
): HeaderProblem | undefined {
  if (headers.length > 1) return 'header-repeated'
  if (header.children.length === 0) return 'header-empty'
  if (ids.length === 0) return 'transaction-id-absent'
  if (ids.length > 1) return 'transaction-id-repeated'
  if (transactionId === undefined) return 'transaction-id-empty'
  if (header.children.length > 1) return 'header-entry-foreign'
  return undefined
}

function problemOfBody(
  bodies: readonly XmlElement[],
  children: readonly XmlElement[],
): BodyProblem | undefined {
  if (bodies.length === 0) return 'body-absent'
  if (bodies.length > 1) return 'body-repeated'
  if (children.length === 0) return 'body-empty'
  return children.length > 1 ? 'body-several-children' : undefined
}

function readFault(element: XmlElement): SoapFault {
  const faultCode = childNamed(element, 'faultcode')
  const faultString = childNamed(element, 'faultstring')
  return {
    faultCode: faultCode === undefined ? '' : textBelow(faultCode).trim(),
    faultString: faultString === undefined ? '' : textBelow(faultString).trim(),
    detail: childNamed(element, 'detail')?.children ?? [],
  }
}

/** Header entries of foreign names that demand to be understood (SOAP 1.1 §4.2.3). */
export function entriesToUnderstand(root: XmlElement): readonly string[] {
  const header = childNamed(root, 'Header')
  if (header === undefined) return []
  return header.children
    .filter((entry) => entry.local !== 'TransactionID')
    .filter((entry) => entry.attributes.get('mustUnderstand')?.trim() === '1')
    .map((entry) => entry.local)
}

/** What goes round a body. */
export interface EnvelopeFrame {
  /** Left out of the header where it is `undefined`: it could not be read. */
  readonly transactionId: string | undefined
  /** The namespace of the TransactionID. */
  readonly namespace: string
  /** Prefix of the SOAP elements; some peers know one only. */
  readonly soapPrefix?: string
}

/** The prefix used in the samples of the standard's best-known providers. */
export const DEFAULT_SOAP_PREFIX = 'soap-env'

/** Writes an envelope round body markup that is already written. */
export function writeEnvelope(frame: EnvelopeFrame, body: string): string {
  const prefix = frame.soapPrefix ?? DEFAULT_SOAP_PREFIX
  const id =
    frame.transactionId === undefined
      ? ''
      : elementWith(
          'TransactionID',
          ` xmlns="${escapeXml(frame.namespace)}" ${prefix}:mustUnderstand="1"`,
          escapeXml(frame.transactionId),
        )
  const header = elementOf(`${prefix}:Header`, id)
  const inside = header + elementOf(`${prefix}:Body`, body)
  const envelope = elementWith(`${prefix}:Envelope`, ` xmlns:${prefix}="${SOAP_NAMESPACE}"`, inside)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${envelope}\n`
}

/** The four fault codes of SOAP 1.1 §4.4.1. */
export type SoapFaultCode = 'Client' | 'Server' | 'MustUnderstand' | 'VersionMismatch'

/**
 * Writes a Fault. Its children are in no namespace, as strict SOAP stacks demand; `detail` must
 * declare its own.
 */
export function writeFault(
  code: SoapFaultCode,
  text: string,
  detail: string,
  soapPrefix: string = DEFAULT_SOAP_PREFIX,
): string {
  const children =
    textElement('faultcode', `${soapPrefix}:${code}`) +
    textElement('faultstring', text) +
    (detail === '' ? '' : elementOf('detail', detail))
  return elementOf(`${soapPrefix}:Fault`, children)
}
