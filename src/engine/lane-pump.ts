/**
 * Keeps one lane moving with a bounded number of its entries in memory.
 *
 * idle      nothing is known to be due; a timer may be set for the next due time
 * claiming  a claim is at the store
 * running   entries are under way; more are claimed as room appears
 * stopped   nothing new is claimed; what runs is awaited
 *
 * Whatever the backlog, memory holds at most `window` entries of a lane: the store remembers, the
 * pump only carries. What is leased at birth while a claim is under way may come on top of what it
 * brings, one for each place the lane is wide.
 */
import { type Rate, type ThrottleState, throttle } from '../core/throttle.ts'
import type { Clock, Timer } from './ports/clock.ts'

/** What a claim brings: entries to run now, and when the lane has something due next. */
export interface Claim<Entry> {
  readonly entries: readonly Entry[]
  readonly nextAt?: number
}

export interface LaneSettings {
  /** 0 while the other side is away: nothing is claimed and nothing started until a kick. */
  readonly concurrency: number
  readonly rate?: Rate
}

export interface LanePumpOptions<Entry> {
  readonly clock: Clock
  readonly windowMax: number
  readonly settings: () => LaneSettings
  readonly claim: (limit: number) => Promise<Claim<Entry>>
  /** Never rejects. */
  readonly run: (entry: Entry) => Promise<void>
  /** Takes back an entry that was claimed and will not be run. */
  readonly release: (entry: Entry) => Promise<void>
  readonly alarm: (error: unknown) => void
}

/** A paced lane holds about this much, so that leases do not run out while it waits. */
const PACED_WINDOW_S = 5

/** The longest an entry waits in memory for its turn in the pace, in milliseconds. */
export function longestPaceMs(rate: Rate | undefined): number {
  if (rate === undefined || rate.perSecond <= 0) return 0
  return Math.ceil((rate.burst / rate.perSecond + PACED_WINDOW_S) * 1000)
}

/** After a failed claim the lane rests this long, so that a broken store is not hammered. */
const CLAIM_REST_MS = 1000

export class LanePump<Entry> {
  readonly #options: LanePumpOptions<Entry>
  readonly #waiting: Entry[] = []
  #running = 0
  /** Places promised to entries that are being leased by other means than a claim. */
  #reserved = 0
  #claiming = false
  /** Work may be due that no claim has seen yet. */
  #dirty = false
  #stopped = false
  #timer: Timer | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #throttle: ThrottleState = 0
  #throttleTimer: Timer | undefined
  #idle: (() => void)[] = []

  constructor(options: LanePumpOptions<Entry>) {
    this.#options = options
  }

  /** Entries in memory: under way and next in line. */
  get held(): number {
    return this.#running + this.#waiting.length + this.#reserved
  }

  /** Promises a place to an entry that is about to be leased, if it would start at once. */
  reserve(): boolean {
    if (this.#stopped || this.#waiting.length > 0) return false
    const settings = this.#options.settings()
    const free = Math.min(
      settings.concurrency - this.#running - this.#reserved,
      this.#room(settings),
    )
    if (free < 1) return false
    this.#reserved += 1
    return true
  }

  /** Brings the entry a place was promised to; nothing when it was not leased after all. */
  fill(entry?: Entry): void {
    this.#reserved -= 1
    if (entry !== undefined && this.#stopped) this.#giveBack([entry])
    else if (entry !== undefined) this.#waiting.push(entry)
    this.#pump()
  }

  /** Something in this lane is due at `at`. */
  kick(at: number): void {
    if (this.#stopped) return
    if (at <= this.#options.clock.now()) {
      this.#dirty = true
      this.#pump()
    } else {
      this.#wakeAt(at)
    }
  }

  /** Claims nothing more, gives back what has not started, and waits for what has. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    this.#throttleTimer?.cancel()
    this.#giveBack(this.#waiting.splice(0))
    if (this.#running === 0 && !this.#claiming) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #wakeAt(at: number): void {
    if (at >= this.#timerAt) return
    this.#timer?.cancel()
    this.#timerAt = at
    this.#timer = this.#options.clock.wakeAt(at, () => {
      this.#timerAt = Number.POSITIVE_INFINITY
      this.#dirty = true
      this.#pump()
    })
  }

  #pump(): void {
    if (this.#stopped) return
    const settings = this.#options.settings()
    this.#start(settings)
    if (!this.#dirty || this.#claiming || settings.concurrency < 1) return
    const room = this.#room(settings)
    // Claims cost a commit each: wait for room worth asking for.
    if (room < Math.max(1, this.#windowFor(settings) >> 2)) return
    this.#claiming = true
    this.#dirty = false
    this.#options.claim(room).then(
      (claim) => this.#claimed(claim, room),
      (error) => {
        this.#options.alarm(error)
        this.#claiming = false
        if (this.#stopped) this.#settleIdle()
        else this.#wakeAt(this.#options.clock.now() + CLAIM_REST_MS)
      },
    )
  }

  #claimed(claim: Claim<Entry>, asked: number): void {
    this.#claiming = false
    if (this.#stopped) {
      this.#giveBack(claim.entries)
      this.#settleIdle()
      return
    }
    this.#waiting.push(...claim.entries)
    if (claim.entries.length >= asked) this.#dirty = true
    if (claim.nextAt !== undefined) this.kick(claim.nextAt)
    this.#pump()
  }

  #room(settings: LaneSettings): number {
    return this.#windowFor(settings) - this.held
  }

  #windowFor({ concurrency, rate }: LaneSettings): number {
    const paced =
      rate === undefined ? Number.POSITIVE_INFINITY : rate.burst + rate.perSecond * PACED_WINDOW_S
    return Math.max(1, Math.min(concurrency * 2, Math.ceil(paced), this.#options.windowMax))
  }

  #start({ concurrency, rate }: LaneSettings): void {
    while (this.#running < concurrency && this.#waiting.length > 0) {
      if (rate !== undefined) {
        const now = this.#options.clock.now()
        const turn = throttle(rate, this.#throttle, now)
        if (turn.kind === 'wait') {
          this.#startLater(now + turn.waitMs)
          return
        }
        this.#throttle = turn.state
      }
      const entry = this.#waiting.shift()
      if (entry === undefined) return
      this.#follow(this.#options.run(entry))
    }
  }

  #giveBack(entries: readonly Entry[]): void {
    for (const entry of entries) this.#follow(this.#options.release(entry))
  }

  #follow(work: Promise<void>): void {
    this.#running += 1
    work.then(
      () => this.#finished(),
      (error) => {
        this.#options.alarm(error)
        this.#finished()
      },
    )
  }

  #startLater(at: number): void {
    if (this.#throttleTimer !== undefined || !Number.isFinite(at)) return
    this.#throttleTimer = this.#options.clock.wakeAt(at, () => {
      this.#throttleTimer = undefined
      this.#pump()
    })
  }

  #finished(): void {
    this.#running -= 1
    if (this.#stopped) this.#settleIdle()
    else this.#pump()
  }

  #settleIdle(): void {
    if (this.#running > 0 || this.#claiming) return
    for (const resolve of this.#idle) resolve()
    this.#idle = []
  }
}
