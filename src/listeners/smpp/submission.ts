/** From a draft to what the engine keeps: a whole message, or a part of one. */
import { hash } from 'node:crypto'
import type { Address } from '../../core/address.ts'
import type {
  Content,
  Envelope,
  RefusedRecipient,
  SmsDetails,
  Submission,
} from '../../core/message.ts'
import type { ArrivingPart } from '../../engine/assembler.ts'
import type { Client } from './door.ts'
import type { Draft } from './draft.ts'
import { keptHeader, partHeader, type UserMessage } from './user-message.ts'

/** Whom a message is from and for. */
export interface Parties {
  readonly sender: Address
  readonly recipients: readonly Address[]
  readonly refusals: readonly RefusedRecipient[]
}

/** 132 bits of SHA-256. */
const DIGEST_CHARACTERS = 22

/** A whole message. */
export function submissionOf(
  client: Client,
  draft: Draft,
  parties: Parties,
  content: Content,
): Submission {
  const header = keptHeader(draft.message.elements)
  return {
    content,
    ...frameOf(client, draft, parties, header),
    ...idempotencyOf(client, draft, parties, content),
  }
}

/** One part of several. */
export function partOf(client: Client, draft: Draft, parties: Parties): ArrivingPart | undefined {
  const { body, dataCoding, elements, place } = draft.message
  if (place === undefined) return undefined
  const { total, sequence, reference, referenceBits } = place
  const { sender, recipients } = parties
  const header = partHeader(elements)
  const octets = Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64')
  const names = recipients.map(({ text }) => text).join(',')
  const to = names.length > DIGEST_CHARACTERS ? digestOf(names) : names
  return {
    key: `${client.account.id} ${sender.text} ${to} ${referenceBits} ${reference}`,
    total,
    sequence,
    fingerprint: digestOf(`${dataCoding} ${header ?? ''} ${octets}`),
    receipt: draft.receipts.deliveryReports,
    submission: frameOf(client, draft, parties, header),
    octets,
    dataCoding,
  }
}

function frameOf(
  { account }: Client,
  draft: Draft,
  { sender, recipients, refusals }: Parties,
  header: string | undefined,
): Omit<Submission, 'content'> {
  const { notBefore, expiresAt } = draft.times
  return {
    accountId: account.id,
    direction: 'mt',
    channel: 'sms',
    dialect: account.dialect,
    envelope: envelopeOf(draft, sender, header),
    recipients,
    expiresAt,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(refusals.length === 0 ? {} : { refusals }),
  }
}

function envelopeOf(draft: Draft, sender: Address, header: string | undefined): Envelope {
  const { request, receipts, priority } = draft
  const { userMessageReference } = request.tlvs
  return {
    sender,
    messageClass: 'personal',
    priority,
    senderVisible: true,
    adaptationAllowed: false,
    deliveryReports: receipts.deliveryReports,
    readReports: false,
    sms: detailsOf(draft, draft.message, header),
    ...(userMessageReference === undefined
      ? {}
      : { clientReference: String(userMessageReference) }),
  }
}

function detailsOf(
  { request: { serviceType }, receipts, protocolId }: Draft,
  { alphabet, dataCoding, flash }: UserMessage,
  header: string | undefined,
): SmsDetails {
  const { receiptsFor, interimReceipts } = receipts
  return {
    alphabet,
    dataCoding,
    ...(header === undefined ? {} : { header }),
    ...(flash ? { flash } : {}),
    ...(protocolId === 0 ? {} : { protocolId }),
    ...(serviceType === '' ? {} : { serviceType }),
    ...(receiptsFor === undefined ? {} : { receiptsFor }),
    ...(interimReceipts === undefined ? {} : { interimReceipts }),
  }
}

/** SMPP has no id that stays the same when a request is repeated, unless the client makes one. */
function idempotencyOf(
  { account, access }: Client,
  { request }: Draft,
  { sender, recipients }: Parties,
  { inline = new Uint8Array(0) }: Content,
): Pick<Submission, 'idempotency'> {
  const { userMessageReference } = request.tlvs
  if (!access.repeatsByReference || userMessageReference === undefined) return {}
  const to = recipients.map(({ text }) => text).join(',')
  const key = `smpp ${userMessageReference} ${sender.text} ${to}`
  return { idempotency: { scope: account.id, key, fingerprint: digestOf(inline) } }
}

function digestOf(data: string | Uint8Array): string {
  return hash('sha256', data, 'base64url' as 'base64').slice(0, DIGEST_CHARACTERS)
}
