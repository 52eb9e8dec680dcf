/** Sends each notice by the door its client came in by: a peer by MM4, everybody else by MM7. */
import type { ReportSender } from '../engine/ports/report-sender.ts'

export interface ReportDoors {
  /** For clients that are accounts. */
  readonly accounts: ReportSender
  /** For clients that are peers. */
  readonly peers: ReportSender
}

export function createReportRouter({ accounts, peers }: ReportDoors): ReportSender {
  const senderFor = (client: { readonly peer?: string }) =>
    client.peer === undefined ? accounts : peers
  return {
    laneFor: (client) => senderFor(client).laneFor(client),
    send: (notice, attempt, signal) => senderFor(notice).send(notice, attempt, signal),
  }
}
