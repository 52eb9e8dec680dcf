/**
 * A store that breaks for some accounts: their messages are not accepted, either for a fault of ours,
 * as when a disk goes, or because there is no room. Wired in the sandbox alone.
 */
import type { Store } from '../engine/ports/store.ts'
import { StoreFullError } from '../engine/ports/store-error.ts'

/** Ids of accounts; everybody else sees the store as it is. */
export interface BrokenFor {
  /** Their messages break it. */
  readonly faults: ReadonlySet<string>
  /** For their messages it is full. */
  readonly full: ReadonlySet<string>
}

export function createBrokenStore(store: Store, { faults, full }: BrokenFor): Store {
  return {
    get start() {
      return store.start
    },
    commit(ops) {
      for (const op of ops) {
        if (op.op !== 'accept') continue
        const { accountId } = op.message
        if (full.has(accountId)) {
          return Promise.reject(new StoreFullError(`the sandbox has no room for ${accountId}`))
        }
        if (faults.has(accountId)) {
          return Promise.reject(new Error(`the sandbox breaks the store for ${accountId}`))
        }
      }
      return store.commit(ops)
    },
    read: (query) => store.read(query),
    discard: (messageIds) => store.discard(messageIds),
    close: () => store.close(),
  }
}
