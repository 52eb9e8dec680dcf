/** Receipts: what became of a message, to the client that handed it in, one for each part it gave. */
import type { SpokenDialect } from '../../core/code-row.ts'
import type { Directory, SmppAccess } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import { isReadResult, type Notice, type ReportSender } from '../../engine/ports/report-sender.ts'
import type { SmppClients } from './clients.ts'
import { isInterim, isSuccess } from './receipt-state.ts'
import { TELL_RETRY, TELL_TIMEOUT_MS, tell } from './telling.ts'

type Client = Parameters<ReportSender['laneFor']>[0]

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

  let words: typeof import('./receipt-words.ts') | undefined

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
      // Loaded with the first receipt: a start does not wait for them.
      words ??= await import('./receipt-words.ts')
      const { receiptOf } = words
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
