/**
 * What leaves by one socket: PDUs of one turn of the event loop leave in one write, and a peer that
 * does not read is noticed before it fills our memory.
 */

import type { Writable } from 'node:stream'

/** Above this no new requests are begun. */
const BUSY_OCTETS = 64 * 1024
/** Above this nothing more is read from the peer, so that no answers are added. */
const CHOKED_OCTETS = 256 * 1024
/** Joining less than this is cheaper than what a stream does for each piece. */
const JOINED_OCTETS_MAX = 64 * 1024

/** Octets on their way out. */
export class Outbox {
  private readonly socket: Writable
  private pieces: Buffer[] = []
  private octets = 0
  private planned = false

  constructor(socket: Writable) {
    this.socket = socket
  }

  /** Octets that the system has not taken from us. */
  get unsent(): number {
    return this.octets + this.socket.writableLength
  }

  get busy(): boolean {
    return this.unsent > BUSY_OCTETS
  }

  get choked(): boolean {
    return this.unsent > CHOKED_OCTETS
  }

  /** Whether the system has refused octets since it last took all. */
  get stalled(): boolean {
    return this.socket.writableNeedDrain
  }

  /** Sends with whatever else is sent in this turn. */
  push(bytes: Buffer): void {
    this.pieces.push(bytes)
    this.octets += bytes.length
    if (this.octets >= JOINED_OCTETS_MAX) this.flush()
    else if (!this.planned) {
      this.planned = true
      setImmediate(this.flushPlanned)
    }
  }

  /** Sends what there is now. */
  flush(): void {
    const { pieces, octets } = this
    const [first] = pieces
    if (first === undefined) return
    this.pieces = []
    this.octets = 0
    if (!this.socket.writable) return
    this.socket.write(pieces.length === 1 ? first : Buffer.concat(pieces, octets))
  }

  private readonly flushPlanned = (): void => {
    this.planned = false
    this.flush()
  }
}
