/** The durable pipeline, put together. Knows no protocol, no dialect and no driver. */
import { type Acceptor, createAcceptor } from './accept.ts'
import { type AnswerLost, createAnswerLost } from './answer-lost.ts'
import { type Assembler, createAssembler } from './assembler.ts'
import { createDispatcher } from './dispatcher.ts'
import { createKnownNames } from './known-names.ts'
import { createMessageIds } from './message-id.ts'
import { createOtherSpellings } from './other-spellings.ts'
import type { EngineParts, EventObserver, Kick, Outbox } from './parts.ts'
import { createReceipts, type Receipts } from './receipts.ts'
import { createReporter } from './reporter.ts'
import { createReviser, type Reviser } from './reviser.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import { createSweeper, type Sweeper } from './sweeper.ts'
import { createWatches } from './watches.ts'

export interface Engine extends Acceptor, Pick<Receipts, 'receive'>, Pick<Assembler, 'hold'> {
  readonly scheduler: Scheduler
  readonly sweeper: Sweeper
  /** Withdraws and changes what waits. */
  readonly reviser: Reviser
  /** A yes did not reach its client. */
  readonly answerLost: AnswerLost
  /**
   * Removes what an earlier process kept and never said yes for. Before any door opens: a request
   * repeated meanwhile would be promised the very message that is about to go.
   */
  recover(): Promise<void>
  /** Recovers, takes up what an earlier process left, then keeps going. */
  start(): Promise<void>
  /** Finishes what runs and starts nothing new; the store and the media stay open. */
  stop(): Promise<void>
}

/** `reclaim` gives segments back to the disk after rows are gone. */
export function createEngine(given: EngineParts, reclaim: () => Promise<void>): Engine {
  const parts: EngineParts = { ...given, observe: heedless(given) }
  // The parts call each other in a circle (a settled attempt wakes a lane); this is where it closes.
  const kick: Kick = {
    delivery: (lane, at) => scheduler.delivery(lane, at),
    notice: (lane, at) => scheduler.notice(lane, at),
  }
  const outbox: Outbox = {
    lease: (notices) => scheduler.lease(notices),
    stored: (notices, leased) => scheduler.stored(notices, leased),
    dropped: (notices) => scheduler.dropped(notices),
  }
  const names = createKnownNames()
  const watches = createWatches(parts.clock)
  const receipts = createReceipts(parts, kick, {
    outbox,
    names,
    watches,
    onSpelt: () => spellings.soon(),
  })
  const spellings = createOtherSpellings(parts, receipts.resume)
  const dispatcher = createDispatcher(parts, kick, {
    outbox,
    names,
    watches,
    apply: receipts.apply,
  })
  const reporter = createReporter(parts, kick)
  const scheduler = createScheduler(parts, dispatcher, reporter)
  const nextId = createMessageIds(parts.random)
  const acceptor = createAcceptor(parts, kick, outbox, watches, nextId)
  const assembler = createAssembler(parts, acceptor, nextId)
  const sweeper = createSweeper(parts, kick, assembler.expire, reclaim)
  let recovered: Promise<void> | undefined
  const recover = () => (recovered ??= discardUnacknowledged(parts))
  return {
    accept: (submission) => acceptor.accept(submission),
    hold: (part) => assembler.hold(part),
    receive: receipts.receive,
    scheduler,
    sweeper,
    reviser: createReviser(parts, kick),
    answerLost: createAnswerLost(parts, kick),
    recover,
    async start() {
      await recover()
      // Before any lane runs: a report in hand is worth more than another attempt.
      for (const unused of parts.store.start.unusedReports) await receipts.resume(unused)
      for (const set of parts.store.start.completeParts) await assembler.resume(set)
      await scheduler.resume()
      sweeper.start()
      spellings.soon()
    },
    async stop() {
      watches.close()
      await sweeper.stop()
      await spellings.stop()
      await scheduler.stop()
    },
  }
}

/**
 * Rows are committed beside their bytes, so a crash can leave a row whose bytes never reached the
 * disk. Nobody was told yes for such a message: it is removed before anything else happens.
 */
async function discardUnacknowledged({ store, media }: EngineParts): Promise<void> {
  const lost: string[] = []
  for (const { messageId, extents } of store.start.unverified) {
    if (!(await media.verify(extents))) lost.push(messageId)
  }
  if (lost.length > 0) await store.discard(lost)
}

/** What is observed is on disk: an observer that fails rings the alarm and keeps nothing from going on. */
function heedless({ observe, alarm }: EngineParts): EventObserver {
  return (subject, events) => {
    try {
      observe(subject, events)
    } catch (error) {
      alarm('observer', error)
    }
  }
}
