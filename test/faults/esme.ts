/**
 * A client of one account that speaks SMPP: binds, binds again whenever the line breaks, submits
 * until it has its answer, and keeps every receipt.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createSubmitSm } from '../../src/codecs/smpp/create-body.ts'
import { NO_TLVS } from '../../src/codecs/smpp/tlv-table.ts'
import { parseReceipt } from '../../src/codecs/sms/receipt.ts'
import { connectSmpp } from '../../src/transports/smpp/client.ts'
import type { MessageRequest, SmppSession } from '../../src/transports/smpp/handler.ts'
import { digestOf } from '../support/crash-carrier.ts'
import type { FaultProxy } from '../support/fault-proxy.ts'
import type { Heard, Sent } from './evidence.ts'

export interface Esme {
  readonly sent: Map<string, Sent>
  readonly heard: readonly Heard[]
  /** Submits one message until it is answered ESME_ROK. */
  submit(serial: number, number: string, named: boolean): Promise<void>
  close(): void
}

export interface EsmeOptions {
  readonly proxy: FaultProxy
  readonly systemId: string
  readonly password: string
  readonly sender: string
}

const AGAIN_MS = 30
const LIMITS = { responseTimeoutMs: 800, connectTimeoutMs: 800, enquireLinkMs: 300 }
const REFERENCES = 65_536

export function openEsme({ proxy, systemId, password, sender }: EsmeOptions): Esme {
  const sent = new Map<string, Sent>()
  const heard: Heard[] = []
  let closed = false
  let session: SmppSession | undefined
  const arrived: ((session: SmppSession) => void)[] = []

  async function stayBound(): Promise<void> {
    while (!closed) {
      const connected = await connectSmpp({
        host: '127.0.0.1',
        port: proxy.port,
        bindAs: 'transceiver',
        systemId,
        password,
        limits: LIMITS,
        handler: { request: take },
      })
      if (connected.kind === 'bound') {
        session = connected.session
        for (const tell of arrived.splice(0)) tell(session)
        await session.closed
        session = undefined
      }
      await pause(AGAIN_MS)
    }
  }

  function bound(): Promise<SmppSession> {
    if (session?.open === true) return Promise.resolve(session)
    return new Promise((resolve) => arrived.push(resolve))
  }

  function take(body: MessageRequest) {
    if (body.command === 'deliver_sm') {
      const { id = '', stat = '' } = parseReceipt(Buffer.from(body.shortMessage).toString()) ?? {}
      // Written as a notice's id, so that one judge reads both.
      heard.push({ number: body.source.addr, id: `${id}-0-${stat.toLowerCase()}-0` })
    }
    return { commandStatus: 0 }
  }

  async function attempt(one: Sent, body: ReturnType<typeof createSubmitSm>): Promise<void> {
    const line = await bound()
    const garbled = proxy.garbled.get(one.mark) ?? 0
    one.tries += 1
    const reply = await line.request(body)
    if (reply.kind === 'unanswered') line.hangUp()
    if (reply.kind !== 'answered' || reply.commandStatus !== 0) return
    // What came over a garbled line is nobody's word.
    if ((proxy.garbled.get(one.mark) ?? 0) !== garbled) return
    one.answered = true
    if (reply.response.command === 'submit_sm_resp') one.ids.add(reply.response.messageId)
  }

  void stayBound()
  return {
    sent,
    heard,
    async submit(serial, number, named) {
      // A mail ends with a line; a text that does so too arrives as it is over MM4.
      const text = Buffer.from(`Message ${serial} rings\r\n`)
      const body = createSubmitSm({
        source: { ton: 3, npi: 0, addr: sender },
        destination: { ton: 1, npi: 1, addr: number },
        registeredDelivery: 1,
        shortMessage: text,
        tlvs: named ? { ...NO_TLVS, userMessageReference: serial % REFERENCES } : NO_TLVS,
      })
      const digest = digestOf([text])
      const one: Sent = {
        mark: number,
        number,
        digest,
        ids: new Set(),
        answered: false,
        tries: 0,
        named,
      }
      sent.set(number, one)
      while (!one.answered && !closed) {
        await attempt(one, body)
        if (!one.answered) await pause(AGAIN_MS)
      }
    },
    close() {
      closed = true
      session?.hangUp()
    },
  }
}
