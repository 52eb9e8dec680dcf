/** The outbox: notices to clients, each delivery's in order. */
import type { LeasedNotice, NewNotice, Op, OpResults } from '../../engine/ports/store.ts'
import { addEvents, checkEnd, latest } from './history.ts'
import type { Journal } from './journal.ts'
import { byKeyThenId, earliest, type StoredNotice, type Tables, takeId } from './tables.ts'

type OpOf<Name extends Op['op']> = Extract<Op, { readonly op: Name }>

/** Returns those that are leased. */
export function addNotices(
  t: Tables,
  journal: Journal,
  deliveryId: number,
  notices: readonly NewNotice[],
): LeasedNotice[] {
  const born: LeasedNotice[] = []
  for (const { lane, notice, nextAt, leaseUntil } of notices) {
    const held = leaseUntil !== undefined && !hasUnparked(t, deliveryId)
    const id = takeId(t, journal, 'notice')
    const fresh = { id, deliveryId, lane, notice, attempts: 0, token: held ? 1 : 0 }
    journal.put(t.notices, id, { ...fresh, dueAt: held ? leaseUntil : nextAt, parked: false })
    if (held) born.push(fresh)
  }
  return born
}

/** As the answer of an op says it. */
export function leasedOf(
  notices: readonly NewNotice[],
  leased: readonly LeasedNotice[],
): { readonly leased?: readonly LeasedNotice[] } {
  return notices.some(({ leaseUntil }) => leaseUntil !== undefined) ? { leased } : {}
}

function hasUnparked(t: Tables, deliveryId: number): boolean {
  for (const notice of t.notices.values()) {
    if (notice.deliveryId === deliveryId && !notice.parked) return true
  }
  return false
}

export function claimNotices(
  t: Tables,
  journal: Journal,
  { lane, now, leaseUntil, limit }: OpOf<'claim-notices'>,
): OpResults['claim-notices'] {
  const heads = headsOf(t).filter((notice) => notice.lane === lane)
  const due = heads
    .filter(({ dueAt }) => dueAt <= now)
    .sort(byKeyThenId(({ dueAt }) => dueAt))
    .slice(0, limit)
  const claimed = due.map((head) => {
    const leased = { ...head, token: head.token + 1, dueAt: leaseUntil }
    journal.put(t.notices, head.id, leased)
    const { id, deliveryId, attempts, token, notice } = leased
    return { id, deliveryId, lane, attempts, token, notice }
  })
  const left = heads.flatMap(({ id }) => t.notices.get(id) ?? [])
  return { claimed, ...earliest(left.map(({ dueAt }) => dueAt)) }
}

/** The oldest unparked notice of each delivery: only it may be told. */
function headsOf(t: Tables): StoredNotice[] {
  const heads = new Map<number, StoredNotice>()
  for (const notice of t.notices.values()) {
    if (notice.parked) continue
    const head = heads.get(notice.deliveryId)
    if (head === undefined || notice.id < head.id) heads.set(notice.deliveryId, notice)
  }
  return [...heads.values()]
}

export function settleNotice(
  t: Tables,
  journal: Journal,
  { id, token, result, messageId, events }: OpOf<'settle-notice'>,
): OpResults['settle-notice'] {
  const notice = t.notices.get(id)
  if (notice === undefined || notice.token !== token) return { kind: 'stale' }
  addEvents(t, journal, messageId, events)
  const attempts = notice.attempts + 1
  if (result.kind === 'told') {
    journal.drop(t.notices, id)
    checkEnd(t, journal, messageId, latest(events))
  } else if (result.kind === 'parked') {
    journal.put(t.notices, id, { ...notice, attempts, parked: true })
  } else {
    journal.put(t.notices, id, { ...notice, attempts, dueAt: result.nextAt })
  }
  const next = result.kind !== 'retry' && hasUnparked(t, notice.deliveryId)
  return next ? { kind: 'done', next } : { kind: 'done' }
}

/** A replayed notice starts its plan again, and goes before what came after it. */
export function replayNotices(
  t: Tables,
  journal: Journal,
  { accountId, nextAt }: OpOf<'replay-notices'>,
): OpResults['replay-notices'] {
  const parked = [...t.notices.values()].filter(
    ({ parked, notice }) => parked && (accountId === undefined || notice.accountId === accountId),
  )
  for (const notice of parked) {
    journal.put(t.notices, notice.id, { ...notice, parked: false, attempts: 0, dueAt: nextAt })
  }
  return { count: parked.length }
}
