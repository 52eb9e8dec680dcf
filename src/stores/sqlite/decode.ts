/** Turns rows back into values, on the thread of the caller. */
import type { Address } from '../../core/address.ts'
import type { DeliveryState } from '../../core/delivery-state.ts'
import type { Extent, Message, MessageId } from '../../core/message.ts'
import type { Expectation, Report } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type {
  Claimed,
  Delivery,
  HeldPart,
  LeasedNotice,
  NewNotice,
  Op,
  OpResults,
  ParkedReport,
  PartSet,
} from '../../engine/ports/store.ts'
import type { SqlRow } from './driver.ts'
import type { WireClaim, WireResult, WireResults } from './wire.ts'

type OpOf<Name extends Op['op']> = Extract<Op, { readonly op: Name }>

/** `result` must be what the writer answered to just this op. */
export function decodeResult(op: Op, result: WireResult): OpResults[Op['op']] {
  switch (op.op) {
    case 'accept':
      return decodeAccept(op, result as WireResults['accept'])
    case 'claim':
    case 'claim-expired':
      return decodeClaim(result as WireClaim)
    case 'settle': {
      const answer = result as WireResults['settle']
      if (answer.kind === 'done') {
        const { kind, version, leases } = answer
        const parked = answer.parked.map(decodeParked)
        if (leases === undefined) return { kind, version, parked }
        const leased = decodeLeases(op.notices, leases, () => op.deliveryId)
        return { kind, version, parked, leased }
      }
      const { current } = answer
      return {
        kind: 'stale',
        current: current && decodeDelivery(current.delivery, decodeMessage(current.message).id),
      }
    }
    case 'receive': {
      const answer = result as WireResults['receive']
      if (answer.kind !== 'found') return { kind: answer.kind }
      const message = decodeMessage(answer.message)
      const delivery = decodeDelivery(answer.delivery, message.id)
      return { kind: 'found', delivery, message }
    }
    case 'claim-notices': {
      const { rows, nextAt } = result as WireResults['claim-notices']
      return { claimed: rows.map(decodeLeasedNotice), ...(nextAt === undefined ? {} : { nextAt }) }
    }
    default:
      return result as OpResults[Op['op']]
  }
}

function decodeAccept(op: OpOf<'accept'>, answer: WireResults['accept']): OpResults['accept'] {
  switch (answer.kind) {
    case 'accepted': {
      const { kind, firstDeliveryId, leases } = answer
      if (leases === undefined) return { kind, firstDeliveryId }
      const places = new Map(op.deliveries.map(({ index }, place) => [index, place]))
      const deliveryIdOf = (index: number) => firstDeliveryId + (places.get(index) ?? 0)
      return { kind, firstDeliveryId, leased: decodeLeases(op.notices, leases, deliveryIdOf) }
    }
    case 'duplicate':
      return { ...answer, extents: JSON.parse(answer.extents) as Extent[] }
    default:
      return answer
  }
}

/** The caller still has what it wanted stored, so the writer names the ids alone. */
function decodeLeases(
  notices: readonly NewNotice[],
  leases: readonly (number | null)[],
  deliveryIdOf: (index: number) => number,
): LeasedNotice[] {
  return notices.flatMap(({ lane, notice }, place) => {
    const id = leases[place] ?? undefined
    if (id === undefined) return []
    return [{ id, deliveryId: deliveryIdOf(notice.index), lane, attempts: 0, token: 1, notice }]
  })
}

function decodeClaim(claim: WireClaim): OpResults['claim'] {
  const messages = claim.messages.map(decodeMessage)
  const claimed = claim.deliveries.map((row, index): Claimed => {
    const message = messages[claim.messageOf[index] ?? -1]
    if (message === undefined) throw new Error(`delivery ${row.id} without its message`)
    const before = decodeDelivery(row, message.id)
    const delivery: Delivery = {
      ...before,
      state: before.state === 'submitted' ? 'submitted' : 'attempting',
      nextAt: claim.leaseUntil,
      leasedAt: claim.leasedAt,
      token: before.token + 1,
      version: before.version + 1,
    }
    return { previous: before.state, delivery, message }
  })
  return { claimed, ...(claim.nextAt === undefined ? {} : { nextAt: claim.nextAt }) }
}

/** A message from a row with its `body` and `inline`. */
export function decodeMessage({ body, inline }: SqlRow): Message {
  const message = JSON.parse(String(body)) as Message
  if (!(inline instanceof Uint8Array)) return message
  return { ...message, content: { inline, ...message.content } }
}

type DeliveryTuple = [
  id: number,
  index: number,
  recipientKind: Address['kind'],
  recipient: string,
  lane: string,
  state: DeliveryState,
  nextAt: number | null,
  expiresAt: number,
  attempts: number,
  token: number,
  version: number,
  leasedAt: number | null,
  remoteId: string | null,
  expects: Expectation | null,
  submittedAt: number | null,
  reason: Reason | null,
]

/** A delivery from the text that `DELIVERY_COLUMNS` selects. */
export function decodeDelivery({ delivery }: SqlRow, messageId: MessageId): Delivery {
  const [id, index, recipientKind, recipient, lane, state, nextAt, expiresAt, ...rest] = JSON.parse(
    String(delivery),
  ) as DeliveryTuple
  const [attempts, token, version, leasedAt, remoteId, expects, submittedAt, reason] = rest
  // Member by member: this runs for every attempt, and a spread for each costs several times as much.
  const read: { -readonly [Key in keyof Delivery]: Delivery[Key] } = {
    id,
    messageId,
    index,
    recipient: { kind: recipientKind, text: recipient },
    lane,
    state,
    expiresAt,
    attempts,
    token,
    version,
  }
  if (nextAt !== null) read.nextAt = nextAt
  if (leasedAt !== null) read.leasedAt = leasedAt
  if (remoteId !== null) read.remoteId = remoteId
  if (expects !== null) read.expects = expects
  if (submittedAt !== null) read.submittedAt = submittedAt
  if (reason !== null) read.reason = reason
  return read
}

function decodeLeasedNotice(row: SqlRow): LeasedNotice {
  return {
    id: Number(row.id),
    deliveryId: Number(row.delivery_id),
    lane: String(row.lane),
    attempts: Number(row.attempts),
    // As it is since this lease.
    token: Number(row.token) + 1,
    notice: JSON.parse(String(row.body)) as LeasedNotice['notice'],
  }
}

/** A parked report from its row. */
export function decodeParked(row: SqlRow): ParkedReport {
  return {
    id: Number(row.id),
    remoteId: String(row.remote_id),
    report: JSON.parse(String(row.body)) as Report,
    at: Number(row.at),
  }
}

/** A set of parts from rows with their `body`, in order of sequence. */
export function decodePartSet(first: MessageId, rows: readonly SqlRow[]): PartSet {
  return { first, parts: rows.map(({ body }) => JSON.parse(String(body)) as HeldPart) }
}
