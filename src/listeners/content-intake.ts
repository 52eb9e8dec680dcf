/**
 * Keeps the parts of a message while they arrive: bytes go to the media store as they came, in
 * their own transfer encoding, and are decoded once on the way to judge and to fingerprint them.
 */
import { createHash, type Hash, hash } from 'node:crypto'
import { type ContentType, parseParameterised } from '../codecs/mime/content-type.ts'
import { decodeEncodedWords } from '../codecs/mime/encoded-word.ts'
import type { Headers } from '../codecs/mime/headers.ts'
import {
  createTransferDecoder,
  isTransferFault,
  type TransferDecoder,
  transferEncodingName,
} from '../codecs/mime/transfer.ts'
import type { Content, Part } from '../core/message.ts'
import type { ContentWriter, Media } from '../engine/ports/media.ts'
import { createInspector, type Inspected, type Inspection } from './content-inspection.ts'

/** A finished content and what was noticed on the way. */
export interface Intake {
  readonly content: Content
  /**
   * SHA-256 over the parts' media types, decoded bytes and lengths; boundaries and ids do not enter.
   * Of a part whose own SHA-256 the inspection takes that stands for its bytes: they are read once.
   */
  readonly digest: string
  /** Bytes after transfer decoding, all parts together. */
  readonly decodedBytes: number
  /** Every part could be decoded. */
  readonly readable: boolean
  /** Every part has a Content-Type that parses. */
  readonly typesReadable: boolean
  readonly hasPresentation: boolean
  /** Present where the door asked for it. */
  readonly inspected?: Inspected
}

export interface ContentIntake {
  leafStart(leaf: {
    readonly headers: Headers
    readonly contentType: ContentType | undefined
  }): void
  leafData(bytes: Uint8Array): void
  leafEnd(): void
  /** Set while the media store asks to wait; await it before reading more from the peer. */
  readonly pressure: Promise<void> | undefined
  finish(): Intake
  /** Gives the bytes up. Harmless after `finish`. */
  abandon(): void
}

/** A part whose bytes are still coming: its lengths grow with them. */
type GrowingPart = Omit<Part, 'length' | 'decodedLength' | 'soundLines'> & {
  soundLines?: true
  length: number
  decodedLength: number
}

interface OpenPart {
  readonly part: GrowingPart
  readonly decoder: TransferDecoder
  /** Its bytes go into the content's digest by a digest of their own. */
  readonly digested: boolean
  /** No fault of the transfer encoding so far. */
  intact: boolean
}

/** The presentation part of an MMS. */
const SMIL = 'application/smil'

/**
 * Decoded bytes are looked at and let go at once, so all contents are decoded into the same memory:
 * as large as the largest piece a socket ever brought.
 */
let scratch: Buffer = Buffer.alloc(0)

function scratchOf(bytes: number): Buffer {
  if (scratch.length < bytes) scratch = Buffer.allocUnsafeSlow(bytes)
  return scratch
}

/** `inspection`: what to notice beside; costs time, so only where somebody asks for it. */
export function createContentIntake(media: Media, inspection?: Inspection): ContentIntake {
  const parts: Part[] = []
  const inspector = inspection === undefined ? undefined : createInspector(inspection)
  /** Of the content, from the first bytes that go into it by themselves. */
  let hasher: Hash | undefined
  /** What goes into the digest next. */
  let unhashed = ''
  let writer: ContentWriter | undefined
  let open: OpenPart | undefined
  let pressure: Promise<void> | undefined
  let readable = true
  let typesReadable = true
  let decodedBytes = 0
  let ended = false

  function decoded(bytes: ReturnType<TransferDecoder['push']>): void {
    if (open === undefined) return
    if (isTransferFault(bytes)) {
      readable = false
      open.intact = false
      return
    }
    open.part.decodedLength += bytes.length
    if (bytes.length === 0) return
    if (!open.digested) {
      hasher = (hasher ?? createHash('sha256')).update(unhashed).update(bytes)
      unhashed = ''
    }
    inspector?.partData(bytes)
  }

  return {
    leafStart({ headers, contentType }) {
      writer ??= media.openWriter()
      if (contentType === undefined) typesReadable = false
      const encoding = encodingOf(headers)
      if (encoding === undefined) readable = false
      const part = partFrom(headers, contentType, encoding ?? 'binary', writer.length)
      const decoder = createTransferDecoder(part.encoding, scratchOf)
      const digested = inspector?.partStart(part.mediaType, contentType) === true
      open = { part, decoder, digested, intact: encoding !== undefined }
      unhashed += `\0${part.mediaType}\0`
    },
    leafData(bytes) {
      if (open === undefined || writer === undefined) return
      decoded(open.decoder.push(bytes))
      const wait = writer.write(bytes)
      if (wait !== undefined) {
        pressure = wait.finally(() => {
          pressure = undefined
        })
      }
    },
    leafEnd() {
      if (open === undefined || writer === undefined) return
      decoded(open.decoder.end())
      const { part, decoder } = open
      if (decoder.soundLines === true) part.soundLines = true
      const digest = inspector?.partEnd(open.intact)
      // The length closes the part: two parts never hash like one.
      unhashed += `${digest ?? ''}\0${part.decodedLength}`
      decodedBytes += part.decodedLength
      part.length = writer.length - part.offset
      parts.push(part)
      open = undefined
    },
    get pressure() {
      return pressure
    },
    finish() {
      ended = true
      const kept = writer?.finish() ?? { length: 0, extents: [] }
      return {
        content: { parts, ...kept },
        digest: hasher?.update(unhashed).digest('hex') ?? hash('sha256', unhashed, 'hex'),
        decodedBytes,
        readable,
        typesReadable,
        hasPresentation: parts.some((part) => part.mediaType === SMIL),
        ...(inspector === undefined ? {} : { inspected: inspector.finish() }),
      }
    },
    abandon() {
      if (!ended) writer?.abandon()
      ended = true
    },
  }
}

function encodingOf(headers: Headers): Part['encoding'] | undefined {
  const name = transferEncodingName(headers.get('content-transfer-encoding'))
  switch (name) {
    // Peers send raw 8-bit parts without saying so (TS 23.140 peers, MM7 and MM4 alike).
    case '':
    case 'binary':
      return 'binary'
    case '7bit':
    case '8bit':
    case 'base64':
    case 'quoted-printable':
      return name
    default:
      return undefined
  }
}

function partFrom(
  headers: Headers,
  contentType: ContentType | undefined,
  encoding: Part['encoding'],
  offset: number,
): GrowingPart {
  const contentId = headers
    .get('content-id')
    ?.trim()
    .replace(/^<+|>+$/g, '')
  const contentLocation = headers.get('content-location')?.trim()
  const fileName = fileNameOf(headers, contentType)
  return {
    mediaType: contentType?.mediaType ?? 'application/octet-stream',
    contentType: headers.get('content-type') ?? 'application/octet-stream',
    ...(contentId === undefined || contentId === '' ? {} : { contentId }),
    ...(contentLocation === undefined || contentLocation === '' ? {} : { contentLocation }),
    ...(fileName === undefined ? {} : { fileName }),
    encoding,
    offset,
    length: 0,
    decodedLength: 0,
  }
}

function fileNameOf(headers: Headers, contentType: ContentType | undefined): string | undefined {
  const disposition = headers.get('content-disposition')
  const name =
    (disposition === undefined
      ? undefined
      : parseParameterised(disposition)?.parameters.get('filename')) ??
    contentType?.parameters.get('name')
  return name === undefined ? undefined : decodeEncodedWords(name)
}
