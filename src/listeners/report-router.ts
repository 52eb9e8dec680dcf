/**
 * Sends each notice by the door its client came in by: a peer by MM4, an account by the door that
 * knows the way to it.
 */
import type { ReportSender } from '../engine/ports/report-sender.ts'

export interface ReportDoors {
  /** For clients that are accounts; the first that has a lane for one tells it. */
  readonly accounts: readonly ReportSender[]
  /** For clients that are peers. */
  readonly peers: ReportSender
}

type Client = Parameters<ReportSender['laneFor']>[0]

export function createReportRouter({ accounts, peers }: ReportDoors): ReportSender {
  function senderFor(client: Client): ReportSender | undefined {
    if (client.peer !== undefined) return peers
    return accounts.find((door) => door.laneFor(client) !== undefined)
  }
  return {
    laneFor: (client) => senderFor(client)?.laneFor(client),
    async send(notice, attempt, signal) {
      const door = senderFor(notice)
      if (door !== undefined) return door.send(notice, attempt, signal)
      return { kind: 'deferred', reason: 'client-unreachable', raw: 'no door leads to it now' }
    },
  }
}
