/** Counts wrong keys as a gateway does whose operator changed nothing. */
import type { Clock } from '../../src/engine/ports/clock.ts'
import { createGuesses, type Guesses, type GuessLimits } from '../../src/listeners/guesses.ts'

export const PLAIN_GUESS_LIMITS: GuessLimits = {
  failedLoginsPerMinute: 600,
  failedLoginAddressesMax: 10_000,
}

export function plainGuesses(clock: Clock, limits: Partial<GuessLimits> = {}): Guesses {
  const observer = { identificationFailed: () => undefined, guessing: () => undefined }
  return createGuesses(clock, { ...PLAIN_GUESS_LIMITS, ...limits }, observer)
}
