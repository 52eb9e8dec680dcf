/**
 * The way out to a carrier's message centre: each part of a message one submit_sm, part after part,
 * over one of several binds. The ids it answers with are the delivery's remote ids; receipts come back
 * over the same binds, and messages from handsets do.
 */
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { DataSm, DeliverSm, SubmitSm } from '../../codecs/smpp/pdu.ts'
import { messageIdSpellings } from '../../codecs/sms/message-id.ts'
import type { SmppCarrier } from '../../core/carrier.ts'
import type { Outcome, Report } from '../../core/outcome.ts'
import { answeredId } from '../../core/smpp-ids.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'
import type { Attempt, Cancellation, Connector, Parties } from '../../engine/ports/connector.ts'
import { connectSmpp } from '../../transports/smpp/client.ts'
import type { SmppClientOptions } from '../../transports/smpp/client-options.ts'
import type {
  BoundAs,
  MessageRequest,
  SmppAnswer,
  SmppHandler,
  SmppReply,
  SmppSession,
} from '../../transports/smpp/handler.ts'
import type { SmppProblem } from '../../transports/smpp/problem.ts'
import { createBinds, type Unready } from './binds.ts'
import { cancelSmOf, classifyCancel } from './cancel.ts'
import { classifySubmit, type Judged } from './classify.ts'
import { submitsOf } from './encode.ts'
import { laneOf } from './lane.ts'
import { createLateAnswers, replyOf } from './late-answers.ts'
import { createPace } from './pace.ts'
import { createProgress } from './progress.ts'
import { receiptOf } from './receipt.ts'
import { createRepeats } from './repeats.ts'

export interface SmppConnectorParts {
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly random: () => number
  /** Calls back once; the answer calls it off. */
  readonly after: (ms: number, callback: () => void) => () => void
  /** Takes a report in; when it resolves the report survives a power cut. */
  readonly receive: (route: string, remoteId: string, report: Report) => Promise<unknown>
  /** Takes a message of a handset in and says how it is answered, as a command_status. */
  readonly inbound: (carrier: SmppCarrier, body: DeliverSm | DataSm) => Promise<number>
  /** The centre does not let us in: an operator must look. Once per time. */
  readonly onLinkRefused: (name: string, raw: string) => void
  /** For a log. */
  readonly onProblem: (name: string, problem: SmppProblem) => void
  /** Called when the centre has a request and its answer is not yet judged; for tests. */
  readonly crashPoint: () => void
  readonly tls?: NonNullable<SmppClientOptions['tls']>
}

export function createSmppConnector(carrier: SmppCarrier, parts: SmppConnectorParts): Connector {
  const { name, smpp } = carrier
  const lane = laneOf(carrier)
  const pace = createPace(smpp.perSecond, parts.now)
  const progress = createProgress()
  const repeats = createRepeats(parts.now)
  const late = createLateAnswers()
  const handler: SmppHandler = {
    request: (body, session) => take(body, session),
    closed: (session) => repeats.closed(session),
    late(answer, session) {
      const key = late.take(session, answer)
      if (key !== undefined) void settleLate(key, replyOf(answer))
    },
  }
  const binds = createBinds({
    count: smpp.binds,
    bindAs: smpp.bindAs,
    delayMsMin: smpp.reconnectDelayMsMin,
    delayMsMax: smpp.reconnectDelayMsMax,
    connect: (bindAs, signal) =>
      connectSmpp({
        ...clientOptionsOf(smpp, bindAs),
        ...(parts.tls === undefined ? {} : { tls: parts.tls }),
        handler,
        signal,
        onProblem: (problem) => parts.onProblem(name, problem),
      }),
    onRefused: (raw) => parts.onLinkRefused(name, raw),
    now: parts.now,
    random: parts.random,
    after: parts.after,
  })

  async function deliver(attempt: Attempt, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return NOT_BEGUN
    const made = await submitsOf(attempt, smpp, parts.now())
    if (made.kind === 'unfit') return { kind: 'rejected', reason: made.reason, raw: made.raw }
    binds.start()
    const session = await binds.ready(signal)
    if ('because' in session) return unreachable(session)
    if (signal.aborted) return NOT_BEGUN
    pace.sent(made.bodies.length)
    return submitAll(attempt.key, made.bodies, session, signal)
  }

  /** One after the other: a refused first part keeps the rest from being sent for nothing. */
  async function submitAll(
    key: string,
    bodies: readonly SubmitSm[],
    session: SmppSession,
    signal: AbortSignal,
  ): Promise<Outcome> {
    // What an earlier attempt brought there is there.
    const ids = [...progress.of(key)]
    while (ids.length < bodies.length) {
      const body = bodies[ids.length]
      if (body === undefined) break
      const whole = bodies.length === 1
      const judged = await submit(whole ? key : undefined, body, session, signal)
      if (judged.kind === 'ended') return endOf(key, judged, ids, bodies.length, session)
      ids.push(judged.id)
      progress.keep(key, ids)
    }
    progress.forget(key)
    return takenAs(ids, key)
  }

  /** `key`: of the delivery the request is the whole of, so that a late answer is its answer. */
  async function submit(
    key: string | undefined,
    body: SubmitSm,
    session: SmppSession,
    signal: AbortSignal,
  ): Promise<Judged> {
    const asked = session.request(body, { wait: false })
    const reply = await unlessAborted(asked, signal)
    parts.crashPoint()
    if (key !== undefined && reply.kind === 'unanswered' && reply.because === 'timeout') {
      listenOn(key, session, reply, asked)
    }
    const congestion = reply.kind === 'answered' ? reply.response.tlvs.congestionState : undefined
    if (congestion !== undefined) pace.congested(congestion)
    const judged = classifySubmit(reply, smpp.overrides)
    if (judged.kind === 'taken') {
      pace.taken()
      return { kind: 'taken', id: answeredId(smpp.idForm, judged.id) }
    }
    return judged
  }

  /** Nobody waits any more; the session may, if it was our patience with the attempt that ended. */
  function listenOn(
    key: string,
    session: SmppSession,
    { sequenceNumber }: Extract<SmppReply<SubmitSm>, { kind: 'unanswered' }>,
    asked: Promise<SmppReply<SubmitSm>>,
  ): void {
    if (sequenceNumber !== 0) {
      late.missed(session, sequenceNumber, key)
      return
    }
    void asked.then((reply) => {
      if (reply.kind === 'answered') void settleLate(key, reply)
      else if (reply.kind === 'unanswered') late.missed(session, reply.sequenceNumber, key)
    })
  }

  /** A late yes settles what is to be sent again, and brings the id. What has ended keeps it as evidence. */
  async function settleLate(key: string, reply: SmppReply<SubmitSm>): Promise<void> {
    const report = lateReportOf(classifySubmit(reply, smpp.overrides), smpp)
    if (report === undefined) return
    try {
      await parts.receive(name, key, report)
    } catch (error) {
      const detail = `a late answer could not be kept: ${String(error)}`
      parts.onProblem(name, { kind: 'handler-failed', address: smpp.host, detail })
    }
  }

  async function cancel(
    remoteId: string,
    signal: AbortSignal,
    parties: Parties,
  ): Promise<Cancellation> {
    const body = cancelSmOf(remoteId, parties, smpp)
    if (body === undefined) return { kind: 'not-found', raw: 'it was never submitted' }
    const session = await binds.ready(signal)
    if ('because' in session) return { kind: 'unreachable', raw: session.raw }
    return classifyCancel(await unlessAborted(session.request(body), signal))
  }

  function endOf(
    key: string,
    { outcome, about }: Extract<Judged, { kind: 'ended' }>,
    ids: readonly string[],
    total: number,
    session: SmppSession,
  ): Outcome {
    if (outcome.kind === 'rejected') progress.forget(key)
    if (about === 'session') binds.replace(session)
    const raw = total === 1 ? outcome.raw : inParts(outcome.raw ?? '', ids, total)
    const said = raw === undefined ? outcome : { ...outcome, raw }
    // Our own key: by it a late answer finds the delivery.
    const told = total === 1 && said.kind === 'unknown' ? { ...said, remoteId: key } : said
    if (about !== 'pace' || told.kind !== 'deferred') return told
    const retryAfterMs = pace.throttled()
    return { ...told, retryAfterMs, ...(smpp.throttledCounts ? {} : { uncounted: true }) }
  }

  function takenAs(ids: readonly string[], key: string): Outcome {
    const named = ids.filter((id) => id !== '')
    const [remoteId, ...otherIds] = named
    const raw = `message_id ${ids.join(', ')}`
    // Nothing to match a receipt with: its word is all there will be.
    if (remoteId === undefined || !smpp.sendsReports) {
      return { kind: 'submitted', remoteId: remoteId ?? key, expects: 'nothing', raw }
    }
    if (otherIds.length === 0) return { kind: 'submitted', remoteId, expects: 'report', raw }
    const expects = smpp.receiptsFor === 'message' ? 'report' : 'reports'
    return { kind: 'submitted', remoteId, otherIds, expects, raw }
  }

  async function take(body: MessageRequest, session: SmppSession): Promise<SmppAnswer> {
    if (body.command !== 'deliver_sm' && body.command !== 'data_sm') {
      return { commandStatus: COMMAND_STATUS.ESME_RINVCMDID }
    }
    const receipt = receiptOf(body, smpp)
    if (receipt === undefined) {
      const keep = () => parts.inbound(carrier, body)
      return { commandStatus: await repeats.take(body, session, keep) }
    }
    const { id, report } = receipt
    if (id === undefined) {
      const detail = `a receipt that names no message: ${report.raw}`
      parts.onProblem(name, { kind: 'broken-pdu', address: smpp.host, detail })
      return { commandStatus: COMMAND_STATUS.ESME_ROK }
    }
    try {
      await parts.receive(name, id, report)
      return { commandStatus: COMMAND_STATUS.ESME_ROK }
    } catch (error) {
      // It keeps the receipt and brings it again (SMPP 3.4 §5.1.3, ESME_RX_T_APPN).
      const detail = `a receipt could not be kept: ${String(error)}`
      parts.onProblem(name, { kind: 'handler-failed', address: smpp.host, detail })
      return { commandStatus: COMMAND_STATUS.ESME_RX_T_APPN }
    }
  }

  return {
    name,
    get lane() {
      const rate = pace.rate()
      // Binds that are down take nothing; one is counted always, to find out.
      const concurrency = Math.max(1, binds.open) * smpp.window
      return { ...lane, concurrency, ...(rate === undefined ? {} : { rate }) }
    },
    ...(smpp.idForm === 'auto' ? { spellingsOf: messageIdSpellings } : {}),
    async open() {
      binds.start()
    },
    deliver,
    ...(smpp.servesCancel === true ? { cancel } : {}),
    close: () => binds.close(smpp.responseTimeoutMs),
  }
}

const NOT_BEGUN: Outcome = {
  kind: 'deferred',
  reason: 'link-closed',
  raw: 'given up before it began',
}

function unreachable({ because, raw, retryAfterMs }: Unready): Outcome {
  return {
    kind: 'deferred',
    reason: because === 'refused' ? 'link-refused' : 'link-down',
    raw,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/**
 * What a late answer says of its delivery. A no to a request that is sent again anyway is no news, and
 * might end the attempt that is under way: it is only told where nothing is sent again.
 */
function lateReportOf(judged: Judged, smpp: SmppPeer): Report | undefined {
  if (judged.kind === 'taken') {
    const remoteId = answeredId(smpp.idForm, judged.id)
    const reported = remoteId !== '' && smpp.sendsReports
    const raw = `late answer: message_id ${judged.id}`
    if (!reported) return { status: 'acknowledged', expects: 'nothing', raw }
    return { status: 'acknowledged', expects: 'report', remoteId, raw }
  }
  const { outcome } = judged
  if (smpp.dropsDuplicates || outcome.kind === 'unknown') return undefined
  return { status: 'refused', reason: outcome.reason, raw: `late answer: ${outcome.raw}` }
}

function inParts(raw: string, ids: readonly string[], total: number): string {
  const taken = ids.length === 0 ? '' : `; taken before it: ${ids.join(', ')}`
  return `part ${ids.length + 1} of ${total}: ${raw}${taken}`
}

/** A request that was begun may have arrived, whoever lost patience. */
async function unlessAborted<R extends MessageRequest>(
  reply: Promise<SmppReply<R>>,
  signal: AbortSignal,
): Promise<SmppReply<R>> {
  let giveUp = () => {}
  const aborted = new Promise<SmppReply<R>>((resolve) => {
    giveUp = () =>
      resolve({
        kind: 'unanswered',
        because: 'timeout',
        sequenceNumber: 0,
        detail: 'given up while waiting for the answer',
      })
    signal.addEventListener('abort', giveUp, { once: true })
  })
  const first = await Promise.race([reply, aborted])
  signal.removeEventListener('abort', giveUp)
  return first
}

function clientOptionsOf(
  smpp: SmppPeer,
  bindAs: BoundAs,
): Omit<SmppClientOptions, 'handler' | 'signal'> {
  return {
    host: smpp.host,
    port: smpp.port,
    bindAs,
    systemId: smpp.systemId,
    password: smpp.password,
    ...(smpp.systemType === undefined ? {} : { systemType: smpp.systemType }),
    interfaceVersion: smpp.interfaceVersion,
    ...(smpp.addressRange === undefined
      ? {}
      : { addressRange: { ton: 0, npi: 0, addr: smpp.addressRange } }),
    limits: {
      windowMax: smpp.window,
      responseTimeoutMs: smpp.responseTimeoutMs,
      enquireLinkMs: smpp.enquireLinkMs,
      connectTimeoutMs: smpp.responseTimeoutMs,
    },
  }
}
