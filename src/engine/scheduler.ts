/**
 * One pump per lane, made when the lane first has work. Knows which lanes exist after a restart,
 * and nothing of what they carry.
 */

import type { Dispatcher } from './dispatcher.ts'
import { LanePump, type LaneSettings } from './lane-pump.ts'
import type { EngineParts, Kick } from './parts.ts'
import type { Claimed, LeasedNotice } from './ports/store.ts'
import type { Reporter } from './reporter.ts'

export interface Scheduler extends Kick {
  /** Starts the lanes that hold work from before. */
  resume(): Promise<void>
  /** Looks at every lane again: routes or clients changed. */
  wakeAll(): void
  /** Entries held in memory, all lanes. */
  held(): number
  stop(): Promise<void>
}

/** A lease outlives its attempt by this much, so that a slow settle is not taken for a crash. */
const LEASE_MARGIN_MS = 30_000
/** A lane whose way out is not configured now looks again after this. */
const CLOSED: LaneSettings = { concurrency: 1, open: false }

export function createScheduler(
  parts: EngineParts,
  dispatcher: Dispatcher,
  reporter: Reporter,
): Scheduler {
  const { store, clock, limits } = parts
  const deliveries = new Map<string, LanePump<Claimed>>()
  const notices = new Map<string, LanePump<LeasedNotice>>()
  /** Notice lanes are named by their first claim's client; settings come from there. */
  const noticeSettings = new Map<string, LaneSettings & { readonly attemptTimeoutMs: number }>()
  let stopped = false

  function deliveryPump(lane: string): LanePump<Claimed> {
    const known = deliveries.get(lane)
    if (known !== undefined) return known
    const pump = new LanePump<Claimed>({
      clock,
      windowMax: limits.laneWindowMax,
      settings: () => {
        const way = parts.connectorFor(lane)?.lane
        return way === undefined ? CLOSED : { ...way, open: true }
      },
      claim: async (limit) => {
        const now = clock.now()
        const timeoutMs = parts.connectorFor(lane)?.lane.attemptTimeoutMs ?? 0
        const leaseUntil = now + timeoutMs + LEASE_MARGIN_MS
        const [found] = await store.commit([{ op: 'claim', lane, now, leaseUntil, limit }])
        return { ...found, entries: found.claimed }
      },
      run: (claimed) => dispatcher.run(claimed),
      alarm: (error) => parts.alarm(`lane ${lane}`, error),
    })
    deliveries.set(lane, pump)
    return pump
  }

  function noticePump(lane: string): LanePump<LeasedNotice> {
    const known = notices.get(lane)
    if (known !== undefined) return known
    const pump = new LanePump<LeasedNotice>({
      clock,
      windowMax: limits.laneWindowMax,
      settings: () => noticeSettings.get(lane) ?? { concurrency: 1, open: true },
      claim: async (limit) => {
        const now = clock.now()
        const timeoutMs = noticeSettings.get(lane)?.attemptTimeoutMs ?? LEASE_MARGIN_MS
        const leaseUntil = now + timeoutMs + LEASE_MARGIN_MS
        const [found] = await store.commit([{ op: 'claim-notices', lane, now, leaseUntil, limit }])
        for (const leased of found.claimed) {
          const current = reporter.laneOf(leased)
          if (current !== undefined) noticeSettings.set(lane, { ...current, open: true })
        }
        return { ...found, entries: found.claimed }
      },
      run: (leased) => reporter.run(leased),
      alarm: (error) => parts.alarm(`lane ${lane}`, error),
    })
    notices.set(lane, pump)
    return pump
  }

  return {
    delivery(lane, at) {
      if (!stopped) deliveryPump(lane).kick(at)
    },
    notice(lane, at) {
      if (!stopped) noticePump(lane).kick(at)
    },
    async resume() {
      const lanes = await store.read({ query: 'lanes' })
      const now = clock.now()
      for (const lane of lanes.deliveries) deliveryPump(lane).kick(now)
      for (const lane of lanes.notices) noticePump(lane).kick(now)
    },
    wakeAll() {
      const now = clock.now()
      for (const pump of deliveries.values()) pump.kick(now)
      for (const pump of notices.values()) pump.kick(now)
    },
    held() {
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
