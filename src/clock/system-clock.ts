/**
 * The machine's clock, with an offset that the sandbox and tests may move forward. The one place of
 * the product that reads the time of day.
 */
import type { Clock, Timer } from '../engine/ports/clock.ts'

/** A clock that can be moved forward; timers that become due fire. */
export interface MovableClock extends Clock {
  /** Moves time forward; negative values are refused, time never runs back. */
  advance(ms: number): void
  /** How far it was moved, in milliseconds. */
  readonly offsetMs: number
  /** Lets go of all timers. */
  close(): void
}

/** Node's timers hold 31 bits of milliseconds; longer waits are taken in steps. */
const TIMER_MS_MAX = 2_000_000_000

interface Entry {
  readonly at: number
  readonly callback: () => void
  handle: NodeJS.Timeout | undefined
}

export function openSystemClock(): MovableClock {
  let offsetMs = 0
  const entries = new Set<Entry>()

  function now(): number {
    return Date.now() + offsetMs
  }

  function arm(entry: Entry): void {
    clearTimeout(entry.handle)
    const waitMs = Math.min(Math.max(0, entry.at - now()), TIMER_MS_MAX)
    entry.handle = setTimeout(() => fire(entry), waitMs)
    // Waiting work must not keep a process alive that has nothing else to do.
    entry.handle.unref()
  }

  function fire(entry: Entry): void {
    if (!entries.has(entry)) return
    if (entry.at > now()) {
      arm(entry)
      return
    }
    entries.delete(entry)
    entry.callback()
  }

  return {
    now,
    wakeAt(at, callback): Timer {
      const entry: Entry = { at, callback, handle: undefined }
      entries.add(entry)
      arm(entry)
      return {
        cancel() {
          entries.delete(entry)
          clearTimeout(entry.handle)
        },
      }
    },
    advance(ms) {
      if (ms < 0) return
      offsetMs += ms
      for (const entry of entries) arm(entry)
    },
    get offsetMs() {
      return offsetMs
    },
    close() {
      for (const entry of entries) clearTimeout(entry.handle)
      entries.clear()
    },
  }
}
