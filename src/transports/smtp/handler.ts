/**
 * What a user of the SMTP server answers for: who may send, to whom, and what becomes of the bytes.
 *
 * The server knows SMTP and nothing of messages. It relays for nobody: a recipient is accepted only
 * by a positive reply of `rcpt`.
 */

import type { SmtpParams } from '../../codecs/smtp/command.ts'
import type { SmtpReply } from '../../codecs/smtp/reply.ts'
import type { PeerTls } from '../peer-tls.ts'

/** A value now or later. Answer at once where possible: it saves the wire a pause. */
export type Awaitable<T> = T | Promise<T>

/** The other end of a connection. */
export interface SmtpPeer {
  /** IP address of the socket; IPv4 is never in its mapped IPv6 form. */
  readonly address: string
  readonly port: number
  /** `undefined` while the connection is in clear. */
  readonly tls: PeerTls | undefined
}

/** A connection as the handler sees it; the values are those of the moment. */
export interface SmtpSession {
  /** Unique within the server, in order of arrival. */
  readonly id: number
  readonly peer: SmtpPeer
  /** What the peer called itself; `undefined` before EHLO or HELO. */
  readonly helloName: string | undefined
  /** Who authenticated; `undefined` if nobody did. */
  readonly user: string | undefined
  /** Breaks the line without another word, as simulated peers do; a message under way is lost. */
  hangUp(): void
}

/** One mail transaction: what MAIL and the accepted RCPTs said. */
export interface SmtpEnvelope {
  /** Mailbox without brackets; empty for the null sender. */
  readonly from: string
  readonly params: SmtpParams
  /** Accepted recipients in their order, without brackets. */
  readonly to: readonly string[]
}

/** Why the bytes of a message stopped before their end. */
export type SmtpAbort =
  | 'closed'
  | 'timeout'
  | 'too-large'
  | 'bare-cr'
  | 'bare-lf'
  | 'handler-failed'
  | 'shutdown'

/** Takes the bytes of one message. Exactly one of `end` and `abort` is called, once. */
export interface SmtpDataSink {
  /**
   * The next bytes, dots unstuffed. They are a view of the socket's buffer and stay valid, but must
   * not be written to. While a returned promise is pending nothing more is read from the peer.
   */
  push(chunk: Uint8Array): Awaitable<void>
  /**
   * All bytes came. What it resolves to answers the final dot: say 250 only after the message is kept.
   * The peer may be gone by then; whoever said yes keeps the message all the same.
   */
  end(): Awaitable<SmtpReply>
  /** Forget the message. A peer never gets a positive reply for it. */
  abort(because: SmtpAbort): void
}

/** What decides about a peer's commands. Whatever throws or rejects is answered 451 4.3.0. */
export interface SmtpHandler {
  /** A new connection. A negative reply is sent in place of the greeting, then the line is closed. */
  connect?(peer: SmtpPeer): SmtpReply | undefined
  /** Whether the password is right. Without this member AUTH is not offered. */
  auth?(user: string, password: string, peer: SmtpPeer): Promise<boolean>
  /** What a peer is told when the server shuts down, in place of a plain 421. */
  leaving?(session: SmtpSession): SmtpReply | undefined
  /** `undefined` accepts the sender. */
  mail(from: string, params: SmtpParams, session: SmtpSession): Awaitable<SmtpReply | undefined>
  /** `undefined` refuses the recipient with 550 5.7.1: no relay by omission. */
  rcpt(to: string, params: SmtpParams, session: SmtpSession): Awaitable<SmtpReply | undefined>
  /** DATA: where the bytes go, or a reply that refuses them. */
  data(session: SmtpSession, envelope: SmtpEnvelope): Awaitable<SmtpDataSink | SmtpReply>
}
