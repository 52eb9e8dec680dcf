/** What every party of a simulated story shares. */
import type { VirtualClock } from '../support/virtual-clock.ts'
import type { Faults } from './faults.ts'
import type { Guard } from './guards.ts'
import type { Ledger, Violation } from './ledger.ts'
import type { Random } from './random.ts'

export interface World {
  readonly clock: VirtualClock
  readonly random: Random
  readonly ledger: Ledger
  /** The weather now. */
  faults: Faults
  /** The guard that is taken away, to see whether the auditor notices. */
  readonly without: Guard | undefined
  /** Waits on the world's clock, which goes on when a process dies. */
  wait(ms: number): Promise<void>
  trace(line: string): void
  object(kind: Violation, detail: string): void
}

export function createWorld(given: Omit<World, 'wait' | 'trace' | 'object'>): World {
  const { clock, ledger } = given
  const startedAt = clock.now()
  return {
    ...given,
    wait: (ms) =>
      new Promise((resolve) => {
        clock.wakeAt(clock.now() + ms, resolve)
      }),
    trace(line) {
      ledger.trace.push(`${((clock.now() - startedAt) / 1000).toFixed(3)} ${line}`)
    },
    object(kind, detail) {
      ledger.violations.push({ kind, detail })
    },
  }
}

/** The first of `work` and a wait; `undefined` when the wait was shorter. */
export async function within<Value>(
  world: World,
  ms: number,
  work: Promise<Value>,
): Promise<Value | undefined> {
  return Promise.race([work, world.wait(ms).then(() => undefined)])
}
