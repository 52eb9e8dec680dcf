/**
 * The least a durable SMTP server does, as a floor: it takes every command, appends what comes after
 * DATA to one file, and answers the final dot when an fdatasync covers it. It judges nothing.
 */
import { once } from 'node:events'
import { closeSync, fdatasync, openSync, unlinkSync, writev } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { promisify } from 'node:util'

export interface BareSmtp {
  readonly port: number
  close(): Promise<void>
}

const END = Buffer.from('\r\n.\r\n')
const append = promisify(writev)
const sync = promisify(fdatasync)

/** Listens on loopback; `file` is made anew and removed at the end. */
export async function openBareSmtp(file: string): Promise<BareSmtp> {
  const descriptor = openSync(file, 'w')
  const log = createLog(descriptor)
  const server = createServer({ noDelay: true }, (socket) => converse(socket, log))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close()
      await once(server, 'close')
      closeSync(descriptor)
      unlinkSync(file)
    },
  }
}

type Keep = (chunks: readonly Buffer[], kept: () => void) => void

/** Group commit: what comes while one group is written and synced is the next. */
function createLog(descriptor: number): Keep {
  let group: { readonly chunks: readonly Buffer[]; readonly kept: () => void }[] = []
  let writing = false
  async function write(): Promise<void> {
    writing = true
    while (group.length > 0) {
      const taken = group
      group = []
      await append(
        descriptor,
        taken.flatMap(({ chunks }) => chunks),
      )
      await sync(descriptor)
      for (const { kept } of taken) kept()
    }
    writing = false
  }
  return (chunks, kept) => {
    group.push({ chunks, kept })
    if (!writing) void write()
  }
}

function converse(socket: Socket, keep: Keep): void {
  let mail: Buffer[] | undefined
  const say = (line: string) => void socket.write(`${line}\r\n`)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    if (mail !== undefined) {
      mail.push(chunk)
      // The client waits behind the final dot, so it ends a chunk; it may be cut by two of them.
      if (!Buffer.concat(mail.slice(-2)).subarray(-END.length).equals(END)) return
      keep(mail, () => say('250 kept'))
      mail = undefined
      return
    }
    const command = chunk.toString('latin1', 0, 4).toUpperCase()
    if (command === 'DATA') mail = []
    if (command === 'QUIT') socket.end('221 bye\r\n')
    else say(command === 'DATA' ? '354 go on' : '250 ok')
  })
  say('220 bare')
}
