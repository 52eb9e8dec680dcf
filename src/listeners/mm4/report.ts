/**
 * Reports back to who handed a message in over MM4: to the peer whose handset sent it, or to the
 * account that submitted it, which is told in its dialect's codes.
 */
import { encodeMm4 } from '../../codecs/mm4/encode.ts'
import type { DeliveryReportReq, MmStatus, ReadReplyReportReq } from '../../codecs/mm4/types.ts'
import { type Mm4Peer, speaksMm4 } from '../../core/carrier.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import type { Directory } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import { clientLane } from '../../engine/parts.ts'
import {
  isReadResult,
  type Notice,
  type NoticeLane,
  type ReportSender,
} from '../../engine/ports/report-sender.ts'
import type { SmtpPeers } from '../../transports/smtp/peers.ts'
import { systemAddress, systemSender } from './answer.ts'
import type { Mm4Identity } from './door.ts'
import { subscriber } from './peer.ts'
import { type ReportFaceOf, standardFaceOf, wordReport } from './report-words.ts'

/** A peer that is down gets its reports for two days: longer than an outage, shorter than a life. */
const ATTEMPTS_MAX = 60
const DELAY_MS_MIN = 30_000
const DELAY_MS_MAX = 3_600_000

/** Who is told, and how it wants it. */
interface Told {
  /** As `SmtpPeers` knows it. */
  readonly name: string
  readonly lane: string
  readonly mm4: Mm4Peer
  /** Ask for a response to the report. */
  readonly ackRequest: boolean
  readonly faceOf: ReportFaceOf
}

type Client = Parameters<ReportSender['laneFor']>[0]

/** `dialectNamed`: the dialect of an account. */
export function createMm4Reports(
  directory: () => Directory,
  peers: SmtpPeers,
  identity: Mm4Identity,
  dialectNamed: (name: string) => SpokenDialect | undefined,
): ReportSender {
  function toldOf({ peer, accountId, dialect }: Omit<Client, 'result'>): Told | undefined {
    if (peer !== undefined) {
      const carrier = directory().carrierByName.get(peer)
      if (carrier === undefined || !speaksMm4(carrier)) return undefined
      const { name, mm4 } = carrier
      return { name, lane: `report:peer:${name}`, mm4, ackRequest: false, faceOf: standardFaceOf }
    }
    const mm4 = directory().accountById.get(accountId)?.mm4
    const spoken = dialectNamed(dialect)
    if (mm4?.enabled !== true || !mm4.reports || spoken === undefined) return undefined
    const name = clientLane(accountId)
    const faceOf: ReportFaceOf = (notice) => wordReport(spoken, notice)
    return { name, lane: `report:${accountId}`, mm4, ackRequest: mm4.ackRequest, faceOf }
  }

  function laneFor(client: Client): NoticeLane | undefined {
    const told = toldOf(client)
    if (told === undefined || !isTold(client, directory())) return undefined
    return {
      name: told.lane,
      concurrency: told.mm4.connections,
      retry: {
        attemptsMax: ATTEMPTS_MAX,
        delayMsMin: DELAY_MS_MIN,
        delayMsMax: DELAY_MS_MAX,
        jitter: 0.5,
      },
      attemptTimeoutMs: told.mm4.attemptTimeoutMs,
    }
  }

  async function send(notice: Notice, _attempt: number, signal: AbortSignal): Promise<Outcome> {
    const told = toldOf(notice)
    if (told === undefined) {
      return { kind: 'deferred', reason: 'client-unreachable', raw: 'the peer is not configured' }
    }
    const { report, extra } = requestOf(notice, told, identity)
    const bytes = encodeMm4(report, {
      dateMs: notice.happenedAt,
      mailId: `${notice.id}@${identity.domain}`,
      extra: [...extra, ...(told.mm4.headers ?? [])],
    })
    const result = await peers.send(
      told.name,
      {
        from: systemAddress(identity),
        to: report.to.map(({ raw }) => raw),
        data: [bytes],
        sizeBytes: bytes.length,
      },
      signal,
    )
    return outcomeOf(result)
  }

  return { laneFor, send }
}

/** MM4 has no word for "handed over": every status but Deferred is the last. */
function isTold({ peer, accountId, result }: Client, directory: Directory): boolean {
  if (result === 'handed-to-network') return false
  if (result !== 'retrying') return true
  return peer === undefined && directory.accountById.get(accountId)?.mm4?.interimReports === true
}

function requestOf(
  notice: Notice,
  told: Told,
  identity: Mm4Identity,
): {
  readonly report: DeliveryReportReq | ReadReplyReportReq
  readonly extra: readonly { readonly name: string; readonly value: string }[]
} {
  const { mm4, ackRequest } = told
  const transactionId = `${notice.id}@${identity.domain}`
  const origin = notice.envelope.originId ?? ''
  const common = {
    version: mm4.version,
    transactionId: { raw: `"${transactionId}"`, text: transactionId },
    messageId: { raw: origin, text: origin.replace(/^"|"$/g, '') },
    date: notice.happenedAt,
    from: subscriber(notice.recipient, identity.domain, mm4),
    to: [subscriber(notice.envelope.sender, mm4.domain, mm4)],
    sender: systemSender(identity),
    ackRequest,
    originatorSystem: systemSender(identity),
  }
  const { result } = notice
  if (isReadResult(result)) {
    const readStatus = result === 'read' ? 'Read' : 'Deleted without being read'
    return { report: { type: 'MM4_read_reply_report.REQ', ...common, readStatus }, extra: [] }
  }
  const face = told.faceOf(notice)
  return {
    report: {
      type: 'MM4_delivery_report.REQ',
      ...common,
      mmStatus: statusFor(mm4, face.status),
      ...(face.extension === undefined ? {} : { mmStatusExtension: face.extension }),
      ...(face.text === undefined ? {} : { statusText: face.text }),
      // TS 23.140 §8.4: only what its user asked for is shown to it.
      forwardToOriginatorUa: notice.envelope.reportsForUser !== false,
    },
    extra: face.code === undefined ? [] : [face.code],
  }
}

/** Releases before 6 have no word for a handset that was not reached (MMS 1.2). */
function statusFor({ version }: Mm4Peer, status: MmStatus): MmStatus {
  const major = Number.parseInt(version, 10)
  return status === 'Unreachable' && major < UNREACHABLE_SINCE ? 'Expired' : status
}

const UNREACHABLE_SINCE = 6

/** Told when the peer has taken the mail; a permanent no is evidence, not a reason to repeat. */
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
