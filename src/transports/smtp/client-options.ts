/** What a client is told about a peer and about its own patience. */

import type { ConnectionOptions } from 'node:tls'
import type { Pieces } from '../../codecs/bytes/pieces.ts'
import type { Credentials } from '../../codecs/smtp/sasl.ts'
import type { MailHosts } from './mail-hosts.ts'

/** One message to hand over. */
export interface SmtpMail {
  /** Mailbox without brackets; empty for the null sender. */
  readonly from: string
  readonly to: readonly string[]
  /**
   * The message with CRLF line ends and without stuffed dots. A function is called when the peer
   * asks for the bytes, so that none need be held before.
   */
  readonly data: Pieces | (() => Pieces)
  /** Declared with SIZE and held against the peer's limit before anything is sent. */
  readonly sizeBytes?: number
  /** The message has octets above 127, so the peer must offer 8BITMIME. */
  readonly eightBit?: boolean
}

/** Waiting times, each for one step (RFC 5321 §4.5.3.2). */
export interface SmtpTimeouts {
  readonly connectMs: number
  readonly tlsMs: number
  readonly greetingMs: number
  readonly helloMs: number
  readonly authMs: number
  readonly mailMs: number
  readonly rcptMs: number
  readonly dataMs: number
  /** Until the peer has taken a block of the message. */
  readonly blockMs: number
  /** A relay may take ten minutes to answer the final dot. */
  readonly dotMs: number
  readonly quitMs: number
}

/** The minima of RFC 5321; connecting and TLS, of which it does not speak, one minute. */
export const SMTP_TIMEOUTS: SmtpTimeouts = {
  connectMs: 60_000,
  tlsMs: 60_000,
  greetingMs: 300_000,
  helloMs: 300_000,
  authMs: 300_000,
  mailMs: 300_000,
  rcptMs: 300_000,
  dataMs: 120_000,
  blockMs: 180_000,
  dotMs: 600_000,
  quitMs: 2000,
}

/**
 * `opportunistic`: STARTTLS where offered, any certificate, in clear where the handshake fails.
 * `required`: STARTTLS with a verified certificate or nothing. `implicit`: TLS from the first byte.
 */
export type SmtpClientTls = 'off' | 'opportunistic' | 'required' | 'implicit'

/** How to speak to one peer. */
export interface SmtpClientOptions {
  readonly host: string
  readonly port: number
  /** Hosts in place of `host`, asked for each connection; the next where one is not reached. */
  readonly findHosts?: () => Promise<MailHosts>
  /** Address of ours to connect from: peers know each other by it. */
  readonly localAddress?: string
  /** What we call ourselves in EHLO: a host name or an address literal. */
  readonly helloName: string
  readonly tls?: SmtpClientTls
  /** CA, client certificate, server name and so on. */
  readonly tlsOptions?: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized' | 'minVersion' | 'secureContext'
  >
  readonly auth?: Credentials
  /** Send the password over a connection in clear: for loopback and sandboxes. */
  readonly allowPlainAuth?: boolean
  /** `false`: one command at a time even where PIPELINING is offered. */
  readonly pipelining?: boolean
  readonly timeouts?: Partial<SmtpTimeouts>
}

/** How many connections a pool holds, and for how long. */
export interface SmtpPoolOptions extends SmtpClientOptions {
  readonly connectionsMax?: number
  /** 1 for peers that take a single message per connection. */
  readonly messagesPerConnectionMax?: number
  readonly idleTimeoutMs?: number
  /** Messages that may wait for a connection; more are answered `busy`. */
  readonly waitingMax?: number
}
