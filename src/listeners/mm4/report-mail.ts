/** A report as the mail that carries it. */
import { encodeMm4 } from '../../codecs/mm4/encode.ts'
import type { DeliveryReportReq, MmStatus, ReadReplyReportReq } from '../../codecs/mm4/types.ts'
import type { Mm4Peer } from '../../core/carrier.ts'
import { isReadResult, type Notice } from '../../engine/ports/report-sender.ts'
import type { SmtpMail } from '../../transports/smtp/client-options.ts'
import { systemAddress, systemSender } from './answer.ts'
import type { Mm4Identity } from './door.ts'
import { subscriber } from './peer.ts'
import type { Told } from './report.ts'
import { standardFaceOf, wordReport } from './report-words.ts'

/** In the words the one who is told understands. */
export function mailOf(notice: Notice, told: Told, identity: Mm4Identity): SmtpMail {
  const { report, extra } = requestOf(notice, told, identity)
  const bytes = encodeMm4(report, {
    dateMs: notice.happenedAt,
    mailId: `${notice.id}@${identity.domain}`,
    extra: [...extra, ...(told.mm4.headers ?? [])],
  })
  return {
    from: systemAddress(identity),
    to: report.to.map(({ raw }) => raw),
    data: [bytes],
    sizeBytes: bytes.length,
  }
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
  const { dialect } = told
  const face = dialect === undefined ? standardFaceOf(notice) : wordReport(dialect, notice)
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
