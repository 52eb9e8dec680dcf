/**
 * An upstream MMSC with its handsets, on loopback: a real MM7 relay that answers as told, and calls
 * the gateway back with reports and messages of its own. For tests and the sandbox; nothing of the
 * product imports it.
 */
import type { ServerResponse } from 'node:http'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import type {
  Address,
  CancelReq,
  DeliveryReportReq,
  Mm7Operation,
  ReadReplyReq,
  Received,
  ResponseStatus,
  SubmitReq,
} from '../../codecs/mm7/types.ts'
import { normaliseNumber } from '../../codecs/mm7/values.ts'
import { namespaceFor } from '../../codecs/mm7/versions.ts'
import type { RelayAnswer, RelayBehaviour } from './behaviour.ts'
import {
  type OutgoingMedia,
  openHandsets,
  type SentBack,
  type WayBack,
} from './emulated-handsets.ts'
import { openRelayHttp, type SeenRequest } from './emulated-http.ts'

/** A SubmitReq the relay read. */
export interface SeenSubmit {
  readonly request: SeenRequest
  readonly submit: Received<SubmitReq>
  readonly transactionId: string
  /** Of how many requests with this TransactionID this is the latest. */
  readonly count: number
}

export interface RelayEmulatorOptions {
  readonly host: string
  readonly port: number
  /** What happens to a message for this number (digits, no plus). */
  readonly behaviourOf: (number: string) => RelayBehaviour
  /** Demands this VASPID; any when absent. */
  readonly vaspId?: string
  /** Demands these HTTP Basic credentials. */
  readonly basic?: { readonly user: string; readonly password: string }
  /** The picture of a handset that answers; PNG. */
  readonly picture?: Uint8Array
  /** Bodies and messages are kept; a benchmark has no use for them. */
  readonly keepBodies: boolean
  /** Asked with each request before its body is read: true hangs up. */
  readonly dropsAtHead?: () => boolean
  readonly after: (ms: number, callback: () => void) => void
  readonly now: () => number
  readonly onSubmit?: (seen: SeenSubmit) => void
  readonly onCancel?: (cancel: Received<CancelReq>) => void
  /** What the gateway said to a report or a message of ours. */
  readonly onSentBack?: (sent: SentBack) => void
}

export interface RelayEmulator {
  readonly url: string
  /** Where the gateway takes what comes back; nothing is sent before. */
  connect(callback: WayBack): void
  /** Sends a message from a handset of this network to a number or short code of the gateway's. */
  sendFromHandset(from: string, to: Address, media: readonly OutgoingMedia[]): Promise<SentBack>
  /** Sends a report for a message it took, as `behaviourOf` would. */
  sendReport(messageId: string, status: string, statusText?: string): Promise<SentBack>
  sendReadReply(messageId: string, status: string): Promise<SentBack>
  close(): Promise<void>
}

/** A message the relay took. */
interface Taken {
  readonly messageId: string
  readonly number: string
  readonly submit: Received<SubmitReq>
  /** It has been withdrawn, or its end was reported. */
  over: boolean
}

const FINAL =
  /^(Retrieved|Expired|Rejected|Indeterminate|Unreachable|Unrecogni[sz]ed|NotSupported)$/

export async function openMm7Emulator(options: RelayEmulatorOptions): Promise<RelayEmulator> {
  const { now, after } = options
  const counts = new Map<string, number>()
  const byTransaction = new Map<string, Taken>()
  const byId = new Map<string, Taken>()
  let serial = 0
  const handsets = openHandsets(now, options.onSentBack)
  let closing = false
  const http = await openRelayHttp({
    host: options.host,
    port: options.port,
    keepBodies: options.keepBodies,
    dropsAtHead: () => closing || options.dropsAtHead?.() === true,
    handle,
  })

  function handle(request: SeenRequest, response: ServerResponse): void {
    const { decoded } = request
    if (decoded.kind === 'fault') {
      say(request, response, { kind: 'code', code: 4004, details: decoded.detail })
      return
    }
    const refusal = refusalOf(request)
    if (refusal !== undefined) say(request, response, refusal)
    else if (decoded.operation.name === 'SubmitReq') {
      take(request, response, decoded.operation, decoded.transactionId ?? '')
    } else if (decoded.operation.name === 'CancelReq') {
      void giveBack(request, response, decoded.operation)
    } else say(request, response, { kind: 'code', code: 4003 })
  }

  /** Who is asking comes before what is asked. */
  function refusalOf({ decoded, headers }: SeenRequest): RelayAnswer | undefined {
    const { basic, vaspId } = options
    if (basic !== undefined) {
      const token = Buffer.from(`${basic.user}:${basic.password}`).toString('base64')
      if (headers.authorization !== `Basic ${token}`) return { kind: 'http', status: 401 }
    }
    const operation = decoded.kind === 'ok' ? decoded.operation : undefined
    const sender =
      operation !== undefined && 'senderIdentification' in operation
        ? operation.senderIdentification
        : undefined
    const wrong = vaspId !== undefined && sender?.vaspId !== vaspId
    return wrong ? { kind: 'code', code: 4001 } : undefined
  }

  function take(
    request: SeenRequest,
    response: ServerResponse,
    submit: Received<SubmitReq>,
    transactionId: string,
  ): void {
    const number = normaliseNumber(submit.recipients?.[0]?.address.value ?? '')
    const behaviour = options.behaviourOf(number)
    const count = (counts.get(transactionId) ?? 0) + 1
    if (options.keepBodies) counts.set(transactionId, count)
    options.onSubmit?.({ request, submit, transactionId, count })
    const { versions, answerTries, answerAfterMs } = behaviour
    if (versions !== undefined && !versions.includes(submit.mm7Version ?? '')) {
      say(request, response, { kind: 'code', code: 4002 })
      return
    }
    const spent = answerTries !== undefined && count > answerTries
    const answer: RelayAnswer = spent ? { kind: 'code', code: 1000 } : behaviour.answer
    const took = answer.kind === 'code' && (answer.code === 1000 || answer.code === 1100)
    const taken = took ? keep(transactionId, number, submit) : undefined
    const speak = () => say(request, response, answer, taken?.taken)
    if (taken?.fresh === true) live(taken.taken, behaviour, speak)
    else later(answerAfterMs ?? 0, speak)
  }

  /** A repeated TransactionID is the message that is here already. */
  function keep(
    transactionId: string,
    number: string,
    submit: Received<SubmitReq>,
  ): { readonly taken: Taken; readonly fresh: boolean } {
    const known = byTransaction.get(transactionId)
    if (known !== undefined) return { taken: known, fresh: false }
    serial += 1
    const messageId = `relay-${serial}`
    const taken: Taken = { messageId, number, submit, over: false }
    if (options.keepBodies) {
      byTransaction.set(transactionId, taken)
      byId.set(messageId, taken)
    }
    return { taken, fresh: true }
  }

  /** Plays a message's story from its answer on. */
  function live(taken: Taken, behaviour: RelayBehaviour, speak: () => void): void {
    const answerMs = behaviour.answerAfterMs ?? 0
    const wanted = taken.submit.deliveryReport === true ? behaviour.reports : []
    const [first, ...others] = wanted
    if (behaviour.reportFirst === true && first !== undefined) {
      void report(taken, first.status, first.statusText, first.extension).then(speak)
    } else later(answerMs, speak)
    for (const one of behaviour.reportFirst === true ? others : wanted) {
      for (let time = 0; time < (behaviour.repeats === true ? 2 : 1); time += 1) {
        later(answerMs + one.afterMs, () => {
          if (!taken.over || time > 0) {
            void report(taken, one.status, one.statusText, one.extension)
          }
        })
      }
    }
    const { readReply, replyAfterMs } = behaviour
    if (readReply !== undefined && taken.submit.readReply === true) {
      later(answerMs + readReply.afterMs, () => void readReport(taken, readReply.status))
    }
    if (replyAfterMs !== undefined) later(answerMs + replyAfterMs, () => answerBack(taken))
  }

  function later(ms: number, callback: () => void): void {
    if (ms === 0) callback()
    else after(ms, callback)
  }

  function report(taken: Taken, status: string, text?: string, extension?: string) {
    if (FINAL.test(status)) taken.over = true
    const { submit, messageId } = taken
    const operation: DeliveryReportReq = {
      name: 'DeliveryReportReq',
      mm7Version: submit.mm7Version ?? '6.8.0',
      messageId,
      recipient: { kind: 'Number', value: taken.number },
      sender: senderOf(submit),
      dateMs: now(),
      mmStatus: status,
      ...(extension === undefined ? {} : { mmStatusExtension: extension }),
      statusText: text ?? status,
    }
    return handsets.send(operation, vaspIdOf(submit))
  }

  function readReport({ submit, messageId, number }: Taken, status: string): Promise<SentBack> {
    const operation: ReadReplyReq = {
      name: 'ReadReplyReq',
      mm7Version: submit.mm7Version ?? '6.8.0',
      messageId,
      recipient: { kind: 'Number', value: number },
      sender: senderOf(submit),
      timeStampMs: now(),
      mmStatus: status,
    }
    return handsets.send(operation, vaspIdOf(submit))
  }

  function answerBack({ submit, number }: Taken): void {
    const { picture } = options
    const media: OutgoingMedia[] = [
      { contentType: 'text/plain; charset=utf-8', contentId: 'text', bytes: Buffer.from('Dong!') },
      ...(picture === undefined
        ? []
        : [{ contentType: 'image/png', contentId: 'bell.png', bytes: picture }]),
    ]
    void handsets.deliver(number, senderOf(submit), media, vaspIdOf(submit))
  }

  async function giveBack(
    request: SeenRequest,
    response: ServerResponse,
    cancel: Received<CancelReq>,
  ): Promise<void> {
    options.onCancel?.(cancel)
    const taken = byId.get(cancel.messageId ?? '')
    const behaviour = taken === undefined ? undefined : options.behaviourOf(taken.number)
    const code = withdraw(cancel)
    if (taken !== undefined && behaviour?.reportBeforeCancelAnswer !== undefined) {
      await report(taken, behaviour.reportBeforeCancelAnswer)
    }
    say(request, response, behaviour?.cancelAnswer ?? { kind: 'code', code, as: 'rsp' })
  }

  function withdraw({ messageId = '' }: Received<CancelReq>): number {
    const taken = byId.get(messageId)
    if (taken === undefined) return 2005
    if (taken.over) return 3001
    taken.over = true
    return 1000
  }

  function takenAs(messageId: string): Taken {
    const taken = byId.get(messageId)
    // The id is the test's own to give.
    return taken ?? { messageId, number: '15550100123', submit: { name: 'SubmitReq' }, over: false }
  }

  return {
    url: http.url,
    connect: (callback) => handsets.connect(callback),
    sendFromHandset: (from, to, media) => handsets.deliver(from, to, media),
    sendReport: (messageId, status, text) => report(takenAs(messageId), status, text),
    sendReadReply: (messageId, status) => readReport(takenAs(messageId), status),
    async close() {
      closing = true
      await handsets.close()
      await http.close()
    },
  }
}

function senderOf({ senderIdentification }: Received<SubmitReq>): Address {
  return senderIdentification?.senderAddress ?? { kind: 'ShortCode', value: '12345' }
}

function vaspIdOf({ senderIdentification }: Received<SubmitReq>): string | undefined {
  return senderIdentification?.vaspId
}

/** Answers a request as its behaviour says. */
function say(
  request: SeenRequest,
  response: ServerResponse,
  answer: RelayAnswer,
  taken?: Taken,
): void {
  switch (answer.kind) {
    case 'silence':
      return
    case 'drop':
      if (answer.at === 'answer') {
        response.writeHead(200, { 'content-type': 'text/xml', 'content-length': 1000 })
        response.write('<?xml version="1.0"?><soap', () => response.destroy())
      } else response.destroy()
      return
    case 'http':
      response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
      return
    case 'code': {
      const body = envelopeOf(request, answer, taken)
      response
        .writeHead(answer.http ?? 200, {
          'content-type': 'text/xml; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          ...answer.headers,
        })
        .end(body)
    }
  }
}

function envelopeOf(
  { decoded }: SeenRequest,
  answer: Extract<RelayAnswer, { readonly kind: 'code' }>,
  taken: Taken | undefined,
): string {
  const version =
    (decoded.kind === 'ok' ? decoded.operation.mm7Version : decoded.mm7Version) ?? '6.8.0'
  const status: ResponseStatus = {
    statusCode: answer.code,
    statusText: answer.text ?? (taken === undefined ? 'Refused by the relay' : 'Success'),
    ...(answer.details === undefined ? {} : { details: answer.details }),
  }
  return encodeMm7({
    transactionId: answer.transactionId ?? decoded.transactionId,
    namespace: decoded.namespace || namespaceFor(version),
    operation: rspOf(decoded.kind === 'ok' ? decoded.operation.name : '', version, status, {
      fault: answer.as === undefined ? taken === undefined : answer.as === 'fault',
      messageId: answer.withoutMessageId === true ? undefined : taken?.messageId,
    }),
  })
}

function rspOf(
  name: string,
  mm7Version: string,
  status: ResponseStatus,
  form: { readonly fault: boolean; readonly messageId: string | undefined },
): Received<Mm7Operation> {
  if (form.fault) return { name: 'RSErrorRsp', mm7Version, status }
  if (name === 'CancelReq') return { name: 'CancelRsp', mm7Version, status }
  const { messageId } = form
  return {
    name: 'SubmitRsp',
    mm7Version,
    status,
    ...(messageId === undefined ? {} : { messageId }),
  }
}
