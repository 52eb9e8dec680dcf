/**
 * An SMTP server for peers: it listens, counts who is in, and shuts down without losing a message.
 *
 * It is not a mail system: where the bytes go and for whom is the handler's decision alone.
 */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { SecureContextOptions } from 'node:tls'
import { plainAddress } from '../peer-address.ts'
import { createTlsGate } from '../tls-gate.ts'
import * as say from './replies.ts'
import {
  SMTP_SERVER_LIMITS,
  type SmtpServerLimits,
  type SmtpServerOptions,
} from './server-options.ts'
import { ServerSession, type SessionContext } from './session.ts'

/** A server that is listening. */
export interface SmtpServer {
  /** Where it listens; the port is the real one. */
  readonly address: { readonly host: string; readonly port: number }
  readonly sessionCount: number
  /** Uses another certificate from the next handshake on. Nothing happens where TLS is not offered. */
  renewTls(options: SecureContextOptions): void
  /**
   * Takes no more connections, answers commands with 421 4.3.2, lets messages that are coming in end,
   * and cuts what is left after `deadlineMs`. Resolves when nothing is open.
   */
  close(options?: { readonly deadlineMs?: number }): Promise<void>
}

const CLOSE_DEADLINE_MS = 10_000

/** Listens and answers. Rejects if the address cannot be had: that is the operator's mistake. */
export async function openSmtpServer(options: SmtpServerOptions): Promise<SmtpServer> {
  const limits: SmtpServerLimits = { ...SMTP_SERVER_LIMITS, ...options.limits }
  const sessions = new Set<ServerSession>()
  // Those turned away linger a moment to be heard; they take nobody's place meanwhile.
  const turnedAway = new Set<ServerSession>()
  const perAddress = new Map<string, number>()
  const context = createContext(options, limits, (session) => {
    if (turnedAway.delete(session) || !sessions.delete(session)) return
    const left = (perAddress.get(session.address) ?? 1) - 1
    if (left === 0) perAddress.delete(session.address)
    else perAddress.set(session.address, left)
  })
  let lastId = 0

  const server = options.listening ?? createServer({ allowHalfOpen: true })
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '')
    const session = new ServerSession(++lastId, socket, address, context)
    const before = perAddress.get(address) ?? 0
    if (sessions.size < limits.sessionsMax && before < limits.sessionsPerAddressMax) {
      sessions.add(session)
      perAddress.set(address, before + 1)
      session.start()
      return
    }
    context.problem({ kind: 'too-many', address, detail: 'sessions' })
    turnedAway.add(session)
    session.turnAway(say.TOO_MANY_SESSIONS)
    // A flood of connections is owed no explanation.
    if (turnedAway.size > limits.sessionsMax) session.destroy()
  })
  if (options.listening === undefined) {
    server.listen({ host: options.host, port: options.port, backlog: 511 })
    await once(server, 'listening')
  }
  const sweep = startSweep([sessions, turnedAway], limits, context.now)

  const { address: host, port } = server.address() as AddressInfo
  return {
    address: { host, port },
    get sessionCount() {
      return sessions.size
    },
    renewTls: (renewed) => context.tls?.renew(renewed),
    async close({ deadlineMs = CLOSE_DEADLINE_MS } = {}) {
      for (const session of sessions) session.drain()
      await closeServer(server, [sessions, turnedAway], deadlineMs)
      clearInterval(sweep)
    },
  }
}

function createContext(
  options: SmtpServerOptions,
  limits: SmtpServerLimits,
  closed: (session: ServerSession) => void,
): SessionContext {
  const { tls } = options
  const tlsFailed = (error: Error, address: string) =>
    options.onProblem?.({ kind: 'tls-failed', address, detail: error.message })
  return {
    limits,
    tls: tls && createTlsGate(tls, limits.commandTimeoutMs, tlsFailed),
    implicitTls: tls?.implicit === true,
    settings: {
      hostname: options.hostname,
      handler: options.handler,
      limits,
      startTls: tls !== undefined && tls.implicit !== true,
      allowPlainAuth: options.allowPlainAuth === true,
    },
    now: () => performance.now(),
    problem: (problem) => options.onProblem?.(problem),
    closed,
  }
}

/** One timer for all sessions: a deadline is then a number, and moving it costs nothing. */
function startSweep(
  groups: readonly ReadonlySet<ServerSession>[],
  limits: SmtpServerLimits,
  now: () => number,
): NodeJS.Timeout {
  const shortestMs = Math.min(limits.commandTimeoutMs, limits.dataTimeoutMs, limits.lingerMs)
  const everyMs = Math.min(1000, Math.max(10, shortestMs / 4))
  const sweep = setInterval(() => {
    const at = now()
    for (const sessions of groups) for (const session of sessions) session.checkDeadline(at)
  }, everyMs)
  return sweep.unref()
}

async function closeServer(
  server: Server,
  groups: readonly ReadonlySet<ServerSession>[],
  deadlineMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  const cut = setTimeout(() => {
    for (const sessions of groups) for (const session of sessions) session.destroy()
  }, deadlineMs)
  await closed
  clearTimeout(cut)
  // Node counts a socket out one turn before the socket says so itself.
  while (groups.some(({ size }) => size > 0)) await new Promise((resolve) => setImmediate(resolve))
}
