/** Everything the server says of its own accord (RFC 5321 §4.2, RFC 3463). */

import { createReply, type SmtpReply } from '../../codecs/smtp/reply.ts'

export const OK = createReply(250, '2.0.0', 'OK')
export const SENDER_OK = createReply(250, '2.1.0', 'Sender OK')
/** For handlers: the positive reply to RCPT. */
export const RECIPIENT_OK = createReply(250, '2.1.5', 'Recipient OK')
export const START_MAIL = createReply(354, '', 'Start mail input; end with <CRLF>.<CRLF>')
export const BYE = createReply(221, '2.0.0', 'Bye')
export const HELP = createReply(214, '2.0.0', 'EHLO HELO MAIL RCPT DATA RSET NOOP QUIT')
export const CANNOT_VERIFY = createReply(252, '2.1.5', 'Cannot verify; try to deliver')
export const GO_AHEAD_TLS = createReply(220, '2.0.0', 'Ready to start TLS')
export const AUTHENTICATED = createReply(235, '2.7.0', 'Authentication succeeded')

export const SHUTTING_DOWN = createReply(421, '4.3.2', 'Service shutting down')
export const TIMED_OUT = createReply(421, '4.4.2', 'Timed out waiting for you')
export const TOO_MANY_SESSIONS = createReply(421, '4.7.0', 'Too many connections')
export const TOO_MANY_ERRORS = createReply(421, '4.7.0', 'Too many errors')
export const FAILED_HERE = createReply(451, '4.3.0', 'Local error; try again later')
export const TOO_MANY_RECIPIENTS = createReply(452, '4.5.3', 'Too many recipients')

export const LINE_TOO_LONG = createReply(500, '5.5.6', 'Line too long')
export const UNKNOWN_COMMAND = createReply(500, '5.5.1', 'Command not recognised')
export const PARAMETERS_BROKEN = createReply(501, '5.5.4', 'Syntax error in parameters')
export const SENDER_BROKEN = createReply(501, '5.1.7', 'Syntax error in sender address')
export const RECIPIENT_BROKEN = createReply(501, '5.1.3', 'Syntax error in recipient address')
export const AUTH_BROKEN = createReply(501, '5.5.2', 'Cannot decode authentication data')
export const AUTH_CANCELLED = createReply(501, '5.7.0', 'Authentication cancelled')
export const NOT_IMPLEMENTED = createReply(502, '5.5.1', 'Command not implemented')
export const HELLO_FIRST = createReply(503, '5.5.1', 'Send EHLO or HELO first')
export const NESTED_MAIL = createReply(503, '5.5.1', 'Sender already given')
export const MAIL_FIRST = createReply(503, '5.5.1', 'Send MAIL first')
export const CHUNKS_OPEN = createReply(503, '5.5.1', 'A message in chunks has begun')
export const CHUNKS_BROKEN = createReply(503, '5.5.1', 'The message in chunks is lost; send RSET')
export const TLS_ALREADY = createReply(503, '5.5.1', 'TLS is already active')
export const AUTH_NOT_NOW = createReply(503, '5.5.1', 'AUTH not allowed now')
export const MECHANISM_UNKNOWN = createReply(504, '5.5.4', 'Mechanism not supported')
export const AUTH_FAILED = createReply(535, '5.7.8', 'Authentication failed')
export const ENCRYPTION_REQUIRED = createReply(538, '5.7.11', 'Use STARTTLS before AUTH')
export const BARE_LINE_END = createReply(550, '5.5.2', 'Bare CR or LF; lines end with CRLF only')
export const NO_RELAY = createReply(550, '5.7.1', 'Relaying denied')
export const TOO_LARGE = createReply(552, '5.3.4', 'Message too large')
export const NO_RECIPIENTS = createReply(554, '5.5.1', 'No valid recipients')
export const NOT_SMTP = createReply(554, '5.5.1', 'This is an SMTP server')
export const PIPELINED_BEFORE_TLS = createReply(554, '5.5.1', 'Nothing may follow STARTTLS')
export const PARAMETER_UNKNOWN = createReply(555, '5.5.4', 'Parameter not supported')

/** The first words on a connection. RFC 2034 §4: no enhanced code here, nor after hello. */
export function greeting(hostname: string): SmtpReply {
  return createReply(220, '', `${hostname} ESMTP`)
}

/** The answer to EHLO or HELO. */
export function hello(hostname: string, ...offers: string[]): SmtpReply {
  return createReply(250, '', hostname, ...offers)
}

/** The answer to a chunk that is not the last. */
export function chunkTaken(bytes: number): SmtpReply {
  return createReply(250, '2.0.0', `${bytes} octets received`)
}

/** An AUTH challenge; the text is base64 already. */
export function prompt(text: string): SmtpReply {
  return createReply(334, '', text)
}
