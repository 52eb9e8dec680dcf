/**
 * Time, as the engine sees it. Nothing inside reads the machine's clock, so tests and the sandbox
 * can move hours in a moment.
 */

/** A timer that can be called off. Calling off a spent timer does nothing. */
export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls back once `now()` has reached `at`; never synchronously. */
  wakeAt(at: number, callback: () => void): Timer
}
