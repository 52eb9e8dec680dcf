/**
 * Sends each notice by the door its client came in by: a peer by MM4, an account by the door that
 * knows the way to it; of short messages it is told where it binds, or nowhere.
 */
import type { ReportSender } from '../engine/ports/report-sender.ts'

export interface ReportDoors {
  /** For clients that are accounts; the first that has a lane for one tells it. */
  readonly accounts: readonly ReportSender[]
  /** For clients that are peers. */
  readonly peers: ReportSender
  /** For clients of short messages that bind to be told of them. */
  readonly sms?: ReportSender & { serves(accountId: string): boolean }
}

type Client = Parameters<ReportSender['laneFor']>[0]

export function createReportRouter({ accounts, peers, sms }: ReportDoors): ReportSender {
  function senderFor(client: Client): ReportSender | undefined {
    if (client.peer !== undefined) return peers
    if (client.envelope.sms !== undefined && sms?.serves(client.accountId) === true) return sms
    return accounts.find((door) => door.laneFor(client) !== undefined)
  }
  return {
    reachable: (lane) => sms?.reachable?.(lane) ?? true,
    laneFor: (client) => senderFor(client)?.laneFor(client),
    async send(notice, attempt, signal) {
      const door = senderFor(notice)
      if (door !== undefined) return door.send(notice, attempt, signal)
      return { kind: 'deferred', reason: 'client-unreachable', raw: 'no door leads to it now' }
    },
  }
}
