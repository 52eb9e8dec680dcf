/**
 * A store that breaks for some accounts: their messages are not accepted, and the reason is a fault
 * of ours, as when a disk goes. Wired in the sandbox alone.
 */
import type { Store } from '../engine/ports/store.ts'

/** `accounts`: ids of those whose messages break it. Everybody else sees the store as it is. */
export function createBrokenStore(store: Store, accounts: ReadonlySet<string>): Store {
  return {
    get start() {
      return store.start
    },
    commit(ops) {
      for (const op of ops) {
        if (op.op === 'accept' && accounts.has(op.message.accountId)) {
          return Promise.reject(
            new Error(`the sandbox breaks the store for ${op.message.accountId}`),
          )
        }
      }
      return store.commit(ops)
    },
    read: (query) => store.read(query),
    discard: (messageIds) => store.discard(messageIds),
    close: () => store.close(),
  }
}
