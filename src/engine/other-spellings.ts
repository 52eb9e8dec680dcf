/**
 * Reports whose id no delivery has as it is spelt. The id itself goes before every other spelling: as
 * long as an attempt is under way that may yet be answered with it, nothing else is tried. After that a
 * report is taken for the one delivery of its route that waits for a report, answers to another
 * spelling, and goes to the recipient the report names. The last of these is what makes it safe: the
 * attempt whose answer was lost has an id nobody learns, and its number may spell another's id.
 */
import type { EngineParts } from './parts.ts'
import type { Timer } from './ports/clock.ts'
import type { SpeltReport } from './ports/store.ts'
import type { Receipts } from './receipts.ts'

export interface OtherSpellings {
  /** Something may be there to look at. */
  soon(): void
  stop(): Promise<void>
}

/** Pause before a look, in milliseconds: most answers are there by then. */
const LOOK_MS = 500
/** Reports per step: small enough that a look never holds the store for long. */
const STEP_REPORTS = 100
/** A number in its national form is the end of the whole one, if it has so many digits. */
const NATIONAL_DIGITS_MIN = 7

export function createOtherSpellings(
  { store, clock, alarm }: EngineParts,
  use: Receipts['resume'],
): OtherSpellings {
  let timer: Timer | undefined
  let round: Promise<void> = Promise.resolve()
  let stopped = false

  function soon(): void {
    if (stopped || timer !== undefined) return
    timer = clock.wakeAt(clock.now() + LOOK_MS, () => {
      timer = undefined
      round = round.then(look)
    })
  }

  async function look(): Promise<void> {
    try {
      while (!stopped) {
        const { ready, waiting } = await store.read({ query: 'spelt-reports', limit: STEP_REPORTS })
        for (const report of ready) await decide(report)
        if (ready.length > 0) continue
        if (waiting) soon()
        return
      }
    } catch (error) {
      alarm('reports under other spellings', error)
      soon()
    }
  }

  async function decide(report: SpeltReport): Promise<void> {
    const { route, parked } = report
    const remoteId = meantBy(report)
    if (remoteId !== undefined) await use({ route, remoteId, parked: { ...parked, remoteId } })
    // What names nobody now never will: later attempts get ids it cannot have known.
    await store.commit([{ op: 'unspell', ids: [parked.id] }])
  }

  return {
    soon,
    async stop() {
      stopped = true
      timer?.cancel()
      await round
    },
  }
}

/** The id it means as the far end first gave it; `undefined` where that is not certain. */
function meantBy({ candidates, parked }: SpeltReport): string | undefined {
  const { recipient } = parked.report
  if (recipient === undefined) return undefined
  const meant = candidates.filter((candidate) => isSameNumber(candidate.recipient, recipient))
  const one = new Set(meant.map(({ deliveryId }) => deliveryId)).size === 1
  return one ? meant[0]?.remoteId : undefined
}

function isSameNumber(ours: string, said: string): boolean {
  const whole = digitsOf(ours)
  const other = digitsOf(said)
  if (whole === other) return true
  return other.length >= NATIONAL_DIGITS_MIN && whole.endsWith(other)
}

/** Without signs, and without the zeros of a trunk or international prefix. */
function digitsOf(number: string): string {
  return number.replace(/[^0-9a-z]/gi, '').replace(/^0+/, '')
}
