/** What the door for upstream MMSCs needs from the rest of the house. */
import type { Mm7Limits } from '../../codecs/mm7/request-reader.ts'
import type { Directory, SecretHash } from '../../core/directory.ts'
import type { Submission } from '../../core/message.ts'
import type { Report } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type { Acceptance } from '../../engine/accept.ts'
import type { Admission } from '../../engine/admission.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Media } from '../../engine/ports/media.ts'
import type { Receipt } from '../../engine/receipts.ts'
import type { Guesses } from '../guesses.ts'

/** An upstream as far as its calls to us are concerned. */
export interface UpstreamPeer {
  /** The way out its reports are about. */
  readonly name: string
  /** HTTP Basic credentials it must present. */
  readonly basic?: { readonly user: string; readonly passwordHash: SecretHash }
  /** Addresses or CIDR ranges it calls from; empty for any. */
  readonly fromAddresses: readonly string[]
  /** What `Forwarded` means in its reports. */
  readonly forwardedMeans: 'handed-to-network' | 'forwarded'
}

/** Checks of secrets and addresses; the configuration side implements them. */
export interface UpstreamChecks {
  hashKey(key: string): SecretHash
  verify(
    expected: { readonly user: string; readonly passwordHash: SecretHash },
    given: { readonly user: string; readonly password: string },
  ): Promise<'match' | 'mismatch' | 'busy'>
  addressIn(entries: readonly string[], address: string): boolean
}

export interface UpstreamDoorParts {
  /** The path under which the door is mounted, without a slash at its end. */
  readonly prefix: string
  /** The upstream whose secret path segment hashes to this, by the current directory. */
  readonly findUpstream: (keyHash: SecretHash) => UpstreamPeer | undefined
  readonly directory: () => Directory
  readonly checks: UpstreamChecks
  readonly guesses: Guesses
  readonly admission: Admission
  readonly media: Media
  readonly clock: Clock
  readonly limits: {
    readonly requestBytesMax: number
    readonly mm7: Mm7Limits
    /** Bytes of a refused body that are still read so that the peer sees the answer. */
    readonly drainBytesMax: number
  }
  /** Validity of an inbound message, in milliseconds. */
  readonly validityMs: number
  readonly accept: (submission: Submission) => Promise<Acceptance>
  readonly receive: (
    route: string,
    remoteId: string,
    report: Report,
    park: boolean,
  ) => Promise<Receipt>
  /** What a code in the text of a report means at this upstream, where that is known. */
  readonly reasonOfCode?: (route: string, code: number) => Reason | undefined
  readonly observer: {
    refused(door: string, code: string): void
    answered(door: string, seconds: number): void
  }
  readonly alarm: (where: string, error: unknown) => void
}
