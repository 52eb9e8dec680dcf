/** A whole MM4 mail in pieces: the message as soon as its headers are there, then the parts. */

import { createMessageReader, type EntityReader, type EntitySink } from '../mime/entity-reader.ts'
import type { Headers } from '../mime/headers.ts'
import type { MimeLimits } from '../mime/limits.ts'
import { decodeMm4 } from './decode.ts'
import type { Mm4Decoded } from './types.ts'

/** Where the message and its parts go. */
export interface Mm4Sink extends EntitySink {
  /** Called once, before any part. Parts follow after a fault too: the caller may throw them away. */
  message(decoded: Mm4Decoded, headers: Headers): void
}

/** Reads one mail. A mail of headers only is whole; a fault of the reader is one of MIME. */
export function createMm4Reader(limits: MimeLimits, sink: Mm4Sink): EntityReader {
  return createMessageReader(limits, sink, (headers) => sink.message(decodeMm4(headers), headers))
}
