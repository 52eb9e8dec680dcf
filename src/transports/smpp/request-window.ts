/**
 * The requests of one side that are on their way: numbered, bounded, matched with their answers in
 * whatever order those come. Pure bookkeeping: it neither sends nor looks at a clock.
 */

import { type RequestName, responseNameOf } from '../../codecs/smpp/command.ts'
import type { SmppBody } from '../../codecs/smpp/pdu.ts'

/** How a request ended, before its user's type is put on it. */
export type Ending =
  | {
      readonly kind: 'answered'
      readonly commandStatus: number
      readonly sequenceNumber: number
      readonly response: SmppBody
    }
  | {
      readonly kind: 'unanswered'
      readonly because: 'timeout' | 'closed'
      readonly sequenceNumber: number
      readonly detail: string
    }
  | {
      readonly kind: 'not-sent'
      readonly because: 'window-full' | 'not-bound'
      readonly detail: string
    }

/** A request that was written. */
export interface Outgoing {
  readonly command: RequestName
  readonly sequenceNumber: number
  readonly bytes: Buffer
  /** Whether it takes a place in the window: the session's own requests do not. */
  readonly counted: boolean
  /** When it was sent, or began to wait. */
  since: number
  /** Its place in the order in which requests were sent, from 1; absent while it waits. */
  place?: number
  readonly end: (ending: Ending) => void
}

/** SMPP 3.4 §5.1.4: the highest sequence number; then it begins again at 1. */
export const SEQUENCE_MAX = 0x7fff_ffff

/** Requests sent and requests waiting. */
export class RequestWindow {
  windowMax: number
  private readonly waitingMax: number
  private readonly sent = new Map<number, Outgoing>()
  private waitingLine: Outgoing[] = []
  private lastSequence = 0
  /** How many of `sent` are counted. */
  private open = 0
  /** Requests sent so far. */
  places = 0
  /** The highest place of a request that was answered. */
  answeredPlace = 0

  constructor(windowMax: number, waitingMax: number) {
    this.windowMax = windowMax
    this.waitingMax = waitingMax
  }

  get outstanding(): number {
    return this.open
  }

  get waiting(): number {
    return this.waitingLine.length
  }

  get hasRoom(): boolean {
    return this.open < this.windowMax
  }

  /** A number no request under way has. */
  nextSequence(): number {
    do {
      this.lastSequence = this.lastSequence === SEQUENCE_MAX ? 1 : this.lastSequence + 1
    } while (this.sent.has(this.lastSequence))
    return this.lastSequence
  }

  /** Remembers a request that is being sent. */
  add(outgoing: Outgoing): void {
    this.sent.set(outgoing.sequenceNumber, outgoing)
    this.places++
    outgoing.place = this.places
    if (outgoing.counted) this.open++
  }

  /** Lets a request wait for room; `false` if too many do. */
  enqueue(outgoing: Outgoing): boolean {
    if (this.waitingLine.length >= this.waitingMax) return false
    this.waitingLine.push(outgoing)
    return true
  }

  /** The next request to send, if there is room for it. */
  shift(): Outgoing | undefined {
    return this.hasRoom ? this.waitingLine.shift() : undefined
  }

  /** Ends the request an answer belongs to; `false` if there is none of that number and operation. */
  answer(sequenceNumber: number, commandStatus: number, response: SmppBody): boolean {
    const outgoing = this.sent.get(sequenceNumber)
    if (outgoing === undefined) return false
    const { command } = response
    if (command !== 'generic_nack' && command !== responseNameOf(outgoing.command)) return false
    this.forget(outgoing)
    this.answeredPlace = Math.max(this.answeredPlace, outgoing.place ?? 0)
    outgoing.end({ kind: 'answered', commandStatus, sequenceNumber, response })
    return true
  }

  /** Ends what was sent, or began to wait, at `before` or earlier. */
  expire(before: number): void {
    // All have the same patience, so the oldest come first.
    for (const outgoing of this.sent.values()) {
      if (outgoing.since > before) break
      this.forget(outgoing)
      const { sequenceNumber } = outgoing
      const detail = `no answer to ${outgoing.command} ${sequenceNumber} in time`
      outgoing.end({ kind: 'unanswered', because: 'timeout', sequenceNumber, detail })
    }
    while (this.waitingLine[0] !== undefined && this.waitingLine[0].since <= before) {
      const detail = 'no room in the window in time'
      this.waitingLine.shift()?.end({ kind: 'not-sent', because: 'window-full', detail })
    }
  }

  /** Ends what waits: it will not be sent. */
  dropWaiting(detail: string): void {
    const dropped = this.waitingLine
    this.waitingLine = []
    for (const { end } of dropped) end({ kind: 'not-sent', because: 'not-bound', detail })
  }

  /** Ends everything: no answer can come any more. */
  failAll(detail: string): void {
    this.dropWaiting(detail)
    for (const outgoing of this.sent.values()) {
      this.forget(outgoing)
      const { sequenceNumber } = outgoing
      outgoing.end({ kind: 'unanswered', because: 'closed', sequenceNumber, detail })
    }
  }

  private forget(outgoing: Outgoing): void {
    this.sent.delete(outgoing.sequenceNumber)
    if (outgoing.counted) this.open--
  }
}
