/**
 * How far a message in several parts has come: the ids of those the centre took, in their order. A
 * repeated attempt goes on from there. Lost with the process, and then all parts are sent again under
 * the same reference.
 */
export interface Progress {
  of(key: string): readonly string[]
  keep(key: string, ids: readonly string[]): void
  forget(key: string): void
}

/** Messages half handed over; the oldest goes first. */
const MESSAGES_MAX = 10_000

export function createProgress(): Progress {
  const idsByKey = new Map<string, readonly string[]>()
  return {
    of: (key) => idsByKey.get(key) ?? [],
    keep(key, ids) {
      idsByKey.delete(key)
      idsByKey.set(key, [...ids])
      if (idsByKey.size <= MESSAGES_MAX) return
      for (const oldest of idsByKey.keys()) {
        idsByKey.delete(oldest)
        return
      }
    },
    forget: (key) => void idsByKey.delete(key),
  }
}
