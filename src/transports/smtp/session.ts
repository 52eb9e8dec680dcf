/**
 * One connection of the server: socket in, conversation and message bytes out.
 *
 * Modes: `command` (lines), `data` (between 354 and the final dot), `chunk` (the bytes of a BDAT), `over` (last words said; what
 * still comes is thrown away). While a handler's promise is pending, or the peer does not read our
 * replies, nothing is taken from the socket: that is the back-pressure.
 */

import type { Socket } from 'node:net'
import { createLineReader, type LineReader } from '../../codecs/smtp/line-reader.ts'
import { isPositive, printReply, type SmtpReply } from '../../codecs/smtp/reply.ts'
import { readPeerTls } from '../peer-tls.ts'
import type { TlsGate } from '../tls-gate.ts'
import {
  type ChunkStep,
  Conversation,
  type ConversationSettings,
  type Step,
} from './conversation.ts'
import type { Awaitable, SmtpAbort, SmtpDataSink } from './handler.ts'
import { createIncoming, type Incoming, type IncomingChunk } from './incoming.ts'
import * as say from './replies.ts'
import type { SmtpServerLimits, SmtpServerProblem } from './server-options.ts'

/** What the server lends to each of its sessions. */
export interface SessionContext {
  readonly settings: ConversationSettings
  readonly limits: SmtpServerLimits
  readonly tls: TlsGate | undefined
  /** TLS from the first byte. */
  readonly implicitTls: boolean
  now(): number
  problem(problem: SmtpServerProblem): void
  /** The connection is gone, for whatever reason. Called once. */
  closed(session: ServerSession): void
}

/** A connection and all that belongs to it. */
export class ServerSession {
  readonly address: string
  private readonly context: SessionContext
  private readonly conversation: Conversation
  private readonly commandLines: LineReader
  private readonly authLines: LineReader
  private socket: Socket
  private mode: 'command' | 'data' | 'chunk' | 'over' = 'command'
  private incoming: Incoming | undefined
  private chunk: IncomingChunk | undefined
  private readonly queue: Buffer[] = []
  /** Bytes of `queue[0]` that are used up. */
  private offset = 0
  private out = ''
  private flushPlanned = false
  private waiting = false
  private undrained = false
  private inputEnded = false
  private draining = false
  private gone = false
  /** Between STARTTLS and the end of its handshake nobody but TLS may use the socket. */
  private handshaking = false
  private errors = 0
  private deadlineAt = Number.POSITIVE_INFINITY

  constructor(id: number, socket: Socket, address: string, context: SessionContext) {
    this.address = address
    this.context = context
    this.socket = socket
    const { limits, settings } = context
    const peer = { address, port: socket.remotePort ?? 0, tls: undefined }
    this.conversation = new Conversation(id, peer, settings, () => this.destroy())
    this.commandLines = createLineReader(limits.commandLineBytesMax)
    this.authLines = createLineReader(limits.authLineBytesMax)
  }

  /** Begins: with a TLS handshake where the port is an implicit one, else with the greeting. */
  start(): void {
    this.socket.setNoDelay(true)
    this.expectBy(this.context.limits.commandTimeoutMs)
    this.listen()
    if (this.context.implicitTls) this.secure(() => this.greet())
    else this.greet()
  }

  /** Says `reply` and hangs up: for connections that are not let in. */
  turnAway(reply: SmtpReply): void {
    this.listen()
    this.sayLast(reply)
  }

  /** Called now and then; ends what waited too long. */
  checkDeadline(now: number): void {
    if (now < this.deadlineAt) return
    if (this.mode === 'over' || this.handshaking) {
      this.socket.destroy()
      return
    }
    this.abortIncoming('timeout')
    this.sayLast(say.TIMED_OUT)
  }

  /** Lets a message that is coming in end, and ends the session after it. */
  drain(): void {
    this.draining = true
    if (this.handshaking) this.socket.destroy()
    else if (this.mode === 'command' && !this.waiting) this.sayLast(this.goodBye)
  }

  private get goodBye(): SmtpReply {
    return this.context.settings.handler.leaving?.(this.conversation) ?? say.SHUTTING_DOWN
  }

  /** Ends the connection without another word. */
  destroy(): void {
    this.abortIncoming('shutdown')
    this.mode = 'over'
    this.socket.destroy()
  }

  private greet(): void {
    const { handler, hostname } = this.context.settings
    this.settle(
      () => handler.connect?.(this.conversation.peer),
      (reply = say.greeting(hostname)) => {
        if (isPositive(reply)) this.say(reply)
        else this.sayLast(reply)
      },
      () => this.sayLast(say.SHUTTING_DOWN),
    )
    this.flush()
  }

  // --- socket ---------------------------------------------------------------------------------

  private listen(): void {
    this.socket.on('data', this.onData)
    this.socket.on('end', this.onEnd)
    this.socket.on('error', this.onError)
    this.socket.on('close', this.onClose)
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.mode === 'over') return
    this.queue.push(chunk)
    if (this.waiting || this.undrained) this.socket.pause()
    else this.run()
  }

  private readonly onEnd = (): void => {
    this.inputEnded = true
    if (!this.waiting && !this.undrained) this.run()
  }

  private readonly onError = (error: Error): void => {
    const problem = { kind: 'socket-failed', address: this.address, detail: error.message } as const
    this.context.problem(problem)
    this.socket.destroy()
  }

  private readonly onClose = (): void => {
    if (this.gone) return
    this.gone = true
    this.mode = 'over'
    this.queue.length = 0
    this.abortIncoming('closed')
    this.context.closed(this)
  }

  private readonly onDrain = (): void => {
    this.undrained = false
    if (!this.waiting) this.run()
  }

  private secure(then: () => void): void {
    const clear = this.socket
    clear.removeListener('data', this.onData)
    clear.removeListener('end', this.onEnd)
    this.handshaking = true
    this.expectBy(this.context.limits.commandTimeoutMs)
    this.context.tls?.secure(clear, (secured) => {
      clear.removeListener('close', this.onClose)
      this.handshaking = false
      this.socket = secured
      this.listen()
      this.conversation.secured({ ...this.conversation.peer, tls: readPeerTls(secured) })
      this.expectBy(this.context.limits.commandTimeoutMs)
      then()
    })
  }

  // --- the loop -------------------------------------------------------------------------------

  private run(): void {
    while (!this.waiting && !this.undrained && this.mode !== 'over') {
      const chunk = this.queue[0]
      if (chunk === undefined) break
      if (this.mode === 'data') this.takeData(chunk)
      else if (this.mode === 'chunk') this.takeChunk(chunk)
      else this.takeLine(chunk)
    }
    if (this.waiting) {
      this.planFlush()
    } else if (this.mode === 'command' && this.draining) {
      this.sayLast(this.goodBye)
    } else if (this.inputEnded && this.mode !== 'over' && !this.undrained) {
      this.hangUp()
    } else {
      this.flush()
      if (!this.undrained && this.socket.isPaused()) this.socket.resume()
    }
  }

  /** Waits for a handler without reading on; then goes on where it stopped. */
  private wait<T>(promise: Promise<T>, then: (value: T) => void, failed: () => void): void {
    this.waiting = true
    this.deadlineAt = Number.POSITIVE_INFINITY
    const resume = (next: () => void) => {
      this.waiting = false
      if (this.mode === 'over') return
      this.expectBy(this.context.limits.commandTimeoutMs)
      next()
      this.run()
    }
    promise.then(
      (value) => resume(() => then(value)),
      (error: unknown) => {
        this.handlerFailed(error)
        resume(failed)
      },
    )
  }

  private settle<T>(start: () => Awaitable<T>, then: (value: T) => void, failed: () => void): void {
    let value: Awaitable<T>
    try {
      value = start()
    } catch (error) {
      this.handlerFailed(error)
      failed()
      return
    }
    if (value instanceof Promise) this.wait(value, then, failed)
    else then(value)
  }

  private handlerFailed(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error)
    this.context.problem({ kind: 'handler-failed', address: this.address, detail })
  }

  private takeLine(chunk: Buffer): void {
    const lines = this.conversation.expectsAuthLine ? this.authLines : this.commandLines
    const step = lines.read(chunk, this.offset)
    if (step.kind === 'fault') {
      if (step.because === 'line-too-long') this.sayLast(say.LINE_TOO_LONG)
      else this.refuseBareLineEnd(step.because)
      return
    }
    if (step.kind === 'incomplete') {
      this.chunkDone()
      return
    }
    if (step.next === chunk.length) this.chunkDone()
    else this.offset = step.next
    this.expectBy(this.context.limits.commandTimeoutMs)
    this.settle(
      () => this.conversation.answer(step.text),
      (answer) => this.follow(answer),
      () => this.say(say.FAILED_HERE),
    )
  }

  private follow(step: Step): void {
    if (step.next === 'chunk') {
      this.beginChunk(step)
      return
    }
    // RSET and its like: what came of the message in chunks is forgotten.
    if (!this.conversation.chunking) this.abortIncoming('closed')
    // Bytes that came in clear must not be read as if they had come encrypted (RFC 3207 §5).
    if (step.next === 'tls' && this.queue.length > 0) this.sayLast(say.PIPELINED_BEFORE_TLS)
    else if (step.next === 'close') this.sayLast(step.reply)
    else this.say(step.reply)
    if (this.mode === 'over') return
    if (step.next === 'data') this.beginData(step.sink)
    if (step.next === 'tls') {
      this.flush()
      this.secure(() => undefined)
    }
  }

  // --- message bytes --------------------------------------------------------------------------

  private beginData(sink: SmtpDataSink): void {
    this.mode = 'data'
    this.expectData(this.receive(sink))
  }

  private receive(sink: SmtpDataSink): Incoming {
    const { limits, now } = this.context
    const incoming = createIncoming(sink, now() + limits.dataTotalTimeoutMs)
    this.incoming = incoming
    return incoming
  }

  private beginChunk({ bytes, last, into }: ChunkStep): void {
    const refusal = into !== undefined && 'code' in into ? into : undefined
    if (into !== undefined && refusal === undefined) this.receive(into as SmtpDataSink)
    const { incoming } = this
    // What is thrown away is read all the same, but not without end.
    if (bytes > 2 * this.context.limits.messageBytesMax) {
      this.sayLast(say.TOO_LARGE)
      return
    }
    this.mode = 'chunk'
    this.chunk = { left: bytes, bytes, last, refusal }
    if (incoming !== undefined) this.expectData(incoming)
    if (bytes === 0) this.endChunk(this.chunk)
  }

  private takeChunk(input: Buffer): void {
    const { chunk, incoming } = this
    if (chunk === undefined) return
    const here = input.subarray(this.offset, this.offset + chunk.left)
    chunk.left -= here.length
    this.offset += here.length
    if (this.offset === input.length) this.chunkDone()
    const then = () => (chunk.left === 0 ? this.endChunk(chunk) : undefined)
    if (chunk.refusal !== undefined || incoming === undefined) {
      this.expectBy(this.context.limits.dataTimeoutMs)
      then()
      return
    }
    this.expectData(incoming)
    const fault = incoming.guard.check(here)
    if (fault !== undefined) {
      this.refuseBareLineEnd(fault)
      return
    }
    incoming.bytes += here.length
    this.checkSize(incoming)
    if (this.mode === 'over') return
    this.pushTo(incoming, here, then)
  }

  private endChunk({ bytes, last, refusal }: IncomingChunk): void {
    const { incoming } = this
    this.chunk = undefined
    this.mode = 'command'
    this.expectBy(this.context.limits.commandTimeoutMs)
    const lost = refusal ?? incoming?.refusal
    if (incoming === undefined || lost !== undefined) {
      this.incoming = undefined
      if (!last) this.conversation.loseChunks()
      this.say(lost ?? say.CHUNKS_BROKEN)
    } else if (!last) this.say(say.chunkTaken(bytes))
    else if (incoming.guard.end() === undefined) this.endData(incoming)
    else this.refuseBareLineEnd('bare-cr')
  }

  private takeData(chunk: Buffer): void {
    const { incoming } = this
    if (incoming === undefined) return
    const step = incoming.decoder.push(this.offset === 0 ? chunk : chunk.subarray(this.offset))
    if (step.kind === 'fault') {
      this.refuseBareLineEnd(step.because)
      return
    }
    this.chunkDone()
    if (step.kind === 'end' && step.rest.length > 0) this.queue.unshift(step.rest)
    this.expectData(incoming)
    incoming.bytes += step.data.length
    this.checkSize(incoming)
    if (this.mode === 'over') return
    const then = () => {
      if (step.kind === 'end') this.endData(incoming)
      else this.expectData(incoming)
    }
    this.pushTo(incoming, step.data, then)
  }

  /** A message that is lost already, or an empty piece, is nobody's to take. */
  private pushTo(incoming: Incoming, data: Uint8Array, then: () => void): void {
    const lost = incoming.refusal !== undefined
    this.settle(
      () => (lost || data.length === 0 ? undefined : incoming.sink.push(data)),
      then,
      () => {
        this.refuse(incoming, say.FAILED_HERE, 'handler-failed')
        then()
      },
    )
  }

  private checkSize(incoming: Incoming): void {
    const { messageBytesMax } = this.context.limits
    if (incoming.bytes <= messageBytesMax) return
    this.refuse(incoming, say.TOO_LARGE, 'too-large')
    // Reading the rest away lets an honest peer see the 552; beyond as much again it is a flood.
    if (incoming.bytes > 2 * messageBytesMax) this.sayLast(incoming.refusal ?? say.TOO_LARGE)
  }

  private refuse(incoming: Incoming, refusal: SmtpReply, because: SmtpAbort): void {
    if (incoming.refusal !== undefined) return
    incoming.refusal = refusal
    try {
      incoming.sink.abort(because)
    } catch (error) {
      this.handlerFailed(error)
    }
  }

  private endData(incoming: Incoming): void {
    this.incoming = undefined
    this.mode = 'command'
    this.settle(
      () => incoming.refusal ?? incoming.sink.end(),
      (reply) => {
        if (isPositive(reply)) this.errors = 0
        this.say(reply)
      },
      () => this.say(say.FAILED_HERE),
    )
  }

  private abortIncoming(because: SmtpAbort): void {
    const { incoming } = this
    this.incoming = undefined
    if (incoming !== undefined) this.refuse(incoming, say.FAILED_HERE, because)
  }

  private refuseBareLineEnd(because: 'bare-cr' | 'bare-lf'): void {
    this.context.problem({ kind: 'bare-line-end', address: this.address, detail: because })
    this.abortIncoming(because)
    this.sayLast(say.BARE_LINE_END)
  }

  private chunkDone(): void {
    this.queue.shift()
    this.offset = 0
  }

  // --- output and time ------------------------------------------------------------------------

  private say(reply: SmtpReply): void {
    this.out += printReply(reply)
    if (reply.code < 500) return
    this.errors++
    if (this.errors >= this.context.limits.errorsMax && this.mode !== 'over') {
      this.context.problem({ kind: 'too-many', address: this.address, detail: 'errors' })
      this.sayLast(say.TOO_MANY_ERRORS)
    }
  }

  private sayLast(reply: SmtpReply): void {
    this.out += printReply(reply)
    this.hangUp()
  }

  /** Sends what is left to say and lets the peer read it; a reset would tear it away. */
  private hangUp(): void {
    this.abortIncoming('closed')
    this.mode = 'over'
    this.queue.length = 0
    this.expectBy(this.context.limits.lingerMs)
    this.socket.end(this.out, 'latin1')
    this.out = ''
    this.socket.resume()
  }

  /** Replies to one burst of commands leave in one write, unless a handler takes its time. */
  private planFlush(): void {
    if (this.out === '' || this.flushPlanned) return
    this.flushPlanned = true
    setImmediate(() => {
      this.flushPlanned = false
      this.flush()
    })
  }

  private flush(): void {
    if (this.out === '' || this.mode === 'over') return
    const { out } = this
    this.out = ''
    if (this.socket.write(out, 'latin1')) return
    this.undrained = true
    this.socket.once('drain', this.onDrain)
    this.expectBy(this.context.limits.commandTimeoutMs)
  }

  private expectBy(timeoutMs: number): void {
    this.deadlineAt = this.context.now() + timeoutMs
  }

  private expectData(incoming: Incoming): void {
    this.expectBy(this.context.limits.dataTimeoutMs)
    this.deadlineAt = Math.min(this.deadlineAt, incoming.givenUpAt)
  }
}
