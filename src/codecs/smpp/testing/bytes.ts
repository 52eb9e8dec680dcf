/** Bytes for tests: hexadecimal in, plain values out. */

import assert from 'node:assert/strict'
import { encodePdu } from '../encode.ts'
import type { SmppPdu } from '../pdu.ts'

/** Octets of a hexadecimal text; white space is ignored. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
}

/** A PDU of a body in hexadecimal, with its right length. */
export function frame(commandId: number, sequenceNumber: number, body: string | Buffer): Buffer {
  const octets = typeof body === 'string' ? hex(body) : body
  const header = Buffer.alloc(16)
  header.writeUInt32BE(16 + octets.length, 0)
  header.writeUInt32BE(commandId, 4)
  header.writeUInt32BE(sequenceNumber, 12)
  return Buffer.concat([header, octets])
}

/** The bytes of a PDU that must be writable. */
export function encoded(pdu: SmppPdu): Buffer {
  const result = encodePdu(pdu)
  assert.ok(result.kind === 'bytes', JSON.stringify(result))
  return result.bytes
}

/** The same value with every run of octets as a plain `Uint8Array`, to be compared. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each)]))
}
