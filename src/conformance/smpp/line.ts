/**
 * One SMPP connection over a plain socket, as a client of the gateway: requests written by hand, their
 * responses and what is delivered read back.
 */
import { connect } from 'node:net'
import { createResponse } from '../../codecs/smpp/create-body.ts'
import { decodePdu } from '../../codecs/smpp/decode.ts'
import { encodePdu } from '../../codecs/smpp/encode.ts'
import { createFrameReader } from '../../codecs/smpp/frame-reader.ts'
import type { DeliverSm, SmppBody, SmppPdu } from '../../codecs/smpp/pdu.ts'
import type { Said } from '../provocation.ts'
import type { Door } from '../world.ts'

export interface SmppLine {
  /** Sends a request and takes its response; `undefined` when none came. */
  ask(body: SmppBody): Promise<SmppPdu | undefined>
  /** The first delivery that is wanted, of those that came and those that come in time. */
  delivered(wanted: (one: DeliverSm) => boolean, timeoutMs: number): Promise<DeliverSm | undefined>
  /** Sends requests and ends the line with them; an answer may still be faster. */
  sendAndCut(bodies: readonly SmppBody[]): Promise<void>
  /** Why a response did not come. */
  readonly because: string | undefined
  readonly transcript: readonly Said[]
  close(): void
}

/** Never rejects: what goes wrong on the line is something seen. */
export function openSmppLine({ host, port }: Door, timeoutMs: number): SmppLine {
  const transcript: Said[] = []
  const frames = createFrameReader()
  const deliveries: DeliverSm[] = []
  const asked = new Map<number, (pdu: SmppPdu | undefined) => void>()
  const looking = new Set<() => void>()
  let serial = 0
  let because: string | undefined
  const socket = connect(port, host)
  const end = (why: string) => {
    because ??= why
    socket.destroy()
    for (const settle of asked.values()) settle(undefined)
    for (const look of looking) look()
  }
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('the line was closed'))
  socket.on('data', (chunk: Buffer) => {
    if (because !== undefined) return
    transcript.push({ who: 'received', bytes: chunk })
    for (let from = 0; ; ) {
      const step = frames.read(chunk, from)
      if (step.kind === 'fatal') end(step.because)
      if (step.kind !== 'frame') return
      from = step.next
      const decoded = decodePdu(Buffer.from(step.bytes), 'keep')
      if (decoded.kind === 'pdu') take(decoded.pdu)
    }
  })

  function write(body: SmppBody, sequenceNumber: number): void {
    const encoded = encodePdu({ commandStatus: 0, sequenceNumber, body })
    if (encoded.kind === 'refused') throw new Error(`${body.command}: ${encoded.field}`)
    transcript.push({ who: 'sent', bytes: encoded.bytes })
    socket.write(encoded.bytes)
  }

  function take(pdu: SmppPdu): void {
    const { body, sequenceNumber } = pdu
    switch (body.command) {
      case 'deliver_sm':
        deliveries.push(body)
        write(createResponse('deliver_sm'), sequenceNumber)
        for (const look of looking) look()
        return
      case 'enquire_link':
        write(createResponse('enquire_link'), sequenceNumber)
        return
      default:
        asked.get(sequenceNumber)?.(pdu)
    }
  }

  return {
    ask(body) {
      serial += 1
      const sequenceNumber = serial
      return new Promise((resolve) => {
        const timer = setTimeout(() => end(`no response within ${timeoutMs} ms`), timeoutMs)
        asked.set(sequenceNumber, (pdu) => {
          clearTimeout(timer)
          asked.delete(sequenceNumber)
          resolve(pdu)
        })
        if (because === undefined) write(body, sequenceNumber)
        else asked.get(sequenceNumber)?.(undefined)
      })
    },
    delivered(wanted, withinMs) {
      return new Promise((resolve) => {
        const settle = (one: DeliverSm | undefined) => {
          clearTimeout(timer)
          looking.delete(look)
          resolve(one)
        }
        const timer = setTimeout(() => settle(undefined), withinMs)
        const look = () => {
          const found = deliveries.find(wanted)
          if (found !== undefined || because !== undefined) settle(found)
        }
        looking.add(look)
        look()
      })
    },
    sendAndCut(bodies) {
      for (const body of bodies) {
        serial += 1
        write(body, serial)
      }
      because = 'cut by us'
      // Ended and not torn down: with bytes unread that would take along what was just sent.
      socket.end()
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, timeoutMs)
        socket.once('close', () => {
          clearTimeout(timer)
          resolve()
        })
      })
    },
    get because() {
      return because
    },
    transcript,
    close: () => end('closed by us'),
  }
}
