/** A message that is coming in over a server's connection, by DATA or by BDAT. */
import { createDataDecoder, type DataDecoder } from '../../codecs/smtp/data-decoder.ts'
import { createLineEndGuard, type LineEndGuard } from '../../codecs/smtp/line-end-guard.ts'
import type { SmtpReply } from '../../codecs/smtp/reply.ts'
import type { SmtpDataSink } from './handler.ts'

/** Where its bytes go, and how far it is. */
export interface Incoming {
  readonly sink: SmtpDataSink
  /** Finds the end of what DATA brings. */
  readonly decoder: DataDecoder
  /** Watches over what BDAT brings. */
  readonly guard: LineEndGuard
  readonly givenUpAt: number
  bytes: number
  /** Set once the message is lost: the rest is read away and this answers its end. */
  refusal: SmtpReply | undefined
}

/** A chunk that is coming in. */
export interface IncomingChunk {
  left: number
  readonly bytes: number
  readonly last: boolean
  /** Why it is thrown away. */
  readonly refusal: SmtpReply | undefined
}

/** A message of which nothing has come yet. */
export function createIncoming(sink: SmtpDataSink, givenUpAt: number): Incoming {
  return {
    sink,
    decoder: createDataDecoder(),
    guard: createLineEndGuard(),
    givenUpAt,
    bytes: 0,
    refusal: undefined,
  }
}
