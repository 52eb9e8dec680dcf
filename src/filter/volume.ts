/** Counts per name inside windows of time, in bounded memory. */

export interface Volume {
  /** Adds to the count of a name and answers what it is now, in the present window. */
  add(name: string, count: number): number
}

interface Count {
  startedAt: number
  count: number
}

/**
 * A window begins with the first count in it. `namesMax`: of more names the one counted longest ago
 * is forgotten, which can only let something pass. `now`: epoch milliseconds.
 */
export function createVolume(windowMs: number, namesMax: number, now: () => number): Volume {
  const counts = new Map<string, Count>()
  return {
    add(name, more) {
      const at = now()
      const known = counts.get(name)
      const fresh = known === undefined || at - known.startedAt >= windowMs
      const entry = fresh ? { startedAt: at, count: 0 } : known
      entry.count += more
      // To the end of the order of the map: the first is the one to forget.
      counts.delete(name)
      counts.set(name, entry)
      if (counts.size > namesMax) {
        for (const oldest of counts.keys()) {
          counts.delete(oldest)
          break
        }
      }
      return entry.count
    },
  }
}
