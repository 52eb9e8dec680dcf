/** From MM7's words to the house's: a SubmitReq becomes facts to check and a submission to accept. */
import { hash } from 'node:crypto'
import type { Mm7Message } from '../../codecs/mm7/decode.ts'
import type { Address as Mm7Address, Received, SubmitReq } from '../../codecs/mm7/types.ts'
import { normaliseNumber, type When } from '../../codecs/mm7/values.ts'
import { NAMESPACE_BASE } from '../../codecs/mm7/versions.ts'
import { type Address, parseAddress, parseMsisdn, parseShortCode } from '../../core/address.ts'
import type { GivenAddress, RequestFacts } from '../../core/checks/check.ts'
import type { Mm7Profile } from '../../core/code-row.ts'
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
  const content = contentFacts(given, intake)
  const facts: Growing<RequestFacts> = {
    version: versionFacts(request.mm7Version, given.namespace),
    recipients: recipientsOf(request, elements, false),
    recipientsBroken: given.recipientsBroken,
    replyCharging: elements.replyCharging === 'refused' && request.replyCharging !== undefined,
    chargedParty:
      elements.chargedParty === 'refused' &&
      (request.chargedParty !== undefined || request.chargedPartyId !== undefined),
    readReply: elements.readReply === 'kept' && request.readReply === true,
    badElements: given.badElements,
    subjectCharacters: [...(request.subject ?? '')].length,
    contentPresent: given.contentPresent,
    contentReadable: content.contentReadable,
    partTypesReadable: content.partTypesReadable,
    hasPresentation: content.hasPresentation,
    contentBytes: content.contentBytes,
  }
  if (sender !== undefined) addSender(facts, sender)
  const linkedId = elements.linkedId === 'kept' ? filled(request.linkedId) : undefined
  if (linkedId !== undefined) facts.linkedId = linkedId
  if (elements.application === 'kept') Object.assign(facts, applicationFacts(request, elements))
  if (given.carrierId !== undefined) facts.carrierId = given.carrierId
  return facts
}

/**
 * Every request makes one of these, and most of what it may hold is absent: members are put in one by
 * one, since each spread of a small object would cost as much as all of them.
 */
type Growing<T> = { -readonly [K in keyof T]: T[K] }

function addSender(
  facts: Growing<RequestFacts>,
  { vaspId, vasId, senderAddress }: NonNullable<Received<SubmitReq>['senderIdentification']>,
): void {
  const [vasp, vas] = [filled(vaspId), filled(vasId)]
  if (vasp !== undefined) facts.vaspId = vasp
  if (vas !== undefined) facts.vasId = vas
  if (senderAddress !== undefined) facts.sender = givenSender(senderAddress)
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
  const facts: Growing<RequestFacts['version']> = {}
  if (version !== undefined) facts.given = version
  if (namespace !== undefined) facts.namespaceTail = namespace.slice(NAMESPACE_BASE.length)
  return facts
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
  const waitMs = answerWaitMs(account)
  const submission: Growing<Submission> = {
    accountId: account.id,
    direction: 'mt',
    channel: 'mms',
    dialect: dialect.name,
    envelope,
    recipients,
    content: intake.content,
    expiresAt: momentOf(request.expiryDate, now) ?? now + defaultValidityMs,
    idempotency: {
      scope: account.id,
      key: `mm7 ${facts.vasId ?? ''} ${given.transactionId}`,
      fingerprint: fingerprint(envelope, recipients, intake.digest),
    },
  }
  if (notBefore !== undefined) submission.notBefore = notBefore
  if (waitMs !== undefined) submission.answerWaitMs = waitMs
  return submission
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
  const linkedId = elements.linkedId === 'kept' ? filled(request.linkedId) : undefined
  const serviceId = vasId ?? service?.id
  // The fingerprint is of its JSON, and must stay the same for a request that comes again much later:
  // so must the order in which members are put in.
  const envelope: Partial<Growing<Envelope>> = {
    // The checks have refused a request without a provisioned sender.
    sender: sender?.address ?? { kind: 'short-code', text: '' },
  }
  if (request.subject !== undefined) envelope.subject = request.subject
  envelope.messageClass = (request.messageClass?.toLowerCase() ?? 'informational') as MessageClass
  envelope.priority = (request.priority?.toLowerCase() ?? 'normal') as Priority
  envelope.senderVisible = true
  envelope.adaptationAllowed = request.content?.allowAdaptations !== false
  envelope.deliveryReports = reports && asked
  envelope.readReports = elements.readReply === 'kept' && request.readReply === true
  if (request.serviceCode !== undefined) envelope.serviceCode = request.serviceCode
  if (shown.length > 0) envelope.shownTo = shown
  if (linkedId !== undefined) envelope.linkedId = linkedId
  addExtras(envelope, request, elements)
  if (serviceId !== undefined) envelope.serviceId = serviceId
  if (carrier !== undefined) envelope.carrier = carrier.name
  envelope.clientReference = transactionId
  if (request.mm7Version !== undefined) envelope.clientVersion = request.mm7Version
  return envelope as Envelope
}

/** Elements that SubmitReq and ReplaceReq share. */
type SharedElements = ApplicationElements & {
  readonly distributionIndicator?: boolean
  readonly contentClass?: string
  readonly drmContent?: boolean
}

/** The elements that SubmitReq and ReplaceReq share, as far as the dialect keeps them. */
export function extrasOf(
  request: SharedElements,
  elements: Mm7Profile['elements'],
): Partial<Envelope> {
  const extras: Partial<Growing<Envelope>> = {}
  addExtras(extras, request, elements)
  return extras
}

function addExtras(
  envelope: Partial<Growing<Envelope>>,
  request: SharedElements,
  elements: Mm7Profile['elements'],
): void {
  const application = elements.application === 'kept' ? applicationOf(request) : undefined
  const { distributionIndicator, contentClass, drmContent } = request
  if (application !== undefined) envelope.application = application
  if (elements.distributionIndicator === 'kept' && distributionIndicator !== undefined) {
    envelope.distributable = distributionIndicator
  }
  if (elements.contentClass === 'kept' && contentClass !== undefined) {
    envelope.contentClass = contentClass
  }
  if (elements.drmContent === 'kept' && drmContent !== undefined) envelope.drmContent = drmContent
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
  const [only, another] = recipients
  if (another === undefined) return only?.address === undefined ? [] : [only.address]
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
