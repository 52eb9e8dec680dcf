/**
 * One pump per lane, made when the lane first has work. Knows which lanes exist after a restart,
 * and nothing of what they carry.
 */
import { CLOSED_LANE } from './closed-lane.ts'
import type { Dispatcher } from './dispatcher.ts'
import { LanePump, type LaneSettings, longestPaceMs } from './lane-pump.ts'
import type { EngineParts, Kick, Outbox } from './parts.ts'
import type { Claimed, LeasedNotice, NewNotice } from './ports/store.ts'
import type { Reporter } from './reporter.ts'

export interface Scheduler extends Kick, Outbox {
  /** Starts the lanes that hold work from before. */
  resume(): Promise<void>
  /** Looks at every lane again: routes or clients changed. */
  wakeAll(): void
  /** Entries held in memory: all, or those of one way out. */
  held(lane?: string): number
  stop(): Promise<void>
}

/** A lease outlives its attempt by this much, so that a slow settle is not taken for a crash. */
const LEASE_MARGIN_MS = 30_000
/** Lease of the first notices of a lane, whose settings are only known once some were read. */
const FIRST_NOTICE_LEASE_MS = 600_000

/** The client of a lane is away: its notices wait. */
const NOBODY_THERE: LaneSettings = { concurrency: 0 }

interface Timed {
  readonly attemptTimeoutMs: number
}

interface HeldNotice {
  readonly leased: LeasedNotice
  /** Epoch milliseconds. */
  readonly leaseUntil: number
}

/** What is claimed waits for its turn in the pace and for one whole attempt before its own. */
function leaseMs(way: LaneSettings & Timed): number {
  return longestPaceMs(way.rate) + 2 * way.attemptTimeoutMs + LEASE_MARGIN_MS
}

export function createScheduler(
  parts: EngineParts,
  dispatcher: Dispatcher,
  reporter: Reporter,
): Scheduler {
  const { store, clock, limits } = parts
  const deliveries = new Map<string, LanePump<Claimed>>()
  const notices = new Map<string, LanePump<HeldNotice>>()
  /** Notice lanes are named by their first claim's client; settings come from there. */
  const noticeSettings = new Map<string, LaneSettings & Timed>()
  /** Lanes that were looked at while they had no way out. */
  const closed = new Set<string>()
  let stopped = false

  function wayOf(lane: string): LaneSettings & Timed {
    return parts.connectorFor(lane)?.lane ?? CLOSED_LANE
  }

  function deliveryPump(lane: string): LanePump<Claimed> {
    const known = deliveries.get(lane)
    if (known !== undefined) return known
    const pump = new LanePump<Claimed>({
      clock,
      windowMax: limits.laneWindowMax,
      settings: () => wayOf(lane),
      claim: async (limit) => {
        const way = wayOf(lane)
        if (way === CLOSED_LANE) closed.add(lane)
        const now = clock.now()
        const leaseUntil = now + leaseMs(way)
        const [found] = await store.commit([{ op: 'claim', lane, now, leaseUntil, limit }])
        return { entries: found.claimed, ...found }
      },
      run: (claimed) => dispatcher.run(claimed),
      release: (claimed) => dispatcher.release(claimed),
      alarm: (error) => parts.alarm(`lane ${lane}`, error),
    })
    deliveries.set(lane, pump)
    return pump
  }

  function learnSettings(leased: LeasedNotice): void {
    const current = reporter.laneOf(leased)
    if (current !== undefined) noticeSettings.set(leased.lane, current)
  }

  function leasedFromBirth(plain: NewNotice): NewNotice {
    const { lane, nextAt, notice } = plain
    const settings = noticeSettings.get(lane)
    const now = clock.now()
    if (settings === undefined || nextAt > now || !noticePump(lane).reserve()) return plain
    return { lane, nextAt, leaseUntil: now + leaseMs(settings), notice }
  }

  function noticePump(lane: string): LanePump<HeldNotice> {
    const known = notices.get(lane)
    if (known !== undefined) return known
    const pump = new LanePump<HeldNotice>({
      clock,
      windowMax: limits.laneWindowMax,
      settings: () =>
        parts.reports.reachable?.(lane) === false
          ? NOBODY_THERE
          : (noticeSettings.get(lane) ?? { concurrency: 1 }),
      claim: async (limit) => {
        const now = clock.now()
        const settings = noticeSettings.get(lane)
        const leaseUntil =
          now + (settings === undefined ? FIRST_NOTICE_LEASE_MS : leaseMs(settings))
        const [found] = await store.commit([{ op: 'claim-notices', lane, now, leaseUntil, limit }])
        for (const leased of found.claimed) learnSettings(leased)
        return { entries: found.claimed.map((leased) => ({ leased, leaseUntil })), ...found }
      },
      run: ({ leased, leaseUntil }) => reporter.run(leased, leaseUntil),
      // The next start frees the lease; nothing is lost by waiting, a client may be told twice.
      release: async () => {},
      alarm: (error) => parts.alarm(`lane ${lane}`, error),
    })
    notices.set(lane, pump)
    return pump
  }

  /** What was put off because its way was closed need not wait any longer. */
  async function reopen(lane: string): Promise<void> {
    closed.delete(lane)
    const now = clock.now()
    await store.commit([{ op: 'make-due', lane, now }])
    deliveryPump(lane).kick(now)
  }

  return {
    delivery(lane, at) {
      if (!stopped) deliveryPump(lane).kick(at)
    },
    notice(lane, at) {
      if (!stopped) noticePump(lane).kick(at)
    },
    lease(notices) {
      return stopped || notices.length === 0 ? notices : notices.map(leasedFromBirth)
    },
    stored(notices, leased = []) {
      for (const { lane, notice, nextAt, leaseUntil } of notices) {
        if (leaseUntil === undefined) {
          if (!stopped) noticePump(lane).kick(nextAt)
          continue
        }
        const born = leased.find((each) => each.notice === notice)
        const pump = noticePump(lane)
        // One that waits behind another of its delivery is looked for when that is told.
        if (born === undefined) {
          pump.fill()
          continue
        }
        learnSettings(born)
        pump.fill({ leased: born, leaseUntil })
        pump.kick(leaseUntil)
      }
    },
    dropped(notices) {
      for (const { lane, leaseUntil } of notices)
        if (leaseUntil !== undefined) noticePump(lane).fill()
    },
    async resume() {
      const lanes = await store.read({ query: 'lanes' })
      const now = clock.now()
      for (const lane of lanes.deliveries) deliveryPump(lane).kick(now)
      for (const lane of lanes.notices) noticePump(lane).kick(now)
    },
    wakeAll() {
      const now = clock.now()
      for (const lane of [...closed]) {
        if (wayOf(lane) === CLOSED_LANE) continue
        reopen(lane).catch((error) => parts.alarm(`lane ${lane}`, error))
      }
      for (const pump of deliveries.values()) pump.kick(now)
      for (const pump of notices.values()) pump.kick(now)
    },
    held(lane) {
      if (lane !== undefined) return deliveries.get(lane)?.held ?? 0
      let sum = 0
      for (const pump of deliveries.values()) sum += pump.held
      for (const pump of notices.values()) sum += pump.held
      return sum
    },
    async stop() {
      stopped = true
      const pumps = [...deliveries.values(), ...notices.values()]
      await Promise.all(pumps.map((pump) => pump.stop()))
    },
  }
}
