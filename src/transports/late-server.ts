/**
 * A port that is open before what serves it is loaded. The first connection has it loaded, and
 * whoever comes meanwhile waits unread; a gateway that nobody calls on a port never loads it.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

export interface LateServerOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly allowHalfOpen?: boolean
  /**
   * Loading failed: those who waited are cut, and the next connection tries again. A module that could
   * not be read (no file descriptors) Node does not read again, so this must reach a person.
   */
  readonly failed: (error: unknown) => void
}

/** What serves, once it is there. */
export interface Serving {
  close(deadlineMs: number): Promise<void>
}

export interface LateServer {
  /** Where it listens; the port is the real one. */
  readonly address: { readonly host: string; readonly port: number }
  /**
   * Loads what serves without waiting for a connection: what is wrong with it is told then. Nothing
   * is loaded for a port that is closed.
   */
  load(): Promise<void>
  close(deadlineMs: number): Promise<void>
}

/** Connections that may wait for the system to hand them over. */
const BACKLOG = 1024
/** Connections that wait for what serves them; more are cut. */
const WAITING_MAX = 1024

/**
 * `prepare` loads the code; what it gives takes the listening server over, adding its own listener
 * for connections before it first waits for anything. Rejects if the address cannot be had.
 */
export async function openLateServer(
  options: LateServerOptions,
  prepare: () => Promise<(listening: Server) => Promise<Serving>>,
): Promise<LateServer> {
  const waiting = new Set<Socket>()
  const server = createServer({ allowHalfOpen: options.allowHalfOpen === true }, hold)
  let loading: Promise<Serving> | undefined
  let closed = false

  function hold(socket: Socket): void {
    if (waiting.size >= WAITING_MAX) {
      socket.destroy()
      return
    }
    waiting.add(socket)
    socket.on('error', ignore)
    // Whoever began the loading is told how it ended, and one alarm is enough.
    if (loading === undefined) load().catch(options.failed)
  }

  async function begin(): Promise<Serving> {
    try {
      const serve = await prepare()
      server.off('connection', hold)
      const serving = serve(server)
      handOver()
      return await serving
    } catch (error) {
      loading = undefined
      server.off('connection', hold).on('connection', hold)
      for (const socket of waiting) socket.destroy()
      waiting.clear()
      throw error
    }
  }

  function handOver(): void {
    const held = [...waiting]
    waiting.clear()
    for (const socket of held) {
      socket.off('error', ignore)
      // An end that was read already is told nobody twice: what serves would wait for it.
      if (socket.readableEnded) socket.destroy()
      else if (!socket.destroyed) server.emit('connection', socket)
    }
  }

  async function load(): Promise<void> {
    if (closed) return
    loading ??= begin()
    await loading
  }

  server.listen({ host: options.host, port: options.port, backlog: BACKLOG })
  await once(server, 'listening')
  const { address: host, port } = server.address() as AddressInfo
  return {
    address: { host, port },
    load,
    async close(deadlineMs) {
      closed = true
      const serving = await loading?.catch(() => undefined)
      if (serving !== undefined) return serving.close(deadlineMs)
      for (const socket of waiting) socket.destroy()
      if (!server.listening) return
      const over = once(server, 'close')
      server.close()
      await over
    },
  }
}

/** Whoever breaks off while waiting is forgotten when it is their turn. */
function ignore(): void {}
