/**
 * The way out to a peer MMSC: one MM4_forward.REQ per recipient over SMTP. Its ids are the
 * delivery's key, the same for every attempt, so that the peer can drop a double and a late answer
 * still finds its delivery. Answers and reports come in through the MM4 door.
 */
import { encodeMm4 } from '../../codecs/mm4/encode.ts'
import { joined, planForwardBody, withSmallTexts } from '../../codecs/mm4/forward-body.ts'
import type { ForwardReq } from '../../codecs/mm4/types.ts'
import { type Address, printAddress } from '../../core/address.ts'
import type { Mm4Peer } from '../../core/carrier.ts'
import type { Envelope } from '../../core/message.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Attempt, Connector } from '../../engine/ports/connector.ts'
import type { SmtpPeers } from '../../transports/smtp/peers.ts'
import { classifySend } from './classify.ts'
import { laneOf, type Mm4Way } from './lane.ts'

export interface Mm4ConnectorParts {
  readonly hostname: string
  /** After the @ of our own addresses and ids. */
  readonly domain: string
  readonly peers: SmtpPeers
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Called when the peer has every byte and its reply is not yet judged; for tests. */
  readonly crashPoint: () => void
}

export function createMm4Connector(carrier: Mm4Way, parts: Mm4ConnectorParts): Connector {
  const { mm4 } = carrier

  async function deliver(attempt: Attempt, signal: AbortSignal): Promise<Outcome> {
    const request = forwardOf(attempt, carrier, parts)
    const media = attempt.content.parts.map((part) => ({ open: () => attempt.open(part), ...part }))
    const body = planForwardBody(await withSmallTexts(media), attempt.key)
    const head = encodeMm4(request, {
      dateMs: attempt.acceptedAt,
      mailId: `${attempt.key}@${parts.domain}`,
      content: body.headers,
      extra: [{ name: 'Received', value: traceOf(attempt, parts) }, ...(mm4.headers ?? [])],
    })
    const sizeBytes = head.length + body.bytes
    const result = await parts.peers.send(
      carrier.name,
      {
        from: envelopePath(attempt.envelope.sender, parts.domain, mm4),
        to: [envelopePath(attempt.recipient, mm4.domain, mm4)],
        data: () => joined([[head], body.chunks()], sizeBytes),
        sizeBytes,
      },
      signal,
    )
    parts.crashPoint()
    return classifySend(
      result,
      { remoteId: attempt.key, expects: expectationOf(carrier) },
      mm4.overrides,
    )
  }

  return {
    name: carrier.name,
    lane: laneOf(carrier),
    open: () => Promise.resolve(),
    deliver,
    // The connections belong to the peer, not to this connector.
    close: () => Promise.resolve(),
  }
}

function expectationOf({ mm4 }: Mm4Way): 'response' | 'report' | 'nothing' {
  if (mm4.ackRequest) return 'response'
  return mm4.sendsReports ? 'report' : 'nothing'
}

function forwardOf(attempt: Attempt, { mm4 }: Mm4Way, { domain }: Mm4ConnectorParts): ForwardReq {
  const { envelope, key } = attempt
  const id = (text: string) => ({ raw: `"${text}"`, text })
  return {
    type: 'MM4_forward.REQ',
    version: mm4.version,
    transactionId: id(`t.${key}@${domain}`),
    messageId: id(`${key}@${domain}`),
    date: attempt.acceptedAt,
    from: headerAddress(envelope.sender, domain),
    to: shownRecipients(attempt, mm4),
    cc: [],
    ackRequest: mm4.ackRequest,
    originatorSystem: {
      raw: `system@${domain}`,
      text: `system@${domain}`,
      kind: 'system',
      domain,
    },
    ...(envelope.subject === undefined ? {} : { subject: envelope.subject }),
    messageClass: CLASSES[envelope.messageClass],
    priority: PRIORITIES[envelope.priority],
    expiry: { kind: 'at', ms: attempt.expiresAt },
    // Reports are asked for whatever the client wants: they end the delivery with evidence.
    deliveryReport: mm4.sendsReports,
    originatorDeliveryReport: mm4.sendsReports,
    readReply: envelope.readReports,
    senderVisibility: envelope.senderVisible ? 'Show' : 'Hide',
    ...(envelope.passedOn === undefined ? {} : { forwardCounter: envelope.passedOn.count }),
    previouslySentBy: envelope.passedOn?.by ?? [],
    previouslySentAt: envelope.passedOn?.at ?? [],
    ...(envelope.hubRouting === undefined ? {} : { routing: envelope.hubRouting }),
    adaptationAllowed: envelope.adaptationAllowed,
    ...applicationHeaders(envelope),
    received: [],
  }
}

/** What Release 6 adds: the applications a message is between, and what its content is. */
function applicationHeaders({
  application: { id, replyId, info } = {},
  contentClass,
  drmContent,
}: Envelope): Partial<ForwardReq> {
  return {
    ...(contentClass === undefined ? {} : { contentClass }),
    ...(drmContent === undefined ? {} : { drmContent }),
    ...(id === undefined ? {} : { applicId: id }),
    ...(replyId === undefined ? {} : { replyApplicId: replyId }),
    ...(info === undefined ? {} : { auxApplicInfo: info }),
  }
}

const CLASSES = {
  personal: 'Personal',
  advertisement: 'Advertisement',
  informational: 'Informational',
  auto: 'Auto',
} as const
const PRIORITIES = { low: 'Low', normal: 'Normal', high: 'High' } as const

/** `+15550100123/TYPE=PLMN@domain`; a short code has no plus (mm4 peers agree on that). */
function headerAddress(address: Address, domain: string): ForwardReq['from'] {
  return {
    raw: `${printAddress(address)}/TYPE=PLMN@${domain}`,
    text: address.text,
    kind: address.kind,
    domain,
  }
}

/** The header shows the whole group; the envelope alone decides who gets it. */
function shownRecipients(
  { recipient, envelope: { shownTo } }: Attempt,
  { domain }: Mm4Peer,
): ForwardReq['to'] {
  const own = headerAddress(recipient, domain)
  if (shownTo === undefined || shownTo.length < 2) return [own]
  return shownTo.map((shown): ForwardReq['to'][number] => {
    if (shown.kind === recipient.kind && shown.text === recipient.text) return own
    const raw = shown.kind === 'email' ? shown.text : `${printAddress(shown)}/TYPE=PLMN`
    return { raw, text: shown.text, kind: shown.kind }
  })
}

/** The mark by which a message that comes back is known (RFC 5321 §4.4). */
function traceOf({ key, acceptedAt }: Attempt, { hostname }: Mm4ConnectorParts): string {
  return `by ${hostname} with MM4 id ${key}; ${new Date(acceptedAt).toUTCString()}`
}

function envelopePath(address: Address, domain: string, { addressForm }: Mm4Peer): string {
  if (address.kind === 'email') return address.text
  return `${printAddress(address)}${addressForm === 'plain' ? '' : '/TYPE=PLMN'}@${domain}`
}
