/**
 * Turns a server's clear sockets into TLS ones.
 *
 * A `tls.Server` that never listens does the handshakes: only there does Node judge client
 * certificates. Wrapping a socket in a `TLSSocket` by hand leaves `authorized` false for ever.
 */

import type { Socket } from 'node:net'
import { createServer, type SecureContextOptions, type TLSSocket } from 'node:tls'

/** What the handshakes are made with. */
export interface GateTls {
  /** Certificate, key, CA of clients and so on. */
  readonly options: SecureContextOptions
  /** Ask for a client certificate. Whether a missing one matters is the caller's decision. */
  readonly requestClientCert?: boolean
}

/** Where handshakes happen. */
export interface TlsGate {
  /** Begins a handshake. `then` is called if it succeeds; if not, the socket is closed. */
  secure(clear: Socket, then: (secured: TLSSocket) => void): void
  /** Uses another certificate from the next handshake on. */
  renew(options: SecureContextOptions): void
}

/** A gate; `failed` hears of every handshake that came to nothing. */
export function createTlsGate(
  tls: GateTls,
  handshakeTimeoutMs: number,
  failed: (error: Error, address: string) => void,
): TlsGate {
  // Address and port name a connection while it lives; TLS sockets show no way back to the clear one.
  const waiting = new Map<string, (secured: TLSSocket) => void>()
  const server = createServer({
    ...tls.options,
    requestCert: tls.requestClientCert === true,
    rejectUnauthorized: false,
    handshakeTimeout: handshakeTimeoutMs,
  })
  server.on('secureConnection', (secured) => waiting.get(nameOf(secured))?.(secured))
  server.on('tlsClientError', (error, secured) => failed(error, secured.remoteAddress ?? ''))
  return {
    secure(clear, then) {
      const name = nameOf(clear)
      waiting.set(name, (secured) => {
        waiting.delete(name)
        then(secured)
      })
      clear.once('close', () => waiting.delete(name))
      server.emit('connection', clear)
    },
    renew: (options) => server.setSecureContext(options),
  }
}

function nameOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}
