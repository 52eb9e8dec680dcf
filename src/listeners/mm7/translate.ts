/** From MM7's words to the house's: a SubmitReq becomes facts to check and a submission to accept. */
import { hash } from 'node:crypto'
import type { Mm7Message } from '../../codecs/mm7/decode.ts'
import type { Address as Mm7Address, Received, SubmitReq } from '../../codecs/mm7/types.ts'
import { normaliseNumber, type When } from '../../codecs/mm7/values.ts'
import { NAMESPACE_BASE } from '../../codecs/mm7/versions.ts'
import { type Address, parseAddress, parseMsisdn, parseShortCode } from '../../core/address.ts'
import type { GivenAddress, RequestFacts } from '../../core/checks/check.ts'
import type { Mm7Profile, OptionalElement } from '../../core/code-row.ts'
import type { Account, Directory, Service } from '../../core/directory.ts'
import type { Envelope, MessageClass, Priority, Submission } from '../../core/message.ts'
import type { Intake } from '../content-intake.ts'
import type { Mm7Dialect } from './door.ts'

/** A SubmitReq as the codec read it, with what the codec noticed. */
export interface GivenSubmit {
  readonly request: Received<SubmitReq>
  readonly transactionId: string
  /** Namespace of the operation; absent when it had none. */
  readonly namespace: string | undefined
  /** Elements whose value is not allowed or that came twice. */
  readonly badElements: readonly string[]
  /** An address list was there and held no address. */
  readonly recipientsBroken: boolean
  /** The Content element is there, whatever it says. */
  readonly contentPresent: boolean
  /** Content given by URL, still to be fetched. */
  readonly contentUrl?: string
  /** The content reference leads to a part, and no multipart inside is broken. */
  readonly contentFound: boolean
  readonly carrierId: string | undefined
}

/** What the checks look at. */
export function factsOf(given: GivenSubmit, intake: Intake, { mm7 }: Mm7Dialect): RequestFacts {
  const { request } = given
  const { elements } = mm7
  const sender = request.senderIdentification
  return {
    version: versionFacts(request.mm7Version, given.namespace),
    ...optional('vaspId', filled(sender?.vaspId)),
    ...optional('vasId', filled(sender?.vasId)),
    ...optional('sender', sender?.senderAddress && givenSender(sender.senderAddress)),
    recipients: recipientsOf(request, elements, false),
    recipientsBroken: given.recipientsBroken,
    replyCharging: elements.replyCharging === 'refused' && request.replyCharging !== undefined,
    chargedParty:
      elements.chargedParty === 'refused' &&
      (request.chargedParty !== undefined || request.chargedPartyId !== undefined),
    readReply: elements.readReply === 'kept' && request.readReply === true,
    ...(elements.linkedId === 'kept' ? optional('linkedId', filled(request.linkedId)) : {}),
    ...applicationFacts(request, elements),
    badElements: given.badElements,
    subjectCharacters: [...(request.subject ?? '')].length,
    contentPresent: given.contentPresent,
    ...contentFacts(given, intake),
    ...optional('carrierId', given.carrierId),
  }
}

/** Nothing is held against content that is still to come; see `withMedia`. */
function contentFacts({ contentUrl, contentFound }: GivenSubmit, intake: Intake) {
  if (contentUrl !== undefined) return UNSEEN
  return {
    contentReadable: contentFound && intake.readable && intake.content.parts.length > 0,
    partTypesReadable: intake.typesReadable,
    hasPresentation: intake.hasPresentation,
    contentBytes: intake.decodedBytes,
  }
}

const UNSEEN = {
  contentReadable: true,
  partTypesReadable: true,
  hasPresentation: true,
  contentBytes: 0,
} as const

/** The request with its media fetched. Two requests for one address are one request. */
export function withMedia(
  { contentUrl, ...given }: GivenSubmit,
  fetched: Intake,
): { readonly given: GivenSubmit; readonly intake: Intake } {
  return {
    given: { ...given, contentFound: true },
    intake: { ...fetched, digest: `url ${contentUrl}` },
  }
}

/** Elements that came twice or with a value that is not allowed. */
export function badElementsOf({ issues }: Pick<Mm7Message, 'issues'>): readonly string[] {
  return issues
    .filter(({ problem }) => problem === 'bad-value' || problem === 'duplicate')
    .map(({ element }) => element)
}

/** The version and namespace a request was written in. */
export function versionFacts(
  version: string | undefined,
  namespace: string | undefined,
): RequestFacts['version'] {
  return {
    ...optional('given', version),
    ...optional('namespaceTail', namespace?.slice(NAMESPACE_BASE.length)),
  }
}

/** The applications a request names, where the dialect keeps them. */
export function applicationFacts(
  { applicId, replyApplicId }: { readonly applicId?: string; readonly replyApplicId?: string },
  { application }: Mm7Profile['elements'],
): Pick<RequestFacts, 'applicId' | 'replyApplicId'> {
  if (application !== 'kept') return {}
  return {
    ...optional('applicId', filled(applicId)),
    ...optional('replyApplicId', filled(replyApplicId)),
  }
}

/** Recipients to send to, or with `shown` those that are only to be shown. */
function recipientsOf(
  request: Received<SubmitReq>,
  { displayOnly }: Mm7Profile['elements'],
  shown: boolean,
): readonly GivenAddress[] {
  return (request.recipients ?? [])
    .filter(({ address }) => shown === (displayOnly === 'kept' && address.displayOnly === true))
    .map(({ address }) => givenRecipient(address))
}

/** A request that passed every check, as a submission. */
export function submissionOf(
  given: GivenSubmit,
  facts: RequestFacts,
  intake: Intake,
  account: Account,
  service: Service | undefined,
  dialect: Mm7Dialect,
  directory: Directory,
  now: number,
): Submission {
  const { request } = given
  const envelope = envelopeOf(given, facts, account, service, dialect, directory)
  const recipients = distinct(facts.recipients.filter(isServed))
  const { elements, defaultValidityMs } = dialect.mm7
  const notBefore =
    elements.earliestDeliveryTime === 'kept'
      ? momentOf(request.earliestDeliveryTime, now)
      : undefined
  return {
    accountId: account.id,
    direction: 'mt',
    channel: 'mms',
    dialect: dialect.name,
    envelope,
    recipients,
    content: intake.content,
    expiresAt: momentOf(request.expiryDate, now) ?? now + defaultValidityMs,
    ...optional('notBefore', notBefore),
    ...optional('answerWaitMs', answerWaitMs(account)),
    idempotency: {
      scope: account.id,
      key: `mm7 ${facts.vasId ?? ''} ${given.transactionId}`,
      fingerprint: fingerprint(envelope, recipients, intake.digest),
    },
  }
}

/** Pass-through: the client waits for what the next hop says. */
function answerWaitMs({ mm7 }: Account): number | undefined {
  return mm7?.passThrough === true ? mm7.passThroughWaitMs : undefined
}

/** The submission with the carrier a look-up found: no part of what makes two requests the same. */
export function withCarrier(submission: Submission, carrier: string): Submission {
  return { ...submission, envelope: { ...submission.envelope, carrier } }
}

function envelopeOf(
  { request, transactionId, carrierId }: GivenSubmit,
  { sender, vasId }: RequestFacts,
  account: Account,
  service: Service | undefined,
  dialect: Mm7Dialect,
  directory: Directory,
): Envelope {
  const reports = account.mm7?.reports === true
  const { elements } = dialect.mm7
  const shown = recipientsOf(request, elements, true).flatMap(({ address }) => address ?? [])
  const asked = dialect.mm7.reportsAlways || request.deliveryReport === true
  const carrier = carrierId === undefined ? undefined : directory.carrierByClientId.get(carrierId)
  return {
    // The checks have refused a request without a provisioned sender.
    sender: sender?.address ?? { kind: 'short-code', text: '' },
    ...optional('subject', request.subject),
    messageClass: (request.messageClass?.toLowerCase() ?? 'informational') as MessageClass,
    priority: (request.priority?.toLowerCase() ?? 'normal') as Priority,
    senderVisible: true,
    adaptationAllowed: request.content?.allowAdaptations !== false,
    deliveryReports: reports && asked,
    readReports: elements.readReply === 'kept' && request.readReply === true,
    ...optional('serviceCode', request.serviceCode),
    ...optional('shownTo', shown.length === 0 ? undefined : shown),
    ...(elements.linkedId === 'kept' ? optional('linkedId', filled(request.linkedId)) : {}),
    ...extrasOf(request, elements),
    ...optional('serviceId', vasId ?? service?.id),
    ...optional('carrier', carrier?.name),
    clientReference: transactionId,
    ...optional('clientVersion', request.mm7Version),
  }
}

/** The elements that SubmitReq and ReplaceReq share, as far as the dialect keeps them. */
export function extrasOf(
  request: ApplicationElements & {
    readonly distributionIndicator?: boolean
    readonly contentClass?: string
    readonly drmContent?: boolean
  },
  elements: Mm7Profile['elements'],
): Partial<Envelope> {
  const kept = <Value>(element: OptionalElement, value: Value | undefined) =>
    elements[element] === 'kept' ? value : undefined
  return {
    ...optional('application', kept('application', applicationOf(request))),
    ...optional('distributable', kept('distributionIndicator', request.distributionIndicator)),
    ...optional('contentClass', kept('contentClass', request.contentClass)),
    ...optional('drmContent', kept('drmContent', request.drmContent)),
  }
}

interface ApplicationElements {
  readonly applicId?: string
  readonly replyApplicId?: string
  readonly auxApplicInfo?: string
}

function applicationOf(request: ApplicationElements): Envelope['application'] {
  const id = filled(request.applicId)
  const replyId = filled(request.replyApplicId)
  const info = filled(request.auxApplicInfo)
  if (id === undefined && replyId === undefined && info === undefined) return undefined
  return { ...optional('id', id), ...optional('replyId', replyId), ...optional('info', info) }
}

/** A duration counts from acceptance; TS 23.140 §8.7.8. */
export function momentOf(when: When | undefined, now: number): number | undefined {
  if (when === undefined) return undefined
  return when.kind === 'at' ? when.ms : now + when.ms
}

/** Not one of the addresses that are passed over where some of several are served. */
export function isServed({ kind, address }: GivenAddress): boolean {
  return address !== undefined && kind !== 'short-code'
}

/** One message to one recipient, however often the request names it. */
function distinct(recipients: readonly GivenAddress[]): readonly Address[] {
  const byText = new Map(
    recipients.flatMap(({ address }) => (address ? [[address.text, address]] : [])),
  )
  return [...byText.values()]
}

/** Time stamps and ids of parts stay out: clients renew them when they repeat a request. */
function fingerprint(envelope: Envelope, recipients: readonly Address[], digest: string): string {
  return hash('sha256', JSON.stringify([envelope, recipients, digest]), 'base64url')
}

/** Clients write a short code as Number and a number as ShortCode; both are understood. */
function givenSender(written: Mm7Address): GivenAddress {
  const raw = normaliseNumber(written.value)
  if (written.kind === 'text') return { raw, kind: 'bare' }
  if (written.kind === 'RFC2822Address') return judged(raw, 'email', parseAddress(written.value))
  const number = parseMsisdn(raw)
  if (number !== undefined)
    return { raw, kind: 'number', address: { kind: 'number', text: number } }
  const code = parseShortCode(raw)
  return judged(
    raw,
    'short-code',
    code === undefined ? undefined : { kind: 'short-code', text: code },
  )
}

export function givenRecipient(written: Mm7Address): GivenAddress {
  const raw = normaliseNumber(written.value)
  switch (written.kind) {
    case 'text':
      return { raw, kind: 'bare' }
    case 'Number': {
      const text = parseMsisdn(raw)
      return judged(raw, 'number', text === undefined ? undefined : { kind: 'number', text })
    }
    case 'ShortCode': {
      const text = parseShortCode(raw)
      return judged(
        raw,
        'short-code',
        text === undefined ? undefined : { kind: 'short-code', text },
      )
    }
    case 'RFC2822Address':
      return judged(raw, 'email', parseAddress(written.value))
  }
}

function judged(
  raw: string,
  kind: GivenAddress['kind'],
  address: Address | undefined,
): GivenAddress {
  return address === undefined ? { raw, kind } : { raw, kind, address }
}

/** Empty elements count as absent: the checks of identity ask for something to be there. */
export function filled(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}

export function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}
