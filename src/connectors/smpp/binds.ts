/**
 * The binds to one message centre. Each is kept by itself:
 *
 * connecting  a connection and a bind are being tried
 * bound       requests may go
 * resting     it failed or broke; it is tried again after a while that doubles, with jitter
 * closed      nobody wants it any more
 */
import type { SmppConnected } from '../../transports/smpp/client-options.ts'
import type { BoundAs, SmppClosed, SmppSession } from '../../transports/smpp/handler.ts'

/** What binds are made of. */
export interface BindsOptions {
  readonly count: number
  readonly bindAs: 'transceiver' | 'pair' | 'transmitter'
  readonly delayMsMin: number
  readonly delayMsMax: number
  /** Connects and binds; gives up with the signal. Never rejects. */
  readonly connect: (bindAs: BoundAs, signal: AbortSignal) => Promise<SmppConnected>
  /** The centre does not let us in: an operator must look. Once until it does. */
  readonly onRefused: (raw: string) => void
  /** Milliseconds. */
  readonly now: () => number
  readonly random: () => number
  /** Calls back once; the answer calls it off. */
  readonly after: (ms: number, callback: () => void) => () => void
}

/** Why nothing can be sent. */
export interface Unready {
  readonly because: 'down' | 'refused'
  readonly raw: string
  /** Until the next bind is tried, in milliseconds. */
  readonly retryAfterMs?: number
}

export interface Binds {
  /** Begins to bind; again: nothing. */
  start(): void
  /** How many sessions messages may go over now. */
  readonly open: number
  /** The least busy session that messages may go over; waits where one is about to come. */
  ready(signal: AbortSignal): Promise<SmppSession | Unready>
  /** This session cannot do what it should: another takes its place, and what is under way there ends. */
  replace(session: SmppSession): void
  /** Lets what is under way end, unbinds, and cuts what is left after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

/** A bind that is tried again this soon is worth waiting for, in milliseconds. */
const SOON_MS = 500
/** A session that held this long was no failure, in milliseconds. */
const STEADY_MS = 10_000

interface Slot {
  readonly bindAs: BoundAs
  session?: SmppSession
  /** Gives the session up while it lives. */
  leave?: () => void
  /** When it is tried again, while it rests. */
  restsUntil?: number
  failures: number
  /** How often nobody was reached, or let us in, in all. */
  vain: number
}

const ROLES = {
  transceiver: ['transceiver'],
  pair: ['transmitter', 'receiver'],
  transmitter: ['transmitter'],
} as const satisfies Record<BindsOptions['bindAs'], readonly BoundAs[]>

export function createBinds(options: BindsOptions): Binds {
  const { now } = options
  const roles: readonly BoundAs[] = ROLES[options.bindAs]
  const slots: readonly Slot[] = Array.from({ length: options.count }, () => roles)
    .flat()
    .map((bindAs) => ({ bindAs, failures: 0, vain: 0 }))
  const sending = slots.filter(({ bindAs }) => bindAs !== 'receiver')
  const closing = new AbortController()
  const running: Promise<void>[] = []
  /** Replaced, with something under way. */
  const leaving = new Set<SmppSession>()
  let waiting: (() => void)[] = []
  let trouble: Unready = { because: 'down', raw: 'not bound yet' }
  let alarmed = false

  function wake(): void {
    const woken = waiting
    waiting = []
    for (const each of woken) each()
  }

  async function keep(slot: Slot): Promise<void> {
    while (!closing.signal.aborted) {
      delete slot.restsUntil
      const connected = await options.connect(slot.bindAs, closing.signal)
      if (connected.kind === 'bound') await use(slot, connected.session)
      else fail(slot, connected)
      wake()
      if (!closing.signal.aborted) await rest(slot)
    }
  }

  async function use(slot: Slot, session: SmppSession): Promise<void> {
    if (closing.signal.aborted) {
      session.hangUp()
      return
    }
    const since = now()
    alarmed = false
    slot.session = session
    wake()
    const left = new Promise<SmppClosed>((resolve) => {
      slot.leave = () => resolve({ because: 'unbound', detail: 'we unbound to bind anew' })
    })
    const { because, detail } = await Promise.race([session.closed, left])
    delete slot.session
    delete slot.leave
    slot.failures = now() - since >= STEADY_MS ? 0 : slot.failures + 1
    trouble = { because: 'down', raw: `${because}: ${detail}` }
  }

  function fail(slot: Slot, connected: Exclude<SmppConnected, { kind: 'bound' }>): void {
    slot.failures += 1
    slot.vain += 1
    if (connected.kind === 'failed') {
      trouble = { because: 'down', raw: `${connected.phase}: ${connected.detail}` }
      return
    }
    const hex = connected.commandStatus.toString(16).padStart(2, '0')
    trouble = { because: 'refused', raw: `bind refused with command_status 0x${hex}` }
    if (!alarmed) options.onRefused(trouble.raw)
    alarmed = true
  }

  function rest(slot: Slot): Promise<void> {
    const doublings = Math.min(Math.max(0, slot.failures - 1), 30)
    const ceilingMs = Math.min(options.delayMsMax, options.delayMsMin * 2 ** doublings)
    const ms = options.random() * ceilingMs
    slot.restsUntil = now() + ms
    return new Promise((resolve) => {
      const done = () => {
        cancel()
        closing.signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = options.after(ms, done)
      closing.signal.addEventListener('abort', done, { once: true })
    })
  }

  /** The one with the most room; `undefined` where nothing is bound. */
  function leastBusy(): SmppSession | undefined {
    let best: SmppSession | undefined
    for (const { session } of sending) {
      if (session?.open !== true) continue
      if (best === undefined || session.outstanding < best.outstanding) best = session
    }
    return best
  }

  /** Whether a session may come soon over a bind that was tried in vain so often when it began. */
  function isHopeful({ restsUntil, vain }: Slot, vainBefore: number): boolean {
    if (vain > vainBefore) return false
    return restsUntil === undefined || restsUntil - now() <= SOON_MS
  }

  function unready(): Unready {
    const times = sending.flatMap(({ restsUntil }) => restsUntil ?? [])
    if (times.length === 0) return trouble
    return { ...trouble, retryAfterMs: Math.max(0, Math.ceil(Math.min(...times) - now())) }
  }

  function changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      waiting.push(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  return {
    get open() {
      return sending.filter(({ session }) => session?.open === true).length
    },
    start() {
      if (running.length > 0 || closing.signal.aborted) return
      running.push(...slots.map(keep))
    },
    async ready(signal) {
      const before = sending.map(({ vain }) => vain)
      for (;;) {
        const session = leastBusy()
        if (session !== undefined) return session
        const hopeful = sending.some((slot, index) => isHopeful(slot, before[index] ?? 0))
        if (signal.aborted || closing.signal.aborted || !hopeful) return unready()
        await changed(signal)
      }
    },
    replace(session) {
      const slot = slots.find((each) => each.session === session)
      if (slot === undefined) return
      leaving.add(session)
      void session.unbind().then(() => leaving.delete(session))
      slot.leave?.()
    },
    async close(deadlineMs) {
      closing.abort()
      wake()
      const sessions = [...leaving, ...slots.flatMap(({ session }) => session ?? [])]
      await Promise.all(sessions.map((session) => session.unbind({ deadlineMs })))
      await Promise.all(running)
    },
  }
}
