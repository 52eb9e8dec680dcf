/** Turns rows back into values, on the thread of the caller. */
import type { Address } from '../../core/address.ts'
import type { DeliveryState } from '../../core/delivery-state.ts'
import type { Extent, Message } from '../../core/message.ts'
import type { Expectation, Report } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type {
  Claimed,
  Delivery,
  LeasedNotice,
  Op,
  OpResults,
  ParkedReport,
} from '../../engine/ports/store.ts'
import type { SqlRow } from './driver.ts'
import type { WireClaim, WireMessage, WireResult, WireResults } from './wire.ts'

/** The answer of one op. `result` must be what the writer answered to just this op. */
export function decodeResult(op: Op['op'], result: WireResult): OpResults[Op['op']] {
  switch (op) {
    case 'accept': {
      const answer = result as WireResults['accept']
      if (answer.kind !== 'duplicate') return answer
      return { ...answer, extents: JSON.parse(answer.extents) as Extent[] }
    }
    case 'claim':
    case 'claim-expired':
      return decodeClaim(result as WireClaim)
    case 'settle': {
      const answer = result as WireResults['settle']
      if (answer.kind === 'done') return { ...answer, parked: answer.parked.map(decodeParked) }
      const { current } = answer
      return { kind: 'stale', current: current === undefined ? current : decodeDelivery(current) }
    }
    case 'receive': {
      const answer = result as WireResults['receive']
      if (answer.kind !== 'found') return { kind: answer.kind }
      const { delivery, message } = answer
      return {
        kind: 'found',
        delivery: decodeDelivery(delivery),
        message: decodeMessage(message),
      }
    }
    case 'claim-notices': {
      const { rows, nextAt } = result as WireResults['claim-notices']
      return { claimed: rows.map(decodeLeasedNotice), ...(nextAt === undefined ? {} : { nextAt }) }
    }
    default:
      return result as OpResults[Op['op']]
  }
}

function decodeClaim(claim: WireClaim): OpResults['claim'] {
  const messages = claim.messages.map(decodeMessage)
  const claimed = claim.deliveries.map((row, index): Claimed => {
    const message = messages[claim.messageOf[index] ?? -1]
    if (message === undefined) throw new Error(`delivery ${row.id} without its message`)
    return {
      previous: claim.previous[index] as DeliveryState,
      delivery: decodeDelivery(row),
      message,
    }
  })
  return { claimed, ...(claim.nextAt === undefined ? {} : { nextAt: claim.nextAt }) }
}

/** A message from its row. */
export function decodeMessage({ body, inline }: WireMessage): Message {
  const message = JSON.parse(body) as Message
  return inline === undefined ? message : { ...message, content: { ...message.content, inline } }
}

/** A delivery from its row as `DELIVERY_COLUMNS` selects it. */
export function decodeDelivery(row: SqlRow): Delivery {
  return {
    id: Number(row.id),
    messageId: String(row.message_id),
    index: Number(row.idx),
    recipient: { kind: row.recipient_kind as Address['kind'], text: String(row.recipient) },
    lane: String(row.lane),
    state: row.state as DeliveryState,
    expiresAt: Number(row.expires_at),
    attempts: Number(row.attempts),
    token: Number(row.token),
    version: Number(row.version),
    ...(row.next_at === null ? {} : { nextAt: Number(row.next_at) }),
    ...(row.leased_at === null ? {} : { leasedAt: Number(row.leased_at) }),
    ...(row.remote_id === null ? {} : { remoteId: String(row.remote_id) }),
    ...(row.expects === null ? {} : { expects: row.expects as Expectation }),
    ...(row.submitted_at === null ? {} : { submittedAt: Number(row.submitted_at) }),
    ...(row.reason === null ? {} : { reason: row.reason as Reason }),
  }
}

function decodeLeasedNotice(row: SqlRow): LeasedNotice {
  return {
    id: Number(row.id),
    deliveryId: Number(row.delivery_id),
    lane: String(row.lane),
    attempts: Number(row.attempts),
    token: Number(row.token),
    notice: JSON.parse(String(row.body)) as LeasedNotice['notice'],
  }
}

/** A parked report from its row. */
export function decodeParked(row: SqlRow): ParkedReport {
  return {
    id: Number(row.id),
    report: JSON.parse(String(row.body)) as Report,
    at: Number(row.at),
  }
}
