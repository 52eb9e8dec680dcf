/** Delivery reports in the client's own dialect: a DeliveryReportReq per recipient and state. */
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import type {
  DeliveryReportReq,
  Address as Mm7Address,
  ReadReplyReq,
} from '../../codecs/mm7/types.ts'
import { hasApplications, namespaceFor } from '../../codecs/mm7/versions.ts'
import type { Address } from '../../core/address.ts'
import type { Mm7Profile } from '../../core/code-row.ts'
import type { Directory, Mm7Access } from '../../core/directory.ts'
import type { Envelope } from '../../core/message.ts'
import type { Outcome } from '../../core/outcome.ts'
import { faceOf } from '../../dialects/face.ts'
import {
  isReadResult,
  type Notice,
  type NoticeLane,
  type NoticeResult,
  type ReportSender,
} from '../../engine/ports/report-sender.ts'
import type { CallbackClient } from './callback.ts'
import type { Mm7Dialect } from './door.ts'

/** Posts to one account's endpoint at once; more would break the order clients expect. */
const CALLBACK_CONCURRENCY = 16

/** The pace and plan of one account's callbacks: the dialect's, with the account's overrides. */
export function callbackLane(
  name: string,
  { postback }: Mm7Profile,
  access: Mm7Access,
): NoticeLane {
  const delayMs = access.callbackDelayMs ?? postback.delayMs
  const perSecond = access.callbackPerSecond ?? postback.perSecond
  return {
    name,
    concurrency: CALLBACK_CONCURRENCY,
    rate: { perSecond, burst: Math.max(1, perSecond) },
    retry: {
      attemptsMax: access.callbackAttemptsMax ?? postback.attemptsMax,
      delayMsMin: delayMs,
      delayMsMax: delayMs,
      jitter: 0,
    },
    attemptTimeoutMs: postback.connectTimeoutMs + postback.answerTimeoutMs,
  }
}

/** An address as this dialect writes it to its clients. */
export function addressElement(address: Address, profile: Mm7Profile): Mm7Address {
  switch (address.kind) {
    case 'number':
      return { kind: 'Number', value: address.text }
    case 'email':
      return { kind: 'RFC2822Address', value: address.text }
    case 'short-code':
      return { kind: profile.shortCodeElement ?? 'ShortCode', value: address.text }
  }
}

/** The carrier id header of this dialect, where the carrier has an id a client may know. */
export function carrierHeader(
  profile: Mm7Profile,
  directory: Directory,
  carrier: string,
): Record<string, string> {
  const id = directory.carrierByName.get(carrier)?.ids[0]
  return profile.carrierIdHeader === undefined || id === undefined
    ? {}
    : { [profile.carrierIdHeader]: id }
}

export function createMm7Reports(
  dialects: ReadonlyMap<string, Mm7Dialect>,
  directory: () => Directory,
  callbacks: CallbackClient,
): ReportSender {
  function laneFor(client: { accountId: string; dialect: string; result: NoticeResult }) {
    const dialect = dialects.get(client.dialect)
    const { result } = client
    // A dialect without a word for it says nothing; none has one for a single attempt.
    if (result === 'retrying') return undefined
    if (!isReadResult(result) && dialect?.mm7.reports[result] === undefined) return undefined
    const access = directory().accountById.get(client.accountId)?.mm7
    if (dialect === undefined || access?.callbackUrl === undefined) return undefined
    return callbackLane(`report:${client.accountId}`, dialect.mm7, access)
  }

  async function send(notice: Notice, _attempt: number, signal: AbortSignal): Promise<Outcome> {
    const dialect = dialects.get(notice.dialect)
    const access = directory().accountById.get(notice.accountId)?.mm7
    const url = access?.callbackUrl
    if (dialect === undefined || access === undefined || url === undefined) {
      return { kind: 'deferred', reason: 'client-unreachable', raw: 'no callback URL' }
    }
    const body = Buffer.from(reportBody(dialect, notice, access))
    return callbacks.call(
      {
        url,
        access,
        transactionId: notice.id,
        contentType: 'text/xml; charset=utf-8',
        headers: carrierHeader(dialect.mm7, directory(), notice.route),
        body,
        connectTimeoutMs: dialect.mm7.postback.connectTimeoutMs,
        answerTimeoutMs: dialect.mm7.postback.answerTimeoutMs,
      },
      signal,
    )
  }

  return { laneFor, send }
}

function reportBody(dialect: Mm7Dialect, notice: Notice, access: Mm7Access): string {
  const version = notice.envelope.clientVersion ?? dialect.mm7.defaultVersion
  return encodeMm7({
    transactionId: notice.id,
    namespace: namespaceFor(version),
    operation: reportOperation(dialect, notice, access, version),
  })
}

function reportOperation(
  dialect: Mm7Dialect,
  notice: Notice,
  access: Mm7Access,
  mm7Version: string,
): DeliveryReportReq | ReadReplyReq {
  const { mm7 } = dialect
  const { messageId, result, happenedAt, envelope } = notice
  const about = {
    mm7Version,
    messageId,
    recipient: addressElement(notice.recipient, mm7),
    sender: addressElement(envelope.sender, mm7),
    ...(hasApplications(mm7Version) ? applicationOf(envelope) : {}),
  }
  if (isReadResult(result)) {
    const mmStatus = result === 'read' ? 'Read' : 'Deleted'
    return { name: 'ReadReplyReq', ...about, timeStampMs: happenedAt, mmStatus }
  }
  // What has no word is never put into the outbox; a dialect may lose one while a notice waits.
  const word = result === 'retrying' ? undefined : mm7.reports[result]
  const { status, text } = word ?? mm7.reports.unknown ?? NO_WORD
  return {
    name: 'DeliveryReportReq',
    ...about,
    dateMs: happenedAt,
    mmStatus: status,
    statusText: access.verboseReports ? verbose(dialect, notice, text) : text,
  }
}

const NO_WORD = { status: 'Indeterminate', text: 'Indeterminate' }

/**
 * A report goes to the application that takes replies; where that is another than the one addressed,
 * it names the one addressed as the one to reply to.
 */
function applicationOf({ application }: Envelope) {
  if (application === undefined) return {}
  const { id, replyId, info } = application
  const to = replyId ?? id
  return {
    ...(to === undefined ? {} : { applicId: to }),
    ...(id === undefined || id === to ? {} : { replyApplicId: id }),
    ...(info === undefined ? {} : { auxApplicInfo: info }),
  }
}

/** MM7 reports have no field for a code; an account may ask for it in the text. */
function verbose(dialect: Mm7Dialect, { reason }: Notice, text: string): string {
  if (reason === undefined) return text
  const row = faceOf(dialect, reason)
  return `${text}: ${row.code} ${row.text}`
}
