/** Far ends that follow a script, and a store that can be interrupted. */
import type { Outcome } from '../../src/core/outcome.ts'
import type { Op, Store } from '../../src/engine/ports/store.ts'
import type { Play } from './engine-world.ts'

/** Plays one outcome after the other, the last one for ever. */
export function inTurn(...outcomes: readonly [Outcome, ...Outcome[]]): Play {
  let next = 0
  return () => {
    const outcome = outcomes[Math.min(next, outcomes.length - 1)] ?? outcomes[0]
    next += 1
    return outcome
  }
}

/** A promise and the way to keep it. */
export interface Pending<Value> {
  readonly promise: Promise<Value>
  resolve(value: Value): void
}

export function createPending<Value>(): Pending<Value> {
  let keep: (value: Value) => void = () => {}
  const promise = new Promise<Value>((resolve) => {
    keep = resolve
  })
  return { promise, resolve: (value) => keep(value) }
}

/** A far end whose answers wait until the test gives them, one `Pending` per attempt. */
export function heldBack(): { readonly play: Play; readonly answers: Pending<Outcome>[] } {
  const answers: Pending<Outcome>[] = []
  return {
    answers,
    play() {
      const answer = createPending<Outcome>()
      answers.push(answer)
      return answer.promise
    },
  }
}

/** The same store, but something happens before each commit. */
export function interrupted(store: Store, before: (ops: readonly Op[]) => Promise<void>): Store {
  return {
    ...store,
    async commit(ops) {
      await before(ops)
      return store.commit(ops)
    },
  }
}
