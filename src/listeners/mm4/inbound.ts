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
import type { Carrier } from '../../core/directory.ts'
import type { Reason } from '../../core/reason.ts'
import type { Acceptance } from '../../engine/accept.ts'
import type { SmtpDataSink, SmtpEnvelope } from '../../transports/smtp/handler.ts'
import { type ContentIntake, createContentIntake, type Intake } from '../content-intake.ts'
import type { Answers, Verdict } from './answer.ts'
import type { Mm4DoorParts } from './door.ts'
import { parseEnvelopeAddress } from './peer.ts'
import { keyOf, reportOfDelivery, reportOfResponse, submissionOf } from './translate.ts'

const TAKEN = createReply(250, '2.0.0', 'Taken')
const FULL = createReply(452, '4.3.1', 'No space; try again later')
const BUSY = createReply(451, '4.3.2', 'Busy; try again later')
const BROKEN_HERE = createReply(451, '4.3.0', 'Local error; try again later')

/** Normal traffic carries four to six Received fields on arrival; RFC 5321 §6.3 asks for 100. */
const HOPS_MAX = 100

/** Takes the bytes of one mail from a peer. */
export function openInbound(
  parts: Mm4DoorParts,
  answers: Answers,
  peer: Carrier,
  envelope: SmtpEnvelope,
): SmtpDataSink {
  const intake = createContentIntake(parts.media)
  let headers: Headers | undefined
  let faulty = false
  const reader: EntityReader = createMessageReader(parts.mime, intake, (read) => {
    headers = read
  })
  return {
    push(chunk) {
      if (!faulty) faulty = reader.push(chunk) !== undefined
      return intake.pressure
    },
    async end() {
      if (!faulty) faulty = reader.end() !== undefined
      try {
        return await settle({ parts, answers, peer, envelope, intake, faulty }, headers)
      } finally {
        intake.abandon()
      }
    },
    abort: () => intake.abandon(),
  }
}

interface Mail {
  readonly parts: Mm4DoorParts
  readonly answers: Answers
  readonly peer: Carrier
  readonly envelope: SmtpEnvelope
  readonly intake: ContentIntake
  /** The MIME structure is broken. */
  readonly faulty: boolean
}

async function settle(mail: Mail, headers: Headers | undefined): Promise<SmtpReply> {
  // Not even a header block: nobody to answer, nothing to repeat.
  if (headers === undefined) return createReply(554, '5.6.0', 'Not a message')
  const decoded = decodeMm4(headers)
  if (decoded.kind === 'fault') return refuseFault(mail, decoded)
  const { message } = decoded
  switch (message.type) {
    case 'MM4_forward.REQ':
      return settleForward(mail, message)
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

function refuseFault(mail: Mail, fault: Extract<Mm4Decoded, { kind: 'fault' }>): SmtpReply {
  const unsupported = fault.fault === 'type-unknown' || fault.fault === 'version-unsupported'
  mail.answers.answer(
    mail.peer,
    { type: fault.type ?? 'MM4_forward.REQ', ...fault },
    mail.envelope.from,
    unsupported
      ? { status: 'Error-unsupported-message', text: fault.header }
      : { status: 'Error-message-format-corrupt', text: `${fault.fault} ${fault.header}` },
  )
  return TAKEN
}

async function settleForward(mail: Mail, request: ForwardReq): Promise<SmtpReply> {
  const { answers, peer, envelope, parts } = mail
  const say = (verdict: Verdict) => answers.answer(peer, request, envelope.from, verdict)
  const intake = mail.intake.finish()
  const corrupt = mail.faulty || !intake.readable
  if (corrupt || isLooping(request, parts)) {
    say(
      corrupt
        ? { status: 'Error-message-format-corrupt', text: 'MIME' }
        : { status: 'Error-unspecified', text: 'Loop detected' },
    )
    return TAKEN
  }
  const results = await Promise.all(
    envelope.to.map((path) => settleRecipient(mail, request, intake, path)),
  )
  const refused = results.find((result) => typeof result === 'object' && 'code' in result)
  // One recipient could not be kept: the peer repeats the mail, and those that were are duplicates.
  if (refused !== undefined && typeof refused === 'object') return refused
  const lost = envelope.to.filter((_path, index) => results[index] === 'unresolved')
  if (lost.length < envelope.to.length) say({ status: 'Ok' })
  if (lost.length > 0) {
    const named = request.to.filter(({ text }) =>
      lost.some((path) => parseEnvelopeAddress(path).number === text),
    )
    say({ status: 'Error-sending-address-unresolved', recipients: named })
  }
  return TAKEN
}

/** From and To are one number, or it has been through too many hands (TS 23.140, RFC 5321 §6.3). */
function isLooping(request: ForwardReq, { identity }: Mm4DoorParts): boolean {
  const ownHops = request.received.filter((host) => host === identity.hostname).length
  return (
    request.received.length > HOPS_MAX ||
    ownHops > 1 ||
    request.to.some(({ kind, text }) => kind === 'number' && text === request.from.text)
  )
}

async function settleRecipient(
  mail: Mail,
  request: ForwardReq,
  intake: Intake,
  path: string,
): Promise<'kept' | 'unresolved' | SmtpReply> {
  const { parts, peer } = mail
  const directory = parts.directory()
  const { number } = parseEnvelopeAddress(path)
  const own = number === undefined ? undefined : directory.ownNumber.get(number)
  const account = own === undefined ? undefined : directory.accountById.get(own.account)
  if (number === undefined || own === undefined || account?.enabled !== true) return 'unresolved'
  const recipient: Address = { kind: number.length < 7 ? 'short-code' : 'number', text: number }
  const owner = {
    accountId: account.id,
    dialect: account.dialect,
    ...(own.service === undefined ? {} : { serviceId: own.service }),
  }
  const acceptance = await parts.accept(
    submissionOf(request, intake, peer, recipient, owner, parts.clock.now(), parts.validityMs),
  )
  return keptOrNot(acceptance)
}

function keptOrNot(acceptance: Acceptance): 'kept' | SmtpReply {
  return acceptance.kind === 'refused' ? temporaryReply(acceptance.reason) : 'kept'
}

/** Only trouble of ours is told in SMTP: the peer keeps the message and comes again. */
export function temporaryReply(reason: Reason): SmtpReply {
  switch (reason) {
    case 'storage-full':
      return FULL
    case 'overloaded':
      return BUSY
    case 'draining':
      return createReply(421, '4.3.2', 'Shutting down; try again later')
    default:
      return BROKEN_HERE
  }
}

async function settleResponse(mail: Mail, response: ForwardRes): Promise<SmtpReply> {
  const key = keyOf(response.transactionId.text)
  const report = reportOfResponse(response, mail.peer)
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
      ? reportOfDelivery(request)
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
