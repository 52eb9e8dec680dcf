/** Receipts: what became of a message, to the client that handed it in, one for each part it gave. */
import { createDeliverSm } from '../../codecs/smpp/create-body.ts'
import { printEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { DeliverSm } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS, type SmppTlvs } from '../../codecs/smpp/tlv-table.ts'
import { MESSAGE_STATES } from '../../codecs/sms/message-state.ts'
import { printReceipt } from '../../codecs/sms/receipt.ts'
import { receiptDateOf } from '../../codecs/sms/receipt-date.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import type { Directory, SmppAccess } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import { isReadResult, type Notice, type ReportSender } from '../../engine/ports/report-sender.ts'
import { printSmppAddress } from './address.ts'
import type { SmppClients, Telling } from './clients.ts'
import { codeOf, isInterim, isSuccess, stateOf } from './receipt-state.ts'
import { TELL_RETRY, TELL_TIMEOUT_MS, tell } from './telling.ts'

type Client = Parameters<ReportSender['laneFor']>[0]

/** What `err` says where nothing is amiss (SMPP 3.4 appendix B: three characters). */
const NO_ERROR = '000'
/** SMPP 3.4 §5.3.2.31: GSM. */
const GSM_NETWORK = 3
/** Both carry 16 bits. */
const NUMBER_MAX = 0xffff
const SECOND_MS = 1000
const SECONDS_DIGITS = 10

const RECEIPTS = 'smpp:'

/** The lane of an account's receipts. */
export function receiptLane(accountId: string): string {
  return `${RECEIPTS}${accountId}`
}

/** Whether an account is told of its short messages here. */
export type ServesSms = (accountId: string) => boolean

export function createSmppReports(
  directory: () => Directory,
  clients: SmppClients,
  dialectNamed: (name: string) => SpokenDialect | undefined,
): ReportSender & { readonly serves: ServesSms; reachable(lane: string): boolean } {
  const accessOf = (accountId: string): SmppAccess | undefined => {
    const access = directory().accountById.get(accountId)?.smpp
    return access?.enabled === true ? access : undefined
  }

  return {
    serves: (accountId) => accessOf(accountId) !== undefined,
    reachable: (lane) =>
      !lane.startsWith(RECEIPTS) || clients.room(lane.slice(RECEIPTS.length)) > 0,
    laneFor(client) {
      const access = accessOf(client.accountId)
      if (access === undefined || !isWanted(client, access)) return undefined
      const { accountId } = client
      return {
        name: receiptLane(accountId),
        get concurrency() {
          return clients.room(accountId)
        },
        retry: TELL_RETRY,
        attemptTimeoutMs: TELL_TIMEOUT_MS,
      }
    },
    async send(notice, _attempt, signal) {
      const access = accessOf(notice.accountId)
      const dialect = dialectNamed(notice.dialect)
      if (access === undefined || dialect === undefined) {
        return { kind: 'deferred', reason: 'client-unreachable', raw: 'no SMPP access' }
      }
      const outcomes = await Promise.all(
        idsOf(notice).map((id) =>
          tell(
            clients,
            notice.accountId,
            (telling) => receiptOf(notice, id, access, dialect, telling),
            signal,
          ),
        ),
      )
      return worstOf(outcomes)
    },
  }
}

/** SMPP has no word for reading; all else as the client asked for it. */
function isWanted({ result, envelope: { sms } }: Client, access: SmppAccess): boolean {
  if (!access.receipts || isReadResult(result)) return false
  if (isInterim(result)) return access.interimReceipts && sms?.interimReceipts === true
  if (sms?.receiptsFor === 'failure') return !isSuccess(result)
  return sms?.receiptsFor === 'success' ? isSuccess(result) : true
}

/** The ids its parts were answered with, as far as receipts for them are wanted. */
function idsOf({ messageId, envelope }: Notice): readonly string[] {
  const given = envelope.sms?.partsGiven
  if (given === undefined) return [messageId]
  return given.flatMap(({ id, receipt }) => (receipt ? [id] : []))
}

/** Told when all are told: what fails is told again, and with it what did not. */
function worstOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.find(({ kind }) => kind !== 'delivered') ?? outcomes[0] ?? { kind: 'delivered' }
}

function receiptOf(
  notice: Notice,
  id: string,
  { receiptForm }: SmppAccess,
  dialect: SpokenDialect,
  { tlvs: understood }: Telling,
): DeliverSm {
  const { result, reason, envelope, recipient } = notice
  const state = MESSAGE_STATES[stateOf(result, reason)]
  const code = codeOf(dialect, notice)
  const text = receiptForm !== 'tlvs' || !understood
  return createDeliverSm({
    source: printSmppAddress(recipient),
    destination: printSmppAddress(envelope.sender),
    ...(envelope.sms?.serviceType === undefined ? {} : { serviceType: envelope.sms.serviceType }),
    esmClass: printEsmClass({ type: isInterim(result) ? 'intermediate' : 'receipt' }),
    ...(text ? { shortMessage: Buffer.from(textOf(notice, id, state.word, code), 'latin1') } : {}),
    tlvs: understood ? tlvsOf(notice, id, state.number, code, receiptForm) : NO_TLVS,
  })
}

function textOf(notice: Notice, id: string, stat: string, code: string | undefined): string {
  const { result, happenedAt } = notice
  return printReceipt({
    id,
    sub: 1,
    dlvrd: result === 'delivered' || result === 'read' ? 1 : 0,
    submitDate: receiptDateOf(submittedAt(id)),
    doneDate: receiptDateOf(happenedAt),
    stat,
    err: code ?? NO_ERROR,
    // The client knows what it sent; repeating it would spread it further.
    text: '',
  })
}

/** Our ids begin with the second in which they were given. */
function submittedAt(id: string): number {
  return Number(id.slice(0, SECONDS_DIGITS)) * SECOND_MS
}

function tlvsOf(
  { envelope: { clientReference } }: Notice,
  id: string,
  messageState: number,
  code: string | undefined,
  form: SmppAccess['receiptForm'],
): SmppTlvs {
  const reference = numberOf(clientReference)
  const echo = reference === undefined ? {} : { userMessageReference: reference }
  if (form === 'text') return echo
  const errorCode = numberOf(code)
  return {
    receiptedMessageId: id,
    messageState,
    ...(errorCode === undefined
      ? {}
      : { networkErrorCode: { networkType: GSM_NETWORK, errorCode } }),
    ...echo,
  }
}

/** A number of 16 bits, if the text is one. */
function numberOf(text: string | undefined): number | undefined {
  const number = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isInteger(number) && number >= 0 && number <= NUMBER_MAX ? number : undefined
}
