/**
 * One HTTP body of MM7, streaming: the root part, which is the envelope, is kept whole (it is small
 * and capped); every other leaf goes on to the sink as it comes. The body is either multipart/related
 * or the bare envelope.
 */
import { type ContentType, contentType as contentTypeFrom } from '../mime/content-type.ts'
import { createEntityReader, type EntityReader, type Leaf } from '../mime/entity-reader.ts'
import type { MimeFault } from '../mime/fault.ts'
import { createHeaders, type Headers } from '../mime/headers.ts'
import type { MimeLimits } from '../mime/limits.ts'
import { needleFor } from '../mime/multipart.ts'
import { namesOf, type PartNames, stripId } from '../mime/references.ts'
import { transferEncodingName } from '../mime/transfer.ts'

/** Where the leaves beside the envelope go: raw, still transfer-encoded bytes. */
export interface AttachmentSink {
  leafStart(leaf: Leaf): void
  /** To be used or copied before returning. */
  leafData(bytes: Uint8Array): void
  leafEnd(): void
}

/** One part beside the envelope. */
export interface Part extends PartNames {
  readonly path: readonly number[]
  /** A multipart; its parts have paths that begin with its own. */
  readonly container: boolean
  /** `undefined`: absent or unparsable, see `contentTypeWritten`. */
  readonly contentType: ContentType | undefined
  readonly contentTypeWritten: boolean
  /** In lower case; empty where none is named. */
  readonly transferEncoding: string
  /** Raw bytes of a leaf; 0 for a container. */
  readonly bytes: number
}

/** The root part. */
export interface RootPart {
  readonly headers: Headers
  readonly contentType: ContentType | undefined
  /** Raw bytes, still transfer-encoded. */
  readonly bytes: Uint8Array
}

/** What a body turned out to be. */
export interface ReadBody {
  /** `undefined`: there is no part that could be the envelope. */
  readonly root: RootPart | undefined
  readonly parts: readonly Part[]
  /** What is wrong inside multiparts inside the body. */
  readonly broken: readonly MimeFault[]
  readonly multipart: boolean
}

/** Why reading stopped. */
export type BodyFault =
  | { readonly kind: 'mime'; readonly mime: MimeFault }
  | { readonly kind: 'envelope-too-long' }

/** Takes a body in pieces. */
export interface BodyReader {
  push(chunk: Uint8Array): BodyFault | undefined
  end(): BodyFault | undefined
  /** What there is so far; all of it once `end` has been called. */
  read(): ReadBody
}

/** What a body may cost, and what is forgiven. */
export interface BodyRules {
  readonly mime: MimeLimits
  readonly envelopeBytesMax: number
  /** A multipart type without a boundary over a bare envelope is read as the envelope. */
  readonly forgivesMissingBoundary: boolean
}

/** Creates the reader of one body, whose Content-Type is that of the HTTP request. */
export function createBodyReader(
  contentType: ContentType,
  rules: BodyRules,
  sink: AttachmentSink,
): BodyReader {
  return new BodyMachine(contentType, rules, sink)
}

/** What a body that is no multipart is read as. Nothing reads the headers of one that is. */
const ENVELOPE_TYPE = contentTypeFrom('text/xml')
const ENVELOPE_HEADERS = createHeaders([{ name: 'Content-Type', value: 'text/xml' }])

type Use = 'root' | 'candidate' | 'attachment'

class BodyMachine implements BodyReader {
  readonly #rules: BodyRules
  readonly #sink: AttachmentSink
  readonly #reader: EntityReader
  readonly #multipart: boolean
  /** What the root part's Content-ID must be; `undefined`: the first part is the root. */
  readonly #start: string | undefined
  readonly #parts: Part[] = []
  readonly #broken: MimeFault[] = []
  #use: Use = 'attachment'
  #leaf: Leaf | undefined
  #leafBytes = 0
  /** Bytes of the root or of the candidate. */
  #kept: Uint8Array[] = []
  #keptBytes = 0
  /** The first part, where `start` names another: it is the root if that one never comes. */
  #candidate: { readonly leaf: Leaf; readonly bytes: Buffer } | undefined
  #root: RootPart | undefined
  #fault: BodyFault | undefined

  constructor(contentType: ContentType, rules: BodyRules, sink: AttachmentSink) {
    this.#rules = rules
    this.#sink = sink
    const boundary = contentType.parameters.get('boundary')
    const bare = rules.forgivesMissingBoundary && needleFor(boundary) === undefined
    this.#multipart = contentType.type === 'multipart' && !bare
    const start = contentType.parameters.get('start')
    this.#start = start === undefined || stripId(start) === '' ? undefined : stripId(start)
    this.#reader = createEntityReader(
      ENVELOPE_HEADERS,
      rules.mime,
      this,
      this.#multipart ? contentType : ENVELOPE_TYPE,
    )
  }

  push(chunk: Uint8Array): BodyFault | undefined {
    if (this.#fault === undefined) this.#note(this.#reader.push(chunk))
    return this.#fault
  }

  end(): BodyFault | undefined {
    if (this.#fault === undefined) this.#note(this.#reader.end())
    return this.#fault
  }

  read(): ReadBody {
    const { leaf, bytes } = this.#candidate ?? {}
    const root =
      this.#root ??
      (leaf === undefined || bytes === undefined
        ? undefined
        : { headers: leaf.headers, contentType: leaf.contentType, bytes })
    return { root, parts: this.#parts, broken: this.#broken, multipart: this.#multipart }
  }

  #note(mime: MimeFault | undefined): void {
    if (mime !== undefined) this.#fault ??= { kind: 'mime', mime }
  }

  containerStart(headers: Headers, contentType: ContentType, path: readonly number[]): void {
    if (path.length > 0) this.#parts.push(describe({ headers, contentType, path }, true, 0))
  }

  nestedFault(fault: MimeFault): void {
    this.#broken.push(fault)
  }

  leafStart(leaf: Leaf): void {
    this.#leaf = leaf
    this.#leafBytes = 0
    this.#use = this.#useOf(leaf)
    if (this.#use === 'attachment') {
      this.#sink.leafStart(leaf)
      return
    }
    if (this.#use === 'root') this.#releaseCandidate()
    this.#kept = []
    this.#keptBytes = 0
  }

  #useOf(leaf: Leaf): Use {
    if (leaf.path.length > 1 || this.#root !== undefined) return 'attachment'
    if (this.#start === undefined || !this.#multipart) {
      return (leaf.path[0] ?? 0) === 0 ? 'root' : 'attachment'
    }
    if (stripId(leaf.headers.get('content-id') ?? '') === this.#start) return 'root'
    return leaf.path[0] === 0 ? 'candidate' : 'attachment'
  }

  leafData(bytes: Uint8Array): void {
    this.#leafBytes += bytes.length
    if (this.#use === 'attachment') {
      this.#sink.leafData(bytes)
      return
    }
    this.#kept.push(Buffer.from(bytes))
    this.#keptBytes += bytes.length
    if (this.#keptBytes <= this.#rules.envelopeBytesMax) return
    if (this.#use === 'root') {
      this.#fault ??= { kind: 'envelope-too-long' }
      this.#kept = []
    } else if (this.#leaf !== undefined) {
      // Too long for an envelope, so it is a leaf like others.
      this.#use = 'attachment'
      this.#sink.leafStart(this.#leaf)
      for (const piece of this.#kept) this.#sink.leafData(piece)
      this.#kept = []
    }
  }

  leafEnd(): void {
    const leaf = this.#leaf
    if (leaf === undefined) return
    if (this.#use === 'attachment') {
      this.#parts.push(describe(leaf, false, this.#leafBytes))
      this.#sink.leafEnd()
      return
    }
    const bytes = Buffer.concat(this.#kept)
    this.#kept = []
    if (this.#use === 'candidate') this.#candidate = { leaf, bytes }
    else this.#root = { headers: leaf.headers, contentType: leaf.contentType, bytes }
  }

  /** The part that `start` names has come, so the first one is a leaf like others. */
  #releaseCandidate(): void {
    const candidate = this.#candidate
    if (candidate === undefined) return
    this.#candidate = undefined
    this.#parts.push(describe(candidate.leaf, false, candidate.bytes.length))
    this.#sink.leafStart(candidate.leaf)
    if (candidate.bytes.length > 0) this.#sink.leafData(candidate.bytes)
    this.#sink.leafEnd()
  }
}

function describe(leaf: Leaf, container: boolean, bytes: number): Part {
  const names = namesOf(leaf.headers, leaf.contentType)
  return {
    contentId: names.contentId,
    contentLocation: names.contentLocation,
    name: names.name,
    filename: names.filename,
    path: leaf.path,
    container,
    contentType: leaf.contentType,
    contentTypeWritten: leaf.headers.get('content-type') !== undefined,
    transferEncoding: transferEncodingName(leaf.headers.get('content-transfer-encoding')),
    bytes,
  }
}
