/**
 * A carrier's MMSC with its handsets, on loopback: a real SMTP server and client that answer as told.
 * For tests, benchmarks and the sandbox; nothing of the product imports it.
 */

import { createMessageReader, type Leaf } from '../../codecs/mime/entity-reader.ts'
import type { Headers } from '../../codecs/mime/headers.ts'
import { defaultMimeLimits } from '../../codecs/mime/limits.ts'
import { decodeTransfer, isTransferFault } from '../../codecs/mime/transfer.ts'
import { decodeMm4 } from '../../codecs/mm4/decode.ts'
import { encodeMm4, type Mm4Mail } from '../../codecs/mm4/encode.ts'
import { planForwardBody } from '../../codecs/mm4/forward-body.ts'
import type {
  ForwardReq,
  ForwardRes,
  Mm4Address,
  Mm4Message,
  ReadReplyReportReq,
} from '../../codecs/mm4/types.ts'
import { createReply, type SmtpReply } from '../../codecs/smtp/reply.ts'
import type { SmtpEnvelope, SmtpSession } from '../../transports/smtp/handler.ts'
import { openSmtpPool, type SmtpPool } from '../../transports/smtp/pool.ts'
import { openSmtpServer } from '../../transports/smtp/server.ts'
import type { CarrierBehaviour, EmulatedReport } from './behaviour.ts'

/** A part as the handset sees it. */
export interface SeenPart {
  readonly contentType: string
  readonly contentId: string | undefined
  readonly contentLocation: string | undefined
  /** Decoded. */
  readonly bytes: Uint8Array
}

/** A mail whose last byte came, taken or not. */
export interface SeenMail {
  readonly envelope: SmtpEnvelope
  readonly headers: Headers
  readonly message: Mm4Message | undefined
  readonly parts: readonly SeenPart[]
}

export interface EmulatorOptions {
  readonly host: string
  readonly port: number
  readonly domain: string
  /** What happens to a message for this number (digits, no plus). */
  readonly behaviourOf: (number: string) => CarrierBehaviour
  /** The picture of a handset that answers; PNG. */
  readonly picture?: Uint8Array
  /** Bodies are kept for `seen`; a benchmark has no use for them. */
  readonly keepBodies: boolean
  readonly after: (ms: number, callback: () => void) => void
  readonly now: () => number
  readonly onMail?: (mail: SeenMail) => void
  /**
   * A mail the gateway does not take comes again after this, in milliseconds, as a carrier's own
   * queue would have it; absent: it is sent once.
   */
  readonly repeatMs?: number
}

export interface Emulator {
  readonly address: { readonly host: string; readonly port: number }
  /** Where the gateway's MM4 door is; nothing is answered before. */
  connect(gateway: {
    readonly host: string
    readonly port: number
    readonly domain: string
    /** Address of this machine to connect from. */
    readonly from?: string
  }): void
  /** Sends a message from a handset of this carrier. */
  sendFromHandset(from: string, to: Mm4Address, parts: readonly OutgoingMedia[]): Promise<void>
  close(): Promise<void>
}

/** Media a handset sends. */
export interface OutgoingMedia {
  readonly contentType: string
  readonly contentId: string
  readonly bytes: Uint8Array
}

const TAKEN = createReply(250, '2.0.0', 'Taken')
const RECIPIENT_OK = createReply(250, '2.1.5', 'Recipient OK')
/** Without three digits a line is no reply (RFC 5321 §4.2). */
const NO_REPLY = createReply(0, '', 'Bad Request')
const CONNECTIONS = 16

export async function openMm4Emulator(options: EmulatorOptions): Promise<Emulator> {
  const { domain, now, after } = options
  const system = `mmsc@${domain}`
  const tries = new Map<string, number>()
  const answered = new Map<string, ForwardReq>()
  let pool: SmtpPool | undefined
  let gatewayDomain = ''
  let serial = 0
  let closed = false

  const server = await openSmtpServer({
    host: options.host,
    port: options.port,
    hostname: domain,
    limits: { messageBytesMax: 64 * 1024 * 1024, sessionsPerAddressMax: 1000 },
    handler: {
      mail: () => createReply(250, '2.1.0', 'Sender OK'),
      rcpt(to, _params, session) {
        const line = lineAt('rcpt', numberIn(to))
        if (line === 'drop') session.hangUp()
        return typeof line === 'object' && 'code' in line ? line : RECIPIENT_OK
      },
      data: (session, envelope) => receive(envelope, session),
    },
  })

  /** What the line itself does at a moment; counts tries so that it may recover. */
  function lineAt(
    at: 'rcpt' | 'dot',
    number: string,
  ): SmtpReply | { readonly lateMs: number } | 'silence' | 'drop' | undefined {
    const behaviour = options.behaviourOf(number)
    const { line } = behaviour
    if (line === undefined || line.at !== at) return undefined
    const count = (tries.get(number) ?? 0) + 1
    tries.set(number, count)
    if (behaviour.lineTries !== undefined && count > behaviour.lineTries) {
      if (behaviour.lineAgain === true) tries.delete(number)
      return undefined
    }
    if ('code' in line) {
      const [, enhanced = '', text = line.text] = /^([245]\.[0-9.]+) (.*)$/.exec(line.text) ?? []
      return createReply(line.code, enhanced, text)
    }
    if ('garbage' in line) return NO_REPLY
    if ('lateMs' in line) return line
    return 'silence' in line ? 'silence' : 'drop'
  }

  function receive(envelope: SmtpEnvelope, session: SmtpSession) {
    const parts: SeenPart[] = []
    let headers: Headers | undefined
    let leaf: Leaf | undefined
    let pieces: Uint8Array[] = []
    const reader = createMessageReader(
      defaultMimeLimits,
      {
        leafStart(started) {
          leaf = started
          pieces = []
        },
        leafData(bytes) {
          if (options.keepBodies) pieces.push(Buffer.from(bytes))
        },
        leafEnd() {
          if (leaf !== undefined && options.keepBodies) parts.push(seenPart(leaf, pieces))
        },
      },
      (read) => {
        headers = read
      },
    )
    return {
      push(chunk: Uint8Array): void {
        reader.push(chunk)
      },
      async end(): Promise<SmtpReply> {
        reader.end()
        if (headers === undefined) return createReply(554, '5.6.0', 'Not a message')
        const decoded = decodeMm4(headers)
        const message = decoded.kind === 'ok' ? decoded.message : undefined
        options.onMail?.({ envelope, headers, message, parts })
        const line = lineAt('dot', numberIn(envelope.to[0] ?? ''))
        if (line === 'drop') session.hangUp()
        if (line === 'drop' || line === 'silence') return new Promise(() => undefined)
        if (line !== undefined) {
          if ('code' in line) return line
          await pause(line.lateMs)
        }
        if (message?.type === 'MM4_forward.REQ') play(message, envelope)
        return TAKEN
      },
      abort: () => undefined,
    }
  }

  function play(request: ForwardReq, envelope: SmtpEnvelope): void {
    for (const path of envelope.to) {
      const number = numberIn(path)
      const behaviour = options.behaviourOf(number)
      const key = `${request.messageId.text} ${number}`
      // A double is answered again and delivered once.
      const double = answered.has(key)
      if (options.keepBodies) answered.set(key, request)
      void tell(request, number, double ? { ...behaviour, reports: [] } : behaviour)
      if (!double && behaviour.replyAfterMs !== undefined) reply(request, number, behaviour)
    }
  }

  /** One mail after the other: the next leaves when the gateway has answered the one before. */
  async function tell(
    request: ForwardReq,
    number: string,
    behaviour: CarrierBehaviour,
  ): Promise<void> {
    if (behaviour.reportFirst === true) await reportAll(request, number, behaviour)
    await respond(request, behaviour)
    if (behaviour.reportFirst !== true) await reportAll(request, number, behaviour)
    await reportReading(request, number, behaviour)
  }

  async function respond(request: ForwardReq, behaviour: CarrierBehaviour): Promise<void> {
    if (!request.ackRequest || behaviour.response === 'none') return
    const response: ForwardRes = {
      type: 'MM4_forward.RES',
      version: behaviour.responseVersion ?? request.version,
      transactionId: request.transactionId,
      messageId: request.messageId,
      requestStatus: behaviour.response,
      ...(behaviour.responseCode === undefined
        ? {}
        : { internalStatusCode: behaviour.responseCode }),
      ...(behaviour.responseText === undefined ? {} : { statusText: behaviour.responseText }),
      requestRecipients: request.to,
    }
    const to = request.originatorSystem?.raw ?? `system@${gatewayDomain}`
    await pause(behaviour.responseAfterMs)
    for (let time = 0; time < timesOf(behaviour); time += 1) await mail(response, system, to)
  }

  async function reportAll(
    request: ForwardReq,
    number: string,
    behaviour: CarrierBehaviour,
  ): Promise<void> {
    const took = behaviour.response === 'Ok' || behaviour.response === 'none'
    if (!took || !(request.deliveryReport || request.originatorDeliveryReport)) return
    let sinceMs = 0
    for (const one of behaviour.reports) {
      await pause(one.afterMs - sinceMs)
      sinceMs = one.afterMs
      for (let time = 0; time < timesOf(behaviour); time += 1) {
        await sendReport(request, number, one)
      }
    }
  }

  async function reportReading(
    request: ForwardReq,
    number: string,
    { read }: CarrierBehaviour,
  ): Promise<void> {
    if (read === undefined || !request.readReply) return
    await pause(read.afterMs)
    serial += 1
    const id = `rr.${serial}.${now()}@${domain}`
    const report: ReadReplyReportReq = {
      type: 'MM4_read_reply_report.REQ',
      version: request.version,
      transactionId: { raw: `"${id}"`, text: id },
      messageId: request.messageId,
      date: now(),
      from: plmn(number, domain),
      to: [request.from],
      ackRequest: false,
      readStatus: read.status,
    }
    await mail(report, system, request.from.raw)
  }

  function sendReport(request: ForwardReq, number: string, one: EmulatedReport): Promise<void> {
    serial += 1
    const id = `dr.${serial}.${now()}@${domain}`
    return mail(
      {
        type: 'MM4_delivery_report.REQ',
        version: request.version,
        transactionId: { raw: `"${id}"`, text: id },
        messageId: request.messageId,
        date: now(),
        from: plmn(number, domain),
        to: [request.from],
        ackRequest: false,
        mmStatus: one.status,
        ...(one.statusText === undefined ? {} : { statusText: one.statusText }),
        ...(one.extension === undefined ? {} : { mmStatusExtension: one.extension }),
      },
      system,
      request.from.raw,
    )
  }

  function reply(request: ForwardReq, number: string, behaviour: CarrierBehaviour): void {
    const { picture } = options
    if (picture === undefined) return
    const parts: OutgoingMedia[] = [
      {
        contentType: 'text/plain; charset=utf-8',
        contentId: 'text',
        bytes: Buffer.from('Ding dong!'),
      },
      { contentType: 'image/png', contentId: 'bell.png', bytes: picture },
    ]
    after(behaviour.replyAfterMs ?? 0, () => void sendFromHandset(number, request.from, parts))
  }

  async function sendFromHandset(
    from: string,
    to: Mm4Address,
    media: readonly OutgoingMedia[],
  ): Promise<void> {
    serial += 1
    const id = `mo.${serial}.${now()}@${domain}`
    const body = planForwardBody(
      media.map((part) => ({
        mediaType: part.contentType.split(';')[0] ?? '',
        contentType: part.contentType,
        contentId: part.contentId,
        contentLocation: part.contentId,
        encoding: 'binary' as const,
        length: part.bytes.length,
        async *open() {
          yield part.bytes
        },
      })),
      String(serial),
    )
    const request: ForwardReq = {
      type: 'MM4_forward.REQ',
      version: '6.10.0',
      transactionId: { raw: `"t.${id}"`, text: `t.${id}` },
      messageId: { raw: `"${id}"`, text: id },
      date: now(),
      from: plmn(from, domain),
      to: [to],
      cc: [],
      ackRequest: true,
      originatorSystem: { raw: system, text: system, kind: 'system', domain },
      deliveryReport: true,
      originatorDeliveryReport: false,
      readReply: false,
      senderVisibility: 'Show',
      previouslySentBy: [],
      received: [],
    }
    await mail(request, plmn(from, domain).raw, to.raw, body)
  }

  async function mail(
    message: Mm4Message,
    from: string,
    to: string,
    body?: ReturnType<typeof planForwardBody>,
  ): Promise<void> {
    serial += 1
    const plumbing: Mm4Mail = {
      from: { raw: system, text: system, kind: 'system', domain },
      dateMs: now(),
      mailId: `m.${serial}.${now()}@${domain}`,
      ...(body === undefined ? {} : { content: body.headers }),
    }
    const head = encodeMm4(message, plumbing)
    async function* data() {
      yield head
      if (body !== undefined) yield* body.chunks()
    }
    for (;;) {
      if (pool === undefined || closed) return
      const result = await pool.send({ from, to: [to], data: body === undefined ? [head] : data() })
      const refused = result.kind === 'refused' && result.reply.code >= 500
      if (options.repeatMs === undefined || result.kind === 'accepted' || refused) return
      await pause(options.repeatMs)
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => after(Math.max(0, ms), resolve))
  }

  return {
    address: server.address,
    connect({ host, port, domain: at, from }) {
      gatewayDomain = at
      pool = openSmtpPool({
        host,
        port,
        helloName: domain,
        connectionsMax: CONNECTIONS,
        ...(from === undefined ? {} : { localAddress: from }),
      })
    },
    sendFromHandset,
    async close() {
      closed = true
      await pool?.close(100)
      await server.close({ deadlineMs: 100 })
    },
  }
}

function timesOf({ repeats }: CarrierBehaviour): number {
  return repeats === true ? 2 : 1
}

function plmn(number: string, domain: string): Mm4Address {
  return { raw: `+${number}/TYPE=PLMN@${domain}`, text: number, kind: 'number', domain }
}

/** The digits of an envelope path. */
function numberIn(path: string): string {
  return /^\+?([0-9]+)/.exec(path)?.[1] ?? ''
}

function seenPart({ headers, contentType }: Leaf, pieces: readonly Uint8Array[]): SeenPart {
  const bytes = decodeTransfer(headers.get('content-transfer-encoding'), Buffer.concat(pieces))
  return {
    contentType: contentType?.mediaType ?? '',
    contentId: headers.get('content-id')?.replace(/^<|>$/g, ''),
    contentLocation: headers.get('content-location'),
    bytes: isTransferFault(bytes) ? new Uint8Array(0) : bytes,
  }
}
