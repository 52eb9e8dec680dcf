/** Delivery reports back to the peer whose handset sent a message: MM4_delivery_report.REQ. */
import { encodeMm4 } from '../../codecs/mm4/encode.ts'
import type { DeliveryReportReq, Mm4Address, MmStatus } from '../../codecs/mm4/types.ts'
import { type Address, printAddress } from '../../core/address.ts'
import { type Mm4Carrier, speaksMm4 } from '../../core/carrier.ts'
import type { ReportedResult } from '../../core/code-row.ts'
import type { Directory } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import {
  isReadResult,
  type Notice,
  type NoticeLane,
  type NoticeResult,
  type ReportSender,
} from '../../engine/ports/report-sender.ts'
import type { SmtpPeers } from '../../transports/smtp/peers.ts'
import { systemAddress } from './answer.ts'
import type { Mm4Identity } from './door.ts'

/** Our word for what became of a message, in MM4's. */
const STATUSES: Readonly<Record<ReportedResult, MmStatus>> = {
  // The client's own acceptance is all the evidence there will be for a message to it.
  'handed-to-network': 'Forwarded',
  deferred: 'Deferred',
  delivered: 'Retrieved',
  forwarded: 'Forwarded',
  expired: 'Expired',
  rejected: 'Rejected',
  unknown: 'Indeterminate',
  incapable: 'Unrecognised',
  unsupported: 'Unrecognised',
  unreachable: 'Unreachable',
}

/** A peer that is down gets its reports for two days: longer than an outage, shorter than a life. */
const ATTEMPTS_MAX = 60
const DELAY_MS_MIN = 30_000
const DELAY_MS_MAX = 3_600_000

export function createMm4Reports(
  directory: () => Directory,
  peers: SmtpPeers,
  parts: Mm4Identity & { readonly now: () => number },
): ReportSender {
  function peerCalled(name = ''): Mm4Carrier | undefined {
    const carrier = directory().carrierByName.get(name)
    return carrier !== undefined && speaksMm4(carrier) ? carrier : undefined
  }

  function laneFor({
    peer,
    result,
  }: {
    readonly peer?: string
    readonly result: NoticeResult
  }): NoticeLane | undefined {
    const carrier = peerCalled(peer)
    // An application reads nothing that it could tell a handset of.
    if (carrier === undefined || isReadResult(result)) return undefined
    return {
      name: `report:peer:${carrier.name}`,
      concurrency: carrier.mm4.connections,
      retry: {
        attemptsMax: ATTEMPTS_MAX,
        delayMsMin: DELAY_MS_MIN,
        delayMsMax: DELAY_MS_MAX,
        jitter: 0.5,
      },
      attemptTimeoutMs: carrier.mm4.attemptTimeoutMs,
    }
  }

  async function send(notice: Notice, _attempt: number, signal: AbortSignal): Promise<Outcome> {
    const carrier = peerCalled(notice.peer)
    if (carrier === undefined) {
      return { kind: 'deferred', reason: 'client-unreachable', raw: 'the peer is not configured' }
    }
    const request = reportOf(notice, carrier, parts)
    const bytes = encodeMm4(request, {
      dateMs: notice.happenedAt,
      mailId: `${notice.id}@${parts.domain}`,
    })
    const result = await peers.send(
      carrier.name,
      {
        from: systemAddress(parts),
        to: request.to.map(({ raw }) => raw),
        data: [bytes],
        sizeBytes: bytes.length,
      },
      signal,
    )
    return outcomeOf(result)
  }

  return { laneFor, send }
}

function reportOf(notice: Notice, { mm4 }: Mm4Carrier, identity: Mm4Identity): DeliveryReportReq {
  const transactionId = `${notice.id}@${identity.domain}`
  const origin = notice.envelope.originId ?? ''
  return {
    type: 'MM4_delivery_report.REQ',
    version: mm4.version,
    transactionId: { raw: `"${transactionId}"`, text: transactionId },
    messageId: { raw: origin, text: origin.replace(/^"|"$/g, '') },
    date: notice.happenedAt,
    from: plmn(notice.recipient, identity.domain),
    to: [plmn(notice.envelope.sender, mm4.domain)],
    ackRequest: false,
    mmStatus: isReadResult(notice.result) ? 'Indeterminate' : STATUSES[notice.result],
    forwardToOriginatorUa: true,
  }
}

function plmn(address: Address, domain: string): Mm4Address {
  const raw = `${printAddress(address)}/TYPE=PLMN@${domain}`
  return { raw, text: address.text, kind: address.kind, domain }
}

/** A report is told when the peer has taken the mail; a permanent no is evidence, not a reason to repeat. */
function outcomeOf(result: Awaited<ReturnType<SmtpPeers['send']>>): Outcome {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'delivered', raw: result.reply.raw }
    case 'refused':
      return result.reply.code >= 500
        ? { kind: 'rejected', reason: 'client-refused', raw: result.reply.raw }
        : { kind: 'deferred', reason: 'client-refused', raw: result.reply.raw }
    case 'not-sent':
      return { kind: 'deferred', reason: 'client-unreachable', raw: result.detail }
    case 'unknown':
      return { kind: 'deferred', reason: 'client-timeout', raw: result.detail }
  }
}
