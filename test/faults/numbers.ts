/** Recipients of the fault runs: what a number begins with says what its carrier does with it. */
import type { Random } from '../sim/random.ts'

/** A carrier that drops a request it has had before. */
export const DROPPING = '1555'
/** A carrier that takes whatever comes, so that nothing may be sent again that may have arrived. */
export const CAREFUL = '1556'

/** Kinds of behaviour without the one that holds a line in silence. */
const KINDS = 8
const ORDINARY_SHARE = 0.4

/** A recipient nobody has written to before. */
export function recipientOf(serial: number, random: Random): string {
  const prefix = random.chance(0.5) ? DROPPING : CAREFUL
  const kind = random.chance(ORDINARY_SHARE) ? 0 : random.below(KINDS)
  return `${prefix}${kind}${String(serial).padStart(6, '0')}`
}
