/**
 * Runs what a lane has leased: one attempt for a fresh or repeated delivery, a decision for one
 * whose timer ran out or whose earlier holder vanished.
 */
import type { Message, Part } from '../core/message.ts'
import type { Outcome } from '../core/outcome.ts'
import { type EngineParts, type Kick, subjectOf } from './parts.ts'
import type { Attempt, Connector } from './ports/connector.ts'
import type { Claimed, Delivery, ParkedReport } from './ports/store.ts'
import {
  type Circumstances,
  type Settlement,
  settleAttempt,
  settleLostAttempt,
  settleTimeout,
} from './settle.ts'

export interface Dispatcher {
  /** Never rejects for anything a peer did. */
  run(claimed: Claimed): Promise<void>
}

/** A settlement may meet a report that was faster this often before the lease is given up. */
const STALE_RETRIES_MAX = 5

/** `apply` hands a report that was parked until now to the receipts. */
export function createDispatcher(
  parts: EngineParts,
  kick: Kick,
  apply: (delivery: Delivery, message: Message, parked: ParkedReport) => Promise<void>,
): Dispatcher {
  const { store, clock, crashPoint } = parts

  async function run(claimed: Claimed): Promise<void> {
    const { delivery } = claimed
    const connector = parts.connectorFor(delivery.lane)
    // The directory changed after the claim: the lease runs out and the delivery waits.
    if (connector === undefined) return
    crashPoint('C6-leased')
    if (claimed.previous === 'attempting') {
      return settle(claimed, connector, (at) => settleLostAttempt(at, parts.limits.lostAttemptsMax))
    }
    const outOfTime = delivery.expiresAt <= clock.now()
    if (claimed.previous === 'submitted' || outOfTime) {
      return settle(claimed, connector, settleTimeout)
    }
    const startedAt = clock.now()
    const outcome = await attempt(claimed, connector)
    crashPoint('C10-answered')
    await settle(claimed, connector, (at) => settleAttempt(at, outcome, startedAt))
  }

  async function attempt(claimed: Claimed, connector: Connector): Promise<Outcome> {
    const abort = new AbortController()
    const timer = clock.wakeAt(clock.now() + connector.lane.attemptTimeoutMs, () => abort.abort())
    try {
      // Bytes that are not yet on disk were never promised to anybody, so they must not leave.
      await parts.media.durable(claimed.message.content)
      return await connector.deliver(attemptOf(parts, claimed), abort.signal)
    } catch (error) {
      // Ours, by the connector's contract: the message stays and is tried again.
      parts.alarm(`attempt on ${claimed.delivery.lane}`, error)
      return { kind: 'deferred', reason: 'internal-error', raw: String(error) }
    } finally {
      timer.cancel()
    }
  }

  async function settle(
    claimed: Claimed,
    connector: Connector,
    decide: (at: Circumstances) => Settlement,
  ): Promise<void> {
    const { message } = claimed
    const holding = claimed.delivery.token
    let delivery = claimed.delivery
    for (let tries = 0; tries < STALE_RETRIES_MAX; tries += 1) {
      const settlement = decide({
        message,
        delivery,
        lane: connector.lane,
        now: clock.now(),
        random: parts.random,
        reports: parts.reports,
      })
      const [result] = await store.commit([
        { op: 'settle', deliveryId: delivery.id, version: delivery.version, ...settlement },
      ])
      if (result.kind === 'done') {
        crashPoint('C11-settled')
        return after(message, { ...delivery, version: result.version }, settlement, result.parked)
      }
      // Somebody with a younger lease holds it now: this result is a zombie's and is dropped.
      if (result.current === undefined || result.current.token !== holding) return
      delivery = result.current
    }
  }

  async function after(
    message: Message,
    delivery: Delivery,
    { change, events, notices }: Settlement,
    parked: readonly ParkedReport[],
  ): Promise<void> {
    parts.observe(subjectOf(message), events)
    if (change.nextAt !== undefined) kick.delivery(delivery.lane, change.nextAt)
    for (const notice of notices) kick.notice(notice.lane, notice.nextAt)
    for (const report of parked) await apply(changed(delivery, change), message, report)
  }

  return { run }
}

/** The delivery as it is after a change. */
export function changed(delivery: Delivery, change: Settlement['change']): Delivery {
  const { nextAt, reason, expects, remoteId, submittedAt, ...rest } = { ...delivery, ...change }
  return {
    ...rest,
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(reason === undefined ? {} : { reason }),
    ...(expects === undefined ? {} : { expects }),
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(submittedAt === undefined ? {} : { submittedAt }),
  }
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
    async *open(part: Part) {
      for await (const piece of media.read(message.content, part.offset, part.length)) {
        crashPoint('C8-mid-body')
        yield piece
      }
    },
  }
}
