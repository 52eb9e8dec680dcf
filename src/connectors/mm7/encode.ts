/** From the house's words to MM7's: one attempt becomes a SubmitReq, a withdrawal a CancelReq. */
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import {
  type CancelReq,
  CONTENT_CLASSES,
  type Address as Mm7Address,
  type SenderIdentification,
  type SubmitReq,
} from '../../codecs/mm7/types.ts'
import { hasApplications, hasTypedAddresses, namespaceFor } from '../../codecs/mm7/versions.ts'
import type { Address } from '../../core/address.ts'
import type { Mm7Upstream } from '../../core/carrier.ts'
import type { Envelope } from '../../core/message.ts'
import type { Attempt } from '../../engine/ports/connector.ts'
import { CONTENT_ID, planSubmitBody, type SubmitBody } from './submit-body.ts'

/** The protocol version in use towards an upstream. */
export interface Spoken {
  readonly version: string
  readonly namespace: string
}

/** The versions an upstream may be spoken to in, the first choice first. */
export function versionsOf(upstream: Mm7Upstream): readonly [Spoken, ...Spoken[]] {
  const { version, namespace, fallbackVersion, fallbackNamespace } = upstream
  const first = { version, namespace: namespace ?? namespaceFor(version) }
  if (fallbackVersion === undefined) return [first]
  const second = fallbackNamespace ?? namespaceFor(fallbackVersion)
  return [first, { version: fallbackVersion, namespace: second }]
}

/** The whole request: its TransactionID and its bytes are the same for every attempt. */
export function submitBodyOf(attempt: Attempt, upstream: Mm7Upstream, spoken: Spoken): SubmitBody {
  const envelope = encodeMm7({
    transactionId: attempt.key,
    namespace: spoken.namespace,
    operation: submitReqOf(attempt, upstream, spoken.version),
  })
  return planSubmitBody(envelope, attempt.content.parts, attempt.key, (part) => attempt.open(part))
}

/** The operation of one attempt. */
export function submitReqOf(attempt: Attempt, upstream: Mm7Upstream, version: string): SubmitReq {
  const { envelope, content } = attempt
  const serviceCode = envelope.serviceCode ?? upstream.serviceCode
  return {
    name: 'SubmitReq',
    mm7Version: version,
    senderIdentification: identityOf(upstream, version, envelope.sender),
    recipients: [{ list: 'To', address: addressOf(attempt.recipient, upstream, version) }],
    ...(serviceCode === undefined ? {} : { serviceCode }),
    messageClass: CLASSES[envelope.messageClass],
    timeStampMs: attempt.acceptedAt,
    expiryDate: { kind: 'at', ms: attempt.expiresAt },
    // Reports are asked for whatever the client wants: they end the delivery with evidence.
    deliveryReport: upstream.sendsReports,
    readReply: upstream.readReplies && envelope.readReports,
    priority: PRIORITIES[envelope.priority],
    ...(envelope.subject === undefined ? {} : { subject: envelope.subject }),
    ...(envelope.distributable === undefined
      ? {}
      : { distributionIndicator: envelope.distributable }),
    ...(hasApplications(version) ? releaseSixOf(envelope) : {}),
    ...(content.parts.length === 0
      ? {}
      : {
          content: { href: `cid:${CONTENT_ID}`, allowAdaptations: envelope.adaptationAllowed },
        }),
  }
}

/** What Release 6 adds: the applications a message is between, and what its content is. */
function releaseSixOf({
  application: { id, replyId, info } = {},
  contentClass,
  drmContent,
}: Envelope): Partial<SubmitReq> {
  const known = CONTENT_CLASSES.find((one) => one === contentClass)
  return {
    ...(id === undefined ? {} : { applicId: id }),
    ...(replyId === undefined ? {} : { replyApplicId: replyId }),
    ...(info === undefined ? {} : { auxApplicInfo: info }),
    ...(known === undefined ? {} : { contentClass: known }),
    ...(drmContent === undefined ? {} : { drmContent }),
  }
}

/** A message to take back, by the id the upstream gave it. */
export function cancelReqOf(remoteId: string, upstream: Mm7Upstream, version: string): CancelReq {
  return {
    name: 'CancelReq',
    mm7Version: version,
    senderIdentification: identityOf(upstream, version),
    messageId: remoteId,
  }
}

function identityOf(
  upstream: Mm7Upstream,
  version: string,
  sender?: Address,
): SenderIdentification {
  const { vaspId, vasId } = upstream
  return {
    vaspId,
    ...(vasId === undefined ? {} : { vasId }),
    ...(sender === undefined ? {} : { senderAddress: addressOf(sender, upstream, version) }),
  }
}

/** Up to 5.1.0 an address is bare text. */
function addressOf(address: Address, upstream: Mm7Upstream, version: string): Mm7Address {
  const plus = address.kind === 'number' && upstream.numberForm === 'plus' ? '+' : ''
  const value = plus + address.text
  if (!hasTypedAddresses(version)) return { kind: 'text', value }
  switch (address.kind) {
    case 'number':
      return { kind: 'Number', value }
    case 'short-code':
      return { kind: upstream.shortCodeElement, value }
    case 'email':
      return { kind: 'RFC2822Address', value }
  }
}

const CLASSES = {
  personal: 'Personal',
  advertisement: 'Advertisement',
  informational: 'Informational',
  auto: 'Auto',
} as const
const PRIORITIES = { low: 'Low', normal: 'Normal', high: 'High' } as const
