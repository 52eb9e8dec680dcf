/**
 * Writes the fields of one PDU in their order. A value that does not fit is remembered, the first one
 * only, and the PDU is not sent: cutting a number short would address somebody else.
 */

import type { TextField } from './field.ts'

/** Why a PDU cannot be written. */
export interface WriteRefusal {
  /** The field as the standard spells it. */
  readonly field: string
  readonly because: 'too-long' | 'too-short' | 'out-of-range' | 'not-latin-1'
}

/** Most PDUs are shorter, so that most need no second buffer. */
const FIRST_OCTETS = 256

const OCTET_MAX = 0xff

/** Octets of a PDU so far. */
export class FieldWriter {
  refusal: WriteRefusal | undefined = undefined
  private bytes = Buffer.allocUnsafe(FIRST_OCTETS)
  /** How many octets were written. */
  private length = 0

  /** Remembers that a value does not fit, unless another did not before. */
  refuse(field: string, because: WriteRefusal['because']): void {
    this.refusal ??= { field, because }
  }

  u8(value: number, field: string): void {
    this.room(1)
    this.length = this.bytes.writeUInt8(this.fitting(value, OCTET_MAX, field), this.length)
  }

  u16(value: number, field: string): void {
    this.room(2)
    this.length = this.bytes.writeUInt16BE(this.fitting(value, 0xffff, field), this.length)
  }

  u32(value: number, field: string): void {
    this.room(4)
    this.length = this.bytes.writeUInt32BE(this.fitting(value, 0xffff_ffff, field), this.length)
  }

  /** A C-octet string with its NUL. */
  text(value: string, field: Pick<TextField, 'name' | 'octetsMax'>): void {
    if (value.length >= field.octetsMax) {
      this.refuse(field.name, 'too-long')
      return
    }
    this.latin1(value, field.name)
    this.u8(0, field.name)
  }

  octets(value: Uint8Array): void {
    this.room(value.length)
    this.bytes.set(value, this.length)
    this.length += value.length
  }

  /** Puts the length of the whole PDU into its first word and gives it away. */
  finish(): Buffer {
    this.bytes.writeUInt32BE(this.length, 0)
    return this.bytes.subarray(0, this.length)
  }

  private latin1(value: string, field: string): void {
    this.room(value.length)
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code === 0 || code > OCTET_MAX) {
        this.refuse(field, 'not-latin-1')
        return
      }
      this.bytes[this.length++] = code
    }
  }

  /** The value, or 0 in place of one that was refused. */
  private fitting(value: number, most: number, field: string): number {
    if (Number.isInteger(value) && value >= 0 && value <= most) return value
    this.refuse(field, 'out-of-range')
    return 0
  }

  private room(octets: number): void {
    const needed = this.length + octets
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
