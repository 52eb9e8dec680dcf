/** The npm package `smpp`, which has no types: the little of it that the tests use. */

import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import type { Server } from 'node:net'

/** A PDU of the foreign implementation: its fields by the standard's names. */
export interface ForeignPdu {
  readonly command: string
  readonly command_status: number
  readonly sequence_number: number
  readonly [field: string]: unknown
  toBuffer(): Buffer
  response(fields?: Record<string, unknown>): ForeignPdu
}

/** A connection of the foreign implementation, either side; emits PDUs under their names. */
export interface ForeignSession extends EventEmitter {
  send(pdu: ForeignPdu, answered?: (response: ForeignPdu) => void): boolean
  close(): void
  destroy(): void
}

interface Foreign {
  readonly PDU: new (command: string | Buffer, fields?: Record<string, unknown>) => ForeignPdu
  readonly tlvs: Readonly<Record<string, { readonly id: number; readonly tag?: string }>>
  readonly errors: Readonly<Record<string, number>>
  readonly commands: Readonly<Record<string, { readonly id: number }>>
  connect(options: Record<string, unknown>, connected?: () => void): ForeignSession
  createServer(
    options: Record<string, unknown>,
    listener: (session: ForeignSession) => void,
  ): Server
}

/** The package. */
export const foreignSmpp = createRequire(import.meta.url)('smpp') as Foreign
