/** What a server is told when it opens, and the bounds it keeps without being told. */

import type { Server } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { AUTH_LINE_BYTES_MAX, COMMAND_LINE_BYTES_MAX } from '../../codecs/smtp/command.ts'
import type { SmtpHandler } from './handler.ts'

/** Every bound of a server. */
export interface SmtpServerLimits {
  readonly commandLineBytesMax: number
  readonly authLineBytesMax: number
  readonly recipientsMax: number
  readonly messageBytesMax: number
  readonly sessionsMax: number
  readonly sessionsPerAddressMax: number
  /** Replies of class 5 without an accepted message between; then 421 and close. */
  readonly errorsMax: number
  readonly authFailuresMax: number
  /** From one command to the whole of the next (RFC 5321 §4.5.3.2.7: 5 minutes at least). */
  readonly commandTimeoutMs: number
  /** From one block of a message to the next. */
  readonly dataTimeoutMs: number
  /** For a whole message: a peer that drips one byte a minute holds no session for ever. */
  readonly dataTotalTimeoutMs: number
  /** How long a closed connection may stay open for the peer to read our last words. */
  readonly lingerMs: number
}

/** Bounds for a private interconnect. */
export const SMTP_SERVER_LIMITS: SmtpServerLimits = {
  commandLineBytesMax: COMMAND_LINE_BYTES_MAX,
  authLineBytesMax: AUTH_LINE_BYTES_MAX,
  recipientsMax: 100,
  messageBytesMax: 10 * 1024 * 1024,
  sessionsMax: 1000,
  sessionsPerAddressMax: 100,
  errorsMax: 20,
  authFailuresMax: 3,
  commandTimeoutMs: 300_000,
  dataTimeoutMs: 180_000,
  dataTotalTimeoutMs: 1_800_000,
  lingerMs: 2000,
}

/** TLS of a server. */
export interface SmtpServerTls {
  /** Certificate, key, CA of clients and so on; `SmtpServer.renewTls` replaces them. */
  readonly options: SecureContextOptions
  /** TLS from the first byte (port 2465 by custom) instead of STARTTLS. */
  readonly implicit?: boolean
  /** Ask for a client certificate. Whether a missing one matters is the handler's decision. */
  readonly requestClientCert?: boolean
}

/** Something an operator may want in a log. The connection concerned is dealt with already. */
export interface SmtpServerProblem {
  readonly kind: 'handler-failed' | 'tls-failed' | 'socket-failed' | 'bare-line-end' | 'too-many'
  readonly address: string
  readonly detail: string
}

/** How to open a server. */
export interface SmtpServerOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** The name in the greeting and in the answer to EHLO. */
  readonly hostname: string
  readonly handler: SmtpHandler
  readonly limits?: Partial<SmtpServerLimits>
  readonly tls?: SmtpServerTls
  /** Offer AUTH on connections in clear: for loopback and sandboxes. */
  readonly allowPlainAuth?: boolean
  readonly onProblem?: (problem: SmtpServerProblem) => void
  /** Listens already at host and port, and is taken over. */
  readonly listening?: Server
}
