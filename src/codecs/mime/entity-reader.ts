/**
 * A streaming reader of MIME entities, multiparts in multiparts included. It copies no body bytes:
 * the sink gets pieces of the pushed chunks, still transfer-encoded, and must use or copy them
 * before it returns. Cutting the input elsewhere gives other pieces but the same parts.
 *
 * States: *headers* of a part → *leaf* body, or *between* parts (preamble, epilogue) → *done* after
 * the outermost closing delimiter, from where everything is ignored. A fault ends the reading.
 */
import { type ContentType, parseContentType } from './content-type.ts'
import type { MimeFault, MimeFaultName } from './fault.ts'
import { createHeaderCollector, type HeaderCollector } from './header-collector.ts'
import { decodeHeaders, type Headers } from './headers.ts'
import type { MimeLimits } from './limits.ts'
import {
  createDelimiterSearch,
  type DelimiterSearch,
  needleFor,
  type OpenMultipart,
  readDelimiterLine,
} from './multipart.ts'

/** A body part that is no multipart. */
export interface Leaf {
  readonly headers: Headers
  /** `undefined`: no Content-Type, or one that cannot be parsed; `headers` tells which. */
  readonly contentType: ContentType | undefined
  /** Place in each multipart from the outermost in, counted from 0; empty: the entity itself. */
  readonly path: readonly number[]
}

/** Where the parts of an entity go, in the order in which they stand. */
export interface EntitySink {
  containerStart?(headers: Headers, contentType: ContentType, path: readonly number[]): void
  containerEnd?(path: readonly number[]): void
  leafStart(leaf: Leaf): void
  /** Raw, transfer-encoded bytes of the leaf, without the line end before the delimiter. */
  leafData(bytes: Uint8Array): void
  leafEnd(): void
  /**
   * Given: a multipart *inside* the entity that is broken in itself (no boundary, no parts, not
   * closed, too deep) is told here, and reading goes on after it. Not given: it ends the reading.
   */
  nestedFault?(fault: MimeFault): void
}

/** Takes an entity in pieces. After a fault every call returns that fault. */
export interface EntityReader {
  push(chunk: Uint8Array): MimeFault | undefined
  end(): MimeFault | undefined
}

type State = 'headers' | 'leaf' | 'between' | 'done'

/**
 * Reads the body of an entity whose headers are known, as those of HTTP are; `contentType` is what
 * they say.
 */
export function createEntityReader(
  headers: Headers,
  limits: MimeLimits,
  sink: EntitySink,
  contentType = contentTypeOf(headers),
): EntityReader {
  const machine = new EntityMachine(limits, sink)
  machine.open(headers, contentType)
  return machine
}

function contentTypeOf(headers: Headers): ContentType | undefined {
  const value = headers.get('content-type')
  return value === undefined ? undefined : parseContentType(value)
}

/**
 * Reads an RFC 5322 message: header block, then body. `onHeaders` is called once, before anything
 * else is told.
 */
export function createMessageReader(
  limits: MimeLimits,
  sink: EntitySink,
  onHeaders: (headers: Headers) => void,
): EntityReader {
  return new EntityMachine(limits, sink, onHeaders)
}

const NOTHING = Buffer.alloc(0)

class EntityMachine implements EntityReader {
  readonly #limits: MimeLimits
  readonly #sink: EntitySink
  readonly #onHeaders: ((headers: Headers) => void) | undefined
  /** Open multiparts, outermost first. */
  readonly #stack: OpenMultipart[] = []
  readonly #collector: HeaderCollector
  #state: State = 'headers'
  /** Path of the part whose headers are being read. */
  #path: readonly number[] = []
  /** Bytes held back because they may be the start of a delimiter. */
  #held: Buffer = NOTHING
  /** Whether the body bytes that come next start a line. */
  #lineStart = true
  #parts = 0
  #offset = 0
  #fault: MimeFault | undefined

  constructor(limits: MimeLimits, sink: EntitySink, onHeaders?: (headers: Headers) => void) {
    this.#limits = limits
    this.#sink = sink
    this.#onHeaders = onHeaders
    this.#collector = createHeaderCollector(limits.headerBytesMax, (bytes, from, ended) =>
      this.#isDelimiter(bytes, from, ended),
    )
  }

  push(chunk: Uint8Array): MimeFault | undefined {
    if (this.#fault !== undefined || this.#state === 'done') return this.#fault
    this.#offset += chunk.length
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    if (this.#held.length > 0) {
      bytes = Buffer.concat([this.#held, bytes])
      this.#held = NOTHING
    }
    this.#read(bytes, false)
    return this.#fault
  }

  end(): MimeFault | undefined {
    if (this.#fault !== undefined || this.#state === 'done') return this.#fault
    const bytes = this.#held
    this.#held = NOTHING
    this.#read(bytes, true)
    if (this.#fault !== undefined) return this.#fault
    const outermost = this.#stack[0]
    if (outermost !== undefined) {
      this.#fail(outermost.parts === 0 ? 'no-parts' : 'not-closed', outermost.path)
    } else if (this.#state === 'leaf') {
      this.#sink.leafEnd()
    }
    this.#state = 'done'
    return this.#fault
  }

  #read(bytes: Buffer, ended: boolean): void {
    const search = createDelimiterSearch(this.#stack, bytes)
    let position = 0
    while (this.#fault === undefined && this.#state !== 'done') {
      const next: number =
        this.#state === 'headers'
          ? this.#readHeaders(bytes, position, ended)
          : this.#readBody(bytes, position, ended, search)
      if (next < 0) return
      position = next
    }
  }

  /** Returns where to go on, or -1 when all bytes are used. */
  #readHeaders(bytes: Buffer, from: number, ended: boolean): number {
    const collected = this.#collector.read(bytes, from, ended)
    if (collected.kind === 'incomplete') return -1
    if (collected.kind === 'too-long') {
      this.#fail('headers-too-long', this.#path)
      return -1
    }
    const decoded = decodeHeaders(collected.block, this.#limits)
    if (decoded.kind === 'fault') {
      this.#fail(decoded.fault.fault, this.#path)
      return -1
    }
    if (this.#stack.length === 0) this.#onHeaders?.(decoded.headers)
    this.open(decoded.headers, contentTypeOf(decoded.headers))
    if (collected.kind === 'delimiter') this.#atDelimiterLine(collected.line, ended)
    return collected.next
  }

  /** The part has no body: its headers were followed by a delimiter. */
  #atDelimiterLine(line: Buffer, ended: boolean): void {
    for (let level = this.#stack.length - 1; level >= 0; level--) {
      const open = this.#stack[level]
      const found = open === undefined ? undefined : readDelimiterLine(open, line, 0, ended)
      if (found?.kind !== 'delimiter') continue
      this.#atDelimiter(level, found.closing)
      return
    }
  }

  #readBody(bytes: Buffer, from: number, ended: boolean, search: DelimiterSearch): number {
    const sighting = search.next(from, this.#lineStart, ended)
    if (sighting.dataEnd > from) {
      this.#lineStart = false
      if (this.#state === 'leaf') this.#sink.leafData(bytes.subarray(from, sighting.dataEnd))
    }
    if (sighting.level === undefined) {
      this.#held = sighting.next < bytes.length ? bytes.subarray(sighting.next) : NOTHING
      return -1
    }
    this.#atDelimiter(sighting.level, sighting.closing)
    return sighting.next
  }

  #atDelimiter(level: number, closing: boolean): void {
    if (this.#state === 'leaf') this.#sink.leafEnd()
    this.#lineStart = true
    this.#leave(level, closing)
  }

  #leave(level: number, closing: boolean): void {
    while (this.#stack.length > level + 1) {
      const unclosed = this.#stack.pop()
      if (unclosed === undefined || !this.#closeBroken(unclosed, 'not-closed')) return
    }
    const open = this.#stack[level]
    if (open === undefined) return
    if (closing) {
      this.#stack.pop()
      if (open.parts === 0) {
        if (!this.#closeBroken(open, 'no-parts')) return
      } else {
        this.#sink.containerEnd?.(open.path)
      }
      this.#state = this.#stack.length === 0 ? 'done' : 'between'
      return
    }
    this.#parts++
    if (this.#parts > this.#limits.partsMax) {
      this.#fail('too-many-parts', open.path)
      return
    }
    this.#path = [...open.path, open.parts]
    open.parts++
    this.#state = 'headers'
  }

  /** Closes a nested multipart that is broken. False: reading is over. */
  #closeBroken(open: OpenMultipart, fault: MimeFaultName): boolean {
    const name = open.parts === 0 ? 'no-parts' : fault
    if (!this.#report(name, open.path)) return false
    this.#sink.containerEnd?.(open.path)
    return true
  }

  /** The headers of an entity are known: it is a multipart to open or a leaf to start. */
  open(headers: Headers, contentType: ContentType | undefined): void {
    const path = this.#path
    this.#lineStart = true
    if (contentType?.type !== 'multipart') {
      this.#state = 'leaf'
      this.#sink.leafStart({ headers, contentType, path })
      return
    }
    this.#state = 'between'
    const needle = needleFor(contentType.parameters.get('boundary'))
    if (needle === undefined) {
      this.#report('boundary-missing', path)
    } else if (this.#stack.length >= this.#limits.depthMax) {
      this.#report('too-deep', path)
    } else {
      this.#sink.containerStart?.(headers, contentType, path)
      this.#stack.push({ path, needle, parts: 0 })
    }
  }

  /** Tells a fault of a nested multipart to the sink, if it wants to know. False: reading is over. */
  #report(fault: MimeFaultName, at: readonly number[]): boolean {
    if (at.length === 0 || this.#sink.nestedFault === undefined) {
      this.#fail(fault, at)
      return false
    }
    this.#sink.nestedFault({ fault, at, offset: this.#offset })
    return true
  }

  #fail(fault: MimeFaultName, at: readonly number[]): void {
    this.#fault = { fault, at, offset: this.#offset }
  }

  /** Whether a header line is a delimiter, which ends the headers of a part without body. */
  #isDelimiter(bytes: Buffer, from: number, ended: boolean): boolean {
    return this.#stack.some(
      (open) => readDelimiterLine(open, bytes, from, ended).kind === 'delimiter',
    )
  }
}
