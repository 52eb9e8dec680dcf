/** What provocations need of the world: a running sandbox gateway, and a place for its reports. */
import type { Door } from './mm7/exchange.ts'
import type { ReportInbox } from './report-inbox.ts'

export interface World {
  /** The gateway's door for MM7 clients. */
  readonly door: Door
  readonly reports: ReportInbox
  /** Runs `carillon` with these words. */
  readonly command: (words: readonly string[]) => Promise<Ran>
  /** Letters and digits that are new for each run, so that no request repeats one of another. */
  readonly token: string
  readonly timeouts: Timeouts
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
