/** From MM4's words to the house's, and back. */
import type {
  DeliveryReportReq,
  ForwardReq,
  ForwardRes,
  Mm4Address,
  MmStatus,
  RequestStatus,
} from '../../codecs/mm4/types.ts'
import type { Address } from '../../core/address.ts'
import type { Mm4Carrier } from '../../core/carrier.ts'
import type { Envelope, MessageClass, Priority, Submission } from '../../core/message.ts'
import type { Report, ReportedStatus } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type { Intake } from '../content-intake.ts'
import { keywordIn } from '../keyword.ts'

/** The mark of ids we made: a message id and a recipient index. */
const OUR_KEY = /^(?:t\.)?([0-9]{18}-[0-9]{1,6})(?:@.*)?$/

/** The delivery an id of ours names; `undefined` when the id cannot be one of ours. */
export function keyOf(id: string): string | undefined {
  return OUR_KEY.exec(id)?.[1]
}

/** An MM4 address as ours. */
export function addressOf(given: Mm4Address): Address {
  switch (given.kind) {
    case 'number':
      return { kind: 'number', text: given.text }
    case 'short-code':
      return { kind: 'short-code', text: given.text }
    default:
      return { kind: 'email', text: given.text }
  }
}

/** One inbound message for one of our numbers. */
export function submissionOf(
  request: ForwardReq,
  intake: Intake,
  peer: Mm4Carrier,
  recipient: Address,
  owner: { readonly accountId: string; readonly dialect: string; readonly serviceId?: string },
  now: number,
  validityMs: number,
): Submission {
  const { expiry } = request
  return {
    accountId: owner.accountId,
    direction: 'mo',
    channel: 'mms',
    dialect: owner.dialect,
    peer: peer.name,
    envelope: {
      sender: addressOf(request.from),
      shownTo: request.to.map(addressOf),
      ...(request.subject === undefined ? {} : { subject: request.subject }),
      messageClass: (request.messageClass ?? 'Personal').toLowerCase() as MessageClass,
      priority: (request.priority ?? 'Normal').toLowerCase() as Priority,
      senderVisible: request.senderVisibility === 'Show',
      adaptationAllowed: request.adaptationAllowed !== false,
      // Class Auto never asks for reports (TS 23.140 §8.4.1).
      deliveryReports:
        request.messageClass !== 'Auto' &&
        (request.deliveryReport || request.originatorDeliveryReport),
      readReports: request.readReply,
      ...applicationOf(request),
      ...(owner.serviceId === undefined ? {} : { serviceId: owner.serviceId }),
      carrier: peer.name,
      originId: request.messageId.raw,
      clientReference: request.transactionId.raw,
    },
    recipients: [recipient],
    content: intake.content,
    ...keywordIn(intake, request.subject),
    expiresAt:
      expiry === undefined ? now + validityMs : expiry.kind === 'at' ? expiry.ms : now + expiry.ms,
    idempotency: {
      scope: `peer ${peer.name}`,
      key: `${request.type} ${request.messageId.text} ${recipient.text}`,
      // A peer repeats its request with the same ids; a relay in between may rewrite the bytes.
      fingerprint: request.type,
    },
  }
}

function applicationOf(request: ForwardReq): Pick<Envelope, 'application'> {
  const { applicId: id, replyApplicId: replyId, auxApplicInfo: info } = request
  if (id === undefined && replyId === undefined && info === undefined) return {}
  return {
    application: {
      ...(id === undefined ? {} : { id }),
      ...(replyId === undefined ? {} : { replyId }),
      ...(info === undefined ? {} : { info }),
    },
  }
}

/** A peer's response to our request, as a report about the delivery. */
export function reportOfResponse(response: ForwardRes, peer: Mm4Carrier): Report {
  const raw = `${response.type} ${response.requestStatusRaw ?? response.requestStatus}${
    response.statusText === undefined ? '' : ` "${response.statusText}"`
  }`
  if (response.requestStatus === 'Ok') {
    const expects = peer.mm4.sendsReports ? 'report' : 'nothing'
    return { status: 'acknowledged', expects, raw }
  }
  return { status: 'refused', reason: refusalReason(response, peer), raw }
}

const REFUSALS: Readonly<Record<Exclude<RequestStatus, 'Ok'>, Reason>> = {
  'Error-unspecified': 'carrier-refused',
  'Error-service-denied': 'carrier-denied',
  'Error-message-format-corrupt': 'malformed-for-carrier',
  'Error-sending-address-unresolved': 'recipient-unknown',
  'Error-message-not-found': 'unrecognised-response',
  'Error-network-problem': 'carrier-error',
  'Error-content-not-accepted': 'content-refused',
  'Error-unsupported-message': 'carrier-operation-unsupported',
}

/** The status decides; the text only tells its finer kinds apart. */
function refusalReason(response: ForwardRes, peer: Mm4Carrier): Reason {
  const { requestStatus, statusText = '' } = response
  if (requestStatus === 'Ok') return 'unrecognised-response'
  if (requestStatus === 'Error-unsupported-message' && otherMajor(response.version, peer)) {
    return 'carrier-version-unsupported'
  }
  if (requestStatus === 'Error-content-not-accepted') {
    if (/\b(size|large|big)\b/i.test(statusText)) return 'too-large-for-carrier'
    if (/spam/i.test(statusText)) return 'spam-refused'
  }
  if (requestStatus === 'Error-service-denied') {
    if (/opt(ed)?[- ]?out|\bstop\b/i.test(statusText)) return 'recipient-opted-out'
    if (/\b(sender|originator|from)\b/i.test(statusText)) return 'sender-refused'
  }
  return REFUSALS[requestStatus]
}

function otherMajor(version: string, { mm4 }: Mm4Carrier): boolean {
  return version.split('.')[0] !== mm4.version.split('.')[0]
}

const STATUSES: Readonly<Record<MmStatus, ReportedStatus>> = {
  Retrieved: 'retrieved',
  Rejected: 'rejected',
  Expired: 'expired',
  Deferred: 'deferred',
  Indeterminate: 'indeterminate',
  Forwarded: 'forwarded',
  Unrecognised: 'unrecognised',
  Unreachable: 'unreachable',
}

/** A peer's delivery report. */
export function reportOfDelivery(request: DeliveryReportReq): Report {
  const { mmStatusExtension: extension, statusText } = request
  const words = [
    request.mmStatusRaw ?? request.mmStatus,
    extension,
    statusText && `"${statusText}"`,
  ]
  const reason = rejectionReason(request)
  return {
    status: STATUSES[request.mmStatus],
    ...(reason === undefined ? {} : { reason }),
    ...(request.date === undefined ? {} : { happenedAt: request.date }),
    raw: `${request.type} ${words.filter((word) => word !== undefined && word !== '').join(' ')}`,
  }
}

function rejectionReason({ mmStatus, statusText = '' }: DeliveryReportReq): Reason | undefined {
  if (mmStatus !== 'Rejected') return undefined
  if (/opt(ed)?[- ]?out|\bstop\b/i.test(statusText)) return 'recipient-opted-out'
  return /spam/i.test(statusText) ? 'spam-refused' : 'recipient-rejected'
}
