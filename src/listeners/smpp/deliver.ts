/** The way to a client that is bound: a message from a handset becomes a deliver_sm, or several. */
import type { Account } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import { smsClientLane } from '../../engine/parts.ts'
import type { Connector, Lane } from '../../engine/ports/connector.ts'
import type { SmppClients } from './clients.ts'
import { TELL_RETRY, TELL_TIMEOUT_MS, tell } from './telling.ts'

/** The way to one account's sessions, or nothing while it has no SMPP access. */
export function createSmppClientConnector(
  { id, smpp: access }: Account,
  clients: SmppClients,
): Connector | undefined {
  if (access?.enabled !== true) return undefined
  const lane: Lane = {
    get concurrency() {
      return clients.room(id)
    },
    retry: TELL_RETRY,
    attemptTimeoutMs: TELL_TIMEOUT_MS,
    // A client's answer is its last word: nothing is awaited after it.
    responseTimeoutMs: TELL_TIMEOUT_MS,
    reportWindowMs: TELL_TIMEOUT_MS,
    // Nothing names a deliver_sm; better twice than never.
    whenAmbiguous: 'resend',
  }
  return {
    name: smsClientLane(id),
    lane,
    open: () => Promise.resolve(),
    async deliver(attempt, signal) {
      const { deliverBodies } = await import('./deliver-body.ts')
      const bodies = await deliverBodies(attempt, access)
      if (bodies === undefined) {
        const raw = 'it takes more parts than a message can have'
        return { kind: 'rejected', reason: 'content-too-large', raw }
      }
      let last: Outcome = { kind: 'delivered' }
      // In order, so that a client that shows parts as they come shows them in order.
      for (const body of bodies) {
        last = await tell(clients, id, () => body, signal)
        if (last.kind !== 'delivered') return last
      }
      return last
    },
    close: () => Promise.resolve(),
  }
}
