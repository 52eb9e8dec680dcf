/**
 * Reads the fields of one PDU in their order. What is broken is remembered, the first fault only,
 * and reading goes on with empty values, so that a body's layout can be written as one expression.
 */

import { COMMAND_STATUS } from './command-status.ts'
import type { TextField } from './field.ts'

/** The first thing wrong with a body. */
export interface FieldFault {
  /** What the peer is told. */
  readonly commandStatus: number
  readonly detail: string
}

const NOTHING = new Uint8Array(0)

/** A place in a PDU and what was found wrong before it. */
export class FieldReader {
  readonly bytes: Buffer
  /** Offset of the next octet. */
  at: number
  fault: FieldFault | undefined = undefined

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes
    this.at = at
  }

  /** Octets not read yet; none after a fault. */
  get left(): number {
    return this.bytes.length - this.at
  }

  /** Remembers a fault unless there was one before, and reads no further. */
  fail(commandStatus: number, detail: string): void {
    this.fault ??= { commandStatus, detail }
    this.at = this.bytes.length
  }

  u8(): number {
    if (!this.has(1, 'one octet')) return 0
    return this.bytes[this.at++] ?? 0
  }

  u16(): number {
    if (!this.has(2, 'two octets')) return 0
    this.at += 2
    return this.bytes.readUInt16BE(this.at - 2)
  }

  u32(): number {
    if (!this.has(4, 'four octets')) return 0
    this.at += 4
    return this.bytes.readUInt32BE(this.at - 4)
  }

  /** A C-octet string, as Latin-1: each octet is one character, whatever the standard allows there. */
  text(field: TextField): string {
    const { bytes, at } = this
    const stop = Math.min(bytes.length, at + field.octetsMax)
    let end = at
    while (end < stop && bytes[end] !== 0) end++
    if (end < stop) {
      this.at = end + 1
      return end === at ? '' : bytes.toString('latin1', at, end)
    }
    if (stop === bytes.length && end - at < field.octetsMax) {
      this.fail(COMMAND_STATUS.ESME_RINVCMDLEN, `${field.name} does not end within the PDU`)
    } else {
      this.fail(field.tooLong, `${field.name} is longer than ${field.octetsMax} octets`)
    }
    return ''
  }

  /** The next `length` octets as a view; `tooShort` answers if they are not there. */
  octets(length: number, tooShort: number, name: string): Uint8Array {
    if (length === 0) return NOTHING
    if (length > this.left) {
      this.fail(tooShort, `${name} says ${length} octets, ${this.left} are there`)
      return NOTHING
    }
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  private has(octets: number, what: string): boolean {
    if (this.left >= octets) return true
    this.fail(COMMAND_STATUS.ESME_RINVCMDLEN, `the PDU ends where ${what} should be`)
    return false
  }
}
