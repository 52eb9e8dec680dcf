/** The MM4 door: an SMTP server for known peers, delivering to our own numbers and to nobody else. */
import type { Server } from 'node:net'
import type { SmtpParams } from '../../codecs/smtp/command.ts'
import { createReply } from '../../codecs/smtp/reply.ts'
import type { SmtpHandler, SmtpSession } from '../../transports/smtp/handler.ts'
import { openSmtpServer } from '../../transports/smtp/server.ts'
import type { SmtpServerTls } from '../../transports/smtp/server-options.ts'
import { createAnswers } from './answer.ts'
import type { Mm4DoorParts } from './door.ts'
import { dialectOf, openInbound } from './inbound.ts'
import { parseEnvelopeAddress, peerOf, peerOfUser } from './peer.ts'
import { troubleReply } from './refusal.ts'

export interface Mm4ListenerOptions {
  readonly host: string
  readonly port: number
  readonly messageBytesMax: number
  readonly recipientsMax: number
  readonly connectionsMax: number
  readonly commandTimeoutMs: number
  readonly dataTimeoutMs: number
  readonly tls?: SmtpServerTls
  /** Passwords may come in clear: for the sandbox. */
  readonly allowPlainAuth?: boolean
  /** Listens already at host and port, and is taken over. */
  readonly listening?: Server
}

export interface Mm4Listener {
  readonly address: { readonly host: string; readonly port: number }
  close(deadlineMs: number): Promise<void>
}

/** Name of the door in metrics. */
const DOOR = 'mm4'
/** Version of the MM4 header set we answer with (TS 23.140 Release 6). */
const VERSION = '6.10.0'
/** Room one mail of unknown size takes at the gate, in bytes. */
const UNDECLARED_BYTES = 256 * 1024

/**
 * What is still read while the disk reserve is reached, in bytes: responses and reports, which end
 * what was accepted before and need next to no room. Messages are told to come again.
 */
const EVIDENCE_BYTES_MAX = 64 * 1024

const SENDER_OK = createReply(250, '2.1.0', 'Sender OK')
const RECIPIENT_OK = createReply(250, '2.1.5', 'Recipient OK')
const NO_RELAY = createReply(550, '5.7.1', 'Relaying denied')
const UNKNOWN_PEER = createReply(550, '5.7.1', 'Not a peer of ours')
const LOGIN_FIRST = createReply(530, '5.7.0', 'Authentication required')

export async function openMm4Listener(
  options: Mm4ListenerOptions,
  parts: Mm4DoorParts,
): Promise<Mm4Listener> {
  const { identity, checks, admission, guesses } = parts
  const answers = createAnswers(identity, parts.peers, parts.clock, VERSION)
  const peer = (session: SmtpSession) => peerOf(session, parts.directory(), checks)

  const handler: SmtpHandler = {
    async auth(user, password, { address }) {
      if (guesses.barred(DOOR, address)) return false
      const expected = peerOfUser(parts.directory(), user)?.mm4.peerAuth
      const verdict = await checks.verify(expected, { user, password })
      if (verdict === 'mismatch') guesses.failed(DOOR, address)
      return verdict === 'match'
    },
    leaving(session) {
      const from = peer(session)
      return from?.account === undefined
        ? undefined
        : troubleReply('draining', dialectOf(parts, from))
    },
    mail(_from, params, session) {
      const from = peer(session)
      if (from === undefined) return session.user === undefined ? LOGIN_FIRST : UNKNOWN_PEER
      const reason = admission.refusal()
      const evidence = (declaredBytes(params) ?? 0) <= EVIDENCE_BYTES_MAX
      if (reason === undefined || (reason === 'storage-full' && evidence)) return SENDER_OK
      return troubleReply(reason, dialectOf(parts, from))
    },
    rcpt(to) {
      const { number, domain } = parseEnvelopeAddress(to)
      const ours = domain === undefined ? number !== undefined : isOurs(domain)
      return ours ? RECIPIENT_OK : NO_RELAY
    },
    data(session, envelope) {
      const from = peer(session)
      if (from === undefined) return UNKNOWN_PEER
      const full = admission.refusal() === 'storage-full'
      const room = full
        ? { release: () => undefined }
        : admission.enter(declaredBytes(envelope.params) ?? UNDECLARED_BYTES)
      if (typeof room === 'string') return troubleReply(room, dialectOf(parts, from))
      const evidenceBytesMax = full ? EVIDENCE_BYTES_MAX : undefined
      return openInbound(parts, answers, from, envelope, room, evidenceBytesMax)
    },
  }

  function isOurs(domain: string): boolean {
    return domain === identity.domain.toLowerCase() || domain === identity.hostname.toLowerCase()
  }

  const server = await openSmtpServer({
    host: options.host,
    port: options.port,
    hostname: identity.hostname,
    handler,
    limits: {
      messageBytesMax: options.messageBytesMax,
      recipientsMax: options.recipientsMax,
      sessionsMax: options.connectionsMax,
      commandTimeoutMs: options.commandTimeoutMs,
      dataTimeoutMs: options.dataTimeoutMs,
    },
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    allowPlainAuth: options.allowPlainAuth === true,
    ...(options.listening === undefined ? {} : { listening: options.listening }),
    onProblem: ({ kind, address, detail }) => {
      if (kind === 'handler-failed') parts.alarm(`mm4 from ${address}`, new Error(detail))
    },
  })
  return {
    address: server.address,
    async close(deadlineMs) {
      await server.close({ deadlineMs })
      await answers.close()
    },
  }
}

/** What MAIL declared with SIZE (RFC 1870). */
function declaredBytes(params: SmtpParams): number | undefined {
  const size = params.get('SIZE')
  return size === undefined ? undefined : Number(size)
}
