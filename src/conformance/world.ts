/** What provocations need of the world: a running sandbox gateway, and a place for its reports. */
import type { Mmsc } from './mm4/mmsc.ts'
import type { ReportInbox } from './report-inbox.ts'

/** Where a server listens. */
export interface Door {
  readonly host: string
  readonly port: number
}

export interface World {
  /** The gateway's door for MM7 clients. */
  readonly door: Door
  readonly reports: ReportInbox
  /** Absent where no dialect of the run speaks MM4. */
  readonly mm4?: Mm4World
  /** Absent where the gateway's SMPP door is not known. */
  readonly smpp?: SmppWorld
  /** Runs `carillon` with these words. */
  readonly command: (words: readonly string[]) => Promise<Ran>
  /** Letters and digits that are new for each run, so that no request repeats one of another. */
  readonly token: string
  readonly timeouts: Timeouts
}

/** The MM4 side of it. */
export interface Mm4World {
  /** The gateway's door for peers. */
  readonly door: Door
  /** The client's own MMSC: responses and reports of every gateway of the run arrive there. */
  readonly mmsc: Mmsc
  readonly openGateway: OpenGateway
}

/** The SMPP side of it. */
export interface SmppWorld {
  /** The gateway's door for clients. */
  readonly door: Door
  readonly openGateway: OpenGateway
}

/** Starts a gateway for one row alone, with the accounts of the run, set up as `settings` say. */
export type OpenGateway = (settings: readonly string[]) => Promise<RowGateway>

/** A gateway that may come to harm. */
export interface RowGateway {
  readonly smtp: Door | undefined
  readonly smpp: Door | undefined
  /** Tells it to stop, as an operator does; it goes when everybody has left. */
  leave(): void
  close(): Promise<void>
}

/** How a command ended. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Timeouts {
  /** For a reply, in milliseconds. */
  readonly answerMs: number
  /** For a report, in milliseconds. */
  readonly reportMs: number
}

/** Longer than the gateway waits for a carrier before it answers (10 s), and than its retries. */
export const TIMEOUTS: Timeouts = { answerMs: 15_000, reportMs: 20_000 }
