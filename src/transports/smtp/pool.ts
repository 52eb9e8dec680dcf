/**
 * Connections to one peer, kept and used again.
 *
 * It makes one attempt per message, with one exception: a kept connection that turns out to be hung up
 * before the peer answered MAIL had nothing to say about the message, so a fresh one is tried.
 */

import { type AdaptiveLimit, createAdaptiveLimit } from './adaptive-limit.ts'
import {
  SMTP_TIMEOUTS,
  type SmtpMail,
  type SmtpPoolOptions,
  type SmtpTimeouts,
} from './client-options.ts'
import { Cut } from './cut.ts'
import { openConnection, type ReadyConnection } from './open-connection.ts'
import type { SendNotSent, SendResult } from './send-result.ts'
import { type TransactionEnd, transact } from './transaction.ts'

/** A way to one peer. */
export interface SmtpPool {
  /** Hands one message over. Never throws; an aborted `signal` ends it at once. */
  send(mail: SmtpMail, signal?: AbortSignal): Promise<SendResult>
  /** Takes no more, lets running messages end, and cuts them after `deadlineMs`. */
  close(deadlineMs?: number): Promise<void>
  /** Connections in use, in the making or kept. */
  readonly connectionCount: number
  readonly waitingCount: number
}

const CONNECTIONS_MAX = 10
const MESSAGES_PER_CONNECTION_MAX = 1000
const IDLE_TIMEOUT_MS = 30_000
const WAITING_MAX = 10_000
const CLOSE_DEADLINE_MS = 10_000
/** Printable, no blank: nothing that could end the line and begin another. */
const HELLO_NAME = /^[\x21-\x7e]{1,255}$/

interface Connection extends ReadyConnection {
  messages: number
  idleSinceMs: number
}

/** What a waiting message gets: a kept connection, leave to open one, or the end. */
type Turn = Connection | 'open' | SendNotSent

interface Waiting {
  readonly take: (turn: Turn) => void
}

/** A pool for one peer; no connection is made before the first message. Throws on a bad hello name. */
export function openSmtpPool(options: SmtpPoolOptions): SmtpPool {
  if (!HELLO_NAME.test(options.helloName)) {
    throw new TypeError(`helloName is not a host name: ${JSON.stringify(options.helloName)}`)
  }
  return new Pool(options)
}

class Pool implements SmtpPool {
  private readonly options: SmtpPoolOptions
  private readonly timeouts: SmtpTimeouts
  private readonly limit: AdaptiveLimit
  private readonly messagesMax: number
  private readonly idleTimeoutMs: number
  private readonly idle: Connection[] = []
  private readonly waiting = new Set<Waiting>()
  private readonly running = new Set<Cut>()
  private readonly quitting = new Set<Promise<void>>()
  private idleTimer: NodeJS.Timeout | undefined
  private emptied: (() => void) | undefined
  private closing = false
  private open = 0

  constructor(options: SmtpPoolOptions) {
    this.options = options
    this.timeouts = { ...SMTP_TIMEOUTS, ...options.timeouts }
    this.limit = createAdaptiveLimit(options.connectionsMax ?? CONNECTIONS_MAX)
    this.messagesMax = options.messagesPerConnectionMax ?? MESSAGES_PER_CONNECTION_MAX
    this.idleTimeoutMs = options.idleTimeoutMs ?? IDLE_TIMEOUT_MS
  }

  get connectionCount(): number {
    return this.open
  }

  get waitingCount(): number {
    return this.waiting.size
  }

  async send(mail: SmtpMail, signal?: AbortSignal): Promise<SendResult> {
    const cut = new Cut()
    const abort = () => cut.make()
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted === true) abort()
    this.running.add(cut)
    const turn = await this.turn(cut)
    const result =
      turn !== 'open' && turn.kind === 'not-sent' ? turn : await this.sendIn(turn, mail, cut)
    this.running.delete(cut)
    // The limit may have grown.
    this.passLeave()
    if (this.running.size === 0) this.emptied?.()
    signal?.removeEventListener('abort', abort)
    return result
  }

  async close(deadlineMs = CLOSE_DEADLINE_MS): Promise<void> {
    this.closing = true
    clearTimeout(this.idleTimer)
    for (const { take } of this.waiting) take(notSent('closed', 'the pool is closed'))
    for (const connection of this.idle.splice(0)) this.retire(connection)
    if (this.running.size > 0) await this.finishRunning(deadlineMs)
    clearTimeout(this.idleTimer)
    await Promise.all(this.quitting)
  }

  private finishRunning(deadlineMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const cut of this.running) cut.make()
      }, deadlineMs)
      this.emptied = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  // --- whose turn it is -----------------------------------------------------------------------

  private turn(cut: Cut): Turn | Promise<Turn> {
    if (this.closing) return notSent('closed', 'the pool is closed')
    if (cut.made) return notSent('aborted', 'aborted by the caller')
    const kept = this.takeIdle()
    if (kept !== undefined) return kept
    if (this.open < this.limit.current) {
      this.open++
      return 'open'
    }
    if (this.waiting.size >= (this.options.waitingMax ?? WAITING_MAX)) {
      return notSent('busy', `${this.waiting.size} messages wait already`)
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        take: (turn) => {
          this.waiting.delete(waiting)
          cut.onMade(undefined)
          resolve(turn)
        },
      }
      this.waiting.add(waiting)
      cut.onMade(() => waiting.take(notSent('aborted', 'aborted by the caller')))
    })
  }

  private takeIdle(): Connection | undefined {
    for (;;) {
      const connection = this.idle.pop()
      if (connection === undefined) return undefined
      connection.wire.whenLost(undefined)
      // A peer that speaks unasked is saying 421.
      if (connection.wire.lost === undefined && !connection.wire.hasInput) return connection
      this.retire(connection)
    }
  }

  /** A connection more may be opened: the first in the queue may. */
  private passLeave(): void {
    const [next] = this.waiting
    if (next === undefined || this.open >= this.limit.current) return
    this.open++
    next.take('open')
  }

  // --- one message ----------------------------------------------------------------------------

  private async sendIn(turn: Connection | 'open', mail: SmtpMail, cut: Cut): Promise<SendResult> {
    if (turn !== 'open') {
      const end = await this.transactOn(turn, mail, cut)
      if (!end.stale || cut.made) {
        this.limit.learn(end.result)
        this.release(turn, end.result)
        return end.result
      }
      // Its place among the open ones passes to the fresh one.
      this.quit(turn)
    }
    const opened = await openConnection(this.options, this.timeouts, cut)
    if (opened.kind !== 'ready') {
      this.limit.learn(opened)
      this.left()
      return opened
    }
    const fresh: Connection = { ...opened, messages: 0, idleSinceMs: 0 }
    const { result } = await this.transactOn(fresh, mail, cut)
    this.limit.learn(result)
    this.release(fresh, result)
    return result
  }

  private async transactOn(
    connection: Connection,
    mail: SmtpMail,
    cut: Cut,
  ): Promise<TransactionEnd> {
    const { wire } = connection
    cut.onMade(() => wire.abort('aborted', 'aborted by the caller'))
    const end = await transact(connection, mail, this.timeouts, this.options.pipelining !== false)
    cut.onMade(undefined)
    wire.whenLost(undefined)
    connection.messages++
    return end
  }

  private release(connection: Connection, result: SendResult): void {
    const leaving = result.kind === 'refused' && result.reply.code === 421
    const usedUp = connection.messages >= this.messagesMax
    const tooMany = this.open > this.limit.current
    if (leaving || usedUp || tooMany || connection.wire.lost !== undefined) this.retire(connection)
    else this.keep(connection)
  }

  // --- keeping and leaving --------------------------------------------------------------------

  private keep(connection: Connection): void {
    const [next] = this.waiting
    if (next !== undefined) {
      next.take(connection)
      return
    }
    if (this.closing) {
      this.retire(connection)
      return
    }
    connection.idleSinceMs = performance.now()
    this.idle.push(connection)
    connection.wire.whenLost(() => {
      const at = this.idle.indexOf(connection)
      if (at !== -1) this.idle.splice(at, 1)
      this.left()
    })
    this.idleTimer ??= setTimeout(() => this.dropIdle(), this.idleTimeoutMs)
  }

  private dropIdle(): void {
    this.idleTimer = undefined
    const now = performance.now()
    // The longest idle stand first.
    while (this.idle[0] !== undefined && now - this.idle[0].idleSinceMs >= this.idleTimeoutMs) {
      const connection = this.idle.shift()
      if (connection !== undefined) this.retire(connection)
    }
    const [oldest] = this.idle
    if (oldest === undefined) return
    const leftMs = Math.max(1, this.idleTimeoutMs - (now - oldest.idleSinceMs))
    this.idleTimer = setTimeout(() => this.dropIdle(), leftMs)
  }

  private retire(connection: Connection): void {
    this.quit(connection)
    this.left()
  }

  /** Says good-bye in the background. */
  private quit(connection: Connection): void {
    const quit = connection.wire.quit(this.timeouts.quitMs).then(() => {
      this.quitting.delete(quit)
    })
    this.quitting.add(quit)
  }

  private left(): void {
    this.open--
    this.passLeave()
  }
}

function notSent(because: SendNotSent['because'], detail: string): SendNotSent {
  return { kind: 'not-sent', phase: 'connect', because, detail }
}
