/** What a client is told, and when there is nobody to tell. */

import type { Address } from '../core/address.ts'
import type { ReportedResult } from '../core/code-row.ts'
import type { DeliveryState } from '../core/delivery-state.ts'
import { REASONS, type Reason } from '../core/reason.ts'
import type { Described } from './known-names.ts'
import {
  isReadResult,
  type Notice,
  type NoticeResult,
  type ReportSender,
} from './ports/report-sender.ts'
import type { NewNotice } from './ports/store.ts'

/** One result worth telling. */
export interface Tidings {
  readonly index: number
  readonly recipient: Address
  /** The way out; empty when there was none. */
  readonly route: string
  readonly result: NoticeResult
  readonly reason?: Reason | undefined
  readonly behind?: Reason | undefined
  readonly steady?: true | undefined
  readonly raw?: string | undefined
  readonly happenedAt: number
}

/** The result a client is told for a final state; `undefined` for a state that is not final. */
export function resultOf(state: DeliveryState, reason?: Reason): ReportedResult | undefined {
  switch (state) {
    case 'delivered':
    case 'forwarded':
    case 'expired':
    case 'unknown':
      return state
    case 'cancelled':
      return 'rejected'
    case 'failed':
      return failureResult(reason)
    default:
      return undefined
  }
}

function failureResult(reason: Reason | undefined): ReportedResult {
  if (reason === undefined) return 'rejected'
  switch (REASONS[reason].class) {
    case 'incapable':
      return 'incapable'
    case 'unsupported':
      return 'unsupported'
    case 'unreachable':
    case 'link-down':
      return 'unreachable'
    default:
      return 'rejected'
  }
}

/** Outbox entries for what happened: one, or none where the client asked for none. */
export function noticesFor(
  reports: ReportSender,
  message: Described,
  tidings: Tidings,
  now: number,
): NewNotice[] {
  const { deliveryReports, readReports } = message.envelope
  if (!(isReadResult(tidings.result) ? readReports : deliveryReports)) return []
  const { id: messageId, accountId, dialect, envelope, peer } = message
  const { index, recipient, route, result, reason, behind, steady, raw, happenedAt } = tidings
  // Member by member, as in `changed`: two or three are made for every message.
  const notice: { -readonly [Key in keyof Notice]: Notice[Key] } = {
    // Unlike any other notice of this delivery: a delivery meets each moment once per result.
    id: `${messageId}-${index}-${result}-${now}`,
    messageId,
    index,
    recipient,
    route,
    envelope,
    result,
    happenedAt,
    accountId,
    dialect,
  }
  if (peer !== undefined) notice.peer = peer
  if (reason !== undefined) notice.reason = reason
  if (behind !== undefined) notice.behind = behind
  if (steady !== undefined) notice.steady = steady
  if (raw !== undefined) notice.raw = raw
  const lane = reports.laneFor(notice)
  return lane === undefined ? [] : [{ lane: lane.name, nextAt: now, notice }]
}
