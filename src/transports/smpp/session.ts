/**
 * One connection, at either end: frames in, answers and requests out.
 *
 * States: `open` (connected, nothing bound; a bind may be under judgement), `bound`, `unbinding` (either
 * side said so; what is under way may end), `over` (last words said; what still comes is thrown
 * away). A state is only left for a later one.
 */

import type { Socket } from 'node:net'
import { type RequestName, responseNameOf } from '../../codecs/smpp/command.ts'
import { COMMAND_STATUS as S } from '../../codecs/smpp/command-status.ts'
import { createPlain, createResponse } from '../../codecs/smpp/create-body.ts'
import type { Decoded } from '../../codecs/smpp/decode.ts'
import { encodePdu } from '../../codecs/smpp/encode.ts'
import type { Bind, BodyOf, SmppBody, SmppPdu } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import { Answering, type AnsweringSession } from './answering.ts'
import { BindDesk, type BindGate, type BindingSession } from './bind-desk.ts'
import type {
  Awaitable,
  BindVerdict,
  BoundAs,
  MessageRequest,
  MessageRequestName,
  SILENCE,
  SmppAnswer,
  SmppClosed,
  SmppEnd,
  SmppHandler,
  SmppPeer,
  SmppReply,
  SmppSession,
} from './handler.ts'
import { KeepAlive, type Silence } from './keep-alive.ts'
import type { SmppProblem } from './problem.ts'
import { type Ending, type Outgoing, RequestWindow } from './request-window.ts'
import type { SmppSessionLimits } from './session-limits.ts'
import { bindAsked, mayAlert, maySend, OTHER_ROLE, type SmppRole } from './session-rules.ts'
import { Wire, type WireListener } from './wire.ts'

/** What server or client lend to their sessions. */
export interface SessionContext {
  readonly role: SmppRole
  readonly limits: SmppSessionLimits
  readonly handler: SmppHandler
  /** `undefined` at a client. */
  readonly gate: BindGate | undefined
  now(): number
  problem(problem: SmppProblem): void
  /** The session counts as bound from now on. */
  bound(session: Link): void
  /** The socket is gone. Called once. */
  gone(session: Link): void
}

/** The interface version we speak and say so. */
export const INTERFACE_VERSION = 0x34

/** A connection and all that belongs to it. */
export class Link implements SmppSession, WireListener, AnsweringSession, Silence {
  readonly id: number
  readonly peer: SmppPeer
  readonly closed: Promise<SmppClosed>
  boundAs: BoundAs | undefined = undefined
  systemId: string | undefined = undefined
  peerVersion: number | undefined = undefined
  private readonly context: SessionContext
  private readonly wire: Wire
  private readonly window: RequestWindow
  private readonly keepAlive: KeepAlive
  private readonly desk: BindDesk | undefined
  private readonly resolveClosed: (closed: SmppClosed) => void
  private state: 'open' | 'bound' | 'unbinding' | 'over' = 'open'
  private end: SmppClosed | undefined = undefined
  private readonly inbound: Answering
  private faults = 0
  private deadlineAt = Number.POSITIVE_INFINITY
  private unbindSent = false
  /** The number of the peer's unbind; answered when nothing is under way. */
  private unbindAsked: number | undefined = undefined
  private unbindAnswered = false

  constructor(id: number, socket: Socket, peer: SmppPeer, context: SessionContext) {
    const { limits, gate } = context
    this.id = id
    this.peer = peer
    this.context = context
    this.window = new RequestWindow(limits.windowMax, limits.waitingMax)
    this.inbound = new Answering(limits.inboundWindowMax, this)
    this.keepAlive = new KeepAlive(limits, this, context.now())
    this.desk = gate && new BindDesk(gate)
    if (gate !== undefined) this.expectBy(gate.sessionInitTimeoutMs)
    let resolve: (closed: SmppClosed) => void = () => undefined
    this.closed = new Promise((resolveNow) => {
      resolve = resolveNow
    })
    this.resolveClosed = resolve
    this.wire = new Wire(socket, limits, this)
  }

  get open(): boolean {
    return this.state === 'bound'
  }

  get outstanding(): number {
    return this.window.outstanding
  }

  get requests(): { readonly sent: number; readonly answered: number } {
    return { sent: this.window.places, answered: this.window.answeredPlace }
  }

  get answering(): number {
    return this.inbound.count
  }

  get waiting(): number {
    return this.window.waiting
  }

  // --- what users do --------------------------------------------------------------------------

  request<R extends MessageRequest>(
    body: R,
    { wait = true }: { readonly wait?: boolean } = {},
  ): Promise<SmppReply<R>> {
    if (this.state !== 'bound' || this.boundAs === undefined) {
      const detail = this.end?.detail ?? `the session is ${this.state}`
      return Promise.resolve({ kind: 'not-sent', because: 'not-bound', detail })
    }
    if (!maySend(this.context.role, this.boundAs, body.command)) {
      const detail = `${body.command} in a session bound as ${this.boundAs}`
      return Promise.resolve({ kind: 'not-sent', because: 'wrong-direction', detail })
    }
    return new Promise((resolve) => {
      // The window matched the answer with the request by its command, which is what R stands for.
      const ended = (ending: Ending) => resolve(ending as SmppReply<R>)
      const outgoing = this.write(body, true, ended)
      if (typeof outgoing === 'string') {
        resolve({ kind: 'not-sent', because: 'unwritable', detail: outgoing })
      } else if (this.window.waiting === 0 && this.window.hasRoom && !this.wire.busy) {
        this.sendRequest(outgoing)
      } else if (!wait || !this.window.enqueue(outgoing)) {
        const detail = `${this.window.outstanding} requests are without an answer`
        resolve({ kind: 'not-sent', because: 'window-full', detail })
      }
    })
  }

  unbind({ deadlineMs = this.context.limits.drainTimeoutMs } = {}): Promise<SmppClosed> {
    if (this.state === 'bound') {
      this.state = 'unbinding'
      this.expectBy(deadlineMs)
      this.window.dropWaiting('the session is unbinding')
      this.proceedUnbinding()
    } else if (this.state === 'unbinding') {
      this.deadlineAt = Math.min(this.deadlineAt, this.context.now() + deadlineMs)
    } else {
      this.finish('hung-up', 'we closed before the bind')
    }
    return this.closed
  }

  hangUp(): void {
    this.abort('hung-up', 'we hung up')
  }

  /** Binds as a client. */
  bind(body: Bind): Promise<Ending> {
    return new Promise((resolve) => {
      const outgoing = this.write(body, false, (ending) => {
        if (accepts(ending)) this.admitted(body, ending)
        resolve(ending)
      })
      if (typeof outgoing !== 'string' && this.end === undefined) this.sendRequest(outgoing)
      else {
        const detail = typeof outgoing === 'string' ? outgoing : 'the session is over'
        resolve({ kind: 'not-sent', because: 'not-bound', detail })
      }
    })
  }

  /** Ends the connection without waiting for anything. */
  abort(because: SmppEnd, detail: string): void {
    this.finish(because, detail)
    this.wire.destroy()
  }

  // --- time -----------------------------------------------------------------------------------

  /** Called at every beat; ends what waited too long. */
  beat(now: number): void {
    if (this.state === 'over') {
      if (now >= this.deadlineAt) this.wire.destroy()
      return
    }
    this.window.expire(now - this.context.limits.responseTimeoutMs)
    this.wire.beat(now)
    if (now >= this.deadlineAt) this.deadlinePassed()
    else if (this.boundAs !== undefined) this.keepAlive.beat(now)
    this.release()
    this.proceedUnbinding()
  }

  private expectBy(ms: number): void {
    this.deadlineAt = this.context.now() + ms
  }

  private deadlinePassed(): void {
    if (this.state === 'open') {
      const judging = this.desk?.judging === true
      const detail = judging ? 'the bind was not judged in time' : 'no bind in time'
      this.finish('session-init-timeout', detail)
    } else if (this.unbindAnswered) this.finish('unbound', 'the peer unbound')
    else this.finish('drain-timeout', 'what was under way did not end in time')
  }

  enquire(end: (ending: Ending) => void): void {
    this.sendOwn('enquire_link', end)
  }

  finish(because: SmppEnd, detail: string): void {
    if (this.state === 'over') return
    const end = { because, detail }
    this.end = end
    this.state = 'over'
    this.wire.finish()
    this.window.failAll(detail)
    this.expectBy(this.context.limits.lingerMs)
    if (this.boundAs !== undefined) this.guard(() => this.context.handler.closed?.(this, end))
  }

  private problem(kind: SmppProblem['kind'], detail: string): void {
    this.context.problem({ kind, address: this.peer.address, detail })
  }

  private guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.handlerFailed(error)
    }
  }

  handlerFailed(error: unknown): void {
    this.problem('handler-failed', error instanceof Error ? error.message : String(error))
  }

  // --- what comes -----------------------------------------------------------------------------

  lost(because: SmppEnd, detail: string): void {
    if (this.state === 'over') return
    if (because === 'socket-failed') this.problem('socket-failed', detail)
    if (because !== 'peer-closed') this.abort(because, detail)
    // Many peers close where they should answer an unbind.
    else if (this.unbindAnswered || this.unbindSent) this.finish('unbound', detail)
    else this.finish('peer-closed', detail)
  }

  gone(): void {
    if (this.end !== undefined) this.resolveClosed(this.end)
    this.context.gone(this)
  }

  drained(): void {
    this.release()
  }

  unreadable(detail: string): void {
    this.problem('not-smpp', detail)
    if (this.boundAs === undefined) {
      // Whoever speaks HTTP here is owed no answer in SMPP.
      this.abort('not-smpp', detail)
      return
    }
    this.answer(0, createPlain('generic_nack'), S.ESME_RINVCMDLEN)
    this.finish('not-smpp', detail)
  }

  took(decoded: Decoded): void {
    this.keepAlive.heard(this.context.now())
    if (decoded.kind === 'pdu') {
      this.faults = 0
      this.takePdu(decoded.pdu)
      return
    }
    this.problem('broken-pdu', decoded.detail)
    if (decoded.kind === 'refused') {
      const { command, commandStatus, sequenceNumber } = decoded
      const answerable = command !== undefined && isRequest(command)
      const body = answerable ? createResponse(command) : createPlain('generic_nack')
      this.answer(sequenceNumber, body, commandStatus)
    }
    if (++this.faults > this.context.limits.faultsMax) {
      this.finish('too-many-faults', decoded.detail)
    }
  }

  private takePdu({ body, commandStatus, sequenceNumber }: SmppPdu): void {
    switch (body.command) {
      case 'submit_sm':
      case 'deliver_sm':
      case 'data_sm':
      case 'submit_multi':
      case 'query_sm':
      case 'cancel_sm':
      case 'replace_sm':
        this.inbound.take(body, sequenceNumber, this.objection(body.command))
        break
      case 'enquire_link':
        this.answer(sequenceNumber, createResponse('enquire_link'), S.ESME_ROK)
        break
      case 'unbind':
        this.takeUnbind(sequenceNumber)
        break
      case 'bind_transmitter':
      case 'bind_receiver':
      case 'bind_transceiver':
        this.takeBind(body, sequenceNumber)
        break
      case 'alert_notification':
        if (this.context.role === 'esme' && this.boundAs !== undefined && mayAlert(this.boundAs)) {
          this.guard(() => this.context.handler.alert?.(body, this))
        }
        break
      case 'outbind':
        this.answer(sequenceNumber, createPlain('generic_nack'), S.ESME_RINVBNDSTS)
        break
      default:
        this.takeAnswer(sequenceNumber, commandStatus, body)
    }
  }

  private takeAnswer(sequenceNumber: number, commandStatus: number, response: SmppBody): void {
    if (!this.window.answer(sequenceNumber, commandStatus, response)) {
      const late = { sequenceNumber, commandStatus, response }
      this.guard(() => this.context.handler.late?.(late, this))
      return
    }
    this.release()
    this.proceedUnbinding()
  }

  private objection(command: MessageRequestName): number | undefined {
    const { role } = this.context
    if (this.boundAs === undefined || this.unbindAsked !== undefined) return S.ESME_RINVBNDSTS
    if (!maySend(OTHER_ROLE[role], this.boundAs, command)) return S.ESME_RINVBNDSTS
    if (this.state === 'bound') return undefined
    return role === 'smsc' ? S.ESME_RSYSERR : S.ESME_RX_T_APPN
  }

  handle(body: MessageRequest): Awaitable<SmppAnswer | typeof SILENCE> {
    return this.context.handler.request(body, this)
  }

  answered(): void {
    this.proceedUnbinding()
  }

  answer(sequenceNumber: number, body: SmppBody, commandStatus: number): boolean {
    if (this.state === 'over') return true
    const encoded = encodePdu({ commandStatus, sequenceNumber, body })
    if (encoded.kind === 'bytes') this.wire.send(encoded.bytes)
    else this.handlerFailed(`${body.command}: ${encoded.field} is ${encoded.because}`)
    return encoded.kind === 'bytes'
  }

  // --- binding and unbinding ------------------------------------------------------------------

  private takeBind(body: Bind, sequenceNumber: number): void {
    const refuse = (commandStatus: number) =>
      this.answer(sequenceNumber, createResponse(body.command), commandStatus)
    if (this.desk === undefined) {
      refuse(S.ESME_RINVBNDSTS)
      return
    }
    this.desk.take(body, {
      session: this,
      boundAs: this.boundAs,
      refuse,
      admit: (verdict) => this.letIn(body, sequenceNumber, verdict),
      expectBy: (ms) => this.expectBy(ms),
      finish: (because, detail) => this.finish(because, detail),
      problem: (kind, detail) => this.problem(kind, detail),
    } satisfies BindingSession)
  }

  private letIn(body: Bind, sequenceNumber: number, verdict: BindVerdict): void {
    const { limits, gate } = this.context
    if (this.state !== 'open' || gate === undefined) return
    // A client of SMPP 3.3 does not know what a TLV is (SMPP 3.4 §3.3).
    const tlvs =
      body.interfaceVersion >= INTERFACE_VERSION
        ? { scInterfaceVersion: INTERFACE_VERSION }
        : NO_TLVS
    const command = responseNameOf(body.command)
    this.window.windowMax = verdict.windowMax ?? limits.windowMax
    this.inbound.windowMax = verdict.inboundWindowMax ?? limits.inboundWindowMax
    this.peerVersion = body.interfaceVersion
    this.answer(sequenceNumber, { command, systemId: gate.systemId, tlvs }, S.ESME_ROK)
    this.nowBound(body)
  }

  private admitted(body: Bind, { response }: Answered): void {
    this.peerVersion = response.tlvs.scInterfaceVersion
    this.nowBound(body)
  }

  private nowBound(body: Bind): void {
    this.state = 'bound'
    this.boundAs = bindAsked(body.command)
    this.systemId = body.systemId
    this.deadlineAt = Number.POSITIVE_INFINITY
    this.context.bound(this)
    this.guard(() => this.context.handler.bound?.(this))
  }

  private takeUnbind(sequenceNumber: number): void {
    if (this.boundAs === undefined) {
      this.answer(sequenceNumber, createResponse('unbind'), S.ESME_RINVBNDSTS)
      return
    }
    this.unbindAsked = sequenceNumber
    if (this.state === 'bound') {
      this.state = 'unbinding'
      this.expectBy(this.context.limits.drainTimeoutMs)
      this.window.dropWaiting('the peer is unbinding')
    }
    this.proceedUnbinding()
  }

  /** Takes the next step of unbinding, once nothing hinders it. */
  private proceedUnbinding(): void {
    if (this.state !== 'unbinding' || this.inbound.count > 0) return
    const idle = this.window.outstanding === 0
    if (this.unbindAsked !== undefined) {
      if (!this.unbindAnswered) {
        this.unbindAnswered = true
        this.answer(this.unbindAsked, createResponse('unbind'), S.ESME_ROK)
        this.deadlineAt = Math.min(
          this.deadlineAt,
          this.context.now() + this.context.limits.lingerMs,
        )
      }
      if (idle) this.finish('unbound', 'the peer unbound')
    } else if (idle && !this.unbindSent) {
      this.unbindSent = true
      this.sendOwn('unbind', () => this.finish('unbound', 'we unbound'))
    }
  }

  // --- what goes ------------------------------------------------------------------------------

  /** A request with its number, not sent yet; or why it cannot be written. */
  private write(
    body: MessageRequest | Bind | BodyOf<'unbind' | 'enquire_link'>,
    counted: boolean,
    end: (ending: Ending) => void,
  ): Outgoing | string {
    const sequenceNumber = this.window.nextSequence()
    const encoded = encodePdu({ commandStatus: 0, sequenceNumber, body })
    if (encoded.kind === 'refused') return `${encoded.field} is ${encoded.because}`
    const since = this.context.now()
    return { command: body.command, sequenceNumber, bytes: encoded.bytes, counted, since, end }
  }

  private sendOwn(command: 'unbind' | 'enquire_link', end: (ending: Ending) => void): void {
    const outgoing = this.write(createPlain(command), false, end)
    if (typeof outgoing !== 'string') this.sendRequest(outgoing)
  }

  private sendRequest(outgoing: Outgoing): void {
    outgoing.since = this.context.now()
    this.window.add(outgoing)
    this.wire.send(outgoing.bytes)
  }

  private release(): void {
    while (this.window.waiting > 0 && !this.wire.busy) {
      const next = this.window.shift()
      if (next === undefined) return
      this.sendRequest(next)
    }
  }
}

type Answered = Extract<Ending, { readonly kind: 'answered' }>

/** Whether a bind was accepted, by its own response and not by some other word. */
export function accepts(ending: Ending): ending is Answered {
  if (ending.kind !== 'answered' || ending.response.command === 'generic_nack') return false
  return ending.commandStatus === S.ESME_ROK
}

function isRequest(command: string): command is RequestName {
  return command !== 'outbind' && command !== 'alert_notification'
}
