/**
 * Runs what a lane has leased: one attempt for a fresh or repeated delivery, a decision for one
 * whose timer ran out or whose earlier holder vanished.
 */
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Message, Part } from '../core/message.ts'
import type { Outcome } from '../core/outcome.ts'
import { changed } from './changed.ts'
import { CLOSED_LANE, CLOSED_LOOK_MS } from './closed-lane.ts'
import { fitAttempt } from './fitting.ts'
import { insist } from './insist.ts'
import type { KnownNames } from './known-names.ts'
import { type EngineParts, type Kick, type Outbox, subjectOf } from './parts.ts'
import type { Attempt, Connector, Lane } from './ports/connector.ts'
import type { StoredBytes } from './ports/media.ts'
import type { Claimed, Delivery, Op, OpResults, ParkedReport } from './ports/store.ts'
import type { Receipts } from './receipts.ts'
import {
  type Circumstances,
  type Settlement,
  settleAttempt,
  settleLostAttempt,
  settleTimeout,
} from './settle.ts'
import type { Watches } from './watches.ts'

export interface Dispatcher {
  /** Never rejects for anything a peer did. */
  run(claimed: Claimed): Promise<void>
  /** Gives back a lease under which nothing was tried, as if it had never been taken. */
  release(claimed: Claimed): Promise<void>
}

/** A settlement may meet a report that was faster this often before the fault is ours. */
const STALE_RETRIES_MAX = 5

type SettleOp = Extract<Op, { readonly op: 'settle' }>

type Decide = (at: Circumstances) => Settlement

/** How an attempt ended, and what was done to the content before it. */
interface Tried {
  readonly outcome: Outcome
  readonly before: readonly MessageEvent[]
}

/** Who hears of what the dispatcher settles. */
export interface DispatcherHearers {
  readonly outbox: Outbox
  /** Learns what far ends call deliveries. */
  readonly names: KnownNames
  /** Clients that wait for the first answer. */
  readonly watches: Watches
  /** Takes a report that was parked until now. */
  readonly apply: Receipts['apply']
}

export function createDispatcher(
  parts: EngineParts,
  kick: Kick,
  { outbox, names, watches, apply }: DispatcherHearers,
): Dispatcher {
  const { store, clock, crashPoint } = parts
  const fitting = { adapter: parts.adapter, now: () => clock.now() }

  async function run(claimed: Claimed): Promise<void> {
    const { delivery, previous } = claimed
    const connector = parts.connectorFor(delivery.lane)
    const now = clock.now()
    crashPoint('C6-leased')
    if (previous === 'attempting') return settleLost(claimed)
    if (previous === 'submitted' || delivery.expiresAt <= now) {
      return settleUnlessMoved(claimed, laneOf(claimed), settleTimeout)
    }
    if (connector === undefined) {
      return putBack(claimed, Math.min(now + CLOSED_LOOK_MS, delivery.expiresAt))
    }
    // An attempt that outlived its lease would meet its own repetition.
    if (now + connector.lane.attemptTimeoutMs > (delivery.nextAt ?? 0)) return release(claimed)
    const { outcome, before } = await attempt(claimed, connector)
    crashPoint('C10-answered')
    // By the settings it was made under, whatever became of its way meanwhile.
    await settle(claimed, connector.lane, (at) => {
      const settlement = settleAttempt(at, outcome, now)
      return before.length === 0
        ? settlement
        : { ...settlement, events: [...before, ...settlement.events] }
    })
  }

  function laneOf({ delivery }: Claimed): Lane {
    return parts.connectorFor(delivery.lane)?.lane ?? CLOSED_LANE
  }

  function release(claimed: Claimed): Promise<void> {
    return putBack(claimed, clock.now())
  }

  async function putBack({ delivery, previous }: Claimed, nextAt: number): Promise<void> {
    const { id: deliveryId, version, lane } = delivery
    const change = { state: previous, nextAt }
    await store.commit([{ op: 'settle', deliveryId, version, change, events: [], notices: [] }])
    kick.delivery(lane, nextAt)
  }

  async function attempt(claimed: Claimed, connector: Connector): Promise<Tried> {
    const { lane } = connector
    const abort = new AbortController()
    const timer = clock.wakeAt(clock.now() + lane.attemptTimeoutMs, () => abort.abort())
    try {
      // Bytes that are not yet on disk were never promised to anybody, so they must not leave.
      await parts.media.durable(claimed.message.content)
      const plain = attemptOf(parts, claimed)
      if (lane.budget === undefined) {
        return { outcome: await connector.deliver(plain, abort.signal), before: [] }
      }
      const fitted = await fitAttempt(fitting, claimed.delivery.lane, lane, plain, abort.signal)
      if (fitted.kind === 'ended') return { outcome: fitted.outcome, before: [] }
      try {
        const outcome = await connector.deliver(fitted.attempt, abort.signal)
        return { outcome, before: fitted.events }
      } finally {
        fitted.release()
      }
    } catch (error) {
      // Ours, by the connector's contract: the message stays and is tried again.
      parts.alarm(`attempt on ${claimed.delivery.lane}`, error)
      const outcome = { kind: 'deferred', reason: 'internal-error', raw: String(error) } as const
      return { outcome, before: [] }
    } finally {
      timer.cancel()
    }
  }

  /** A row cannot count the attempts it lost; its history can, and losses are rare enough to ask. */
  async function settleLost(claimed: Claimed): Promise<void> {
    const { id: messageId } = claimed.message
    const story = await store.read({ query: 'message', messageId })
    const lost = (story?.events ?? []).filter(
      ({ type, delivery }) => type === 'attempt-lost' && delivery === claimed.delivery.index,
    )
    const poisoned = lost.length >= parts.limits.lostAttemptsMax
    const decide = (at: Circumstances) => settleLostAttempt(at, poisoned)
    await settleUnlessMoved(claimed, laneOf(claimed), decide)
  }

  /** A decision that only holds for the delivery as it was claimed: any news is better than it. */
  function settleUnlessMoved(claimed: Claimed, lane: Lane, decide: Decide): Promise<void> {
    const { state, nextAt } = claimed.delivery
    return settle(claimed, lane, (at) => {
      const moved = at.delivery.state !== state || at.delivery.nextAt !== nextAt
      return moved ? undefined : decide(at)
    })
  }

  function settle(
    claimed: Claimed,
    lane: Lane,
    decide: (at: Circumstances) => Settlement | undefined,
  ): Promise<void> {
    return watches.during(claimed.message.id, (clientWaits) =>
      settleFor(clientWaits, claimed, lane, decide),
    )
  }

  async function settleFor(
    clientWaits: boolean,
    claimed: Claimed,
    lane: Lane,
    decide: (at: Circumstances) => Settlement | undefined,
  ): Promise<void> {
    const { message } = claimed
    const leaseUntil = claimed.delivery.nextAt ?? 0
    let delivery = claimed.delivery
    for (let tries = 0; tries < STALE_RETRIES_MAX; tries += 1) {
      const settlement = decide({
        message,
        delivery,
        lane,
        now: clock.now(),
        random: parts.random,
        reports: parts.reports,
        clientWaits,
      })
      if (settlement === undefined) {
        if (delivery.nextAt !== undefined) kick.delivery(delivery.lane, delivery.nextAt)
        return
      }
      if (isFinal(delivery.state)) return keep(message, settlement)
      const result = await commit(message, delivery, settlement, leaseUntil)
      if (result.kind === 'done') return
      // Somebody with a younger lease holds it now: this result is a zombie's and is dropped.
      if (result.current?.token !== claimed.delivery.token) return
      delivery = result.current
    }
    throw new Error(`delivery ${delivery.id} changed ${STALE_RETRIES_MAX} times under one attempt`)
  }

  async function commit(
    message: Message,
    delivery: Delivery,
    settlement: Settlement,
    leaseUntil: number,
  ): Promise<OpResults['settle']> {
    const { link } = settlement
    const notices = outbox.lease(settlement.notices)
    const { id: deliveryId, version } = delivery
    const op: SettleOp = { op: 'settle', deliveryId, version, ...settlement, notices }
    const name = link === undefined ? undefined : names.expect(link)
    let tries = 0
    let kept: OpResults['settle'] | undefined
    try {
      const [result] = await insist(clock, leaseUntil, () => {
        tries += 1
        // A report that waits for the name is not kept waiting for room on the disk.
        if (tries > 1) name?.done()
        return store.commit([op])
      })
      kept = result
      if (result.kind === 'done') {
        crashPoint('C11-settled')
        const known = { ...delivery, version: result.version }
        const applied = after(message, known, settlement, result.parked)
        outbox.stored(notices, result.leased)
        name?.done()
        await applied
      }
      return result
    } finally {
      name?.done()
      if (kept?.kind !== 'done') outbox.dropped(notices)
    }
  }

  /** Nothing leaves a final state, the store says so too: what was tried meanwhile is evidence. */
  async function keep(message: Message, { events }: Settlement): Promise<void> {
    await store.commit([{ op: 'append', messageId: message.id, events }])
    parts.observe(subjectOf(message), events)
  }

  async function after(
    message: Message,
    delivery: Delivery,
    { change, events, link }: Settlement,
    parked: readonly ParkedReport[],
  ): Promise<void> {
    parts.observe(subjectOf(message), events)
    if (change.nextAt !== undefined) kick.delivery(delivery.lane, change.nextAt)
    // Only an attempt makes an id known, so there is one, and it began with this lease or later.
    const since = delivery.leasedAt ?? 0
    const now = changed(delivery, change)
    watches.moved(message.id, now)
    if (link !== undefined) names.keep(link.route, link.remoteId, { delivery: now, message })
    for (const report of parked) await apply(now, message, report, since)
  }

  return { run, release }
}

function attemptOf(parts: EngineParts, { delivery, message }: Claimed): Attempt {
  const { media, crashPoint } = parts
  return {
    messageId: message.id,
    index: delivery.index,
    accountId: message.accountId,
    key: `${message.id}-${delivery.index}`,
    number: delivery.attempts + 1,
    recipient: delivery.recipient,
    envelope: message.envelope,
    acceptedAt: message.acceptedAt,
    expiresAt: message.expiresAt,
    dialect: message.dialect,
    content: message.content,
    open(part: Part) {
      const bytes = media.read(message.content, part.offset, part.length)
      return isList(bytes) ? passed(bytes, crashPoint) : passedOn(bytes, crashPoint)
    },
  }
}

/** `Array.isArray` does not know lists that must not be changed. */
function isList(bytes: StoredBytes): bytes is readonly Uint8Array[] {
  return Array.isArray(bytes)
}

function passed(
  pieces: readonly Uint8Array[],
  crashPoint: EngineParts['crashPoint'],
): readonly Uint8Array[] {
  for (const _ of pieces) crashPoint('C8-mid-body')
  return pieces
}

async function* passedOn(
  bytes: AsyncIterable<Uint8Array>,
  crashPoint: EngineParts['crashPoint'],
): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    crashPoint('C8-mid-body')
    yield piece
  }
}
