/**
 * The client's end of a connection: lines out, replies in. Nothing here throws; a connection that is
 * lost says so in place of the next reply.
 */

import type { Socket } from 'node:net'
import { createReplyReader, type ReceivedReply, type ReplyReader } from '../../codecs/smtp/reply.ts'
import { describeError } from '../describe-error.ts'

/** The connection is of no more use. */
export interface Lost {
  readonly kind: 'lost'
  readonly because: 'closed' | 'timeout' | 'aborted'
  readonly detail: string
}

/** The next thing heard. */
export type Heard = { readonly kind: 'reply'; readonly reply: ReceivedReply } | Lost

/** Neighbours up to this size are copied together: cheaper than what a stream does for each. */
const COPIED_BYTES_MAX = 4096

/** More unasked replies than these are no conversation. */
const REPLIES_AHEAD_MAX = 1024

/** A socket that speaks in replies. */
export class Wire {
  private socket: Socket
  private reader: ReplyReader = createReplyReader()
  private readonly replies: ReceivedReply[] = []
  private waiter: ((heard: Heard) => void) | undefined
  private onLost: (() => void) | undefined
  private onDrained: (() => void) | undefined
  lost: Lost | undefined

  constructor(socket: Socket) {
    this.socket = socket
    this.listen()
  }

  /** Whether any byte of an answer is here: nothing may be, when TLS begins. */
  get hasInput(): boolean {
    return this.replies.length > 0 || this.reader.begun
  }

  /** Sends; `false` asks to wait for `drained` before sending more. */
  write(data: string | Uint8Array): boolean {
    if (this.lost !== undefined) return true
    return typeof data === 'string' ? this.socket.write(data, 'latin1') : this.socket.write(data)
  }

  /** Sends several pieces in as few system calls as the system allows. */
  writeAll(pieces: readonly Uint8Array[]): boolean {
    if (this.lost !== undefined) return true
    this.socket.cork()
    let roomy = true
    let small: Uint8Array[] = []
    for (const piece of pieces) {
      if (piece.length <= COPIED_BYTES_MAX) {
        small.push(piece)
        continue
      }
      if (small.length > 0) this.socket.write(together(small))
      small = []
      roomy = this.socket.write(piece)
    }
    if (small.length > 0) roomy = this.socket.write(together(small))
    this.socket.uncork()
    return roomy
  }

  /** The next of what was said already, or how the connection was lost. */
  heard(): Heard | undefined {
    const reply = this.replies.shift()
    return reply === undefined ? this.lost : { kind: 'reply', reply }
  }

  /** The next reply, or how the connection was lost. One caller at a time. */
  hear(timeoutMs: number): Heard | Promise<Heard> {
    const heard = this.heard()
    if (heard !== undefined) return heard
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.fail({ kind: 'lost', because: 'timeout', detail: `no reply in ${timeoutMs} ms` })
      }, timeoutMs)
      this.waiter = (heard) => {
        clearTimeout(timer)
        resolve(heard)
      }
    })
  }

  /** Resolves when what was written has left, or the connection is lost. */
  async drained(timeoutMs: number): Promise<void> {
    if (this.lost !== undefined || !this.socket.writableNeedDrain) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        const detail = `peer took nothing in ${timeoutMs} ms`
        this.fail({ kind: 'lost', because: 'timeout', detail })
      }, timeoutMs)
      this.onDrained = () => {
        clearTimeout(timer)
        this.onDrained = undefined
        resolve()
      }
    })
  }

  /** Calls `listener` once when the connection is lost, or at once; replaces the one before. */
  whenLost(listener: (() => void) | undefined): void {
    this.onLost = undefined
    if (this.lost !== undefined) listener?.()
    else this.onLost = listener
  }

  /** Gives up: whoever waits hears of it at once. */
  abort(because: Lost['because'], detail: string): void {
    this.fail({ kind: 'lost', because, detail })
  }

  /** Goes on over another socket (TLS around the one before). */
  replaceSocket(wrap: (clear: Socket) => Socket): Socket {
    this.silence()
    this.socket = wrap(this.socket)
    this.reader = createReplyReader()
    this.listen()
    return this.socket
  }

  /** Says good-bye and closes; waits for the answer no longer than `timeoutMs`. */
  async quit(timeoutMs: number): Promise<void> {
    this.onLost = undefined
    if (this.lost !== undefined) return
    this.write('QUIT\r\n')
    await this.hear(timeoutMs)
    this.fail({ kind: 'lost', because: 'closed', detail: 'we quit' })
  }

  private listen(): void {
    this.socket.on('data', this.receive)
    this.socket.on('drain', this.roomAgain)
    this.socket.on('error', this.failed)
    this.socket.on('end', this.ended)
    this.socket.on('close', this.ended)
  }

  private silence(): void {
    this.socket.removeListener('data', this.receive)
    this.socket.removeListener('drain', this.roomAgain)
    this.socket.removeListener('error', this.failed)
    this.socket.removeListener('end', this.ended)
    this.socket.removeListener('close', this.ended)
    // A late error of a socket we left must not end the process.
    this.socket.on('error', () => undefined)
  }

  private readonly receive = (chunk: Buffer): void => {
    const step = this.reader.push(chunk)
    if (step.kind === 'fault') {
      const detail = `not SMTP (${step.because}): ${step.detail}`
      this.fail({ kind: 'lost', because: 'closed', detail })
      return
    }
    for (const reply of step.replies) {
      const { waiter } = this
      this.waiter = undefined
      if (waiter === undefined) this.replies.push(reply)
      else waiter({ kind: 'reply', reply })
    }
    if (this.replies.length > REPLIES_AHEAD_MAX) {
      this.fail({ kind: 'lost', because: 'closed', detail: 'replies to nothing' })
    }
  }

  private readonly roomAgain = (): void => this.onDrained?.()

  private readonly failed = (error: Error): void => {
    this.fail({ kind: 'lost', because: 'closed', detail: describeError(error) })
  }

  private readonly ended = (): void => {
    this.fail({ kind: 'lost', because: 'closed', detail: 'peer closed the connection' })
  }

  private fail(lost: Lost): void {
    if (this.lost !== undefined) return
    this.lost = lost
    this.silence()
    this.socket.destroy()
    const { waiter, onLost } = this
    this.waiter = undefined
    this.onLost = undefined
    waiter?.(lost)
    this.onDrained?.()
    onLost?.()
  }
}

function together(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces)
}
