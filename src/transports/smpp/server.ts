/**
 * A message centre's front: it listens, counts who is in, and lets clients go in order when it
 * closes. What a message is and who may send one is the handler's decision alone.
 */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { createResponse } from '../../codecs/smpp/create-body.ts'
import { encodePdu } from '../../codecs/smpp/encode.ts'
import { describeError } from '../describe-error.ts'
import { plainAddress } from '../peer-address.ts'
import { type PeerTls, readPeerTls } from '../peer-tls.ts'
import { createTlsGate } from '../tls-gate.ts'
import { Admission, type Place } from './admission.ts'
import { beatMs, MACHINE_CLOCK, type SessionClock } from './clock.ts'
import type { SmppPeer, SmppSession } from './handler.ts'
import type { SmppProblem } from './problem.ts'
import {
  SMPP_SERVER_LIMITS,
  type SmppServerLimits,
  type SmppServerOptions,
} from './server-options.ts'
import { Link, type SessionContext } from './session.ts'
import { waitingTimes } from './session-limits.ts'

/** A server that is listening. */
export interface SmppServer {
  /** Where it listens; the port is the real one. */
  readonly address: { readonly host: string; readonly port: number }
  /** All connections, bound or not. */
  readonly sessionCount: number
  /** Those that have not bound, TLS handshakes among them. */
  readonly unboundCount: number
  /** The sessions of the moment. */
  sessions(): readonly SmppSession[]
  /** Uses another certificate from the next handshake on. Nothing happens without TLS. */
  renewTls(options: SecureContextOptions): void
  /**
   * Takes no more connections, answers requests with ESME_RSYSERR, lets what is under way end,
   * unbinds everybody, and cuts what is left after `deadlineMs`. Resolves when nothing is open.
   */
  close(options?: { readonly deadlineMs?: number }): Promise<void>
}

const CLOSE_DEADLINE_MS = 10_000
/** Connections that may wait for us to take them: a fleet of clients comes back all at once. */
const BACKLOG = 1024

/** Listens and answers. Rejects if the address cannot be had: that is the operator's mistake. */
export async function openSmppServer(options: SmppServerOptions): Promise<SmppServer> {
  const limits: SmppServerLimits = { ...SMPP_SERVER_LIMITS, ...options.limits }
  const clock = options.clock ?? MACHINE_CLOCK
  const front = new Front(options, limits, clock)
  checkSystemId(options.systemId)
  const server = options.listening ?? createServer()
  server.on('connection', front.take)
  if (options.listening === undefined) {
    server.listen({ host: options.host, port: options.port, backlog: BACKLOG })
    await once(server, 'listening')
  }
  // Out of descriptors: a connection could not be taken; those that are here go on.
  server.on('error', front.failed)
  const stopBeat = clock.every(
    beatMs([...waitingTimes(limits), limits.sessionInitTimeoutMs, limits.bindTimeoutMs]),
    front.beat,
  )

  const { address: host, port } = server.address() as AddressInfo
  return {
    address: { host, port },
    get sessionCount() {
      return front.admission.sessionCount
    },
    get unboundCount() {
      return front.admission.unboundCount
    },
    sessions: () => [...front.links],
    renewTls: (renewed) => front.tls?.renew(renewed),
    async close({ deadlineMs = CLOSE_DEADLINE_MS } = {}) {
      front.dropHandshakes()
      for (const link of front.links) void link.unbind({ deadlineMs })
      await closeServer(server, front, deadlineMs)
      stopBeat()
    },
  }
}

/** A name that fits no bind_resp would let nobody in: better said at the start. */
function checkSystemId(systemId: string): void {
  const response = createResponse('bind_transceiver')
  const encoded = encodePdu({
    commandStatus: 0,
    sequenceNumber: 1,
    body: { ...response, systemId } as typeof response,
  })
  if (encoded.kind === 'refused') throw new Error(`${encoded.field} is ${encoded.because}`)
}

/** Where connections come in. */
class Front {
  readonly links = new Set<Link>()
  readonly admission: Admission
  readonly tls: ReturnType<typeof createTlsGate> | undefined
  private readonly options: SmppServerOptions
  private readonly context: SessionContext
  private readonly clock: SessionClock
  private readonly places = new Map<Link, Place>()
  private readonly handshaking = new Set<Socket>()
  private lastId = 0

  constructor(options: SmppServerOptions, limits: SmppServerLimits, clock: SessionClock) {
    this.options = options
    this.clock = clock
    this.admission = new Admission(limits)
    const { handler, tls } = options
    this.context = {
      role: 'smsc',
      limits,
      handler,
      gate: {
        systemId: options.systemId,
        sessionInitTimeoutMs: limits.sessionInitTimeoutMs,
        bindTimeoutMs: limits.bindTimeoutMs,
        bindFailuresMax: limits.bindFailuresMax,
        mayBind: (address) => this.admission.mayBind(address, clock.now()),
        judge: (body, session) => handler.bind(body, session),
      },
      now: () => clock.now(),
      problem: this.problem,
      bound: (link) => this.places.get(link)?.bound(),
      gone: (link) => {
        this.links.delete(link)
        this.places.get(link)?.release()
        this.places.delete(link)
      },
    }
    const failed = (error: Error, address: string) =>
      this.problem({
        kind: 'tls-failed',
        address: plainAddress(address),
        detail: describeError(error),
      })
    this.tls = tls && createTlsGate(tls, limits.sessionInitTimeoutMs, failed)
  }

  /** A connection came. */
  readonly take = (socket: Socket): void => {
    const address = plainAddress(socket.remoteAddress ?? '')
    let crowdOut: () => void = () => socket.destroy()
    const place = this.admission.admit(address, () => crowdOut())
    if (typeof place === 'string') {
      // SMPP has no words before a bind, so there is none for "full".
      socket.on('error', () => undefined)
      socket.destroy()
      this.problem({ kind: 'too-many', address, detail: place })
      return
    }
    const peer = { address, port: socket.remotePort ?? 0, tls: undefined }
    const begin = (on: Socket, tls: PeerTls | undefined) => {
      const link = this.begin(on, { ...peer, tls }, place)
      crowdOut = () => link?.abort('crowded-out', 'too many connections had not bound')
    }
    if (this.tls === undefined) begin(socket, undefined)
    else this.secure(socket, place, begin)
  }

  readonly beat = (): void => {
    const now = this.clock.now()
    for (const link of this.links) link.beat(now)
    this.admission.forgetRested(now)
  }

  readonly failed = (error: Error): void =>
    this.problem({ kind: 'socket-failed', address: '', detail: describeError(error) })

  /** Cuts everything. */
  readonly cut = (): void => {
    for (const link of this.links) link.hangUp()
  }

  /** Ends connections that are not even secured. */
  dropHandshakes(): void {
    for (const socket of this.handshaking) socket.destroy()
  }

  private begin(socket: Socket, peer: SmppPeer, place: Place): Link | undefined {
    if (this.options.handler.connect?.(peer) === false) {
      socket.on('error', () => undefined)
      socket.on('close', () => place.release())
      socket.destroy()
      return undefined
    }
    const link = new Link(++this.lastId, socket, peer, this.context)
    this.links.add(link)
    this.places.set(link, place)
    return link
  }

  private secure(clear: Socket, place: Place, begin: (on: Socket, tls: PeerTls) => void): void {
    this.handshaking.add(clear)
    const failed = () => {
      this.handshaking.delete(clear)
      place.release()
    }
    clear.on('error', () => clear.destroy())
    clear.once('close', failed)
    this.tls?.secure(clear, (secured) => {
      this.handshaking.delete(clear)
      clear.removeListener('close', failed)
      begin(secured, readPeerTls(secured))
    })
  }

  private readonly problem = (problem: SmppProblem): void => this.options.onProblem?.(problem)
}

async function closeServer(server: Server, front: Front, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  const cut = setTimeout(front.cut, deadlineMs)
  await closed
  clearTimeout(cut)
  // Node counts a socket out one turn before the socket says so itself.
  while (front.links.size > 0) await new Promise((resolve) => setImmediate(resolve))
}
