/** What the MM7 door needs from the rest of the house. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mm7Limits } from '../../codecs/mm7/request-reader.ts'
import type { Mm7Profile, SpokenDialect } from '../../core/code-row.ts'
import type { Directory, SecretHash } from '../../core/directory.ts'
import type { Submission } from '../../core/message.ts'
import type { Acceptance } from '../../engine/accept.ts'
import type { Admission } from '../../engine/admission.ts'
import type { CarrierLookup } from '../../engine/ports/carrier-lookup.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Media } from '../../engine/ports/media.ts'
import type { Reviser } from '../../engine/reviser.ts'
import type { CallRates } from '../call-rates.ts'
import type { Guesses } from '../guesses.ts'
import type { MediaFetch } from '../media-by-url.ts'

/** A dialect that has an MM7 door. */
export type Mm7Dialect = SpokenDialect & { readonly mm7: Mm7Profile }

/** Narrows a dialect to one with an MM7 door. */
export function isMm7Dialect(dialect: SpokenDialect): dialect is Mm7Dialect {
  return dialect.mm7 !== undefined
}

/** Name of a dialect's door in metrics and alarms. */
export function doorOf({ mm7 }: Mm7Dialect): string {
  return `mm7/${mm7.path}`
}

/** Checks of secrets and addresses; the configuration side implements them. */
export interface ClientChecks {
  hashKey(key: string): SecretHash
  /** Without an expectation it takes as long and matches nothing. */
  verify(
    expected: { readonly user: string; readonly passwordHash: SecretHash } | undefined,
    given: { readonly user: string; readonly password: string },
  ): Promise<'match' | 'mismatch' | 'busy'>
  addressIn(entries: readonly string[], address: string): boolean
}

export interface DoorLimits {
  /** Whole request, declared or read; a dialect may allow less. */
  readonly requestBytesMax: number
  /** Depth, parts, headers, elements, bytes of the envelope. */
  readonly mm7: Mm7Limits
  /** Bytes of a refused body that are still read so that the peer sees the answer. */
  readonly drainBytesMax: number
}

/** Handles one request of the shared server. Never rejects. */
export type HttpHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  /** The client waits for leave to send its body (Expect: 100-continue). */
  awaitsContinue: boolean,
) => Promise<void>

/** What a door tells the metrics. */
export interface DoorObserver {
  refused(door: string, code: string): void
  answered(door: string, seconds: number): void
}

export interface DoorParts {
  readonly dialects: readonly Mm7Dialect[]
  readonly directory: () => Directory
  readonly checks: ClientChecks
  /** Shared by all doors: an account has one rate. */
  readonly rates: CallRates
  /** Shared by all doors, too. */
  readonly guesses: Guesses
  readonly admission: Admission
  readonly media: Media
  readonly clock: Clock
  readonly limits: DoorLimits
  readonly accept: (submission: Submission) => Promise<Acceptance>
  readonly reviser: Reviser
  /** Fetches content given by URL; absent: every such content fails. */
  readonly fetchMedia?: MediaFetch
  /** Says whose subscriber a number is; absent: nobody can. */
  readonly carrierLookup?: CarrierLookup
  readonly observer: DoorObserver
  readonly alarm: (where: string, error: unknown) => void
  /** Other doors on the same server, by the first segment of their paths, its slash included. */
  readonly besides?: ReadonlyMap<string, HttpHandler>
}
