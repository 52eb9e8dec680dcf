/**
 * Reports back to who handed a message in over MM4: to the peer whose handset sent it, or to the
 * account that submitted it, which is told in its dialect's codes.
 */
import { type Mm4Peer, speaksMm4 } from '../../core/carrier.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import type { Directory } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import { clientLane } from '../../engine/parts.ts'
import type { Notice, NoticeLane, ReportSender } from '../../engine/ports/report-sender.ts'
import type { SmtpPeers } from '../../transports/smtp/peers.ts'
import type { Mm4Identity } from './door.ts'

/** A peer that is down gets its reports for two days: longer than an outage, shorter than a life. */
const ATTEMPTS_MAX = 60
const DELAY_MS_MIN = 30_000
const DELAY_MS_MAX = 3_600_000

/** Who is told, and how it wants it. */
export interface Told {
  /** As `SmtpPeers` knows it. */
  readonly name: string
  readonly lane: string
  readonly mm4: Mm4Peer
  /** Ask for a response to the report. */
  readonly ackRequest: boolean
  /** In whose codes; absent: in the standard's words alone. */
  readonly dialect?: SpokenDialect
}

type Client = Parameters<ReportSender['laneFor']>[0]

/** `dialectNamed`: the dialect of an account. */
export function createMm4Reports(
  directory: () => Directory,
  peers: SmtpPeers,
  identity: Mm4Identity,
  dialectNamed: (name: string) => SpokenDialect | undefined,
): ReportSender {
  let code: typeof import('./report-mail.ts') | undefined

  function toldOf({ peer, accountId, dialect }: Omit<Client, 'result'>): Told | undefined {
    if (peer !== undefined) {
      const carrier = directory().carrierByName.get(peer)
      if (carrier === undefined || !speaksMm4(carrier)) return undefined
      const { name, mm4 } = carrier
      return { name, lane: `report:peer:${name}`, mm4, ackRequest: false }
    }
    const mm4 = directory().accountById.get(accountId)?.mm4
    const spoken = dialectNamed(dialect)
    if (mm4?.enabled !== true || !mm4.reports || spoken === undefined) return undefined
    const name = clientLane(accountId)
    return { name, lane: `report:${accountId}`, mm4, ackRequest: mm4.ackRequest, dialect: spoken }
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
    // Loaded with the first report: a start does not wait for it.
    code ??= await import('./report-mail.ts')
    const result = await peers.send(told.name, code.mailOf(notice, told, identity), signal)
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
