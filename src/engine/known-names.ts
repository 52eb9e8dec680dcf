/**
 * Deliveries whose name at the far end was learnt a short while ago, as they were then. Most answers
 * and reports come soon, and what is remembered here saves asking the store whom they name. It may be
 * out of date and is never believed: a change that starts from it carries the version it was seen in,
 * and the store refuses one that is not the latest.
 */
import type { Message } from '../core/message.ts'
import type { Delivery, RemoteNames } from './ports/store.ts'

/** A message as decisions see it: everything but the bytes, which are not kept in memory. */
export type Described = Omit<Message, 'content'>

export interface Known {
  readonly delivery: Delivery
  readonly message: Described
}

export interface KnownNames {
  find(route: string, remoteId: string): Known | undefined
  /** Remembers a delivery that is still open, in place of what the name stood for. */
  keep(route: string, remoteId: string, known: Known): void
  forget(route: string, remoteId: string): void
  /**
   * The name is being kept: who is called by it and comes before that is done may wait for it.
   * `done` must follow, whatever came of it.
   */
  expect(names: RemoteNames): Expected
  /** Resolves when a name that is being kept is known, or when nothing came of it. */
  expected(route: string, remoteId: string): Promise<void> | undefined
}

export interface Expected {
  done(): void
}

/** About a kilobyte each. The oldest goes first; its report asks the store. */
const NAMES_MAX = 4096

export function createKnownNames(namesMax = NAMES_MAX): KnownNames {
  const known = new Map<string, Known>()
  const awaited = new Map<string, { wait?: Promise<void>; tell?: () => void }>()
  return {
    find: (route, remoteId) => known.get(keyOf(route, remoteId)),
    keep(route, remoteId, { delivery, message }) {
      const key = keyOf(route, remoteId)
      known.delete(key)
      if (delivery.nextAt === undefined) return
      known.set(key, { delivery, message: describe(message) })
      if (known.size <= namesMax) return
      for (const oldest of known.keys()) {
        known.delete(oldest)
        return
      }
    },
    forget(route, remoteId) {
      known.delete(keyOf(route, remoteId))
    },
    expect({ route, remoteId }) {
      const key = keyOf(route, remoteId)
      const one: { wait?: Promise<void>; tell?: () => void } = {}
      awaited.set(key, one)
      return {
        done() {
          if (awaited.get(key) === one) awaited.delete(key)
          one.tell?.()
        },
      }
    },
    expected(route, remoteId) {
      const one = awaited.get(keyOf(route, remoteId))
      if (one === undefined) return undefined
      // Made when somebody waits: nearly always nobody does.
      one.wait ??= new Promise((resolve) => {
        one.tell = resolve
      })
      return one.wait
    },
  }
}

/** Routes are names of the directory and hold no line end. */
function keyOf(route: string, remoteId: string): string {
  return `${route}\n${remoteId}`
}

function describe(message: Described & { readonly content?: unknown }): Described {
  const { content: _bytes, ...described } = message
  return described
}
