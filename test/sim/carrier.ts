/**
 * A carrier and the handsets behind it. It goes on when the gateway dies, takes messages and loses
 * its answers, reports early, late, twice, wrongly or never, and remembers what it took.
 */
import type { Outcome, Report, ReportedStatus } from '../../src/core/outcome.ts'
import type { Attempt } from '../../src/engine/ports/connector.ts'
import { TIMES } from './faults.ts'
import { count, nameOf } from './ledger.ts'
import type { Life } from './life.ts'
import { type World, within } from './world.ts'

export interface CarrierNature {
  readonly name: string
  /** Drops what comes again under a key it knows. */
  readonly dropsDoubles: boolean
  /** Answers a request later, by the id we chose; otherwise at once, by an id of its own. */
  readonly answersLater: boolean
}

/** The carriers of every story. */
export const NATURES: readonly [CarrierNature, ...CarrierNature[]] = [
  { name: 'alpha', dropsDoubles: true, answersLater: false },
  { name: 'bravo', dropsDoubles: true, answersLater: true },
  { name: 'charlie', dropsDoubles: false, answersLater: false },
  { name: 'delta', dropsDoubles: false, answersLater: true },
]

/** Takes a report to the gateway; answers whether it was heard to say yes. */
export type ReportDoor = (lane: string, remoteId: string, report: Report) => Promise<boolean>

export interface Carrier {
  readonly nature: CarrierNature
  deliver(life: Life, attempt: Attempt, signal: AbortSignal): Promise<Outcome>
  /** Out of service until then; epoch milliseconds. */
  outage(until: number): void
}

interface Taken {
  readonly remoteId: string
  readonly name: string
}

/** How long a carrier waits before it brings an unanswered report again, and how often. */
const REPORT_AGAIN_MS = 2000
const REPORT_TRIES_MAX = 1000
/** How long it waits for our yes. */
const YES_TIMEOUT_MS = 3000

const FETCHED = ['retrieved', 'retrieved', 'retrieved', 'retrieved', 'retrieved'] as const
const FINALS = [...FETCHED, 'forwarded', 'expired', 'rejected', 'unreachable'] as const

export function createCarrier(world: World, nature: CarrierNature, door: ReportDoor): Carrier {
  const { random, ledger, clock } = world
  const known = new Map<string, Taken>()
  let remoteIds = 0
  let outUntil = 0

  async function deliver(life: Life, attempt: Attempt, signal: AbortSignal): Promise<Outcome> {
    const { key, messageId, index } = attempt
    const name = nameOf(messageId, index)
    const keys = ledger.keys.get(name) ?? new Set()
    ledger.keys.set(name, keys.add(key))
    const body = await life.keep(bodyOf(attempt))
    // A process that is paused for long goes on as if nothing had happened.
    const paused = random.chance(world.faults.paused)
    if (paused) await world.wait(stallMs())
    await world.wait(random.waitMs(TIMES.carrier))
    // The bytes of a process that died by now never left it.
    if (!life.alive) return new Promise(() => {})
    const { faults } = world
    const remoteId = nature.answersLater ? { remoteId: key } : {}
    if (clock.now() < outUntil || random.chance(faults.linkDown)) {
      return { kind: 'deferred', reason: 'link-down' }
    }
    if (signal.aborted && !paused) return { kind: 'deferred', reason: 'link-closed' }
    const before = nature.dropsDoubles ? known.get(key) : undefined
    if (before === undefined) {
      if (random.chance(faults.busy)) return { kind: 'deferred', reason: 'carrier-busy' }
      if (random.chance(faults.rejected)) return { kind: 'rejected', reason: 'recipient-unknown' }
      if (random.chance(faults.bytesLost)) {
        return { kind: 'unknown', reason: 'carrier-timeout', ...remoteId }
      }
    }
    const taken = before ?? take(name, key, body)
    if (nature.answersLater) void answerLater(taken, key, before === undefined)
    else if (before === undefined) void report(taken)
    const answer: Outcome = {
      kind: 'submitted',
      remoteId: taken.remoteId,
      expects: nature.answersLater ? 'response' : 'report',
    }
    if (random.chance(faults.stalled)) {
      await world.wait(stallMs())
      return answer
    }
    await world.wait(random.waitMs(TIMES.carrier))
    if (!random.chance(faults.answerLost)) return answer
    return { kind: 'unknown', reason: 'carrier-timeout', ...remoteId }
  }

  function stallMs(): number {
    return TIMES.stallMin + random.waitMs(TIMES.stall)
  }

  function take(name: string, key: string, body: Uint8Array): Taken {
    remoteIds += 1
    const taken = { name, remoteId: nature.answersLater ? key : `${nature.name}-${remoteIds}` }
    known.set(key, taken)
    count(ledger.taken, name)
    if (!ledger.heldSince.has(name)) ledger.heldSince.set(name, clock.now())
    world.trace(`${nature.name} takes ${name} as ${taken.remoteId}, ${body.length} bytes`)
    return taken
  }

  /** The answer to a request whose bytes were taken. A refusal takes the whole request back. */
  async function answerLater(taken: Taken, key: string, fresh: boolean): Promise<void> {
    const { faults } = world
    const refused = fresh && random.chance(faults.responseRefused)
    if (refused) {
      known.delete(key)
      count(ledger.taken, taken.name, -1)
      if (ledger.taken.get(taken.name) === 0) ledger.heldSince.delete(taken.name)
    } else if (fresh) void report(taken)
    await world.wait(random.waitMs(2 * TIMES.carrier))
    if (random.chance(faults.responseLost)) return
    const answer: Report = refused
      ? { status: 'refused', reason: 'carrier-busy', raw: `no ${key}`, happenedAt: clock.now() }
      : { status: 'acknowledged', raw: `yes ${key}`, happenedAt: clock.now() }
    const times = random.chance(faults.responseTwice) ? 2 : 1
    for (let time = 0; time < times; time += 1) void bring(taken, answer)
  }

  async function report(taken: Taken): Promise<void> {
    const { faults } = world
    const fetchMs = random.waitMs(random.chance(0.5) ? TIMES.quickFetch : TIMES.slowFetch)
    const status = random.pick(FINALS)
    if (random.chance(faults.interimReport)) {
      await world.wait(fetchMs / 2)
      void bring(taken, said('deferred'))
    }
    await world.wait(fetchMs / 2)
    if (status === 'retrieved') {
      count(ledger.fetched, taken.name)
      world.trace(`a handset fetches ${taken.name}`)
    }
    if (random.chance(faults.reportLost)) return
    const final = said(status)
    void bring(taken, final)
    if (random.chance(faults.reportTwice)) void later(() => bring(taken, final))
    if (random.chance(faults.lateInterim)) void later(() => bring(taken, said('deferred')))
    if (random.chance(faults.reportContradicted)) {
      const other = random.pick(FINALS)
      if (other === 'retrieved') count(ledger.fetched, taken.name)
      void later(() => bring(taken, said(other)))
    }
  }

  const said = (status: ReportedStatus): Report => ({
    status,
    raw: status,
    happenedAt: clock.now(),
  })

  async function later(act: () => Promise<void>): Promise<void> {
    await world.wait(random.waitMs(200))
    await act()
  }

  /** Again and again until the gateway says yes. */
  async function bring({ remoteId, name }: Taken, what: Report): Promise<void> {
    for (let tries = 0; tries < REPORT_TRIES_MAX; tries += 1) {
      await world.wait(random.waitMs(TIMES.network))
      const yes = await within(world, YES_TIMEOUT_MS, door(nature.name, remoteId, what))
      if (yes === true) {
        ledger.reported.push({ lane: nature.name, remoteId, status: what.status, at: clock.now() })
        world.trace(`${nature.name} has reported ${what.status} of ${name}`)
        if (!random.chance(world.faults.reportAnswerLost)) return
      }
      await world.wait(REPORT_AGAIN_MS)
    }
  }

  /** What the client sent is what the carrier gets, to the last byte. */
  async function bodyOf({ content, open, messageId, envelope }: Attempt): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for (const part of content.parts) {
      for await (const piece of open(part)) pieces.push(Uint8Array.from(piece))
    }
    const body = Buffer.concat(pieces)
    const sent = ledger.sent.get(envelope.clientReference ?? '')
    if (sent === undefined || !body.equals(sent.body)) {
      world.object('body changed', `${messageId}: ${body.length} bytes`)
    }
    return body
  }

  return {
    nature,
    deliver,
    outage(until) {
      outUntil = until
    },
  }
}
