/**
 * A socket that speaks PDUs: bytes in, decoded PDUs out, and back. It notices a peer that does not
 * read, and stops reading from it before its answers fill our memory.
 */

import type { Socket } from 'node:net'
import { type Decoded, decodePdu } from '../../codecs/smpp/decode.ts'
import { createFrameReader, type FrameReader } from '../../codecs/smpp/frame-reader.ts'
import { describeError } from '../describe-error.ts'
import { Outbox } from './outbox.ts'
import type { SmppSessionLimits } from './session-limits.ts'

/** How a connection was lost, as far as the socket knows. */
export type WireLoss = 'peer-closed' | 'socket-failed' | 'peer-not-reading'

/** What becomes of what comes. */
export interface WireListener {
  took(decoded: Decoded): void
  /** The stream cannot be read on; nothing more will be taken. */
  unreadable(detail: string): void
  /** What was written has left. */
  drained(): void
  lost(because: WireLoss, detail: string): void
  /** The socket is closed. Called once, after all else. */
  gone(): void
}

/**
 * PDUs of one connection in one turn of the event loop. A client with a wide window sends hundreds at
 * once, and everybody else would wait until they are all under way.
 */
const PDUS_PER_TURN = 16

/** What of a chunk waits for the next turn. */
interface Rest {
  readonly chunk: Buffer
  readonly from: number
}

/** The connection below a session. */
export class Wire {
  private readonly socket: Socket
  private readonly limits: SmppSessionLimits
  private readonly listener: WireListener
  private readonly reader: FrameReader
  private readonly outbox: Outbox
  private rest: Rest | undefined = undefined
  private stalledAt: number | undefined = undefined
  private over = false

  constructor(socket: Socket, limits: SmppSessionLimits, listener: WireListener) {
    this.socket = socket
    this.limits = limits
    this.listener = listener
    this.reader = createFrameReader(limits.pduOctetsMax)
    this.outbox = new Outbox(socket)
    socket.setNoDelay(true)
    socket.on('data', this.onData)
    socket.on('drain', this.onDrain)
    socket.on('end', this.onEnd)
    socket.on('error', this.onError)
    socket.on('close', this.onClose)
  }

  /** Whether so much waits for the peer that no new request should be begun. */
  get busy(): boolean {
    return this.outbox.busy
  }

  /** Sends the bytes of one PDU. */
  send(bytes: Buffer): void {
    if (this.over) return
    this.outbox.push(bytes)
    const { writeBufferOctetsMax } = this.limits
    if (this.outbox.unsent > writeBufferOctetsMax) {
      this.listener.lost('peer-not-reading', `${writeBufferOctetsMax} octets wait for the peer`)
    }
  }

  /** Looks whether the peer still takes what we send. */
  beat(now: number): void {
    const { stallTimeoutMs } = this.limits
    if (!this.outbox.stalled) this.stalledAt = undefined
    else this.stalledAt ??= now
    if (this.stalledAt !== undefined && now - this.stalledAt >= stallTimeoutMs) {
      this.listener.lost('peer-not-reading', `the peer took nothing in ${stallTimeoutMs} ms`)
    }
  }

  /** Sends what there is and closes our side; what still comes is thrown away. */
  finish(): void {
    this.outbox.flush()
    this.over = true
    this.socket.end()
    // Without reading on we would never see the peer's end.
    this.socket.resume()
  }

  destroy(): void {
    this.over = true
    this.socket.destroy()
  }

  private readonly onData = (chunk: Buffer): void => {
    this.take(chunk, 0)
    if ((this.rest !== undefined || this.outbox.choked) && !this.over) this.socket.pause()
  }

  /** Takes what a chunk holds, as far as one turn goes. */
  private take(chunk: Buffer, begin: number): void {
    let from = begin
    for (let count = 0; !this.over; count++) {
      if (count === PDUS_PER_TURN) {
        this.rest = { chunk, from }
        setImmediate(this.goOn)
        return
      }
      const step = this.reader.read(chunk, from)
      if (step.kind === 'incomplete') return
      if (step.kind === 'fatal') {
        this.listener.unreadable(`${step.because}: ${step.octets}`)
        return
      }
      from = step.next
      this.listener.took(decodePdu(step.bytes, this.limits.misfitTlvs))
    }
  }

  private readonly goOn = (): void => {
    const { rest } = this
    this.rest = undefined
    if (rest === undefined || this.over) return
    this.take(rest.chunk, rest.from)
    if (!this.outbox.choked) this.readOn()
  }

  private readonly onDrain = (): void => {
    this.stalledAt = undefined
    this.readOn()
    this.listener.drained()
  }

  /** Reads again after a pause, unless something read before is not taken yet. */
  private readOn(): void {
    if (this.rest === undefined && this.socket.isPaused()) this.socket.resume()
  }

  private readonly onEnd = (): void =>
    this.listener.lost('peer-closed', 'the peer closed the connection')

  private readonly onError = (error: Error): void =>
    this.listener.lost('socket-failed', describeError(error))

  private readonly onClose = (): void => {
    this.over = true
    this.listener.lost('peer-closed', 'the connection is closed')
    this.listener.gone()
  }
}
