/**
 * Why a delivery is not moving and until when, in one sentence. Every wait of the engine has its
 * words here; "pending" is not among them.
 */
import { isFinal } from '../core/delivery-state.ts'
import { REASONS } from '../core/reason.ts'
import type { Delivery } from '../engine/ports/store.ts'

/** What is known about a way out at this moment. */
export interface LaneFacts {
  /** Whether anything leaves this way now. */
  readonly open: boolean
  /** Why not, as the end of a sentence: "the carrier is switched off". */
  readonly closedBecause?: string
  readonly concurrency: number
  /** Entries of this lane held in memory, under way or next in line. */
  readonly held: number
  /** Messages per second, where there is a limit. */
  readonly perSecond?: number
}

/** The sentence. `lane` is absent when no way out of that name is configured. */
export function describeWait(delivery: Delivery, lane: LaneFacts | undefined, now: number): string {
  const { state, nextAt } = delivery
  if (isFinal(state)) return `It ended: ${state}.`
  if (state === 'attempting') return underWay(delivery)
  if (state === 'submitted') return `${taken(delivery)} ${awaited(delivery)}`
  const waits = nextAt !== undefined && nextAt > now
  // A closed way is looked at again now and then; that is no plan for an attempt.
  if (waits && lane === undefined && delivery.attempts === 0) return due(delivery, lane, undefined)
  return waits ? planned(delivery, nextAt) : due(delivery, lane, nextAt)
}

function underWay({ attempts, leasedAt, nextAt, lane }: Delivery): string {
  const since = leasedAt === undefined ? '' : ` since ${time(leasedAt)}`
  const until = nextAt === undefined ? '' : ` If it is lost, another begins at ${time(nextAt)}.`
  return `Attempt ${attempts} towards ${lane} has been under way${since}.${until}`
}

function taken({ lane, submittedAt }: Delivery): string {
  return submittedAt === undefined ? `${lane} took it.` : `${lane} took it at ${time(submittedAt)}.`
}

function awaited({ expects, nextAt }: Delivery): string {
  const what = expects === 'response' ? 'Its answer to the request' : 'Its delivery report'
  return nextAt === undefined ? `${what} is awaited.` : `${what} is awaited until ${time(nextAt)}.`
}

function planned(delivery: Delivery, nextAt: number): string {
  const { attempts, reason, expiresAt } = delivery
  if (attempts === 0) return `Its first attempt is planned for ${time(nextAt)}.`
  const why = reason === undefined ? '' : `: ${REASONS[reason].text}`
  const last = `It expires at ${time(expiresAt)}.`
  return `Attempt ${attempts} failed for now${why}. The next is at ${time(nextAt)}. ${last}`
}

function due(delivery: Delivery, lane: LaneFacts | undefined, nextAt: number | undefined): string {
  const since = nextAt === undefined ? 'It is due' : `It has been due since ${time(nextAt)}`
  const until = `until ${time(delivery.expiresAt)}, when it expires`
  if (lane === undefined) {
    return `${since}, but no way out called ${delivery.lane} is configured; it waits ${until}.`
  }
  if (!lane.open) {
    const because = lane.closedBecause ?? 'nothing leaves that way now'
    return `${since}, but towards ${delivery.lane} ${because}; it waits ${until}.`
  }
  if (lane.concurrency < 1) {
    return `${since}, but nobody is there to take it from ${delivery.lane}; it waits ${until}.`
  }
  const pace = lane.perSecond === undefined ? '' : ` at no more than ${lane.perSecond} per second`
  const places = `${delivery.lane} sends ${lane.concurrency} at once${pace}`
  return `${since} and is in line: ${places}, and ${lane.held} are under way or ahead.`
}

function time(at: number): string {
  return new Date(at).toISOString()
}
