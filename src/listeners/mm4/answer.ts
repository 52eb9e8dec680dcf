/**
 * Responses to a peer's requests. A response is a mail of its own, to the system address the request
 * named; it is tried a few times and then left: a peer that misses it repeats its request, and the
 * repeat is answered again. Where it wants none, reports say who is no subscriber of ours, as often.
 */
import type { HeaderField } from '../../codecs/mime/headers.ts'
import { encodeMm4 } from '../../codecs/mm4/encode.ts'
import type {
  DeliveryReportReq,
  DeliveryReportRes,
  ForwardReq,
  ForwardRes,
  Mm4Address,
  Mm4Id,
  ReadReplyReportRes,
  RequestStatus,
} from '../../codecs/mm4/types.ts'
import { REASONS } from '../../core/reason.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { SmtpPeers } from '../../transports/smtp/peers.ts'
import type { Mm4Identity } from './door.ts'
import { type Mm4Speaker, parseEnvelopeAddress, subscriber } from './peer.ts'
import { addressOf } from './translate.ts'

/** What of a request an answer needs. */
export interface Answerable {
  readonly type: string
  readonly transactionId?: Mm4Id
  readonly messageId?: Mm4Id
  readonly ackRequest: boolean
  readonly originatorSystem?: Mm4Address
  readonly sender?: Mm4Address
}

export interface Verdict {
  readonly status: RequestStatus
  readonly text?: string
  /** Whom the status is for; absent: all. */
  readonly recipients?: readonly Mm4Address[]
  /** The header that carries the code of the client's dialect. */
  readonly code?: HeaderField
}

export interface Answers {
  /** Sends the response in the background; does nothing when none was asked for. */
  answer(peer: Mm4Speaker, request: Answerable, envelopeFrom: string, verdict: Verdict): void
  /**
   * Says by reports, in the background, that these are no subscribers of ours; does nothing where a
   * response says it, or no report was asked for.
   */
  reportUnresolved(peer: Mm4Speaker, request: ForwardReq, recipients: readonly Mm4Address[]): void
  /** Waits for what is being sent; what pauses is tried once more at once, then left. */
  close(): Promise<void>
}

/** Pauses between tries, in milliseconds; after the last the peer's own repeat must do. */
const PAUSES_MS = [1000, 5000]
/** Responses waiting to be sent; beyond it the peer's repeat must do. */
const WAITING_MAX = 10_000

type ResponseType = (ForwardRes | DeliveryReportRes | ReadReplyReportRes)['type']

/** By the type of the request in small letters: one of a fault is as its peer wrote it. */
const RESPONSES: ReadonlyMap<string, ResponseType> = new Map([
  ['mm4_forward.req', 'MM4_forward.RES'],
  ['mm4_delivery_report.req', 'MM4_delivery_report.RES'],
  ['mm4_read_reply_report.req', 'MM4_read_reply_report.RES'],
])

export function createAnswers(
  identity: Mm4Identity,
  peers: SmtpPeers,
  clock: Clock,
  version: string,
): Answers {
  const waiting = new Set<Promise<void>>()
  const pausing = new Set<() => void>()
  const system = systemSender(identity)
  let serial = 0
  let closing = false

  async function deliver(peer: Mm4Speaker, to: string, bytes: Uint8Array): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const result = await peers.send(peer.name, {
        from: systemAddress(identity),
        to: [to],
        data: [bytes],
        sizeBytes: bytes.length,
      })
      const pauseMs = PAUSES_MS[attempt]
      if (result.kind === 'accepted' || pauseMs === undefined || closing) return
      await pause(pauseMs)
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        timer.cancel()
        pausing.delete(wake)
        resolve()
      }
      const timer = clock.wakeAt(clock.now() + ms, wake)
      pausing.add(wake)
    })
  }

  function answer(
    peer: Mm4Speaker,
    request: Answerable,
    envelopeFrom: string,
    verdict: Verdict,
  ): void {
    const { transactionId } = request
    if (!request.ackRequest || transactionId === undefined || closing) return
    if (waiting.size >= WAITING_MAX) return
    const type = responseTypeOf(request.type)
    const to = systemOf(peer, request, envelopeFrom)
    const toAddress = request.originatorSystem ?? request.sender
    if (to === '') return
    serial += 1
    const now = clock.now()
    const message = {
      type,
      version,
      transactionId,
      requestStatus: verdict.status,
      ...(request.messageId === undefined ? {} : { messageId: request.messageId }),
      ...(verdict.text === undefined ? {} : { statusText: verdict.text }),
      ...(type === 'MM4_forward.RES' ? { requestRecipients: verdict.recipients ?? [] } : {}),
    } as ForwardRes | DeliveryReportRes | ReadReplyReportRes
    const bytes = encodeMm4(message, {
      from: system,
      dateMs: now,
      mailId: `r${now}.${serial}@${identity.domain}`,
      extra: [...(verdict.code === undefined ? [] : [verdict.code]), ...(peer.mm4.headers ?? [])],
      ...(toAddress === undefined ? {} : { to: toAddress }),
    })
    post(peer, mailbox(to), bytes)
  }

  function post(peer: Mm4Speaker, to: string, bytes: Uint8Array): void {
    const sending = deliver(peer, to, bytes).finally(() => waiting.delete(sending))
    waiting.add(sending)
  }

  function reportUnresolved(
    peer: Mm4Speaker,
    request: ForwardReq,
    recipients: readonly Mm4Address[],
  ): void {
    const wanted = request.deliveryReport || request.originatorDeliveryReport
    // Class Auto never gets reports (TS 23.140 §8.4.1).
    if (request.ackRequest || !wanted || request.messageClass === 'Auto') return
    const to = subscriber(addressOf(request.from), peer.mm4.domain, peer.mm4)
    for (const from of recipients) {
      if (closing || waiting.size >= WAITING_MAX) return
      serial += 1
      const now = clock.now()
      const id = `u${now}.${serial}@${identity.domain}`
      const report: DeliveryReportReq = {
        type: 'MM4_delivery_report.REQ',
        version,
        transactionId: { raw: `"${id}"`, text: id },
        messageId: request.messageId,
        date: now,
        from,
        to: [to],
        sender: system,
        ackRequest: false,
        originatorSystem: system,
        mmStatus: 'Rejected',
        statusText: REASONS['recipient-unknown'].text,
        forwardToOriginatorUa: request.deliveryReport,
      }
      post(
        peer,
        to.raw,
        encodeMm4(report, { dateMs: now, mailId: id, extra: peer.mm4.headers ?? [] }),
      )
    }
  }

  return {
    answer,
    reportUnresolved,
    async close() {
      closing = true
      for (const wake of pausing) wake()
      await Promise.all(waiting)
    },
  }
}

/**
 * Where a response goes: never to a subscriber's number, where some MMSCs would deliver it to the
 * handset as an empty message.
 */
function systemOf(peer: Mm4Speaker, request: Answerable, envelopeFrom: string): string {
  const named = [request.originatorSystem, request.sender].find(
    (address) =>
      address !== undefined && address.kind !== 'number' && address.kind !== 'short-code',
  )
  if (named !== undefined) return named.raw
  const { number } = parseEnvelopeAddress(envelopeFrom)
  const usable = number === undefined && envelopeFrom !== ''
  return usable ? envelopeFrom : `system@${peer.mm4.domain}`
}

/** The same as a header address. */
export function systemSender(identity: Mm4Identity): Mm4Address {
  const text = systemAddress(identity)
  return { raw: text, text, kind: 'system', domain: identity.domain }
}

/** Where peers send what is for the system and not for a subscriber. */
export function systemAddress({ domain }: Mm4Identity): string {
  return `system@${domain}`
}

function responseTypeOf(type: string): ResponseType {
  return RESPONSES.get(type.toLowerCase()) ?? 'MM4_forward.RES'
}

/** An address as an envelope path: what stands between angle brackets, if they are there. */
function mailbox(address: string): string {
  return /<([^<>]*)>/.exec(address)?.[1] ?? address.trim()
}
