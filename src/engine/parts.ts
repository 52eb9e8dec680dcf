/** What the parts of the engine share. Everything from outside comes in through here. */
import type { Directory } from '../core/directory.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Message, MessageId } from '../core/message.ts'
import type { OptOutLedger } from './directory-holder.ts'
import type { Adapter } from './ports/adapter.ts'
import type { Clock } from './ports/clock.ts'
import type { Connector } from './ports/connector.ts'
import type { Media } from './ports/media.ts'
import type { PartJoiner } from './ports/part-joiner.ts'
import type { ReportSender } from './ports/report-sender.ts'
import type { LeasedNotice, NewNotice, Store } from './ports/store.ts'

/** Limits of the pipeline. */
export interface EngineLimits {
  /** Longest validity a client can get, in milliseconds. */
  readonly validityMsMax: number
  /** How long a repeated client reference finds its first answer, in milliseconds. */
  readonly idempotencyWindowMs: number
  /** Deliveries held in memory for one lane: under way and next in line. */
  readonly laneWindowMax: number
  /** Attempts of one delivery that may be lost to crashes before it is taken out of the way. */
  readonly lostAttemptsMax: number
  /** How long the parts of a message wait for the others, in milliseconds. */
  readonly partsWaitMs: number
  /** Messages of one account of which only some parts have come. */
  readonly partSetsMax: number
  /** How long ended messages are kept, in milliseconds. */
  readonly retentionMs: number
  /** Pause between two rounds of the sweeper, in milliseconds. */
  readonly sweepIntervalMs: number
}

/**
 * Named moments where a test may stop the process. The numbers are those of the reliability
 * catalogue: each lies between two durable steps.
 */
export type CrashPoint =
  | 'C3-before-commit'
  | 'C4-committed'
  | 'C6-leased'
  | 'C8-mid-body'
  | 'C9-sent'
  | 'C10-answered'
  | 'C11-settled'
  | 'C12-report-in'
  | 'C13-report-kept'
  | 'C15-client-told'
  | 'C16-notice-settled'
  | 'C17-purged'

/** Whose event it is. */
export interface EventSubject {
  readonly messageId: MessageId
  readonly accountId: string
  readonly dialect: string
}

/** A view of events as they are committed: logs and metrics hang here. */
export type EventObserver = (subject: EventSubject, events: readonly MessageEvent[]) => void

/** Tells the scheduler that a lane has something due at a time (epoch milliseconds). */
export interface Kick {
  delivery(lane: string, at: number): void
  notice(lane: string, at: number): void
}

/** Tells the scheduler of notices, and spares those a claim that can be told at once. */
export interface Outbox {
  /** As they are to be stored: leased from birth where their lane has a place for them. */
  lease(notices: readonly NewNotice[]): readonly NewNotice[]
  /**
   * What `lease` gave was stored, and this is what of it is leased. Every `lease` is followed by
   * one of these two.
   */
  stored(notices: readonly NewNotice[], leased?: readonly LeasedNotice[]): void
  /** It was not stored. */
  dropped(notices: readonly NewNotice[]): void
}

export interface EngineParts {
  readonly store: Store
  readonly media: Media
  readonly clock: Clock
  /** Numbers in [0, 1). */
  readonly random: () => number
  readonly directory: () => Directory
  readonly connectorFor: (lane: string) => Connector | undefined
  readonly reports: ReportSender
  /** Where STOP is kept; absent: keywords mean nothing. */
  readonly optOuts?: OptOutLedger
  /** Makes contents fit; absent: what does not fit a way out is refused. */
  readonly adapter?: Adapter
  /** Joins messages that come in parts; absent: no door takes any. */
  readonly joiner?: PartJoiner
  readonly limits: EngineLimits
  readonly observe: EventObserver
  /** Does nothing in service. */
  readonly crashPoint: (name: CrashPoint) => void
  /** An error of ours inside one unit of work: the unit is repeated, the alarm rings. */
  readonly alarm: (where: string, error: unknown) => void
}

/** What an observer needs to know of a message. */
export function subjectOf(message: Pick<Message, 'id' | 'accountId' | 'dialect'>): EventSubject {
  return { messageId: message.id, accountId: message.accountId, dialect: message.dialect }
}

/** The way out that leads to an account's sessions, for short messages. */
export function smsClientLane(accountId: string): string {
  return `client-sms:${accountId}`
}

/** The way out that leads to an account's own callback. */
export function clientLane(accountId: string): string {
  return `client:${accountId}`
}
