/**
 * How a client that is bound is told anything. Nothing is tried while nobody is bound; what waits
 * then goes when somebody binds.
 */
import { COMMAND_STATUS, printStatus } from '../../codecs/smpp/command-status.ts'
import type { DeliverSm } from '../../codecs/smpp/pdu.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { RetryPolicy } from '../../core/retry.ts'
import type { SmppReply } from '../../transports/smpp/handler.ts'
import type { SmppClients, Telling } from './clients.ts'

/** Longer than an answer of the client may take, with its wait for room before; milliseconds. */
export const TELL_TIMEOUT_MS = 70_000

/** A client that is bound and fails is tried for most of a day; one that is away is not tried. */
export const TELL_RETRY: RetryPolicy = {
  attemptsMax: 100,
  delayMsMin: 2000,
  delayMsMax: 900_000,
  jitter: 0.5,
}

/** Refusals for good: the client wants the request dropped (SMPP 3.4 §5.1.3). */
const DROPPED: ReadonlySet<number> = new Set([
  COMMAND_STATUS.ESME_RX_P_APPN,
  COMMAND_STATUS.ESME_RX_R_APPN,
])

/** Sends one request to a client and says how it ended. */
export async function tell(
  clients: SmppClients,
  accountId: string,
  body: (telling: Telling) => DeliverSm,
  signal: AbortSignal,
): Promise<Outcome> {
  const reply = clients.send(accountId, body)
  if (reply === undefined) {
    return { kind: 'deferred', reason: 'client-unreachable', raw: 'nobody is bound' }
  }
  return outcomeOf(await Promise.race([reply, aborted(signal)]))
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function outcomeOf(reply: SmppReply | undefined): Outcome {
  if (reply === undefined) {
    return { kind: 'deferred', reason: 'client-timeout', raw: 'no answer in time' }
  }
  switch (reply.kind) {
    case 'answered': {
      const raw = `${reply.response.command} ${printStatus(reply.commandStatus)}`
      if (reply.commandStatus === COMMAND_STATUS.ESME_ROK) return { kind: 'delivered', raw }
      const dropped = DROPPED.has(reply.commandStatus)
      return { kind: dropped ? 'rejected' : 'deferred', reason: 'client-refused', raw }
    }
    case 'unanswered':
      return { kind: 'deferred', reason: 'client-timeout', raw: reply.detail }
    case 'not-sent':
      return reply.because === 'unwritable'
        ? { kind: 'rejected', reason: 'client-refused', raw: reply.detail }
        : { kind: 'deferred', reason: 'client-unreachable', raw: reply.detail }
  }
}
