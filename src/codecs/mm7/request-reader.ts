/**
 * Reads one HTTP body of MM7 into an operation and the parts it refers to. What is wrong with
 * attachments is told as facts and fails nothing here: such checks come late in a dialect's order.
 */

import { isKnownCharset } from '../bytes/charset.ts'
import type { ContentType } from '../mime/content-type.ts'
import type { MimeFault } from '../mime/fault.ts'
import { defaultMimeLimits, type MimeLimits } from '../mime/limits.ts'
import { findReferenced } from '../mime/references.ts'
import { decodeTransfer, isTransferFault } from '../mime/transfer.ts'
import { defaultXmlLimits, type XmlLimits } from '../soap/xml.ts'
import {
  type AttachmentSink,
  type BodyFault,
  createBodyReader,
  type Part,
  type ReadBody,
  type RootPart,
} from './body-reader.ts'
import {
  type DecodedReply,
  decodeMm7Reply,
  decodeMm7Request,
  type Mm7DecodeOptions,
  type Mm7Fault,
  type Mm7Message,
} from './decode.ts'

/** What a body may cost. */
export interface Mm7Limits {
  readonly mime: MimeLimits
  readonly xml: XmlLimits
}

/** The limits used where the operator sets none. */
export const defaultMm7Limits: Mm7Limits = { mime: defaultMimeLimits, xml: defaultXmlLimits }

/** Where the operation's Content is. */
export type ContentTarget =
  /** The operation has no Content, or one without an href; `present` and `issues` tell which. */
  | { readonly kind: 'none' }
  /** A leaf, or a multipart that holds the leaves. */
  | { readonly kind: 'part'; readonly part: Part }
  /** To be fetched. */
  | { readonly kind: 'url'; readonly href: string }
  /** The href means no part, or more than one. */
  | { readonly kind: 'missing'; readonly href: string; readonly because: 'no-match' | 'ambiguous' }

/** A body that was understood. */
export interface Mm7Request extends Mm7Message {
  readonly content: ContentTarget
  /** Every part beside the envelope, multiparts included, leaves as they ended. */
  readonly parts: readonly Part[]
  /** Multiparts inside that are broken, each with its path. */
  readonly broken: readonly MimeFault[]
}

/** What a body turned out to be. */
export type Mm7Decoded = Mm7Request | Mm7Fault

/** Takes a body in pieces. */
export interface Mm7Reader {
  /** A fault ends the reading; what had been streamed to the sink is void. */
  push(chunk: Uint8Array): Mm7Fault | undefined
  end(): Mm7Decoded
}

/** How to read a body. */
export interface Mm7ReaderOptions extends Omit<Mm7DecodeOptions, 'charset' | 'limits'> {
  /** For a body that claims to be multipart, names no boundary and is a bare envelope. */
  readonly forgivesMissingBoundary?: boolean
  /** Where Content is absent or matches nothing, take the first part: as clients of relays do. */
  readonly takesFirstPart?: boolean
}

/** Creates the reader of one request body; `contentType` is that of the HTTP request. */
export function createMm7Reader(
  contentType: ContentType,
  limits: Mm7Limits,
  sink: AttachmentSink,
  options: Mm7ReaderOptions = {},
): Mm7Reader {
  const body = createBodyReader(contentType, bodyRules(limits, options), sink)
  const decode = (fault: BodyFault | undefined): Mm7Decoded => {
    const read = body.read()
    const opened = openRoot(read, contentType, limits)
    if (fault !== undefined) return withSeen(faultOfBody(fault), opened, options)
    if (opened.kind === 'fault') return withSeen(opened, opened, options)
    const decoded = decodeMm7Request(opened.bytes, Object.assign(opened.decode, options))
    if (decoded.kind === 'fault') return decoded
    const { parts, broken } = read
    return Object.assign(decoded, { content: findContent(decoded, parts, options), parts, broken })
  }
  let failed: Mm7Fault | undefined
  return {
    push(chunk) {
      if (failed !== undefined) return failed
      const fault = body.push(chunk)
      if (fault === undefined) return undefined
      const decoded = decode(fault)
      failed = decoded.kind === 'fault' ? decoded : undefined
      return failed
    },
    end: () => failed ?? decode(body.end()),
  }
}

/** Decodes a whole reply body, whatever it is wrapped in. */
export function readMm7Reply(
  contentType: ContentType,
  bytes: Uint8Array,
  limits: Mm7Limits = defaultMm7Limits,
): DecodedReply {
  const ignore = (): void => {}
  const sink = { leafStart: ignore, leafData: ignore, leafEnd: ignore }
  const rules = bodyRules(limits, { forgivesMissingBoundary: true })
  const body = createBodyReader(contentType, rules, sink)
  const fault = body.push(bytes) ?? body.end()
  if (fault !== undefined) return faultOfBody(fault)
  const opened = openRoot(body.read(), contentType, limits)
  if (opened.kind === 'fault') return opened
  return decodeMm7Reply(opened.bytes, opened.decode)
}

function bodyRules(limits: Mm7Limits, options: Mm7ReaderOptions) {
  return {
    mime: limits.mime,
    envelopeBytesMax: limits.xml.bytesMax,
    forgivesMissingBoundary: options.forgivesMissingBoundary ?? false,
  }
}

function faultOfBody(fault: BodyFault): Mm7Fault {
  if (fault.kind === 'envelope-too-long') {
    return { kind: 'fault', fault: 'xml-unreadable', detail: 'too-many-bytes' }
  }
  const { mime } = fault
  const detail = `${mime.fault} at part ${mime.at.length === 0 ? 'root' : mime.at.join('.')}`
  return { kind: 'fault', fault: 'mime-unreadable', mime, detail }
}

/** A root part ready to be decoded. */
interface OpenedRoot {
  readonly kind: 'ok'
  readonly bytes: Uint8Array
  readonly decode: { readonly limits: XmlLimits; readonly charset?: string }
}

/** A root part that is refused for its type; its bytes may still tell whom to answer. */
interface RefusedRoot extends Mm7Fault {
  readonly bytes?: Uint8Array
}

const XML_TYPES: ReadonlySet<string> = new Set(['text/xml', 'application/xml'])

function openRoot(
  read: ReadBody,
  httpType: ContentType,
  limits: Mm7Limits,
): OpenedRoot | RefusedRoot {
  const { root } = read
  if (root === undefined) return refuse('root-part-type', 'no part that could be the envelope')
  const bytes = decodeTransfer(root.headers.get('content-transfer-encoding'), root.bytes)
  if (isTransferFault(bytes)) return refuse('xml-unreadable', bytes.fault)
  const problem = read.multipart ? problemOfType(root) : undefined
  if (problem !== undefined) return refuse('root-part-type', problem, bytes)
  const named = (read.multipart ? root.contentType : httpType)?.parameters.get('charset')
  const charset = named === '' ? undefined : named
  if (charset !== undefined && !isKnownCharset(charset)) {
    const fault = read.multipart ? 'root-part-type' : 'charset-unknown'
    return refuse(fault, 'charset-unknown', bytes)
  }
  const decode = { limits: limits.xml, ...(charset === undefined ? {} : { charset }) }
  return { kind: 'ok', bytes, decode }
}

function problemOfType(root: RootPart): string | undefined {
  if (root.headers.get('content-type') === undefined) return 'content-type-absent'
  if (root.contentType === undefined) return 'content-type-unparsable'
  return XML_TYPES.has(root.contentType.mediaType) ? undefined : root.contentType.mediaType
}

function refuse(fault: Mm7Fault['fault'], detail: string, bytes?: Uint8Array): RefusedRoot {
  return { kind: 'fault', fault, detail, ...(bytes === undefined ? {} : { bytes }) }
}

/** Adds to a fault of the body what can still be read of the envelope, to answer with. */
function withSeen(
  fault: RefusedRoot,
  opened: OpenedRoot | RefusedRoot,
  options: Mm7ReaderOptions,
): Mm7Fault {
  const { bytes: _, ...plain } = fault
  if (opened.bytes === undefined || opened.bytes.length === 0) return plain
  const decoded = decodeMm7Request(opened.bytes, options)
  const { transactionId, namespace } = decoded
  const mm7Version = decoded.kind === 'ok' ? decoded.operation.mm7Version : decoded.mm7Version
  return {
    ...plain,
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(mm7Version === undefined ? {} : { mm7Version }),
    ...(namespace === undefined ? {} : { namespace }),
  }
}

function findContent(
  message: Mm7Message,
  parts: readonly Part[],
  options: Mm7ReaderOptions,
): ContentTarget {
  const { operation } = message
  const href = 'content' in operation ? operation.content?.href : undefined
  const first = options.takesFirstPart === true ? firstPart(parts) : undefined
  if (href === undefined || href === '') {
    return first === undefined ? { kind: 'none' } : { kind: 'part', part: first }
  }
  const [found, another] = findReferenced(href, parts)
  if (found !== undefined && another === undefined) return { kind: 'part', part: found }
  if (another !== undefined) return { kind: 'missing', href, because: 'ambiguous' }
  if (/^https?:\/\//i.test(href)) return { kind: 'url', href }
  if (first !== undefined) return { kind: 'part', part: first }
  return { kind: 'missing', href, because: 'no-match' }
}

function firstPart(parts: readonly Part[]): Part | undefined {
  let first: Part | undefined
  for (const part of parts) {
    if (part.path.length !== 1) continue
    if (first === undefined || (part.path[0] ?? 0) < (first.path[0] ?? 0)) first = part
  }
  return first
}

/** The leaves of a target in path order: those inside a multipart, or the leaf itself. */
export function leavesOf(target: Part, parts: readonly Part[]): readonly Part[] {
  return parts.filter(
    (part) => !part.container && target.path.every((index, depth) => part.path[depth] === index),
  )
}
