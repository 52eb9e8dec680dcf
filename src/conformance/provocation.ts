/**
 * How a row of a dialect is made to happen on purpose, as data. The sentence a person reads stands
 * with the dialect (its scenarios); here stands what is sent, and where the row is then seen.
 */
import type { Entry } from '../catalog/index.ts'
import type { Mm4Change } from './mm4/draft.ts'
import type { Mm7Change } from './mm7/draft.ts'
import type { SmppChange } from './smpp/requests.ts'

/** One way for each protocol a row may travel by; a further one is a further member. */
export type Provocation = Mm7Request | Mm7FollowUp | SendCommand | Mm4Forward | SmppSubmit

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

/** An MM4_forward.REQ with one change. Rows with a sandbox number are sent to that number. */
export interface Mm4Forward {
  readonly by: 'mm4'
  readonly change: Mm4Change
  /** So many messages at once, each with ids of its own; one of them shows the row. */
  readonly times: number
  /** The MM4_forward.RES, an MM4_delivery_report.REQ, or a reply of the SMTP conversation. */
  readonly seenIn: 'response' | 'report' | 'reply'
  /** Status word beside the code where it is not the dialect's own, or code and class of a reply. */
  readonly status?: string
  /** Settings of a gateway for this row alone. */
  readonly gateway?: readonly string[]
  /** That gateway is told to stop once we have logged in, and nothing is handed in. */
  readonly leaving?: boolean
}

/** submit_sm, one for each change, in order. */
export interface SmppSubmit {
  readonly by: 'smpp'
  readonly changes: readonly SmppChange[]
  /** The response to the last of them, or a receipt. */
  readonly seenIn: 'response' | 'receipt'
  /** The name of the response's command_status, or the receipt's `stat`. */
  readonly state: string
  /** Another client than the run's own. */
  readonly as?: {
    readonly systemId: string
    readonly password: string
    readonly sender: string
  }
  /** The line is cut before any answer, and the receipt awaited on another. */
  readonly cut?: boolean
  /** Settings of a gateway for this row alone. */
  readonly gateway?: readonly string[]
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

type Mm4More = Partial<Pick<Mm4Forward, 'times' | 'status' | 'gateway' | 'leaving'>>

const unchangedForward: Mm4Change = (draft) => draft

/** Told in the response to a request over MM4. */
export function responded(change: Mm4Change = unchangedForward, more: Mm4More = {}): Mm4Forward {
  return { by: 'mm4', change, times: 1, seenIn: 'response', ...more }
}

/** Told in a delivery report over MM4, interim or final. */
export function reportedBack(change: Mm4Change = unchangedForward, more: Mm4More = {}): Mm4Forward {
  return { by: 'mm4', change, times: 1, seenIn: 'report', ...more }
}

/** Told while the line is still open, with this SMTP code and class. */
export function replied(status: string, change: Mm4Change, more: Mm4More = {}): Mm4Forward {
  return { by: 'mm4', change, times: 1, seenIn: 'reply', status, ...more }
}

type SmppMore = Partial<Pick<SmppSubmit, 'as' | 'cut' | 'gateway'>>

/** Told in the response to the last of these requests, by this command_status. */
export function refusedBySmpp(
  state: string,
  changes: readonly SmppChange[],
  more: SmppMore = {},
): SmppSubmit {
  return { by: 'smpp', changes, seenIn: 'response', state, ...more }
}

/** Told in a receipt of this state. */
export function receipted(
  state: string,
  changes: readonly SmppChange[],
  more: SmppMore = {},
): SmppSubmit {
  return { by: 'smpp', changes, seenIn: 'receipt', state, ...more }
}

/** What a row says where it is seen. */
export interface Face {
  /** Where: SubmitRsp, Fault, MM4_forward.RES, SMTP, submit_sm_resp, the command, and so on. */
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
