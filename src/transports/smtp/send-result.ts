/**
 * How one sending ended. A value in every case, and honest about the one moment when nobody knows:
 * the connection was lost after the final dot and before its reply.
 */

import type { ReceivedReply } from '../../codecs/smtp/reply.ts'

/** How far the conversation had come. */
export type SmtpPhase =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'dot'

/** What the peer said to one RCPT. */
export interface RecipientResult {
  readonly to: string
  readonly accepted: boolean
  readonly reply: ReceivedReply
}

/** The peer took the message, for those recipients it had accepted. */
export interface SendAccepted {
  readonly kind: 'accepted'
  readonly reply: ReceivedReply
  readonly perRecipient: readonly RecipientResult[]
}

/** A negative reply. The message is not with the peer. */
export interface SendRefused {
  readonly kind: 'refused'
  readonly phase: SmtpPhase
  readonly reply: ReceivedReply
  /** `client`: we saw beforehand that it could not pass, and made the reply up ourselves. */
  readonly reportedBy: 'peer' | 'client'
  /** What RCPT had brought until then. */
  readonly perRecipient: readonly RecipientResult[]
}

/** No reply, and the message is surely not with the peer: its final dot was never sent. */
export interface SendNotSent {
  readonly kind: 'not-sent'
  readonly phase: SmtpPhase
  readonly because:
    | 'connect-failed'
    /** The name of the host leads nowhere: no resolver has it. */
    | 'no-such-host'
    | 'timeout'
    | 'closed'
    | 'tls-failed'
    | 'aborted'
    /** The bytes of the message could not be read on our side. */
    | 'content-failed'
    /** Too many messages wait for a connection already. */
    | 'busy'
  readonly detail: string
}

/** The final dot went out and no reply came. The peer may or may not have the message. */
export interface SendUnknown {
  readonly kind: 'unknown'
  readonly because: 'closed' | 'timeout' | 'aborted'
  readonly detail: string
}

/** The end of one sending. */
export type SendResult = SendAccepted | SendRefused | SendNotSent | SendUnknown
