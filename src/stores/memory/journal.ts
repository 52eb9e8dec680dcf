/** Changes to maps that can be taken back, so that a call takes effect whole or not at all. */

export interface Journal {
  put<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void
  drop<Key, Value>(map: Map<Key, Value>, key: Key): void
  /** Ends a call that succeeded. */
  keep(): void
  /** Ends a call that threw: everything is as it was before it. */
  undo(): void
}

export function createJournal(): Journal {
  let undoing: (() => void)[] = []

  function remember<Key, Value>(map: Map<Key, Value>, key: Key): void {
    const before = map.get(key)
    const had = map.has(key)
    undoing.push(() => {
      if (had) map.set(key, before as Value)
      else map.delete(key)
    })
  }

  return {
    put(map, key, value) {
      remember(map, key)
      map.set(key, value)
    },
    drop(map, key) {
      if (!map.has(key)) return
      remember(map, key)
      map.delete(key)
    },
    keep() {
      undoing = []
    },
    undo() {
      for (const step of undoing.reverse()) step()
      undoing = []
    },
  }
}
