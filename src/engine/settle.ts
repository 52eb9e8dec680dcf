/**
 * Turns what happened to a delivery into its next state, next moment, events and notices. Pure: the
 * caller commits the result, and asks again with the current delivery when somebody was faster.
 */
import type { DeliveryState } from '../core/delivery-state.ts'
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Expectation, Outcome, Report, ReportedStatus } from '../core/outcome.ts'
import { REASONS, type Reason } from '../core/reason.ts'
import { nextAttemptAt } from '../core/retry.ts'
import type { Described } from './known-names.ts'
import { noticesFor, resultOf, type Tidings } from './notices.ts'
import type { Lane } from './ports/connector.ts'
import type { ReportSender } from './ports/report-sender.ts'
import type { Delivery, DeliveryChange, NewNotice, RemoteNames } from './ports/store.ts'

/** The circumstances of a decision. */
export interface Circumstances {
  readonly message: Described
  readonly delivery: Delivery
  readonly lane: Lane
  /** Epoch milliseconds. */
  readonly now: number
  readonly random: () => number
  readonly reports: ReportSender
  /**
   * The client is on the line and is told what comes of this: a refusal is the end, since the client
   * may send again itself, and no report repeats it.
   */
  readonly clientWaits?: boolean
}

/** What to commit. */
export interface Settlement {
  readonly change: DeliveryChange
  readonly events: readonly MessageEvent[]
  readonly notices: readonly NewNotice[]
  readonly link?: RemoteNames
}

/** Where a delivery goes, before it is written out as a change. */
interface Move {
  readonly state: DeliveryState
  readonly nextAt?: number
  readonly reason?: Reason
  /** What the last attempt said, where the reason is that none is left. */
  readonly behind?: Reason
  /** The attempt before it said the same. */
  readonly steady?: true
}

/**
 * The end of one attempt. Where a report was faster and has said what became of the delivery, the
 * attempt is evidence: it is counted, and the far end's id learnt, but nothing moves.
 */
export function settleAttempt(at: Circumstances, outcome: Outcome, startedAt: number): Settlement {
  const { delivery, now } = at
  const attempt = delivery.attempts + 1
  const paced = outcome.kind === 'deferred' && outcome.uncounted === true
  const attempts = paced ? delivery.attempts : attempt
  const remoteId = 'remoteId' in outcome ? outcome.remoteId : undefined
  const link = remoteId === undefined ? {} : { link: namesOf(at, outcome, remoteId) }
  const overtaken = isFinal(delivery.state) || delivery.state === 'submitted'
  const move: Move = overtaken
    ? { state: delivery.state, ...nextOf(delivery) }
    : moveAfter(at, outcome, attempts)
  const took = outcome.kind === 'submitted'
  const event: MessageEvent = {
    type: 'attempted',
    at: now,
    delivery: delivery.index,
    attempt,
    token: delivery.token,
    startedAt,
    route: delivery.lane,
    outcome,
    state: move.state,
    ...whenNext(move),
  }
  if (overtaken) {
    const change = { state: move.state, nextAt: move.nextAt, attempts }
    return { change, events: [event], notices: [], ...link }
  }
  const told = took && outcome.expects !== 'response' ? interim(at, 'handed-to-network') : []
  return {
    change: {
      state: move.state,
      nextAt: move.nextAt,
      attempts,
      reason: move.reason ?? (took ? heldReason(delivery, outcome.expects) : undefined),
      ...(remoteId === undefined ? {} : { remoteId }),
      ...(took ? { expects: outcome.expects, submittedAt: now } : {}),
    },
    events: [event],
    notices: [
      ...told,
      ...retryNotices(at, move, outcome.raw),
      ...finalNotices(at, move, outcome.raw),
    ],
    ...link,
  }
}

/** What the far end calls it. */
function namesOf({ delivery }: Circumstances, outcome: Outcome, remoteId: string): RemoteNames {
  const otherIds = outcome.kind === 'submitted' ? (outcome.otherIds ?? []) : []
  const names = { route: delivery.lane, remoteId }
  return otherIds.length === 0 ? names : { ...names, otherIds }
}

/**
 * An earlier holder vanished in the middle of an attempt; nobody knows how far it got. `poisoned`:
 * it happened so often that the message itself is suspected.
 */
export function settleLostAttempt(at: Circumstances, poisoned: boolean): Settlement {
  const { delivery, now } = at
  const attempts = delivery.attempts + 1
  const move: Move = poisoned
    ? { state: 'failed', reason: 'poison-message' }
    : moveFor(at, 'attempt-lost', attempts, { delayMs: 0 })
  return {
    change: { state: move.state, nextAt: move.nextAt, attempts, reason: move.reason },
    events: [
      {
        type: 'attempt-lost',
        at: now,
        delivery: delivery.index,
        attempt: attempts,
        state: move.state,
        ...whenNext(move),
      },
    ],
    notices: [...retryNotices(at, move), ...finalNotices(at, move, undefined)],
  }
}

/** A timer ran out: validity, the wait for an answer, or the wait for a report. */
export function settleTimeout(at: Circumstances): Settlement {
  const { delivery, now } = at
  const move = timeoutMove(at)
  return {
    change: { state: move.state, nextAt: move.nextAt, reason: move.reason },
    events: [
      {
        type: 'timed-out',
        at: now,
        delivery: delivery.index,
        reason: move.reason ?? 'expired',
        state: move.state,
        ...whenNext(move),
      },
    ],
    notices: [...retryNotices(at, move), ...finalNotices(at, move, undefined)],
  }
}

function timeoutMove(at: Circumstances): Move {
  const { delivery } = at
  if (delivery.state !== 'submitted') {
    const silence = unanswered(delivery)
    if (silence !== undefined) return { state: 'unknown', reason: silence }
    return { state: 'expired', reason: 'expired', ...lastWordOf(delivery) }
  }
  if (delivery.expects === 'response') {
    return moveFor(at, 'response-missing', delivery.attempts, { delayMs: 0 })
  }
  return { state: 'unknown', reason: 'report-missing' }
}

/** Of which part of a delivery a report is, and whether others are still without a word. */
export interface PartOf {
  /** As the far end first gave it. */
  readonly remoteId: string
  readonly othersOpen: boolean
}

/** A report or answer that changes the delivery; `undefined` when it is evidence only. */
export function settleReport(
  at: Circumstances,
  report: Report,
  part?: PartOf,
): Settlement | undefined {
  const { delivery, now } = at
  if (isFinal(delivery.state)) return undefined
  const arrived = part?.othersOpen === true && ARRIVED.has(report.status)
  const move: Move | undefined = arrived
    ? { state: delivery.state, ...nextOf(delivery), ...reasonOf(delivery) }
    : moveForReport(at, report)
  if (move === undefined) return undefined
  const event: MessageEvent = {
    type: 'reported',
    at: now,
    delivery: delivery.index,
    route: delivery.lane,
    report,
    ...(part === undefined ? {} : { remoteId: part.remoteId }),
    state: move.state,
    ...whenNext(move),
  }
  return {
    change: {
      state: move.state,
      nextAt: move.nextAt,
      reason: move.reason,
      ...(report.status === 'acknowledged' ? taken(at, report) : {}),
    },
    events: [event],
    notices: [
      ...interimFor(at, report),
      ...retryNotices(at, move, report.raw),
      ...finalNotices(at, move, report.raw, report.happenedAt),
      ...readNotices(at, report),
    ],
    ...linkOf(at, report),
  }
}

/** An answer so late that its attempt is over brings the far end's id. */
function linkOf(
  { delivery }: Circumstances,
  { status, remoteId }: Report,
): Pick<Settlement, 'link'> {
  if (status !== 'acknowledged' || remoteId === undefined) return {}
  return { link: { route: delivery.lane, remoteId } }
}

/** What is said of a part that is where it should be; the delivery is when all of them are. */
export const ARRIVED: ReadonlySet<ReportedStatus> = new Set(['retrieved', 'read', 'forwarded'])

/** That the user read it, or threw it away unread: told beside the end, and after it too. */
export function readNotices(
  at: Pick<Circumstances, 'delivery' | 'message' | 'now' | 'reports'>,
  { status, happenedAt, raw }: Report,
): NewNotice[] {
  if (status !== 'read' && status !== 'deleted-unread') return []
  return tell(at, { result: status, raw, happenedAt: happenedAt ?? at.now })
}

function taken({ delivery, now }: Circumstances, { remoteId }: Report): Partial<DeliveryChange> {
  return {
    expects: 'report',
    submittedAt: delivery.submittedAt ?? now,
    ...(remoteId === undefined ? {} : { remoteId }),
  }
}

function interimFor(at: Circumstances, report: Report): NewNotice[] {
  if (report.status === 'acknowledged') return interim(at, 'handed-to-network')
  return report.status === 'deferred' ? interim(at, 'deferred', report.happenedAt) : []
}

function moveForReport(at: Circumstances, report: Report): Move | undefined {
  const { delivery, lane, now } = at
  switch (report.status) {
    case 'acknowledged': {
      if (delivery.state === 'submitted' && delivery.expects !== 'response') return undefined
      if (report.expects === 'nothing') return { state: 'forwarded' }
      return { state: 'submitted', nextAt: now + lane.reportWindowMs }
    }
    case 'refused': {
      if (delivery.state === 'submitted' && delivery.expects !== 'response') return undefined
      // Its word on the request: whatever was not answered before is answered now.
      return moveFor(at, report.reason ?? 'carrier-refused', delivery.attempts, { answered: true })
    }
    case 'deferred':
      // The far end still tries: the window goes on as it was ("restart nothing").
      return { state: delivery.state, ...nextOf(delivery), ...reasonOf(delivery) }
    case 'retrieved':
    case 'read':
      return { state: 'delivered' }
    case 'forwarded':
      return { state: 'forwarded' }
    case 'expired':
      return { state: 'expired', reason: 'expired-at-carrier' }
    case 'rejected':
      return { state: 'failed', reason: report.reason ?? 'recipient-rejected' }
    case 'unrecognised':
      return { state: 'failed', reason: incapacityOf(at.message) }
    case 'unreachable':
      return { state: 'failed', reason: 'recipient-unreachable' }
    case 'deleted-unread':
    case 'indeterminate':
      return { state: 'unknown', reason: 'indeterminate' }
  }
}

/** A handset that understands a message for people may have no ear for one to an application. */
function incapacityOf({ envelope }: Described): Reason {
  return envelope.application === undefined ? 'handset-incapable' : 'application-unsupported'
}

function moveAfter(at: Circumstances, outcome: Outcome, attempts: number): Move {
  const { lane, now } = at
  switch (outcome.kind) {
    case 'submitted':
      if (outcome.expects === 'nothing') return { state: 'forwarded' }
      return {
        state: 'submitted',
        nextAt:
          now + (outcome.expects === 'response' ? lane.responseTimeoutMs : lane.reportWindowMs),
      }
    case 'delivered':
      return { state: 'delivered' }
    case 'rejected':
      return { state: 'failed', reason: outcome.reason }
    case 'deferred':
      return moveFor(at, outcome.reason, attempts, {
        ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
      })
    case 'unknown':
      return moveFor(at, outcome.reason, attempts, {})
  }
}

interface Wait {
  readonly delayMs?: number
  readonly retryAfterMs?: number
  /** The far end spoke of the request itself, so that no earlier silence is left. */
  readonly answered?: true
}

/** What a reason asks for: the end, another attempt, or an honest "nobody knows". */
function moveFor(at: Circumstances, latest: Reason, attempts: number, wait: Wait): Move {
  const { lane, delivery, now } = at
  const { handling } = REASONS[latest]
  const silence = handling === 'retry' && wait.answered !== true ? unanswered(delivery) : undefined
  const reason = silence ?? latest
  if (handling === 'final') return { state: 'failed', reason }
  if (handling === 'ambiguous' && lane.whenAmbiguous === 'hold') return { state: 'unknown', reason }
  if (at.clientWaits === true) {
    return { state: handling === 'ambiguous' ? 'unknown' : 'failed', reason }
  }
  const planned = nextAttemptAt(
    lane.retry,
    {
      count: attempts,
      at: now,
      expiresAt: delivery.expiresAt,
      ...(wait.retryAfterMs === undefined ? {} : { retryAfterMs: wait.retryAfterMs }),
    },
    at.random,
  )
  if (planned === undefined) return giveUp(at, reason, attempts)
  return { state: 'deferred', nextAt: wait.delayMs === undefined ? planned : now, reason }
}

/**
 * Why an earlier attempt may have arrived without anybody having said so since. A later attempt
 * that surely did not arrive takes nothing of that back.
 */
export function unanswered({ reason }: Delivery): Reason | undefined {
  return reason !== undefined && REASONS[reason].handling === 'ambiguous' ? reason : undefined
}

/**
 * No attempt is left. Silence stays unknown; a line that never came up is a failure that says so;
 * whatever else asked us to wait has used up the message's time.
 */
function giveUp(at: Circumstances, reason: Reason, attempts: number): Move {
  const row = REASONS[reason]
  if (row.handling === 'ambiguous') return { state: 'unknown', reason }
  if (row.class === 'link-down') return { state: 'failed', reason }
  const outOfTime = at.now >= at.delivery.expiresAt
  return {
    state: 'expired',
    reason: outOfTime ? 'expired' : 'retries-exhausted',
    behind: reason,
    ...(attempts <= 1 || at.delivery.reason === reason ? { steady: true } : {}),
  }
}

/** Why a delivery waited that now waits no more. */
function lastWordOf({ reason }: Delivery): Pick<Move, 'behind'> {
  return reason === undefined || REASONS[reason].handling === 'final' ? {} : { behind: reason }
}

/** Until the request is answered, what the attempt before came to is still the latest word on it. */
function heldReason({ reason }: Delivery, expects: Expectation): Reason | undefined {
  const refused = reason !== undefined && REASONS[reason].handling === 'retry'
  return refused && expects === 'response' ? reason : undefined
}

/** An attempt came to nothing for now: news where it is not what the one before it said. */
function retryNotices(at: Circumstances, move: Move, raw?: string): NewNotice[] {
  const { state, reason } = move
  if (state !== 'deferred' || reason === undefined || reason === at.delivery.reason) return []
  return tell(at, { result: 'retrying', reason, raw, happenedAt: at.now })
}

function interim(
  at: Circumstances,
  result: 'handed-to-network' | 'deferred',
  happenedAt = at.now,
): NewNotice[] {
  return tell(at, { result, happenedAt })
}

function finalNotices(
  at: Circumstances,
  move: Move,
  raw: string | undefined,
  happenedAt = at.now,
): NewNotice[] {
  const result = resultOf(move.state, move.reason)
  if (result === undefined) return []
  if (at.clientWaits === true && result !== 'delivered' && result !== 'forwarded') return []
  const { reason, behind, steady } = move
  return tell(at, { result, reason, behind, steady, raw, happenedAt })
}

function tell(
  at: Pick<Circumstances, 'delivery' | 'message' | 'now' | 'reports'>,
  what: Omit<Tidings, 'index' | 'recipient' | 'route'>,
): NewNotice[] {
  const { index, recipient, lane: route } = at.delivery
  return noticesFor(at.reports, at.message, { index, recipient, route, ...what }, at.now)
}

function whenNext(move: Move): { nextAttemptAt?: number } {
  return move.nextAt === undefined ? {} : { nextAttemptAt: move.nextAt }
}

function nextOf({ nextAt }: Delivery): { nextAt?: number } {
  return nextAt === undefined ? {} : { nextAt }
}

function reasonOf({ reason }: Delivery): { reason?: Reason } {
  return reason === undefined ? {} : { reason }
}
