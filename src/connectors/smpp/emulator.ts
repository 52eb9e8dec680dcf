/**
 * A carrier's message centre with its handsets, on loopback: a real SMPP server that answers as told.
 * For tests, benchmarks and the sandbox; nothing of the product imports it.
 */

import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import { parseEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { CancelSm, DataSm, DeliverSm, SmppBody, SubmitSm } from '../../codecs/smpp/pdu.ts'
import { decodeText } from '../../codecs/sms/alphabet.ts'
import { parseDataCoding } from '../../codecs/sms/data-coding.ts'
import { shiftTablesOf } from '../../codecs/sms/national-tables.ts'
import { findPlace } from '../../codecs/sms/place.ts'
import type { InformationElement } from '../../codecs/sms/udh.ts'
import { parseUserData } from '../../codecs/sms/user-data.ts'
import type {
  Awaitable,
  MessageRequest,
  SILENCE,
  SmppAnswer,
  SmppSession,
} from '../../transports/smpp/handler.ts'
import { openSmppServer } from '../../transports/smpp/server.ts'
import { ORDINARY_SMSC, type SmscBehaviour, type SmscReceipt } from './behaviour.ts'
import { messagesOf, receiptBody } from './emulated-handset.ts'
import { openEmulatedLine } from './emulated-line.ts'

/** A request that came, taken or not. */
export interface SeenSubmit {
  readonly systemId: string
  readonly body: SubmitSm
  /** Digits without plus. */
  readonly number: string
  /** Its text where it has one. */
  readonly text: string | undefined
  /** Its octets without header, septets unpacked. */
  readonly octets: Uint8Array
  readonly elements: readonly InformationElement[]
  /** The id it was given. */
  readonly id: string
}

export interface SmscOptions {
  readonly host: string
  readonly port: number
  readonly systemId: string
  /** What happens to a message for this number (digits, no plus). */
  readonly behaviourOf: (number: string, body: SubmitSm) => SmscBehaviour
  /** How a bind is answered; absent: everybody comes in. */
  readonly bindStatus?: (systemId: string, password: string) => number
  readonly keepBodies: boolean
  readonly after: (ms: number, callback: () => void) => void
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onSubmit?: (seen: SeenSubmit) => void
  /** What is not taken for now is brought again after this, in milliseconds. */
  readonly repeatMs?: number
}

export interface Smsc {
  readonly address: { readonly host: string; readonly port: number }
  /** Oldest first, while bodies are kept. */
  readonly seen: readonly SeenSubmit[]
  /** Withdrawals it was asked for, the same way. */
  readonly cancels: readonly CancelSm[]
  /** How what it brought was answered, oldest first. */
  readonly answers: readonly { readonly body: SmppBody; readonly commandStatus: number }[]
  readonly sessions: () => readonly SmppSession[]
  /** Brings a receipt of a request that came, now. */
  report(submit: SeenSubmit, receipt: Omit<SmscReceipt, 'afterMs'>): void
  /** A handset writes to a number of the client with this system_id. */
  write(systemId: string, message: WrittenMessage): void
  close(): Promise<void>
}

/** A message of a handset. */
export interface WrittenMessage {
  readonly from: string
  readonly to: string
  readonly text: string
}

const NO_SMPP = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')
const REPEAT_MS = 1000
/** Messages that can be given back; the oldest goes first. */
const OPEN_MAX = 10_000
const ID_DIGITS = 8
const HEX_RADIX = 16

/** Opens the centre and a line to it. */
export async function openSmppEmulator(options: SmscOptions): Promise<Smsc> {
  const { behaviourOf, after, now } = options
  const seen: SeenSubmit[] = []
  const cancels: CancelSm[] = []
  const answers: { body: SmppBody; commandStatus: number }[] = []
  /** Requests per number, so that a misbehaviour can end. */
  const tries = new Map<string, number>()
  /** What waits for a receiver of its client. */
  const undelivered = new Map<string, (DeliverSm | DataSm)[]>()
  /** Messages whose last receipt was not sent yet, by id. */
  const open = new Map<string, { readonly source: string; readonly behaviour: SmscBehaviour }>()
  const withdrawn = new Set<string>()
  let held: (() => void) | undefined
  let lastId = 0
  let closed = false

  function request(
    body: MessageRequest,
    session: SmppSession,
  ): Awaitable<SmppAnswer | typeof SILENCE> {
    if (body.command === 'cancel_sm') return withdraw(body, session)
    if (body.command !== 'submit_sm') return { commandStatus: COMMAND_STATUS.ESME_RINVCMDID }
    return answer(body, session)
  }

  function keepOpen({ id, body }: SeenSubmit, behaviour: SmscBehaviour): void {
    open.set(id, { source: body.source.addr, behaviour })
    for (const oldest of open.keys()) {
      if (open.size <= OPEN_MAX) return
      open.delete(oldest)
    }
  }

  /** Gives a message back that waits: one it has still to say something of. */
  function withdraw(body: CancelSm, session: SmppSession): SmppAnswer | typeof SILENCE {
    if (options.keepBodies) cancels.push(body)
    const one = open.get(body.messageId)
    const given = one?.behaviour.cancelAnswer
    if (given !== undefined && given.kind !== 'status') {
      return misbehave({ ...ORDINARY_SMSC, answer: given }, session)
    }
    if (given !== undefined) return { commandStatus: given.status }
    const known = one !== undefined && one.source === body.source.addr
    if (known) {
      open.delete(body.messageId)
      withdrawn.add(body.messageId)
    }
    return { commandStatus: known ? COMMAND_STATUS.ESME_ROK : COMMAND_STATUS.ESME_RCANCELFAIL }
  }

  async function answer(
    body: SubmitSm,
    session: SmppSession,
  ): Promise<SmppAnswer | typeof SILENCE> {
    lastId += 1
    const id = lastId.toString(HEX_RADIX).toUpperCase().padStart(ID_DIGITS, '0')
    const submit = see(body, session, id)
    if (options.keepBodies) seen.push(submit)
    options.onSubmit?.(submit)
    const behaviour = behaviourOf(submit.number, body)
    const part = partOf(submit)
    const taken = behaves(behaviour, submit.number, part)
    if (taken) keepOpen(submit, behaviour)
    if (behaviour.receiptFirst === true && taken) report(submit, behaviour, part)
    await waited(behaviour)
    if (!taken) return misbehave(behaviour, session)
    if (behaviour.receiptFirst !== true) report(submit, behaviour, part)
    const { reply } = behaviour
    if (reply !== undefined && part === 1) {
      const from = submit.number
      later(reply.afterMs, () =>
        write(submit.systemId, { from, to: body.source.addr, text: reply.text }),
      )
    }
    const { congestion } = behaviour
    const tlvs = congestion === undefined ? {} : { congestionState: congestion }
    return {
      commandStatus: COMMAND_STATUS.ESME_ROK,
      response: { command: 'submit_sm_resp', messageId: id, tlvs },
    }
  }

  /** Whether this request is taken. */
  function behaves(behaviour: SmscBehaviour, number: string, part: number): boolean {
    const { answer: given, answerTries, answerPart } = behaviour
    if (given.kind === 'status' && given.status === COMMAND_STATUS.ESME_ROK) return true
    if (answerPart !== undefined && answerPart !== part) return true
    const tried = tries.get(number) ?? 0
    if (answerTries !== undefined && tried >= answerTries) {
      // The next message meets it again.
      tries.delete(number)
      return true
    }
    tries.set(number, tried + 1)
    return false
  }

  function misbehave(
    { answer: given, congestion }: SmscBehaviour,
    session: SmppSession,
  ): SmppAnswer | typeof SILENCE {
    switch (given.kind) {
      case 'status': {
        const tlvs = congestion === undefined ? {} : { congestionState: congestion }
        const response = { command: 'submit_sm_resp', messageId: '', tlvs } as const
        return { commandStatus: given.status, response }
      }
      case 'garbage':
        line.spoil(session.peer.port, NO_SMPP)
        return 'silence'
      case 'drop':
        session.hangUp()
        return 'silence'
      case 'silence':
        return 'silence'
    }
  }

  async function waited({ answerAfterMs, reorders }: SmscBehaviour): Promise<void> {
    if (answerAfterMs > 0) await new Promise<void>((resolve) => after(answerAfterMs, resolve))
    const earlier = held
    held = undefined
    // The later one is answered first.
    if (earlier !== undefined) after(1, earlier)
    else if (reorders === true) {
      await new Promise<void>((resolve) => {
        held = resolve
      })
    }
  }

  function later(ms: number, callback: () => void): void {
    after(ms, () => {
      if (!closed) callback()
    })
  }

  function report(submit: SeenSubmit, behaviour: SmscBehaviour, part: number): void {
    if (submit.body.registeredDelivery === 0) return
    const last = behaviour.receipts.at(-1)
    for (const receipt of behaviour.receipts) {
      if (receipt.part !== undefined && receipt.part !== part) continue
      const body = () => receiptBody(submit, receipt, behaviour, now())
      const bring = () => {
        if (withdrawn.has(submit.id)) return
        if (receipt === last) open.delete(submit.id)
        deliver(submit.systemId, body())
      }
      // A receipt that is to come first comes at once.
      const afterMs = behaviour.receiptFirst === true ? 0 : receipt.afterMs
      for (let copy = behaviour.repeats === true ? 2 : 1; copy > 0; copy -= 1) later(afterMs, bring)
    }
  }

  function write(systemId: string, message: WrittenMessage): void {
    lastId += 1
    for (const body of messagesOf(message, lastId)) deliver(systemId, body)
  }

  function deliver(systemId: string, body: DeliverSm | DataSm): void {
    const session = server
      .sessions()
      .find((each) => each.open && each.systemId === systemId && each.boundAs !== 'transmitter')
    if (session === undefined) {
      undelivered.set(systemId, [...(undelivered.get(systemId) ?? []), body])
      return
    }
    void session.request(body).then((reply) => {
      if (reply.kind === 'answered') answers.push({ body, commandStatus: reply.commandStatus })
      const again =
        reply.kind !== 'answered' || reply.commandStatus === COMMAND_STATUS.ESME_RX_T_APPN
      if (again) later(options.repeatMs ?? REPEAT_MS, () => deliver(systemId, body))
    })
  }

  const server = await openSmppServer({
    host: options.host,
    port: 0,
    systemId: options.systemId,
    handler: {
      bind: ({ systemId, password }) => ({
        commandStatus: options.bindStatus?.(systemId, password) ?? COMMAND_STATUS.ESME_ROK,
      }),
      request,
      bound({ systemId = '' }) {
        const waiting = undelivered.get(systemId) ?? []
        undelivered.delete(systemId)
        for (const body of waiting) later(1, () => deliver(systemId, body))
      },
    },
    limits: { bindsPerSecond: 1000, windowMax: 1000, waitingMax: 10_000, inboundWindowMax: 10_000 },
  })
  const line = await openEmulatedLine(options, server.address)
  return {
    address: line.address,
    seen,
    cancels,
    answers,
    sessions: () => server.sessions(),
    report(submit, receipt) {
      const body = receiptBody(submit, { ...receipt, afterMs: 0 }, ORDINARY_SMSC, now())
      deliver(submit.systemId, body)
    },
    write,
    async close() {
      closed = true
      held?.()
      await line.close()
      await server.close({ deadlineMs: 0 })
    },
  }
}

function see(body: SubmitSm, session: SmppSession, id: string): SeenSubmit {
  const coding = parseDataCoding(body.dataCoding, 'gsm7')
  const alphabet = coding.kind === 'known' ? coding.alphabet : 'binary'
  const octets = body.tlvs.messagePayload ?? body.shortMessage
  const parsed = parseUserData(octets, alphabet, parseEsmClass(body.esmClass).udhi)
  const common = { systemId: session.systemId ?? '', body, id }
  const number = body.destination.addr.replace(/^\+/, '')
  if (parsed.kind === 'fault') return { ...common, number, text: undefined, octets, elements: [] }
  const { elements, body: own } = parsed
  const shift = shiftTablesOf(elements)
  const decoded = decodeText(alphabet, own, { reading: 'lenient', shift })
  const text = decoded.kind === 'text' ? decoded.text : undefined
  return { ...common, number, text, octets: Uint8Array.from(own), elements }
}

/** Where a request stands in its message, from 1. */
function partOf({ elements, body: { tlvs } }: SeenSubmit): number {
  const place = findPlace(elements, {
    ...(tlvs.sarMsgRefNum === undefined ? {} : { reference: tlvs.sarMsgRefNum }),
    ...(tlvs.sarTotalSegments === undefined ? {} : { total: tlvs.sarTotalSegments }),
    ...(tlvs.sarSegmentSeqnum === undefined ? {} : { sequence: tlvs.sarSegmentSeqnum }),
  })
  return place.kind === 'part' ? place.concatenation.sequence : 1
}
