/** What a simulated carrier does with one message: data for the emulator, nothing of the product. */
import type { MmStatus, ReadReplyReportReq, RequestStatus } from '../../codecs/mm4/types.ts'

/** One report the simulated carrier sends. */
export interface EmulatedReport {
  readonly status: MmStatus
  /** After the response was taken, in milliseconds; never before an earlier report was. */
  readonly afterMs: number
  readonly statusText?: string
  readonly extension?: string
}

/** What the SMTP side does before the message is taken. */
export type EmulatedLine =
  | { readonly at: 'rcpt' | 'dot'; readonly code: number; readonly text: string }
  /** The line breaks without a word, before or after the message went over. */
  | { readonly at: 'rcpt' | 'dot'; readonly drop: true }
  /** What is no reply of SMTP, before or after the message went over. */
  | { readonly at: 'rcpt' | 'dot'; readonly garbage: true }
  /** The final dot is never answered. */
  | { readonly at: 'dot'; readonly silence: true }
  /** The final dot is answered this late, in milliseconds. */
  | { readonly at: 'dot'; readonly lateMs: number }

/** The whole story of one message at the simulated carrier. */
export interface CarrierBehaviour {
  readonly line?: EmulatedLine
  /** The line misbehaves only for this many tries; absent: always. */
  readonly lineTries?: number
  /** After a try that went well it misbehaves anew: whoever comes next sees the same. */
  readonly lineAgain?: true
  /** `none`: the request is never answered. */
  readonly response: RequestStatus | 'none'
  readonly responseText?: string
  /** The code of its own dialect in the response. */
  readonly responseCode?: string
  /** Version in the response, when it differs from ours. */
  readonly responseVersion?: string
  readonly responseAfterMs: number
  readonly reports: readonly EmulatedReport[]
  /** Sends the reports before the response. */
  readonly reportFirst?: boolean
  /** Sends everything twice. */
  readonly repeats?: boolean
  /** What the user did with the message, told where it was asked for; this long after the reports. */
  readonly read?: {
    readonly status: ReadReplyReportReq['readStatus']
    readonly afterMs: number
  }
  /** The handset answers with a picture this long after it got the message, in milliseconds. */
  readonly replyAfterMs?: number
}
