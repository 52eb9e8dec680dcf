/** The requests of the peer that are under work: counted, bounded, answered once. */

import { responseNameOf } from '../../codecs/smpp/command.ts'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import { createResponse } from '../../codecs/smpp/create-body.ts'
import type { SmppBody } from '../../codecs/smpp/pdu.ts'
import type {
  Awaitable,
  MessageRequest,
  MessageRequestName,
  SILENCE,
  SmppAnswer,
} from './handler.ts'
import { settle } from './settle.ts'

/** Where answers go. */
export interface AnsweringSession {
  handle(body: MessageRequest): Awaitable<SmppAnswer | typeof SILENCE>
  /** Sends a response; `false` if it cannot be written, which has been reported. */
  answer(sequenceNumber: number, body: SmppBody, commandStatus: number): boolean
  handlerFailed(error: unknown): void
  /** One request less is under work. */
  answered(): void
}

/** The inbound window of one session. */
export class Answering {
  count = 0
  windowMax: number
  private readonly session: AnsweringSession

  constructor(windowMax: number, session: AnsweringSession) {
    this.windowMax = windowMax
    this.session = session
  }

  /** Takes a request, unless `objection` is a status that refuses it or too many are under work. */
  take(body: MessageRequest, sequenceNumber: number, objection: number | undefined): void {
    const full = this.count >= this.windowMax ? COMMAND_STATUS.ESME_RTHROTTLED : undefined
    const commandStatus = objection ?? full
    if (commandStatus !== undefined) {
      this.session.answer(sequenceNumber, createResponse(body.command), commandStatus)
      return
    }
    this.count++
    const respond = (answer: SmppAnswer | typeof SILENCE) => {
      this.count--
      if (answer !== 'silence') this.respond(body.command, sequenceNumber, answer)
      this.session.answered()
    }
    const failed = (error: unknown) => {
      this.session.handlerFailed(error)
      respond({ commandStatus: COMMAND_STATUS.ESME_RSYSERR })
    }
    settle(() => this.session.handle(body), respond, failed)
  }

  private respond(command: MessageRequestName, sequenceNumber: number, given: SmppAnswer): void {
    const { response = createResponse(command), commandStatus } = given
    if (response.command === responseNameOf(command)) {
      if (this.session.answer(sequenceNumber, response, commandStatus)) return
    } else this.session.handlerFailed(`${command} was answered by ${response.command}`)
    this.session.answer(sequenceNumber, createResponse(command), COMMAND_STATUS.ESME_RSYSERR)
  }
}
