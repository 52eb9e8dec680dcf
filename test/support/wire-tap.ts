/** A TCP relay on loopback that writes down what went through, each direction for itself. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface WireTap {
  readonly port: number
  /** Where connections lead from now on. */
  leadTo(port: number): void
  /** What callers said, and what they were answered; a string for each connection. */
  readonly said: () => readonly Buffer[]
  readonly answered: () => readonly Buffer[]
  close(): Promise<void>
}

export async function openWireTap(): Promise<WireTap> {
  const said: Buffer[][] = []
  const answered: Buffer[][] = []
  const sockets = new Set<Socket>()
  let target = 0

  function copy(from: Socket, to: Socket, into: Buffer[]): void {
    sockets.add(from)
    from.on('data', (chunk: Buffer) => {
      into.push(chunk)
      to.write(chunk)
    })
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      to.destroySoon()
    })
  }

  const server = createServer({ allowHalfOpen: true }, (caller) => {
    const callee = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    const [there, back]: [Buffer[], Buffer[]] = [[], []]
    said.push(there)
    answered.push(back)
    copy(caller, callee, there)
    copy(callee, caller, back)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(port) {
      target = port
    },
    said: () => said.map((chunks) => Buffer.concat(chunks)),
    answered: () => answered.map((chunks) => Buffer.concat(chunks)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
