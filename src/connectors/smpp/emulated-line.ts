/** A line to the simulated message centre over which bytes can come that are no SMPP. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface EmulatedLine {
  readonly address: { readonly host: string; readonly port: number }
  /** Writes bytes to the client whose line reaches the centre from this port, and breaks it. */
  spoil(port: number, bytes: Uint8Array): void
  close(): Promise<void>
}

/** Listens, and joins each connection with one to the centre behind it. */
export async function openEmulatedLine(
  front: { readonly host: string; readonly port: number },
  centre: { readonly host: string; readonly port: number },
): Promise<EmulatedLine> {
  const clients = new Map<number, Socket>()
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const behind = connect(centre)
    for (const socket of [client, behind]) {
      socket.setNoDelay(true)
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => open.delete(socket))
    }
    behind.once('connect', () => clients.set(behind.localPort ?? 0, client))
    client.on('close', () => behind.destroy())
    behind.on('close', () => {
      clients.delete(behind.localPort ?? 0)
      client.end()
    })
    client.pipe(behind)
    behind.pipe(client)
  })
  server.listen(front.port, front.host)
  await once(server, 'listening')
  const { address: host, port } = server.address() as AddressInfo
  return {
    address: { host, port },
    spoil(from, bytes) {
      clients.get(from)?.end(bytes)
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
