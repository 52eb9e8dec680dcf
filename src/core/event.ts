/**
 * Everything that can happen to a message, recorded once. History, log line, metric, report and
 * trace are views of these values; nothing else remembers what happened.
 */
import type { DeliveryState } from './delivery-state.ts'
import type { Outcome, Report } from './outcome.ts'
import type { Reason } from './reason.ts'
import type { RouteChoice } from './route.ts'

/** `delivery` is the recipient's index in the message; absent when the event is the message's. */
interface Base {
  /** Epoch milliseconds. */
  readonly at: number
  readonly delivery?: number
}

export type MessageEvent =
  | (Base & { readonly type: 'accepted'; readonly routes: readonly RouteChoice[] })
  /** One attempt from start to settled outcome. */
  | (Base & {
      readonly type: 'attempted'
      readonly attempt: number
      readonly token: number
      readonly startedAt: number
      readonly route: string
      readonly outcome: Outcome
      readonly state: DeliveryState
      readonly nextAttemptAt?: number
    })
  /** The gateway stopped in the middle of an attempt; found at the next start or lease end. */
  | (Base & {
      readonly type: 'attempt-lost'
      readonly attempt: number
      readonly state: DeliveryState
      readonly nextAttemptAt?: number
    })
  /** A far end answered or reported. */
  | (Base & {
      readonly type: 'reported'
      readonly route: string
      readonly report: Report
      readonly state: DeliveryState
      /** The report was kept as evidence and moved nothing. */
      readonly ignored?: 'repeat' | 'after-final' | 'out-of-order'
      readonly nextAttemptAt?: number
    })
  /** Time ran out: validity, response timer or report window. */
  | (Base & {
      readonly type: 'timed-out'
      readonly reason: Reason
      readonly state: DeliveryState
      readonly nextAttemptAt?: number
    })
  | (Base & { readonly type: 'failed'; readonly reason: Reason; readonly raw?: string })
  /** A report to the client left, or could not. */
  | (Base & {
      readonly type: 'client-told'
      readonly notice: string
      readonly attempt: number
      readonly outcome: Outcome
      readonly nextAttemptAt?: number
      /** No attempt is left: parked for replay, never dropped. */
      readonly parked?: true
    })

export type MessageEventType = MessageEvent['type']
