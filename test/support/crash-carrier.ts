/**
 * The far end of the kill loop: a carrier and its handsets that outlive the gateway. It remembers
 * every request it took, repeats what the gateway does not take, and behaves by the number written
 * to.
 */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { encodeMm4 } from '../../src/codecs/mm4/encode.ts'
import { planForwardBody } from '../../src/codecs/mm4/forward-body.ts'
import type { ForwardReq, Mm4Address } from '../../src/codecs/mm4/types.ts'
import type { CarrierBehaviour } from '../../src/connectors/mm4/behaviour.ts'
import { openMm4Emulator, type SeenMail } from '../../src/connectors/mm4/emulator.ts'
import type { DeliveryState } from '../../src/core/delivery-state.ts'
import { openSmtpPool, type SmtpPool } from '../../src/transports/smtp/pool.ts'

export const CARRIER_DOMAIN = 'mms.carrier.example'

interface Kind {
  readonly behaviour: CarrierBehaviour
  /** How every delivery to such a number must end. */
  readonly ends: DeliveryState
}

const ok = (...reports: CarrierBehaviour['reports']): CarrierBehaviour => ({
  response: 'Ok',
  responseAfterMs: 5,
  reports,
})
const RETRIEVED = { status: 'Retrieved', afterMs: 20 } as const

/** What numbers 1555k… do, by the digit k. */
const KINDS: readonly Kind[] = [
  { behaviour: ok(RETRIEVED), ends: 'delivered' },
  { behaviour: ok({ status: 'Deferred', afterMs: 10 }, RETRIEVED), ends: 'delivered' },
  { behaviour: { ...ok(RETRIEVED), reportFirst: true }, ends: 'delivered' },
  { behaviour: { ...ok(RETRIEVED), repeats: true }, ends: 'delivered' },
  { behaviour: ok({ status: 'Rejected', afterMs: 20 }), ends: 'failed' },
  { behaviour: { ...ok(), response: 'Error-content-not-accepted' }, ends: 'failed' },
  {
    behaviour: {
      ...ok(RETRIEVED),
      line: { at: 'dot', code: 451, text: '4.3.2 Later' },
      lineTries: 1,
    },
    ends: 'delivered',
  },
  {
    behaviour: { ...ok(RETRIEVED), line: { at: 'dot', drop: true }, lineTries: 1 },
    ends: 'delivered',
  },
  {
    behaviour: { ...ok(RETRIEVED), line: { at: 'dot', silence: true }, lineTries: 1 },
    ends: 'delivered',
  },
]

/** Numbers of this prefix are never heard of again: neither answered nor reported. */
export const MUTE_PREFIX = '1777'
const MUTE: Kind = { behaviour: { ...ok(), response: 'none' }, ends: 'unknown' }

/** A number nobody has had before; most are ordinary, each kind comes up. */
export function freshNumber(serial: number): string {
  const roll = Math.random()
  const tail = String(serial).padStart(6, '0')
  if (roll < 0.02) return `${MUTE_PREFIX}0${tail}`
  // Silence holds a connection until the attempt's time is up, so it is rare.
  const kind = roll < 0.5 ? 0 : roll < 0.98 ? 1 + (serial % 7) : 8
  return `1555${kind}${tail}`
}

function kindOf(number: string): Kind {
  if (number.startsWith(MUTE_PREFIX)) return MUTE
  return KINDS[Number(number[4])] ?? MUTE
}

/** How a delivery to this number must end, whatever was killed on the way. */
export function endOf(number: string): DeliveryState {
  return kindOf(number).ends
}

/** Parts as they can be compared: the order in which a message carries them says nothing. */
export function digestOf(parts: readonly Uint8Array[]): string {
  const hashes = parts.map((bytes) => createHash('sha256').update(bytes).digest('hex'))
  return hashes.sort().join(' ')
}

/** One MM4_forward.REQ that the carrier took. */
export interface SeenForward {
  readonly key: string
  readonly transactionId: string
  readonly number: string
  readonly subject: string
  readonly digest: string
}

/** A message from a handset, as it must arrive at the client's application, once per recipient. */
export interface HandsetMessage {
  readonly id: string
  readonly to: readonly string[]
  readonly digest: string
}

/** What a handset's carrier was told of one recipient. */
export interface PeerReport {
  /** The notice's id, as the transaction ID begins with it. */
  readonly id: string
  readonly messageId: string
  readonly recipient: string
  readonly status: string
}

export interface CrashCarrier {
  readonly port: number
  readonly forwards: readonly SeenForward[]
  /** Delivery reports on what handsets sent. */
  readonly reports: readonly PeerReport[]
  connect(gateway: { readonly port: number; readonly domain: string }): void
  /** Sends from a handset and repeats the same request until it has 250 and MM4_forward.RES. */
  sendFromHandset(serial: number, to: readonly string[], body: Uint8Array): Promise<HandsetMessage>
  close(): Promise<void>
}

const REPEAT_MS = 100

/** `behaviourOf`: what happens to a message for a number; by its kind when absent. */
export async function openCrashCarrier(
  behaviourOf = (number: string): CarrierBehaviour => kindOf(number).behaviour,
  ownDomain = CARRIER_DOMAIN,
): Promise<CrashCarrier> {
  const forwards: SeenForward[] = []
  const reports: PeerReport[] = []
  const answered = new Set<string>()
  let pool: SmtpPool | undefined
  let gatewayDomain = ''
  let closed = false

  function onMail({ envelope, message, parts }: SeenMail): void {
    if (message?.type === 'MM4_forward.REQ') {
      forwards.push({
        key: message.messageId.text,
        transactionId: message.transactionId.text,
        number: /^\+?([0-9]+)/.exec(envelope.to[0] ?? '')?.[1] ?? '',
        subject: message.subject ?? '',
        digest: digestOf(parts.map(({ bytes }) => bytes)),
      })
    }
    if (message?.type === 'MM4_forward.RES' && message.requestStatus === 'Ok') {
      answered.add(message.transactionId.text)
    }
    if (message?.type === 'MM4_delivery_report.REQ') {
      reports.push({
        id: message.transactionId.text.split('@')[0] ?? '',
        messageId: message.messageId.text,
        recipient: message.from.text,
        status: message.mmStatus,
      })
    }
  }

  const emulator = await openMm4Emulator({
    host: '127.0.0.1',
    port: 0,
    domain: ownDomain,
    behaviourOf,
    keepBodies: true,
    after: (ms, callback) => void setTimeout(callback, ms),
    now: Date.now,
    onMail,
    repeatMs: REPEAT_MS,
  })

  async function sendFromHandset(
    serial: number,
    to: readonly string[],
    body: Uint8Array,
  ): Promise<HandsetMessage> {
    const id = `mo-${process.pid}-${serial}@${ownDomain}`
    const request = requestOf(id, serial, to, { own: ownDomain, gateway: gatewayDomain })
    const content = planForwardBody([partOf(body)], id.replaceAll(/[^0-9a-z]/g, ''))
    const head = encodeMm4(request, { dateMs: Date.now(), mailId: id, content: content.headers })
    while (!closed && !answered.has(request.transactionId.text)) {
      async function* data() {
        yield head
        yield* content.chunks()
      }
      const paths = request.to.map(({ raw }) => raw)
      await pool?.send({ from: request.from.raw, to: paths, data: data() })
      await pause(REPEAT_MS)
    }
    return { id, to, digest: digestOf([body]) }
  }

  return {
    port: emulator.address.port,
    forwards,
    reports,
    connect({ port, domain }) {
      gatewayDomain = domain
      emulator.connect({ host: '127.0.0.1', port, domain })
      pool = openSmtpPool({ host: '127.0.0.1', port, helloName: ownDomain })
    },
    sendFromHandset,
    async close() {
      closed = true
      await pool?.close(100)
      await emulator.close()
    },
  }
}

interface Domains {
  readonly own: string
  readonly gateway: string
}

function requestOf(
  id: string,
  serial: number,
  to: readonly string[],
  domains: Domains,
): ForwardReq {
  const system = `mmsc@${domains.own}`
  const from = subscriber(`1666${String(serial).padStart(7, '0')}`, domains.own)
  return {
    type: 'MM4_forward.REQ',
    version: '6.10.0',
    transactionId: { raw: `"t.${id}"`, text: `t.${id}` },
    messageId: { raw: `"${id}"`, text: id },
    date: Date.now(),
    from,
    to: to.map((number) => subscriber(number, domains.gateway)),
    cc: [],
    ackRequest: true,
    originatorSystem: { raw: system, text: system, kind: 'system', domain: domains.own },
    subject: id,
    deliveryReport: true,
    originatorDeliveryReport: false,
    readReply: false,
    senderVisibility: 'Show',
    previouslySentBy: [],
    received: [],
  }
}

function subscriber(number: string, domain: string): Mm4Address {
  const plus = number.length < 7 ? '' : '+'
  return { raw: `${plus}${number}/TYPE=PLMN@${domain}`, text: number, kind: 'number', domain }
}

function partOf(bytes: Uint8Array) {
  return {
    mediaType: 'image/png',
    contentType: 'image/png',
    contentId: 'picture',
    contentLocation: 'picture.png',
    encoding: 'binary' as const,
    length: bytes.length,
    async *open() {
      yield bytes
    },
  }
}
