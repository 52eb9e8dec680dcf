/**
 * Where binds are judged: states `open` and `binding` of a session at a message centre. One bind is
 * judged at a time; a refused client may try again a few times, a flooding one may not.
 */

import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { Bind } from '../../codecs/smpp/pdu.ts'
import type { Awaitable, BindVerdict, SmppEnd, SmppSession } from './handler.ts'
import type { SmppProblem } from './problem.ts'
import { settle } from './settle.ts'

/** What a message centre does with binds. */
export interface BindGate {
  /** What we call ourselves in the answer. */
  readonly systemId: string
  readonly sessionInitTimeoutMs: number
  readonly bindTimeoutMs: number
  readonly bindFailuresMax: number
  /** Whether this address has not tried too often. */
  mayBind(address: string): boolean
  judge(body: Bind, session: SmppSession): Awaitable<BindVerdict>
}

/** What the desk asks of its session. */
export interface BindingSession {
  readonly session: SmppSession
  readonly boundAs: string | undefined
  refuse(commandStatus: number): void
  admit(verdict: BindVerdict): void
  expectBy(ms: number): void
  finish(because: SmppEnd, detail: string): void
  problem(kind: SmppProblem['kind'], detail: string): void
}

/** The desk of one session. */
export class BindDesk {
  /** A bind is being judged. */
  judging = false
  private readonly gate: BindGate
  private failures = 0

  constructor(gate: BindGate) {
    this.gate = gate
  }

  /** Takes a bind; `to` is asked exactly one of `refuse` and `admit`, unless the session ends first. */
  take(body: Bind, to: BindingSession): void {
    const { gate } = this
    if (this.judging || to.boundAs !== undefined) {
      to.refuse(COMMAND_STATUS.ESME_RALYBND)
      return
    }
    if (!gate.mayBind(to.session.peer.address)) {
      to.problem('bind-flood', body.systemId)
      to.refuse(COMMAND_STATUS.ESME_RBINDFAIL)
      to.finish('bind-flood', 'too many binds from this address')
      return
    }
    this.judging = true
    to.expectBy(gate.bindTimeoutMs)
    const judged = (verdict: BindVerdict) => {
      this.judging = false
      if (verdict.commandStatus === COMMAND_STATUS.ESME_ROK) to.admit(verdict)
      else this.refused(verdict.commandStatus, to)
    }
    const failed = (error: unknown) => {
      to.problem('handler-failed', error instanceof Error ? error.message : String(error))
      judged({ commandStatus: COMMAND_STATUS.ESME_RSYSERR })
    }
    settle(() => gate.judge(body, to.session), judged, failed)
  }

  private refused(commandStatus: number, to: BindingSession): void {
    to.refuse(commandStatus)
    if (++this.failures >= this.gate.bindFailuresMax) {
      to.finish('bind-refused', `${this.failures} binds were refused`)
    } else to.expectBy(this.gate.sessionInitTimeoutMs)
  }
}
