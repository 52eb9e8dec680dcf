/**
 * Clients that wait for what the next hop says of their message first. In memory alone: who waits is
 * on a line that ends with this process, and asks again when it breaks.
 *
 * waiting  nobody has said anything yet
 * held     an answer is being kept; the wait goes on past its time until that is done
 */
import { isFinal } from '../core/delivery-state.ts'
import type { MessageId } from '../core/message.ts'
import type { Reason } from '../core/reason.ts'
import type { Clock } from './ports/clock.ts'
import type { Delivery } from './ports/store.ts'

/** What a client that waited is told. */
export type FirstAnswer =
  /** The next hop has it: reports tell the rest. */
  | { readonly kind: 'taken' }
  /** It has ended and nobody will try again: the client may. */
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** Nothing was said in time. The message goes its way; reports tell the rest. */
  | { readonly kind: 'open' }

/** Where a delivery rests. */
export type Rest = Pick<Delivery, 'state'> & Partial<Pick<Delivery, 'expects' | 'reason'>>

/** A client's wait. */
export interface Wait {
  readonly answer: Promise<FirstAnswer>
  /** The client has gone: what comes of its message is told by reports. */
  leave(): void
}

export interface Watches {
  /** Waits for this long, in milliseconds, at most. Several may wait for one message. */
  open(messageId: MessageId, waitMs: number): Wait
  /** Settles something, knowing whether somebody waits, who then waits until it is done. */
  during<Result>(
    messageId: MessageId,
    settle: (clientWaits: boolean) => Promise<Result>,
  ): Promise<Result>
  /** The delivery rests here now, and that is kept. */
  moved(messageId: MessageId, rest: Rest): void
  /** Nobody waits any longer. */
  close(): void
}

/** Clients that may wait at once; more are answered without waiting. */
const WAITING_MAX = 10_000

interface Watch {
  held: number
  readonly waiting: Set<Waiting>
}

interface Waiting {
  late: boolean
  end(answer: FirstAnswer): void
}

const OPEN: FirstAnswer = { kind: 'open' }

/** A wait that is over before it begins. */
export function answered(answer: FirstAnswer): Wait {
  return { answer: Promise.resolve(answer), leave: () => undefined }
}

async function whileHeld<Result>(
  watch: Watch,
  settle: (clientWaits: boolean) => Promise<Result>,
): Promise<Result> {
  watch.held += 1
  try {
    return await settle(true)
  } finally {
    watch.held -= 1
    if (watch.held === 0) {
      for (const waiting of [...watch.waiting]) if (waiting.late) waiting.end(OPEN)
    }
  }
}

export function createWatches(clock: Clock): Watches {
  const watches = new Map<MessageId, Watch>()
  let count = 0
  let closed = false

  function open(messageId: MessageId, waitMs: number): Wait {
    if (closed || count >= WAITING_MAX) return answered(OPEN)
    const watch = watches.get(messageId) ?? { held: 0, waiting: new Set() }
    watches.set(messageId, watch)
    count += 1
    let tell: (answer: FirstAnswer) => void = () => undefined
    const answer = new Promise<FirstAnswer>((resolve) => {
      tell = resolve
    })
    const timer = clock.wakeAt(clock.now() + waitMs, () => {
      waiting.late = true
      if (watch.held === 0) waiting.end(OPEN)
    })
    const waiting: Waiting = {
      late: false,
      end(said) {
        if (!watch.waiting.delete(waiting)) return
        timer.cancel()
        count -= 1
        if (watch.waiting.size === 0) watches.delete(messageId)
        tell(said)
      },
    }
    watch.waiting.add(waiting)
    return { answer, leave: () => waiting.end(OPEN) }
  }

  return {
    open,
    during(messageId, settle) {
      const watch = watches.get(messageId)
      return watch === undefined ? settle(false) : whileHeld(watch, settle)
    },
    moved(messageId, rest) {
      const answer = firstAnswer(rest)
      const watch = watches.get(messageId)
      if (answer === undefined || watch === undefined) return
      for (const waiting of [...watch.waiting]) waiting.end(answer)
    },
    close() {
      closed = true
      for (const { waiting } of [...watches.values()]) {
        for (const each of [...waiting]) each.end(OPEN)
      }
    },
  }
}

/** What a client is told of a delivery that rests here; `undefined` while nobody has spoken. */
export function firstAnswer({ state, expects, reason }: Rest): FirstAnswer | undefined {
  const taken = expects !== undefined && expects !== 'response'
  if (state === 'submitted') return taken ? { kind: 'taken' } : undefined
  if (!isFinal(state)) return undefined
  // What the next hop took and lost later is told by reports.
  if (taken || reason === undefined) return { kind: 'taken' }
  return { kind: 'refused', reason }
}
