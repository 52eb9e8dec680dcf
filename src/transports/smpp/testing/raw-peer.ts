/** Either end of SMPP by hand, for tests: it says exactly the bytes the test says. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { printStatus } from '../../../codecs/smpp/command-status.ts'
import { NO_ADDRESS } from '../../../codecs/smpp/create-body.ts'
import { decodePdu } from '../../../codecs/smpp/decode.ts'
import { encodePdu } from '../../../codecs/smpp/encode.ts'
import { createFrameReader } from '../../../codecs/smpp/frame-reader.ts'
import type { SmppBody, SmppPdu } from '../../../codecs/smpp/pdu.ts'
import { NO_TLVS } from '../../../codecs/smpp/tlv-table.ts'

/** A peer without manners. */
export interface RawPeer {
  readonly socket: Socket
  send(body: SmppBody, sequenceNumber: number, commandStatus?: number): void
  write(bytes: Uint8Array | string): void
  /** The next PDU heard; fails if the connection ends first. */
  next(): Promise<SmppPdu>
  /** The next PDU, as `command:number:status`. */
  said(): Promise<string>
  /** PDUs still heard until the other side closes, as `said` has them. */
  untilClosed(): Promise<string[]>
}

/** Bytes of a PDU. */
export function bytesOf(body: SmppBody, sequenceNumber: number, commandStatus = 0): Buffer {
  const encoded = encodePdu({ body, sequenceNumber, commandStatus })
  assert.ok(encoded.kind === 'bytes', JSON.stringify(encoded))
  return encoded.bytes
}

function print({ body, sequenceNumber, commandStatus }: SmppPdu): string {
  return `${body.command}:${sequenceNumber}:${printStatus(commandStatus)}`
}

/** Speaks over a socket by hand. */
export function speakRaw(socket: Socket): RawPeer {
  const reader = createFrameReader()
  const heard: SmppPdu[] = []
  let closed = false
  let wake = () => {}
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    for (let from = 0; ; ) {
      const step = reader.read(chunk, from)
      if (step.kind !== 'frame') break
      from = step.next
      const decoded = decodePdu(step.bytes)
      assert.ok(decoded.kind === 'pdu', JSON.stringify(decoded))
      heard.push(decoded.pdu)
    }
    wake()
  })
  socket.on('close', () => {
    closed = true
    wake()
  })
  const more = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  const peer: RawPeer = {
    socket,
    send: (body, sequenceNumber, commandStatus) =>
      void socket.write(bytesOf(body, sequenceNumber, commandStatus)),
    write: (bytes) => void socket.write(bytes),
    async next() {
      for (;;) {
        const found = heard.shift()
        if (found !== undefined) return found
        if (closed) throw new Error('closed without another PDU')
        await more()
      }
    },
    said: async () => print(await peer.next()),
    async untilClosed() {
      while (!closed) await more()
      return heard.splice(0).map(print)
    },
  }
  return peer
}

/** Connects to a server, by hand. */
export async function openRawClient(port: number): Promise<RawPeer> {
  const socket = connect({ port, host: '127.0.0.1' })
  const peer = speakRaw(socket)
  await once(socket, 'connect')
  return peer
}

/** A bind. */
export function bindBody(
  command: 'bind_transmitter' | 'bind_receiver' | 'bind_transceiver' = 'bind_transceiver',
  fields: {
    readonly systemId?: string
    readonly password?: string
    readonly interfaceVersion?: number
  } = {},
): SmppBody {
  const { systemId = 'client', password = 'secret', interfaceVersion = 0x34 } = fields
  const rest = { systemType: '', addressRange: NO_ADDRESS, tlvs: NO_TLVS }
  return { command, systemId, password, interfaceVersion, ...rest }
}

/** A message centre by hand. */
export interface RawCentre {
  readonly port: number
  /** The next connection. */
  accept(): Promise<RawPeer>
  close(): Promise<void>
}

/** Opens a centre that does nothing by itself. */
export async function openRawCentre(): Promise<RawCentre> {
  const waiting: RawPeer[] = []
  const sockets = new Set<Socket>()
  let wake = () => {}
  const server = createServer((socket) => {
    sockets.add(socket)
    waiting.push(speakRaw(socket))
    wake()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async accept() {
      for (;;) {
        const found = waiting.shift()
        if (found !== undefined) return found
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
