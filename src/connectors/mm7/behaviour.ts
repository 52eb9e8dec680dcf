/** What a simulated upstream MMSC does with one message: data for the emulator, nothing more. */

/** How the relay answers a SubmitReq. */
export type RelayAnswer =
  | {
      readonly kind: 'code'
      readonly code: number
      /** Default: a text of its own. */
      readonly text?: string
      readonly details?: string
      /** In a SOAP Fault or inside SubmitRsp. Default: a success in SubmitRsp, all else as a Fault. */
      readonly as?: 'fault' | 'rsp'
      /** Default: 200. */
      readonly http?: number
      readonly headers?: Readonly<Record<string, string>>
      /** Answers in the name of this transaction instead of the request's. */
      readonly transactionId?: string
      /** Leaves the MessageID out of a success. */
      readonly withoutMessageId?: boolean
    }
  /** A status and whatever body. */
  | {
      readonly kind: 'http'
      readonly status: number
      readonly body?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Takes the request and never answers. */
  | { readonly kind: 'silence' }
  /** Hangs up: when it has the request, or in the middle of the answer. */
  | { readonly kind: 'drop'; readonly at: 'end' | 'answer' }

/** One report the relay sends. */
export interface RelayReport {
  /** MMStatus, any word. */
  readonly status: string
  /** After the answer, in milliseconds. */
  readonly afterMs: number
  readonly statusText?: string
  readonly extension?: string
}

/** The whole story of one message at the relay. */
export interface RelayBehaviour {
  readonly answer: RelayAnswer
  /** Answers so only this many times for one message, then takes it; absent: always. */
  readonly answerTries?: number
  readonly answerAfterMs?: number
  readonly reports: readonly RelayReport[]
  /** Sends the first report before the answer. */
  readonly reportFirst?: boolean
  /** Sends every report twice. */
  readonly repeats?: boolean
  /** The handset's owner opens it, or throws it away, this long after the answer. */
  readonly readReply?: { readonly status: string; readonly afterMs: number }
  /** The handset answers with a picture this long after it got the message, in milliseconds. */
  readonly replyAfterMs?: number
  /** How it answers a CancelReq; absent: by what has become of the message. */
  readonly cancelAnswer?: RelayAnswer
  /** Reports this before it answers a CancelReq, as one that was just delivering it does. */
  readonly reportBeforeCancelAnswer?: string
  /** MM7 versions it speaks; others are answered 4002. Absent: every version. */
  readonly versions?: readonly string[]
}

/** A relay that takes everything and reports it fetched. */
export const ORDINARY_RELAY: RelayBehaviour = {
  answer: { kind: 'code', code: 1000 },
  reports: [{ status: 'Retrieved', afterMs: 300 }],
}
