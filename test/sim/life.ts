/**
 * The life of one process. When it ends, nothing of it goes on: its timers do not fire and its
 * promises do not settle. What is on the disk is all the next life finds.
 */
import type { Clock, Timer } from '../../src/engine/ports/clock.ts'

export interface Life {
  readonly alive: boolean
  readonly clock: Clock
  /** The same result, but only in this life. */
  keep<Value>(work: Promise<Value>): Promise<Value>
  end(): void
}

/** What code of a dying process meets; nobody may act on it. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied'
}

export function createLife(clock: Clock): Life {
  const timers = new Set<Timer>()
  let alive = true
  return {
    get alive() {
      return alive
    },
    clock: {
      now: () => clock.now(),
      wakeAt(at, callback) {
        const timer = clock.wakeAt(at, () => {
          timers.delete(timer)
          if (alive) callback()
        })
        timers.add(timer)
        return {
          cancel() {
            timers.delete(timer)
            timer.cancel()
          },
        }
      },
    },
    keep(work) {
      return new Promise((resolve, reject) => {
        work.then(
          (value) => {
            if (alive) resolve(value)
          },
          (error) => {
            if (alive) reject(error)
          },
        )
      })
    },
    end() {
      alive = false
      for (const timer of timers) timer.cancel()
      timers.clear()
    },
  }
}
