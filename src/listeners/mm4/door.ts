/** What the MM4 door needs from the rest of the house. */
import type { MimeLimits } from '../../codecs/mime/limits.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import type { Directory, SecretHash } from '../../core/directory.ts'
import type { Submission } from '../../core/message.ts'
import type { Report } from '../../core/outcome.ts'
import type { Acceptance } from '../../engine/accept.ts'
import type { Admission } from '../../engine/admission.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Media } from '../../engine/ports/media.ts'
import type { Receipt } from '../../engine/receipts.ts'
import type { SmtpPeers } from '../../transports/smtp/peers.ts'
import type { CallRates } from '../call-rates.ts'
import type { Guesses } from '../guesses.ts'
import type { MediaFetchInto } from '../media-by-url.ts'
import type { PolicySources } from '../policy-judge.ts'
import type { ReasonOfCode } from './translate.ts'

/** How we call ourselves towards peers. */
export interface Mm4Identity {
  /** In greetings and trace fields. */
  readonly hostname: string
  /** After the @ of our addresses. */
  readonly domain: string
}

/** Checks of secrets and addresses; the configuration side implements them. */
export interface PeerChecks {
  verify(
    expected: { readonly user: string; readonly passwordHash: SecretHash } | undefined,
    given: { readonly user: string; readonly password: string },
  ): Promise<'match' | 'mismatch' | 'busy'>
  addressIn(entries: readonly string[], address: string): boolean
}

export interface Mm4DoorParts {
  readonly identity: Mm4Identity
  readonly directory: () => Directory
  readonly checks: PeerChecks
  readonly admission: Admission
  readonly media: Media
  readonly clock: Clock
  readonly mime: MimeLimits
  /** Validity of a message whose sender named none, in milliseconds. */
  readonly validityMs: number
  readonly peers: SmtpPeers
  /** The dialect of an account. */
  readonly dialectNamed: (name: string) => SpokenDialect | undefined
  readonly rates: CallRates
  readonly guesses: Guesses
  /** What policies are judged from. */
  readonly policies: PolicySources
  /** Fetches what a part says lies elsewhere; absent: such parts are never there. */
  readonly fetchInto?: MediaFetchInto
  readonly reasonOfCode: ReasonOfCode
  readonly accept: (submission: Submission) => Promise<Acceptance>
  readonly receive: (
    route: string,
    remoteId: string,
    report: Report,
    park: boolean,
  ) => Promise<Receipt>
  readonly alarm: (where: string, error: unknown) => void
}
