/**
 * The slow rounds: ends what is past its validity whatever its lane is doing, and parts whose others
 * did not come, and forgets what ended long ago. Rows go before bytes, never the reverse.
 */
import type { Message } from '../core/message.ts'
import { CLOSED_LANE } from './closed-lane.ts'
import { type EngineParts, type Kick, subjectOf } from './parts.ts'
import type { Timer } from './ports/clock.ts'
import type { Delivery } from './ports/store.ts'
import { settleTimeout } from './settle.ts'

export interface Sweeper {
  start(): void
  /** One round; resolves when it is done. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

/** Rows per step: small enough that a round never holds the writer for long. */
const STEP_ROWS = 500
const LEASE_MS = 30_000
/** `expireParts` ends late sets; `reclaim` gives segments back to the disk after rows are gone. */
export function createSweeper(
  parts: EngineParts,
  kick: Kick,
  expireParts: () => Promise<void>,
  reclaim: () => Promise<void>,
): Sweeper {
  const { store, clock, limits, crashPoint } = parts
  let timer: Timer | undefined
  let round: Promise<void> = Promise.resolve()
  let stopped = false

  async function expire(): Promise<void> {
    for (;;) {
      const now = clock.now()
      const [due] = await store.commit([
        { op: 'claim-expired', now, leaseUntil: now + LEASE_MS, limit: STEP_ROWS },
      ])
      await Promise.all(due.claimed.map(({ delivery, message }) => end(delivery, message)))
      if (stopped || due.claimed.length < STEP_ROWS) return
    }
  }

  async function end(delivery: Delivery, message: Message): Promise<void> {
    const settlement = settleTimeout({
      message,
      // The lease made it `attempting`; what ends is a delivery that was waiting.
      delivery,
      lane: parts.connectorFor(delivery.lane)?.lane ?? CLOSED_LANE,
      now: clock.now(),
      random: parts.random,
      reports: parts.reports,
    })
    const [result] = await store.commit([
      { op: 'settle', deliveryId: delivery.id, version: delivery.version, ...settlement },
    ])
    // Stale: a report was faster. What it left open is its lane's to look at.
    if (result.kind === 'stale') {
      const nextAt = result.current?.nextAt
      if (nextAt !== undefined) kick.delivery(delivery.lane, nextAt)
      return
    }
    parts.observe(subjectOf(message), settlement.events)
    for (const notice of settlement.notices) kick.notice(notice.lane, notice.nextAt)
  }

  async function forget(): Promise<void> {
    const before = clock.now() - limits.retentionMs
    for (;;) {
      const [gone] = await store.commit([{ op: 'purge', before, limit: STEP_ROWS }])
      if (gone.messages > 0) crashPoint('C17-purged')
      if (stopped || !gone.more) break
    }
    await reclaim()
  }

  async function sweep(): Promise<void> {
    try {
      await expire()
      await expireParts()
      await forget()
    } catch (error) {
      parts.alarm('sweeper', error)
    }
  }

  function start(): void {
    if (stopped) return
    timer = clock.wakeAt(clock.now() + limits.sweepIntervalMs, () => {
      round = sweep().then(start)
    })
  }

  return {
    start,
    sweep,
    async stop() {
      stopped = true
      timer?.cancel()
      await round
    },
  }
}
