/**
 * Shares the event loop. Requests of many connections arrive together, because their clients were
 * answered together; judged in one go they would hold up timers and every other connection for as
 * long as all of them take. So a burst is worked off a few milliseconds a turn, in its order.
 */

/** Runs work now or in one of the next turns. */
export type Turns = (work: () => void) => void

/** How long one turn may go on, in milliseconds. What the work itself sets off comes on top. */
const TURN_MS = 2

/** What the turns are measured with. */
export interface TurnParts {
  /** Milliseconds that never go back. */
  readonly now: () => number
  /** Calls back in the next turn of the event loop. */
  readonly nextTurn: (callback: () => void) => void
}

const NODE: TurnParts = {
  now: () => performance.now(),
  nextTurn: (callback) => void setImmediate(callback),
}

export function createTurns({ now, nextTurn }: TurnParts = NODE): Turns {
  const waiting: (() => void)[] = []
  let turnEndsAt = 0
  /** The end of this turn is not reached: `begin` is still to be called. */
  let inTurn = false

  function begin(): void {
    inTurn = waiting.length > 0
    if (!inTurn) return
    open()
    let next = waiting.shift()
    while (next !== undefined) {
      next()
      next = now() < turnEndsAt ? waiting.shift() : undefined
    }
  }

  function open(): void {
    inTurn = true
    turnEndsAt = now() + TURN_MS
    nextTurn(begin)
  }

  return (work) => {
    if (!inTurn) open()
    if (waiting.length === 0 && now() < turnEndsAt) work()
    else waiting.push(work)
  }
}
