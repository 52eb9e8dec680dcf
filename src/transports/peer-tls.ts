/** How far a peer proved itself in the TLS handshake. */

import type { TLSSocket } from 'node:tls'

/** What a finished handshake showed. */
export interface PeerTls {
  readonly protocol: string
  /** Whether a client certificate came and our CA signed it. */
  readonly authorized: boolean
  /** SHA-256 of the client certificate, `AB:CD:…`; `undefined` without one. */
  readonly fingerprint256: string | undefined
  readonly commonName: string | undefined
}

/** Reads it off a socket whose handshake is over. */
export function readPeerTls(socket: TLSSocket): PeerTls {
  const certificate = socket.getPeerCertificate()
  // Without a client certificate Node answers with an empty object.
  const commonName: string | string[] | undefined = certificate.subject?.CN
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    authorized: socket.authorized,
    fingerprint256: certificate.fingerprint256,
    commonName: Array.isArray(commonName) ? commonName[0] : commonName,
  }
}
