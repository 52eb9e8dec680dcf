/** From MM7's words to the house's: a SubmitReq becomes facts to check and a submission to accept. */
import { hash } from 'node:crypto'
import type { Address as Mm7Address, Received, SubmitReq } from '../../codecs/mm7/types.ts'
import { normaliseNumber } from '../../codecs/mm7/values.ts'
import { NAMESPACE_BASE } from '../../codecs/mm7/versions.ts'
import { type Address, parseAddress, parseMsisdn, parseShortCode } from '../../core/address.ts'
import type { GivenAddress, RequestFacts } from '../../core/checks/check.ts'
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
  /** The content reference leads to a part, and no multipart inside is broken. */
  readonly contentFound: boolean
  readonly carrierId: string | undefined
  readonly peerAddress: string
}

/** What the checks look at. */
export function factsOf(given: GivenSubmit, intake: Intake): RequestFacts {
  const { request } = given
  const sender = request.senderIdentification
  return {
    version: {
      ...(request.mm7Version === undefined ? {} : { given: request.mm7Version }),
      ...(given.namespace === undefined
        ? {}
        : { namespaceTail: given.namespace.slice(NAMESPACE_BASE.length) }),
    },
    ...optional('vaspId', filled(sender?.vaspId)),
    ...optional('vasId', filled(sender?.vasId)),
    ...optional('sender', sender?.senderAddress && givenSender(sender.senderAddress)),
    recipients: (request.recipients ?? []).map(({ address }) => givenRecipient(address)),
    recipientsBroken: given.recipientsBroken,
    replyCharging: request.replyCharging !== undefined,
    chargedParty: request.chargedParty !== undefined || request.chargedPartyId !== undefined,
    badElements: given.badElements,
    subjectCharacters: [...(request.subject ?? '')].length,
    contentPresent: given.contentPresent,
    contentReadable: given.contentFound && intake.readable && intake.content.parts.length > 0,
    partTypesReadable: intake.typesReadable,
    hasPresentation: intake.hasPresentation,
    contentBytes: intake.decodedBytes,
    ...optional('carrierId', given.carrierId),
    peerAddress: given.peerAddress,
  }
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
  const recipients = facts.recipients.flatMap(({ address }) => (address ? [address] : []))
  const expiry = request.expiryDate
  return {
    accountId: account.id,
    direction: 'mt',
    channel: 'mms',
    dialect: dialect.name,
    envelope,
    recipients,
    content: intake.content,
    expiresAt:
      expiry === undefined
        ? now + dialect.mm7.defaultValidityMs
        : expiry.kind === 'at'
          ? expiry.ms
          : now + expiry.ms,
    idempotency: {
      scope: account.id,
      key: `mm7 ${facts.vasId ?? ''} ${given.transactionId}`,
      fingerprint: fingerprint(envelope, recipients, intake.digest),
    },
  }
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
    readReports: false,
    ...optional('serviceCode', request.serviceCode),
    ...optional('serviceId', vasId ?? service?.id),
    ...optional('carrier', carrier?.name),
    clientReference: transactionId,
    ...optional('clientVersion', request.mm7Version),
  }
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

function givenRecipient(written: Mm7Address): GivenAddress {
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
function filled(text: string | undefined): string | undefined {
  const trimmed = text?.trim()
  return trimmed === '' ? undefined : trimmed
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}
