/** How often things go wrong, as shares of 1, and how long they take. Data only. */

export interface Faults {
  /** Of the client: a reply that never reaches it; it asks again with the same key. */
  readonly replyLost: number
  /** Of a carrier: no line, full, refused for good, bytes lost on the way. */
  readonly linkDown: number
  readonly busy: number
  readonly rejected: number
  readonly bytesLost: number
  /** It took the message and its answer got lost: the ambiguous outcome. */
  readonly answerLost: number
  /** Its answer comes long after the attempt was given up, and the attempt does not notice. */
  readonly stalled: number
  /** Of the process: it sleeps longer than its lease in the middle of an attempt. */
  readonly paused: number
  /** Of a carrier that answers later: no answer, one that takes back, the same one twice. */
  readonly responseLost: number
  readonly responseRefused: number
  readonly responseTwice: number
  /** Of reports: never sent, "still trying" before, twice, contradicted, "still trying" after. */
  readonly reportLost: number
  readonly interimReport: number
  readonly reportTwice: number
  readonly reportContradicted: number
  readonly lateInterim: number
  /** Our yes to a report gets lost: the carrier reports again. */
  readonly reportAnswerLost: number
  /** Of a client's callback: not there, refused for good, heard but its answer lost. */
  readonly callbackDown: number
  readonly callbackRefused: number
  readonly callbackAnswerLost: number
  /** Of the store: a commit refused without effect. */
  readonly storeFull: number
  /** The process dies at a named moment between two durable steps. */
  readonly crashAtPoint: number
}

/** The weather of the fault phase. */
export const STORM: Faults = {
  replyLost: 0.15,
  linkDown: 0.06,
  busy: 0.08,
  rejected: 0.03,
  bytesLost: 0.03,
  answerLost: 0.1,
  stalled: 0.04,
  paused: 0.06,
  responseLost: 0.08,
  responseRefused: 0.08,
  responseTwice: 0.1,
  reportLost: 0.07,
  interimReport: 0.15,
  reportTwice: 0.15,
  reportContradicted: 0.05,
  lateInterim: 0.05,
  reportAnswerLost: 0.1,
  callbackDown: 0.15,
  callbackRefused: 0.03,
  callbackAnswerLost: 0.1,
  storeFull: 0.004,
  crashAtPoint: 0.003,
}

/** Every fault healed. */
export const CALM: Faults = Object.fromEntries(
  Object.keys(STORM).map((name) => [name, 0]),
) as unknown as Faults

/** Means of exponentially distributed times, in milliseconds. */
export const TIMES = {
  network: 10,
  carrier: 40,
  /** A commit, and the sync of a group of bytes. */
  rowSync: 4,
  byteSync: 6,
  /** Until the handset fetched the message: at once, so that the report overtakes, or later. */
  quickFetch: 60,
  slowFetch: 40_000,
  downtime: 2000,
  /** An answer to an attempt nobody waits for any more: at least so late, and more. */
  stallMin: 30_000,
  stall: 20_000,
} as const

export const STORY = {
  /** Messages of one story. */
  messages: 10,
  /** How long things go wrong, in milliseconds. */
  stormMs: 200_000,
  /** After the storm everything has ended within this, in milliseconds. */
  calmMs: 4 * 3_600_000,
  crashesMax: 6,
  /** Share of the messages that wait for a while and that their client takes back. */
  withdrawn: 0.25,
  waitMs: 6000,
} as const
