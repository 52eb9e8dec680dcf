/**
 * How a row of a dialect is made to happen on purpose, as data. The sentence a person reads stands
 * with the dialect (its scenarios); here stands what is sent, and where the row is then seen.
 */
import type { Entry } from '../catalog/index.ts'
import type { Mm7Change } from './mm7/draft.ts'

/** One way for each protocol a row may travel by; a further one is a further member. */
export type Provocation = Mm7Request | Mm7FollowUp | SendCommand

/** A SubmitReq with one change. Rows with a sandbox number are sent to that number. */
export interface Mm7Request {
  readonly by: 'mm7'
  readonly change: Mm7Change
  /** So often the same bytes; the last answer counts. */
  readonly times: number
  readonly seenIn: SeenIn
}

/** A request about a message sent before. */
export interface Mm7FollowUp {
  readonly by: 'mm7-follow-up'
  /** How far that message must have come: kept, or on its handset and reported. */
  readonly after: 'accepted' | 'retrieved'
  readonly about: (messageId: string) => Mm7Change
}

/** `carillon send mms` to a port nobody listens on. */
export interface SendCommand {
  readonly by: 'send-command'
}

/** Where the row is looked for. */
export type SeenIn =
  /** The reply to the request: code, text and details. */
  | 'answer'
  /** The status of a DeliveryReportReq and its text. */
  | 'report'
  /** The code in the text of a DeliveryReportReq, for accounts that asked for it. */
  | 'verbose-report'

const unchanged: Mm7Change = (draft) => draft

/** Told at once, in the answer. */
export function answered(change: Mm7Change = unchanged, times = 1): Mm7Request {
  return { by: 'mm7', change, times, seenIn: 'answer' }
}

/** Told later, as a word of a report. */
export function reported(change: Mm7Change = unchanged): Mm7Request {
  return { by: 'mm7', change, times: 1, seenIn: 'report' }
}

/** Told later, as a code in the text of a report. */
export function reportedInWords(change: Mm7Change = unchanged): Mm7Request {
  return { by: 'mm7', change, times: 1, seenIn: 'verbose-report' }
}

/** Told in the answer to a request about an earlier message. */
export function answeredAfter(
  after: Mm7FollowUp['after'],
  about: Mm7FollowUp['about'],
): Mm7FollowUp {
  return { by: 'mm7-follow-up', after, about }
}

/** What a row says where it is seen. */
export interface Face {
  /** Where: SubmitRsp, Fault, DeliveryReportReq, or the command. */
  readonly form: string
  readonly code: string
  readonly text: string
  readonly details?: string
}

/** Bytes of one direction, as they travelled. */
export interface Said {
  readonly who: 'sent' | 'received'
  readonly bytes: Uint8Array
}

/** What came of a provocation. */
export interface Sighting {
  readonly expected: Face
  /** Absent when nothing came at all. */
  readonly seen: Face | undefined
  readonly matches: boolean
  /** By what an operator finds it again: a message id, else the id of the request. */
  readonly evidence: string
  /** Why nothing was seen. */
  readonly because?: string
  readonly transcript: readonly Said[]
}

/** A row and how to provoke it. */
export interface Row {
  readonly entry: Entry
  readonly provocation: Provocation
}
