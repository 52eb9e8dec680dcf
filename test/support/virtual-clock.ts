/**
 * Time that moves only when told. Timers fire in the order of their moments, equal ones in the
 * order in which they were set, and everything a timer sets going runs to its end before the next
 * one fires: the same calls always give the same story.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock, Timer } from '../../src/engine/ports/clock.ts'

export interface VirtualClock extends Clock {
  /** Moves time forward and fires what becomes due on the way. */
  advance(ms: number): Promise<void>
  /** Fires the next timer, if it is due by `until`; false when there is none. */
  step(until: number): Promise<boolean>
  /** Lets everything run that waits for nothing but its turn. */
  drain(): Promise<void>
  /** Timers that wait. */
  readonly waiting: number
}

interface Entry {
  readonly at: number
  readonly order: number
  readonly callback: () => void
  cancelled: boolean
}

/** A clock that shows `startAt` (epoch milliseconds) until it is moved. */
export function createVirtualClock(startAt = Date.UTC(2026, 0, 1)): VirtualClock {
  const heap = createHeap()
  let now = startAt
  let order = 0

  async function step(until: number): Promise<boolean> {
    const entry = heap.take(until)
    if (entry === undefined) return false
    now = Math.max(now, entry.at)
    entry.callback()
    await turn()
    return true
  }

  return {
    now: () => now,
    wakeAt(at, callback): Timer {
      const entry = { at, order, callback, cancelled: false }
      order += 1
      heap.put(entry)
      return {
        cancel() {
          entry.cancelled = true
        },
      }
    },
    step,
    async advance(ms) {
      const until = now + ms
      await turn()
      while (await step(until));
      now = Math.max(now, until)
    },
    async drain() {
      await turn()
    },
    get waiting() {
      return heap.size()
    },
  }
}

/** Timers, the next one on top. */
function createHeap() {
  const entries: Entry[] = []
  const before = (left: Entry, right: Entry) =>
    left.at < right.at || (left.at === right.at && left.order < right.order)

  function swap(a: number, b: number): void {
    const [left, right] = [entries[a], entries[b]]
    if (left === undefined || right === undefined) return
    entries[a] = right
    entries[b] = left
  }

  function isBefore(a: number, b: number): boolean {
    const [left, right] = [entries[a], entries[b]]
    return left !== undefined && right !== undefined && before(left, right)
  }

  function put(entry: Entry): void {
    entries.push(entry)
    for (let at = entries.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (!isBefore(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }

  function pop(): void {
    swap(0, entries.length - 1)
    entries.pop()
    for (let at = 0; ; ) {
      let first = at
      for (const child of [2 * at + 1, 2 * at + 2]) if (isBefore(child, first)) first = child
      if (first === at) return
      swap(at, first)
      at = first
    }
  }

  return {
    put,
    /** Takes the next timer out, if it is due by `until`. */
    take(until: number): Entry | undefined {
      for (let top = entries[0]; top !== undefined; top = entries[0]) {
        if (!top.cancelled && top.at > until) return undefined
        pop()
        if (!top.cancelled) return top
      }
      return undefined
    },
    size: () => entries.filter(({ cancelled }) => !cancelled).length,
  }
}
