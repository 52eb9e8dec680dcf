/** What the SMPP door needs from the rest of the house. */
import type { SpokenDialect } from '../../core/code-row.ts'
import type { Account, Directory, SecretHash, SmppAccess } from '../../core/directory.ts'
import type { Submission } from '../../core/message.ts'
import type { Acceptance } from '../../engine/accept.ts'
import type { Admission } from '../../engine/admission.ts'
import type { AnswerLost } from '../../engine/answer-lost.ts'
import type { ArrivingPart, Holding } from '../../engine/assembler.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { Store } from '../../engine/ports/store.ts'
import type { Reviser } from '../../engine/reviser.ts'
import type { CallRates } from '../call-rates.ts'
import type { Guesses } from '../guesses.ts'
import type { PolicySources } from '../policy-judge.ts'
import type { SmppClients } from './clients.ts'

/** Checks of secrets and addresses; the configuration side implements them. */
export interface ClientChecks {
  verify(
    expected: { readonly user: string; readonly passwordHash: SecretHash } | undefined,
    given: { readonly user: string; readonly password: string },
  ): Promise<'match' | 'mismatch' | 'busy'>
  addressIn(entries: readonly string[], address: string): boolean
}

/** Sees how requests are answered; metrics hang here. */
export interface SmppObserver {
  /** A request was refused; `code` is the dialect's, or the status where the protocol spoke. */
  refused(door: string, code: string): void
}

export interface SmppDoorParts {
  readonly directory: () => Directory
  readonly findDialect: (name: string) => SpokenDialect | undefined
  readonly checks: ClientChecks
  /** By the minute and the day; within the second this door has a pace of its own. */
  readonly rates: CallRates
  readonly guesses: Guesses
  readonly admission: Admission
  readonly clock: Clock
  readonly policies: PolicySources
  readonly clients: SmppClients
  /** For query_sm: what became of a message. */
  readonly read: Store['read']
  readonly reviser: Reviser
  readonly accept: (submission: Submission) => Promise<Acceptance>
  readonly hold: (part: ArrivingPart) => Promise<Holding>
  /** The session went before its yes could be written. */
  readonly answerLost: AnswerLost
  readonly observer: SmppObserver
  readonly alarm: (where: string, error: unknown) => void
  /** A client that takes messages is there (again): what waits for it can go. */
  readonly arrived: (accountId: string) => void
  /** Validity of a message whose sender named none, in milliseconds. */
  readonly validityMs: number
}

/** An account as it is now, with the way it came in by. */
export interface Client {
  readonly account: Account
  readonly access: SmppAccess
}
