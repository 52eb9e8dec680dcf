/**
 * MM7 envelopes into typed operations. Nothing throws and nothing is judged that a dialect orders:
 * what is wrong below the operation element becomes an issue, what is wrong above it a named fault.
 */
import type { MimeFault } from '../mime/fault.ts'
import {
  type Envelope,
  entriesToUnderstand,
  readEnvelope,
  SOAP_NAMESPACE,
  type SoapFault,
} from '../soap/envelope.ts'
import {
  childNamed,
  defaultXmlLimits,
  parseXml,
  type XmlElement,
  type XmlLimits,
} from '../soap/xml.ts'
import { decodeXmlText } from '../soap/xml-text.ts'
import { type Findings, type Issue, readFields } from './fields.ts'
import { isOperationName, planOf } from './operations.ts'
import type { Mm7Operation, OperationName, Received } from './types.ts'
import { isMm7Namespace } from './versions.ts'

/** What can be wrong before there is an operation, in the order in which it is found. */
export type Mm7FaultName =
  /** The body's MIME structure; only where a whole HTTP body is read. */
  | 'mime-unreadable'
  /** The root part's Content-Type: absent, unparsable, not XML, or an unknown charset. */
  | 'root-part-type'
  /** No charset by which to read the bytes. */
  | 'charset-unknown'
  /** Not well formed, wrong bytes, DTD, above a cap, or the root is no Envelope. */
  | 'xml-unreadable'
  /** The Envelope is not SOAP 1.1's. */
  | 'envelope-namespace'
  | 'soap-header'
  /** Absent, empty, or more than one child. */
  | 'soap-body'
  /** The Body's child has the name of no operation. */
  | 'operation-unknown'
  /** The operation is in a namespace that is none of MM7's. */
  | 'operation-namespace'

/** A request or reply that cannot be understood, with what could be read of it for the answer. */
export interface Mm7Fault {
  readonly kind: 'fault'
  readonly fault: Mm7FaultName
  readonly transactionId?: string
  readonly mm7Version?: string
  /** Namespace of the operation element. */
  readonly namespace?: string
  /** Where the fault is in the MIME structure. */
  readonly mime?: MimeFault
  /** A name of what exactly is wrong, sometimes with a parser's words: for logs and advice. */
  readonly detail: string
}

/** A message that was understood. */
export interface Mm7Message {
  readonly kind: 'ok'
  /** Trimmed; only in a reply may it be absent. */
  readonly transactionId: string | undefined
  /** Namespace of the operation element; empty where it has none, which peers do send. */
  readonly namespace: string
  readonly operation: Received<Mm7Operation>
  /** What is wrong with its elements, in document order. */
  readonly issues: readonly Issue[]
  /** Schema names of the elements that were there, whether or not their value could be kept. */
  readonly present: ReadonlySet<string>
  /** Where the operation came inside a SOAP Fault. */
  readonly soapFault?: SoapFault
}

/** A reply that is a SOAP Fault without an MM7 error in it. */
export interface Mm7BareFault {
  readonly kind: 'soap-fault'
  readonly transactionId: string | undefined
  readonly soapFault: SoapFault
}

/** What a request turned out to be. */
export type DecodedRequest = Mm7Message | Mm7Fault
/** What a reply turned out to be. */
export type DecodedReply = Mm7Message | Mm7BareFault | Mm7Fault

/** How to read a request. */
export interface Mm7DecodeOptions {
  /** Charset parameter of the envelope's Content-Type. */
  readonly charset?: string
  readonly limits?: XmlLimits
  /** Whether a namespace may be the operation's; default: those of MM7. An absent one always may. */
  readonly acceptsNamespace?: (namespace: string) => boolean
  /** Whether a namespace may be the Envelope's; default: SOAP 1.1's alone. */
  readonly acceptsEnvelopeNamespace?: (namespace: string) => boolean
  /** Pass over header entries beside the TransactionID, unless they must be understood. */
  readonly ignoresForeignHeaders?: boolean
}

/** Decodes a request envelope. */
export function decodeMm7Request(
  bytes: Uint8Array,
  options: Mm7DecodeOptions = {},
): DecodedRequest {
  const read = readDocument(bytes, options)
  if (read.kind === 'fault') return read
  const { root, envelope } = read
  const fault = (name: Mm7FaultName, detail: string): Mm7Fault => ({
    kind: 'fault',
    fault: name,
    ...whatWasSeen(envelope),
    detail,
  })
  const acceptsEnvelope = options.acceptsEnvelopeNamespace ?? isSoapNamespace
  if (!acceptsEnvelope(envelope.namespace))
    return fault('envelope-namespace', envelope.namespace || 'none')
  const headerProblem = judgeHeader(root, envelope, options)
  if (headerProblem !== undefined) return fault('soap-header', headerProblem)
  if (envelope.bodyProblem !== undefined) return fault('soap-body', envelope.bodyProblem)
  const element = envelope.bodyChildren[0]
  const name = element?.local ?? ''
  if (element === undefined || !isOperationName(name)) return fault('operation-unknown', name)
  const accepts = options.acceptsNamespace ?? isMm7Namespace
  if (element.namespace !== '' && !accepts(element.namespace)) {
    return fault('operation-namespace', element.namespace)
  }
  return readOperation(name, element, envelope.transactionId)
}

/**
 * Decodes a reply envelope. More is forgiven than in a request, since a reply cannot be refused: the
 * header may be as it likes, and namespaces are not looked at.
 */
export function decodeMm7Reply(bytes: Uint8Array, options: Mm7DecodeOptions = {}): DecodedReply {
  const read = readDocument(bytes, options)
  if (read.kind === 'fault') return read
  const { envelope } = read
  const { transactionId, fault: soapFault } = envelope
  const candidates = soapFault === undefined ? envelope.bodyChildren : soapFault.detail
  for (const element of candidates) {
    if (!isOperationName(element.local)) continue
    const message = readOperation(element.local, element, transactionId)
    return soapFault === undefined ? message : { ...message, soapFault }
  }
  if (soapFault !== undefined) return { kind: 'soap-fault', transactionId, soapFault }
  const detail = envelope.bodyProblem ?? `no operation: ${envelope.bodyChildren[0]?.local ?? ''}`
  return { kind: 'fault', fault: 'soap-body', ...whatWasSeen(envelope), detail }
}

function isSoapNamespace(namespace: string): boolean {
  return namespace === SOAP_NAMESPACE
}

type ReadDocument =
  | { readonly kind: 'ok'; readonly root: XmlElement; readonly envelope: Envelope }
  | Mm7Fault

function readDocument(bytes: Uint8Array, options: Mm7DecodeOptions): ReadDocument {
  const limits = options.limits ?? defaultXmlLimits
  if (bytes.length > limits.bytesMax) return unreadable('too-many-bytes')
  const decoded = decodeXmlText(bytes, options.charset)
  if (decoded.kind === 'fault') {
    const fault = decoded.fault === 'charset-unknown' ? 'charset-unknown' : 'xml-unreadable'
    return { kind: 'fault', fault, detail: decoded.fault }
  }
  const parsed = parseXml(decoded.text, limits)
  if (parsed.kind === 'fault') {
    return unreadable(parsed.detail === '' ? parsed.fault : `${parsed.fault}: ${parsed.detail}`)
  }
  const envelope = readEnvelope(parsed.root)
  if (envelope === undefined) return unreadable(`root is ${parsed.root.local}`)
  return { kind: 'ok', root: parsed.root, envelope }
}

function unreadable(detail: string): Mm7Fault {
  return { kind: 'fault', fault: 'xml-unreadable', detail }
}

/** What an answer to a faulty request can still repeat. */
function whatWasSeen(
  envelope: Envelope,
): Pick<Mm7Fault, 'transactionId' | 'mm7Version' | 'namespace'> {
  const element = envelope.bodyChildren[0]
  const version = element === undefined ? undefined : childNamed(element, 'MM7Version')?.text.trim()
  const { transactionId } = envelope
  return {
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(version === undefined || version === '' ? {} : { mm7Version: version }),
    ...(element === undefined ? {} : { namespace: element.namespace }),
  }
}

function judgeHeader(
  root: XmlElement,
  envelope: Envelope,
  options: Mm7DecodeOptions,
): string | undefined {
  const problem = envelope.headerProblem
  if (problem !== 'header-entry-foreign' || options.ignoresForeignHeaders !== true) return problem
  const [entry] = entriesToUnderstand(root)
  return entry === undefined ? undefined : `must-understand: ${entry}`
}

function readOperation(
  name: OperationName,
  element: XmlElement,
  transactionId: string | undefined,
): Mm7Message {
  const findings: Findings = { issues: [], present: new Set() }
  const values = readFields(planOf(name), element, findings, { name })
  // The plan of this name is a table of exactly these properties, checked where it is written.
  const operation = values as unknown as Received<Mm7Operation>
  const { issues, present } = findings
  return { kind: 'ok', transactionId, namespace: element.namespace, operation, issues, present }
}
