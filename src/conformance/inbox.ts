/** What came in for whom, remembered, and waited for where it is still to come. */

export interface Inbox<Item> {
  keep(key: string, item: Item): void
  /**
   * The first one for this key that is wanted; all there were, when none came in time. `signal` ends
   * the waiting earlier.
   */
  find(
    key: string,
    wanted: (item: Item) => boolean,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Found<Item>>
}

export interface Found<Item> {
  readonly found: Item | undefined
  readonly all: readonly Item[]
}

/** Keys that are remembered; what comes for others is dropped. */
const KEYS_MAX = 10_000

export function createInbox<Item>(): Inbox<Item> {
  const byKey = new Map<string, Item[]>()
  const waiting = new Set<() => void>()
  return {
    keep(key, item) {
      const items = byKey.get(key)
      if (items !== undefined) items.push(item)
      else if (byKey.size < KEYS_MAX) byKey.set(key, [item])
      for (const look of waiting) look()
    },
    find(key, wanted, timeoutMs, signal) {
      return new Promise((resolve) => {
        const leave = () => end(undefined)
        const timer = setTimeout(leave, timeoutMs)
        signal?.addEventListener('abort', leave, { once: true })
        const end = (found: Item | undefined) => {
          clearTimeout(timer)
          waiting.delete(look)
          signal?.removeEventListener('abort', leave)
          resolve({ found, all: byKey.get(key) ?? [] })
        }
        const look = () => {
          const found = byKey.get(key)?.find(wanted)
          if (found !== undefined) end(found)
        }
        waiting.add(look)
        look()
      })
    },
  }
}
