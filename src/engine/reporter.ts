/**
 * Tells clients what became of their messages: a durable outbox, in order for each delivery, every
 * notice repeated by its lane's plan and parked for a person when the plan is used up. Never
 * dropped.
 */
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Outcome } from '../core/outcome.ts'
import { nextAttemptAt } from '../core/retry.ts'
import { insist } from './insist.ts'
import type { EngineParts, Kick } from './parts.ts'
import type { Notice, NoticeLane } from './ports/report-sender.ts'
import type { LeasedNotice, Op } from './ports/store.ts'

export interface Reporter {
  /**
   * One attempt to tell, which must fit into the lease (epoch milliseconds). Never rejects for
   * anything the client did.
   */
  run(leased: LeasedNotice, leaseUntil: number): Promise<void>
  /** The lane of a leased notice as it is configured now. */
  laneOf(leased: LeasedNotice): NoticeLane | undefined
}

type NoticeResult = Extract<Op, { readonly op: 'settle-notice' }>['result']

function resultOf(told: boolean, nextAt: number | undefined): NoticeResult {
  if (told) return { kind: 'told' }
  return nextAt === undefined ? { kind: 'parked' } : { kind: 'retry', nextAt }
}

const INTERIM: ReadonlySet<Notice['result']> = new Set(['handed-to-network', 'deferred'])

/** Why a notice is let go without being told. */
const OVERTAKEN: Outcome = {
  kind: 'rejected',
  reason: 'cancelled',
  raw: 'the delivery has ended, its final report says more',
}

export function createReporter(parts: EngineParts, kick: Kick): Reporter {
  const { store, clock, crashPoint } = parts

  function laneOf({ notice }: LeasedNotice): NoticeLane | undefined {
    return parts.reports.laneFor(notice)
  }

  async function run(leased: LeasedNotice, leaseUntil: number): Promise<void> {
    const lane = laneOf(leased)
    // Nobody to tell now, or no time to: the lease runs out and the notice is found again.
    if (lane === undefined || clock.now() + lane.attemptTimeoutMs > leaseUntil) return
    const outcome = (await overtaken(leased)) ? OVERTAKEN : await tell(leased, lane)
    crashPoint('C15-client-told')
    const now = clock.now()
    const attempt = leased.attempts + 1
    const told =
      outcome.kind === 'delivered' || outcome.kind === 'submitted' || outcome === OVERTAKEN
    const nextAt = told ? undefined : retryAt(outcome, lane, attempt, now)
    const event: MessageEvent = {
      type: 'client-told',
      at: now,
      delivery: leased.notice.index,
      notice: leased.notice.result,
      attempt,
      outcome,
      ...(nextAt === undefined ? {} : { nextAttemptAt: nextAt }),
      ...(told || nextAt !== undefined ? {} : { parked: true }),
    }
    const [result] = await insist(clock, leaseUntil, () =>
      store.commit([
        {
          op: 'settle-notice',
          id: leased.id,
          token: leased.token,
          messageId: leased.notice.messageId,
          events: [event],
          result: resultOf(told, nextAt),
        },
      ]),
    )
    // Stale: a younger lease has the notice, and this telling counts for nothing.
    if (result.kind === 'stale') return
    crashPoint('C16-notice-settled')
    parts.observe(leased.notice, [event])
    // The next notice of this delivery was waiting behind this one.
    if (nextAt !== undefined || result.next === true) kick.notice(leased.lane, nextAt ?? now)
  }

  /**
   * Whether this is an interim notice that was parked, is replayed, and would now come after the
   * end: the final one was told meanwhile, or may have been, which nobody can know after a crash.
   * Only what was leased more often than tried can be a replay, so nothing else costs a read.
   */
  async function overtaken({ notice, token, attempts }: LeasedNotice): Promise<boolean> {
    if (!INTERIM.has(notice.result) || token <= attempts + 1) return false
    const { messageId, index, result } = notice
    const story = await store.read({ query: 'message', messageId })
    const delivery = story?.deliveries.find((other) => other.index === index)
    if (story === undefined || delivery === undefined || !isFinal(delivery.state)) return false
    return story.events.some(
      (event) =>
        event.type === 'client-told' &&
        event.delivery === index &&
        event.notice === result &&
        event.parked === true,
    )
  }

  async function tell(leased: LeasedNotice, lane: NoticeLane): Promise<Outcome> {
    const abort = new AbortController()
    const timer = clock.wakeAt(clock.now() + lane.attemptTimeoutMs, () => abort.abort())
    try {
      return await parts.reports.send(leased.notice, leased.attempts + 1, abort.signal)
    } catch (error) {
      parts.alarm(`report to ${leased.lane}`, error)
      return { kind: 'deferred', reason: 'internal-error', raw: String(error) }
    } finally {
      timer.cancel()
    }
  }

  /** Silence is repeated too: the notice carries a stable id by which a client drops a double. */
  function retryAt(
    outcome: Outcome,
    lane: NoticeLane,
    attempt: number,
    now: number,
  ): number | undefined {
    if (outcome.kind === 'rejected') return undefined
    const asked = outcome.kind === 'deferred' ? outcome.retryAfterMs : undefined
    return nextAttemptAt(
      lane.retry,
      {
        count: attempt,
        at: now,
        // A report outlives its message: only its own plan ends it.
        expiresAt: Number.POSITIVE_INFINITY,
        ...(asked === undefined ? {} : { retryAfterMs: asked }),
      },
      parts.random,
    )
  }

  return { run, laneOf }
}
