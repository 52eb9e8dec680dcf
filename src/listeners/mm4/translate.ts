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
import {
  overriddenReason,
  saysOptOut,
  saysSender,
  saysSize,
  saysSpam,
} from '../../core/answer-words.ts'
import type { Mm4Peer } from '../../core/carrier.ts'
import type { Account } from '../../core/directory.ts'
import type {
  Envelope,
  Idempotency,
  MessageClass,
  Priority,
  Submission,
} from '../../core/message.ts'
import type { Report, ReportedStatus } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type { Intake } from '../content-intake.ts'
import { keywordIn } from '../keyword.ts'
import type { Mm4Speaker } from './peer.ts'

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
export function inboundOf(
  request: ForwardReq,
  intake: Intake,
  peer: Mm4Speaker,
  recipient: Address,
  owner: { readonly accountId: string; readonly dialect: string; readonly serviceId?: string },
  now: number,
  validityMs: number,
): Submission {
  return {
    accountId: owner.accountId,
    direction: 'mo',
    channel: 'mms',
    dialect: owner.dialect,
    peer: peer.name,
    envelope: envelopeOf(request, {
      ...(owner.serviceId === undefined ? {} : { serviceId: owner.serviceId }),
      carrier: peer.name,
    }),
    recipients: [recipient],
    content: intake.content,
    ...keywordIn(intake, request.subject),
    expiresAt: expiryOf(request, now, validityMs),
    idempotency: repeatKeyOf(request, `peer ${peer.name}`, recipient.text),
  }
}

/**
 * What a client hands in for one recipient of the envelope: each is a message of its own, because a
 * peer repeats its request for some of them.
 */
export function submissionOf(
  request: ForwardReq,
  intake: Intake,
  account: Account,
  recipient: Address,
  now: number,
  validityMs: number,
  carrier: string | undefined,
): Submission {
  return {
    accountId: account.id,
    direction: 'mt',
    channel: 'mms',
    dialect: account.dialect,
    envelope: envelopeOf(request, {
      clientVersion: request.version,
      ...(carrier === undefined ? {} : { carrier }),
    }),
    recipients: [recipient],
    content: intake.content,
    expiresAt: expiryOf(request, now, validityMs),
    idempotency: repeatKeyOf(request, `account ${account.id}`, recipient.text),
  }
}

/** `more` comes last: it is not in the request. */
function envelopeOf(request: ForwardReq, more: Partial<Envelope>): Envelope {
  const { subject, contentClass, drmContent, routing, extensions } = request
  const application = applicationOf(request)
  const passedOn = passedOnOf(request)
  const shown: Mutable<Pick<Envelope, 'sender' | 'shownTo' | 'subject'>> = {
    sender: addressOf(request.from),
    shownTo: [...request.to, ...request.cc].map(addressOf),
  }
  if (subject !== undefined) shown.subject = subject
  const named: Mutable<Partial<Envelope>> = {}
  if (application !== undefined) named.application = application
  if (contentClass !== undefined) named.contentClass = contentClass
  if (drmContent !== undefined) named.drmContent = drmContent
  if (passedOn !== undefined) named.passedOn = passedOn
  if (routing !== undefined) named.hubRouting = routing
  if (extensions !== undefined) named.extensions = extensions
  if (request.originatorDeliveryReport && !request.deliveryReport) named.reportsForUser = false
  named.originId = request.messageId.raw
  named.clientReference = request.transactionId.raw
  // Spreads with members behind them would make the slowest of objects.
  return Object.assign(shown, wishesOf(request), named, more)
}

function wishesOf(request: ForwardReq) {
  return {
    messageClass: (request.messageClass ?? 'Personal').toLowerCase() as MessageClass,
    priority: (request.priority ?? 'Normal').toLowerCase() as Priority,
    senderVisible: request.senderVisibility === 'Show',
    adaptationAllowed: request.adaptationAllowed !== false,
    // Class Auto never asks for reports (TS 23.140 §8.4.1).
    deliveryReports:
      request.messageClass !== 'Auto' &&
      (request.deliveryReport || request.originatorDeliveryReport),
    readReports: request.readReply,
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function passedOnOf({
  forwardCounter: count,
  previouslySentBy: by,
  previouslySentAt: at = [],
}: ForwardReq): Envelope['passedOn'] {
  if (count === undefined && by.length === 0 && at.length === 0) return undefined
  return { count: count ?? by.length, by, at }
}

function expiryOf({ expiry }: ForwardReq, now: number, validityMs: number): number {
  if (expiry === undefined) return now + validityMs
  return expiry.kind === 'at' ? expiry.ms : now + expiry.ms
}

/** A peer repeats its request with the same ids; a relay in between may rewrite the bytes. */
function repeatKeyOf(
  { type, messageId }: ForwardReq,
  scope: string,
  recipient: string,
): Idempotency {
  return { scope, key: `${type} ${messageId.text} ${recipient}`, fingerprint: type }
}

function applicationOf(request: ForwardReq): Envelope['application'] {
  const { applicId: id, replyApplicId: replyId, auxApplicInfo: info } = request
  if (id === undefined && replyId === undefined && info === undefined) return undefined
  return {
    ...(id === undefined ? {} : { id }),
    ...(replyId === undefined ? {} : { replyId }),
    ...(info === undefined ? {} : { info }),
  }
}

/** Reads a code of a peer's own dialect; `undefined` where it says nothing we know. */
export type ReasonOfCode = (dialect: string, code: string) => Reason | undefined

/** A peer's response to our request, as a report about the delivery. */
export function reportOfResponse(
  response: ForwardRes,
  { mm4 }: Mm4Speaker,
  reasonOfCode: ReasonOfCode,
): Report {
  const { requestStatus, statusText } = response
  const words = [response.type, response.requestStatusRaw ?? requestStatus, ...codeOf(response)]
  const raw = `${words.join(' ')}${statusText === undefined ? '' : ` "${statusText}"`}`
  if (requestStatus === 'Ok') {
    return { status: 'acknowledged', expects: mm4.sendsReports ? 'report' : 'nothing', raw }
  }
  const reason =
    overriddenReason(mm4.overrides, raw) ??
    codedReason(response, mm4, reasonOfCode) ??
    refusalReason(response, requestStatus, mm4)
  return { status: 'refused', reason, raw }
}

const REFUSALS: Readonly<Record<Exclude<RequestStatus, 'Ok'>, Reason>> = {
  'Error-unspecified': 'carrier-failed',
  'Error-service-denied': 'carrier-denied',
  'Error-message-format-corrupt': 'malformed-for-carrier',
  'Error-sending-address-unresolved': 'recipient-unknown',
  'Error-message-not-found': 'unrecognised-response',
  'Error-network-problem': 'carrier-error',
  'Error-content-not-accepted': 'content-refused',
  'Error-unsupported-message': 'carrier-operation-unsupported',
}

/** The status decides; the text only tells its finer kinds apart. */
function refusalReason(
  { statusText = '', version }: ForwardRes,
  status: Exclude<RequestStatus, 'Ok'>,
  mm4: Mm4Peer,
): Reason {
  switch (status) {
    case 'Error-unsupported-message':
      return otherMajor(version, mm4) ? 'carrier-version-unsupported' : REFUSALS[status]
    case 'Error-content-not-accepted':
      if (saysSize(statusText)) return 'too-large-for-carrier'
      return saysSpam(statusText) ? 'spam-refused' : REFUSALS[status]
    case 'Error-service-denied':
      if (saysOptOut(statusText)) return 'recipient-opted-out'
      if (saysSpam(statusText)) return 'spam-refused'
      return saysSender(statusText) ? 'sender-refused' : REFUSALS[status]
    default:
      return REFUSALS[status]
  }
}

function otherMajor(version: string, mm4: Mm4Peer): boolean {
  return version.split('.')[0] !== mm4.version.split('.')[0]
}

/** A peer that speaks a dialect with codes says more by them than by any status. */
function codedReason(
  { internalStatusCode: code }: ForwardRes | DeliveryReportReq,
  { codes }: Mm4Peer,
  reasonOfCode: ReasonOfCode,
): Reason | undefined {
  return codes === undefined || code === undefined ? undefined : reasonOfCode(codes, code.trim())
}

function codeOf({ internalStatusCode }: ForwardRes | DeliveryReportReq): readonly string[] {
  return internalStatusCode === undefined ? [] : [internalStatusCode]
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
export function reportOfDelivery(
  request: DeliveryReportReq,
  { mm4 }: Mm4Speaker,
  reasonOfCode: ReasonOfCode,
): Report {
  const { mmStatusExtension: extension, statusText } = request
  const words = [
    request.mmStatusRaw ?? request.mmStatus,
    ...codeOf(request),
    extension,
    statusText && `"${statusText}"`,
  ]
  const raw = `${request.type} ${words.filter((word) => word !== undefined && word !== '').join(' ')}`
  const reason =
    request.mmStatus === 'Rejected'
      ? (overriddenReason(mm4.overrides, raw) ??
        codedReason(request, mm4, reasonOfCode) ??
        rejectionReason(request))
      : undefined
  return {
    status: STATUSES[request.mmStatus],
    ...(reason === undefined ? {} : { reason }),
    ...(request.date === undefined ? {} : { happenedAt: request.date }),
    raw,
  }
}

function rejectionReason({ statusText = '' }: DeliveryReportReq): Reason {
  if (saysOptOut(statusText)) return 'recipient-opted-out'
  return saysSpam(statusText) ? 'spam-refused' : 'recipient-rejected'
}
