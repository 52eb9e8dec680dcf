/** From an upstream's words to the house's: reports, read replies and messages from handsets. */
import { createHash } from 'node:crypto'
import type {
  DeliverReq,
  DeliveryReportReq,
  Address as Mm7Address,
  ReadReplyReq,
  Received,
} from '../../codecs/mm7/types.ts'
import { normaliseNumber } from '../../codecs/mm7/values.ts'
import { type Address, parseAddress } from '../../core/address.ts'
import type { MessageClass, Priority, Submission } from '../../core/message.ts'
import type { Report, ReportedStatus } from '../../core/outcome.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import type { Intake } from '../content-intake.ts'
import { keywordIn } from '../keyword.ts'
import type { UpstreamPeer } from './door.ts'

/** What an MMStatus means: our word, and a reason where the word alone does not say it. */
interface Meaning {
  readonly status: ReportedStatus
  readonly reason?: Reason
}

/**
 * MMStatus by its letters in lower case: 3GPP's words, those of its later releases and the three
 * that providers use beside them (NotSupported, Unreachable, and Unrecognized with a z).
 */
const STATUSES: Readonly<Record<string, Meaning>> = {
  retrieved: { status: 'retrieved' },
  delivered: { status: 'retrieved' },
  expired: { status: 'expired' },
  rejected: { status: 'rejected', reason: 'recipient-rejected' },
  indeterminate: { status: 'indeterminate' },
  forwarded: { status: 'forwarded' },
  deferred: { status: 'deferred' },
  unrecognised: { status: 'unrecognised' },
  unrecognized: { status: 'unrecognised' },
  unreachable: { status: 'unreachable' },
  notsupported: { status: 'rejected', reason: 'carrier-operation-unsupported' },
  deliveryconditionnotmet: { status: 'rejected', reason: 'carrier-denied' },
  cancelled: { status: 'rejected', reason: 'cancelled' },
  replaced: { status: 'rejected', reason: 'cancelled' },
  // Still under way: a word about nothing.
  processing: { status: 'acknowledged' },
}

/** What a code in a report's text means, where that is known. */
export type ReasonOfCode = (code: number) => Reason | undefined

/** A delivery report. A word nobody knows is told as it is: it says nothing for certain. */
export function reportOfDelivery(
  request: Received<DeliveryReportReq>,
  { forwardedMeans }: Pick<UpstreamPeer, 'forwardedMeans'>,
  reasonOfCode: ReasonOfCode = () => undefined,
): Report {
  const { mmStatus = '', mmStatusExtension, statusText, dateMs } = request
  const word = mmStatus.replace(/[^A-Za-z]/g, '').toLowerCase()
  const interim = word === 'forwarded' && forwardedMeans === 'handed-to-network'
  const meaning: Meaning = interim
    ? { status: 'acknowledged' }
    : Object.hasOwn(STATUSES, word)
      ? (STATUSES[word] ?? { status: 'indeterminate' })
      : { status: 'indeterminate' }
  const reason = meaning.status === 'rejected' ? finer(request, reasonOfCode) : undefined
  const words = [mmStatus, mmStatusExtension, statusText && `"${statusText}"`].filter(Boolean)
  return {
    status: meaning.status,
    ...(meaning.status === 'acknowledged' ? { expects: 'report' } : {}),
    ...((reason ?? meaning.reason) ? { reason: reason ?? meaning.reason } : {}),
    ...(dateMs === undefined ? {} : { happenedAt: dateMs }),
    raw: `DeliveryReportReq ${words.join(' ')}`,
  } as Report
}

/** Why it was rejected: a code in the text (some relays write one), the extension, plain words. */
function finer(
  { mmStatusExtension = '', statusText = '' }: Received<DeliveryReportReq>,
  reasonOfCode: ReasonOfCode,
): Reason | undefined {
  const code = /(?:^|\D)([1-9][0-9]{3})(?!\d)/.exec(statusText)?.[1]
  const told = code === undefined ? undefined : reasonOfCode(Number(code))
  if (told !== undefined && REASONS[told].handling === 'final') return told
  if (/opt(ed)?[- ]?out|\bstop\b/i.test(statusText)) return 'recipient-opted-out'
  if (/\bspam\b/i.test(statusText)) return 'spam-refused'
  return /OtherRS/i.test(mmStatusExtension) ? 'carrier-refused' : undefined
}

/** A read reply; `undefined` when it says that nothing is known, which is no news. */
export function reportOfReading(request: Received<ReadReplyReq>): Report | undefined {
  const { mmStatus = '', timeStampMs } = request
  const word = mmStatus.trim().toLowerCase()
  const status = word === 'read' ? 'read' : /^deleted/.test(word) ? 'deleted-unread' : undefined
  if (status === undefined) return undefined
  return {
    status,
    ...(timeStampMs === undefined ? {} : { happenedAt: timeStampMs }),
    raw: `ReadReplyReq ${mmStatus}`,
  }
}

/** A recipient to whom a message is to be delivered, and its number as our directory keys it. */
export interface InboundRecipient {
  readonly address: Address
  readonly key: string
}

/** Whom an inbound message is for, without those it only shows; each once. */
export function recipientsOf(request: Received<DeliverReq>): readonly InboundRecipient[] {
  const found = new Map<string, InboundRecipient>()
  for (const { address: written } of request.recipients ?? []) {
    if (written.displayOnly === true) continue
    const address = addressOf(written)
    if (address !== undefined) found.set(address.text, { address, key: address.text })
  }
  return [...found.values()]
}

/** Who gets an inbound message. */
export interface Owner {
  readonly accountId: string
  readonly dialect: string
  readonly serviceId?: string
}

/** One inbound message for one of our numbers. */
export interface Inbound {
  readonly request: Received<DeliverReq>
  readonly transactionId: string
  readonly sender: Address
  readonly intake: Intake
  readonly peer: Pick<UpstreamPeer, 'name'>
  readonly expiresAt: number
}

/** The submission for one recipient. */
export function submissionOf(inbound: Inbound, recipient: Address, owner: Owner): Submission {
  const { request, transactionId, sender, intake, peer } = inbound
  const { linkedId, subject, priority } = request
  const shownTo = (request.recipients ?? []).flatMap(({ address }) => addressOf(address) ?? [])
  return {
    accountId: owner.accountId,
    direction: 'mo',
    channel: 'mms',
    dialect: owner.dialect,
    peer: peer.name,
    envelope: {
      sender,
      shownTo,
      ...(subject === undefined ? {} : { subject }),
      messageClass: 'personal' satisfies MessageClass,
      priority: (priority ?? 'Normal').toLowerCase() as Priority,
      senderVisible: true,
      adaptationAllowed: request.content?.allowAdaptations !== false,
      // MM7 has no way to report back on a message it delivered.
      deliveryReports: false,
      readReports: false,
      ...(owner.serviceId === undefined ? {} : { serviceId: owner.serviceId }),
      carrier: peer.name,
      ...(linkedId === undefined ? {} : { originId: linkedId }),
      clientReference: transactionId,
    },
    recipients: [recipient],
    content: intake.content,
    ...keywordIn(intake, subject),
    expiresAt: inbound.expiresAt,
    idempotency: {
      scope: `peer ${peer.name}`,
      key: `${request.name} ${linkedId ?? transactionId} ${recipient.text}`,
      // Relays exist that give every request the same ids: the content tells their messages apart.
      fingerprint: fingerprint([sender.text, subject ?? '', linkedId ?? '', intake.digest]),
    },
  }
}

/** The sender of an inbound message; `undefined` when it has none that can be read. */
export function senderOf({ sender }: Received<DeliverReq>): Address | undefined {
  return sender === undefined ? undefined : addressOf(sender)
}

/** Providers put short codes into Number and numbers into ShortCode: the text decides. */
function addressOf({ value }: Mm7Address): Address | undefined {
  return parseAddress(value) ?? parseAddress(normaliseNumber(value))
}

function fingerprint(meant: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(meant)).digest('base64url')
}
