/**
 * One MM4 mail from its first byte to the reply to its final dot. 250 means that what the mail asks
 * for is on disk; content and policy refusals go into the response, which is a mail of its own.
 */

import { createMessageReader, type EntityReader } from '../../codecs/mime/entity-reader.ts'
import type { Headers } from '../../codecs/mime/headers.ts'
import { decodeMm4 } from '../../codecs/mm4/decode.ts'
import type {
  DeliveryReportReq,
  ForwardReq,
  ForwardRes,
  Mm4Decoded,
  ReadReplyReportReq,
} from '../../codecs/mm4/types.ts'
import { createReply, type SmtpReply } from '../../codecs/smtp/reply.ts'
import type { Address } from '../../core/address.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import { type Account, type Mm4Access, ownerOf } from '../../core/directory.ts'
import { isFarTravelled } from '../../core/policy/addressing.ts'
import type { Acceptance } from '../../engine/accept.ts'
import type { Awaitable, SmtpDataSink, SmtpEnvelope } from '../../transports/smtp/handler.ts'
import { FOR_CONSENT, FOR_POLICIES } from '../content-inspection.ts'
import { type ContentIntake, createContentIntake, type Intake } from '../content-intake.ts'
import type { Answers, Verdict } from './answer.ts'
import { after, together } from './awaitable.ts'
import type { Mm4DoorParts } from './door.ts'
import { createExternalBodies, type ExternalBodies } from './external-body.ts'
import { namesUs, ownHops } from './loop.ts'
import { type Mm4Speaker, parseEnvelopeAddress } from './peer.ts'
import { named, refusalVerdict, TAKEN, troubleReply } from './refusal.ts'
import { settleSubmission } from './submission.ts'
import { inboundOf, keyOf, reportOfDelivery, reportOfResponse } from './translate.ts'

const FULL = troubleReply('storage-full')
const UNREADABLE = createReply(554, '5.6.0', 'The content cannot be read')
const UNRESOLVED = createReply(550, '5.1.1', 'No such subscriber here')
const LOOPING = createReply(554, '5.4.6', 'Loop detected')

/**
 * Takes the bytes of one mail from a peer, and gives `room` back at its end. `evidenceBytesMax`: there
 * is no room for messages now, only for responses and reports up to this size.
 */
export function openInbound(
  parts: Mm4DoorParts,
  answers: Answers,
  peer: Mm4Speaker,
  envelope: SmtpEnvelope,
  room: { readonly release: () => void },
  evidenceBytesMax?: number,
): SmtpDataSink {
  // A client's messages are judged by policies; of others only a keyword is looked for.
  const inspection = peer.account === undefined ? FOR_CONSENT : FOR_POLICIES
  const intake = createContentIntake(parts.media, inspection)
  let headers: Headers | undefined
  let faulty = false
  let bytes = 0
  const externals = createExternalBodies(intake, parts.mime)
  // Nobody is called for what a carrier's handset says lies elsewhere.
  const sink = peer.account === undefined ? intake : externals
  const reader: EntityReader = createMessageReader(parts.mime, sink, (read) => {
    headers = read
  })
  const full = evidenceBytesMax !== undefined
  return {
    push(chunk) {
      bytes += chunk.length
      if (full && bytes > evidenceBytesMax) return undefined
      if (!faulty) faulty = reader.push(chunk) !== undefined
      return intake.pressure
    },
    async end() {
      try {
        if (full && bytes > evidenceBytesMax) return FULL
        if (!faulty) faulty = reader.end() !== undefined
        const mail = { parts, answers, peer, envelope, intake, externals, faulty, full, bytes }
        return await settle(mail, headers)
      } catch (error) {
        parts.alarm(`mm4 from ${peer.name}`, error)
        return troubleReply('internal-error', dialectOf(parts, peer))
      } finally {
        intake.abandon()
        room.release()
      }
    },
    abort() {
      intake.abandon()
      room.release()
    },
  }
}

interface Mail {
  readonly parts: Mm4DoorParts
  readonly answers: Answers
  readonly peer: Mm4Speaker
  readonly envelope: SmtpEnvelope
  readonly intake: ContentIntake
  /** Parts of it that lie elsewhere. */
  readonly externals: ExternalBodies
  /** The MIME structure is broken. */
  readonly faulty: boolean
  /** There is no room for messages. */
  readonly full: boolean
  /** The whole mail. */
  readonly bytes: number
}

function settle(mail: Mail, headers: Headers | undefined): Awaitable<SmtpReply> {
  // Not even a header block: nobody to answer, nothing to repeat.
  if (headers === undefined) return createReply(554, '5.6.0', 'Not a message')
  const decoded = decodeMm4(headers)
  if (decoded.kind === 'fault') return refuseFault(mail, decoded)
  const { message } = decoded
  switch (message.type) {
    case 'MM4_forward.REQ':
      if (mail.full) return troubleReply('storage-full', dialectOf(mail.parts, mail.peer))
      return mail.peer.account === undefined
        ? settleForward(mail, message)
        : settleForClient(mail, message, mail.peer.account)
    case 'MM4_forward.RES':
      return settleResponse(mail, message)
    case 'MM4_delivery_report.REQ':
    case 'MM4_read_reply_report.REQ':
      return settleReport(mail, message)
    default:
      // A response to a report of ours: its 250 was all we waited for.
      return TAKEN
  }
}

/** The dialect in which a client is answered; `undefined`: a carrier, which gets the protocol's own words. */
export function dialectOf(
  { dialectNamed }: Mm4DoorParts,
  { account }: Mm4Speaker,
): SpokenDialect | undefined {
  return account === undefined ? undefined : dialectNamed(account.dialect)
}

function settleForClient(mail: Mail, request: ForwardReq, account: Account): Awaitable<SmtpReply> {
  const { parts, peer, answers, envelope, intake, externals, faulty, bytes } = mail
  const dialect = parts.dialectNamed(account.dialect)
  // The directory is checked for both; one that changed in between is asked again.
  if (dialect === undefined || !hasMm4(account)) return troubleReply('internal-error')
  return settleSubmission({
    parts,
    account,
    dialect,
    request,
    externals,
    finish: () => intake.finish(),
    faulty,
    mailBytes: bytes,
    envelope,
    say: (verdict) => answers.answer(peer, request, envelope.from, verdict),
  })
}

function hasMm4(account: Account): account is Account & { readonly mm4: Mm4Access } {
  return account.mm4 !== undefined
}

type Fault = Extract<Mm4Decoded, { kind: 'fault' }>

function refuseFault(mail: Mail, fault: Fault): SmtpReply {
  const text = `${fault.fault} ${fault.header}`
  // Nobody to answer: what is not told now is never told.
  if (!fault.ackRequest || fault.transactionId === undefined) {
    return createReply(554, '5.6.0', `Not an MM4 message we understand: ${text}`)
  }
  mail.answers.answer(
    mail.peer,
    { type: fault.type ?? 'MM4_forward.REQ', ...fault },
    mail.envelope.from,
    faultVerdict(mail, fault, text),
  )
  return TAKEN
}

function faultVerdict(mail: Mail, { fault, header }: Fault, text: string): Verdict {
  const unsupported = fault === 'type-unknown' || fault === 'version-unsupported'
  const status = unsupported ? 'Error-unsupported-message' : 'Error-message-format-corrupt'
  const dialect = dialectOf(mail.parts, mail.peer)
  if (dialect === undefined) return { status, text: unsupported ? header : text }
  if (unsupported) return refusalVerdict(dialect, 'operation-unsupported', status)
  const reason = header === 'From' ? 'sender-missing' : 'request-unreadable'
  return refusalVerdict(dialect, reason, status)
}

function settleForward(mail: Mail, request: ForwardReq): Awaitable<SmtpReply> {
  const { answers, peer, envelope, parts } = mail
  const say = (verdict: Verdict) => answers.answer(peer, request, envelope.from, verdict)
  const intake = mail.intake.finish()
  if (mail.faulty || !intake.readable) {
    if (!request.ackRequest) return UNREADABLE
    say({ status: 'Error-message-format-corrupt', text: 'MIME' })
    return TAKEN
  }
  if (isLooping(request, envelope, parts)) {
    if (!request.ackRequest) return LOOPING
    say({ status: 'Error-unspecified', text: 'Loop detected' })
    return TAKEN
  }
  const results = together(envelope.to.map((path) => settleRecipient(mail, request, intake, path)))
  return after(results, (each) => answerForward(mail, request, say, each))
}

type RecipientResult = 'kept' | 'unresolved' | SmtpReply

/** `results` run along with the envelope's recipients. */
function answerForward(
  { answers, peer, envelope }: Mail,
  request: ForwardReq,
  say: (verdict: Verdict) => void,
  results: readonly RecipientResult[],
): SmtpReply {
  const refused = results.find((result) => typeof result === 'object')
  // One recipient could not be kept: the peer repeats the mail, and those that were are duplicates.
  if (typeof refused === 'object') return refused
  const lost = envelope.to.filter((_path, index) => results[index] === 'unresolved')
  const kept = envelope.to.filter((_path, index) => results[index] === 'kept')
  if (lost.length === 0) say({ status: 'Ok' })
  else if (kept.length > 0)
    say({ status: 'Ok', recipients: kept.map((path) => named(request, path)) })
  else if (!request.ackRequest) return UNRESOLVED
  if (lost.length > 0) {
    const recipients = lost.map((path) => named(request, path))
    say({ status: 'Error-sending-address-unresolved', recipients })
    answers.reportUnresolved(peer, request, recipients)
  }
  return TAKEN
}

/** To its own sender, or through too many hands (TS 23.140, RFC 5321 §6.3). */
function isLooping(
  request: ForwardReq,
  envelope: SmtpEnvelope,
  { identity }: Mm4DoorParts,
): boolean {
  return (
    isFarTravelled({ hops: request.received.length, forwards: request.forwardCounter ?? 0 }) ||
    ownHops(request, identity) > 1 ||
    namesUs(request, identity) ||
    envelope.to.some((path) => parseEnvelopeAddress(path).number === request.from.text)
  )
}

async function settleRecipient(
  mail: Mail,
  request: ForwardReq,
  intake: Intake,
  path: string,
): Promise<RecipientResult> {
  const { parts, peer } = mail
  const directory = parts.directory()
  const { number } = parseEnvelopeAddress(path)
  const owner = number === undefined ? undefined : ownerOf(directory, number)
  if (number === undefined || owner?.account === undefined) return 'unresolved'
  const { own, account } = owner
  const recipient: Address = { kind: number.length < 7 ? 'short-code' : 'number', text: number }
  const client = {
    accountId: account.id,
    dialect: account.dialect,
    ...(own.service === undefined ? {} : { serviceId: own.service }),
  }
  const acceptance = await parts.accept(
    inboundOf(request, intake, peer, recipient, client, parts.clock.now(), parts.validityMs),
  )
  return keptOrNot(acceptance)
}

function keptOrNot(acceptance: Acceptance): 'kept' | SmtpReply {
  return acceptance.kind === 'refused' ? troubleReply(acceptance.reason) : 'kept'
}

async function settleResponse(mail: Mail, response: ForwardRes): Promise<SmtpReply> {
  const key = keyOf(response.transactionId.text)
  const report = reportOfResponse(response, mail.peer, mail.parts.reasonOfCode)
  if (key !== undefined) await mail.parts.receive(mail.peer.name, key, report, true)
  return TAKEN
}

async function settleReport(
  mail: Mail,
  request: DeliveryReportReq | ReadReplyReportReq,
): Promise<SmtpReply> {
  const key = keyOf(request.messageId.text)
  const report =
    request.type === 'MM4_delivery_report.REQ'
      ? reportOfDelivery(request, mail.peer, mail.parts.reasonOfCode)
      : {
          status: request.readStatus === 'Read' ? ('read' as const) : ('deleted-unread' as const),
          ...(request.date === undefined ? {} : { happenedAt: request.date }),
          raw: `${request.type} ${request.readStatus}`,
        }
  const receipt =
    key === undefined ? 'unknown' : await mail.parts.receive(mail.peer.name, key, report, true)
  mail.answers.answer(mail.peer, request, mail.envelope.from, {
    status: receipt === 'unknown' ? 'Error-message-not-found' : 'Ok',
  })
  return TAKEN
}
