/** Clients of one run that submit over MM7, repeat what was not answered, and count only clear answers. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { digestOf } from '../support/crash-carrier.ts'
import { requestOf } from '../support/crash-client.ts'
import type { FaultProxy } from '../support/fault-proxy.ts'
import { exchange } from '../support/mm7-client.ts'
import type { Sent } from './evidence.ts'

const RETRY_MS = 30
const ANSWER_MS_MAX = 1500
const SUCCESS = '1000'

export interface Mm7Clients {
  readonly sent: Map<string, Sent>
  /** Submits one message until it is answered 1000. */
  submit(serial: number, number: string, bytes: number): Promise<void>
  abandon(): void
}

/** Bytes that are the same whenever a seed is run again. */
export function contentOf(serial: number, bytes: number): Buffer {
  const block = createHash('sha256').update(String(serial)).digest()
  return Buffer.alloc(bytes, block)
}

export function createMm7Clients(proxy: FaultProxy): Mm7Clients {
  const sent = new Map<string, Sent>()
  let abandoned = false

  async function attempt(one: Sent, bytes: Buffer): Promise<void> {
    const garbled = timesGarbled(one)
    one.tries += 1
    const late = new AbortController()
    const wait = pause(ANSWER_MS_MAX, undefined, { signal: late.signal }).catch(() => undefined)
    try {
      const answer = await Promise.race([exchange(proxy.port, bytes), wait])
      // What came over a garbled line is nobody's word.
      if (answer?.code !== SUCCESS || timesGarbled(one) !== garbled) return
      one.answered = true
      one.ids.add(answer.messageId ?? '')
    } catch {
      // No answer: the very same request again.
    } finally {
      late.abort()
    }
  }

  function timesGarbled({ mark }: Sent): number {
    return proxy.garbled.get(mark) ?? 0
  }

  return {
    sent,
    async submit(serial, number, bytes) {
      const mark = `tx-${process.pid}-${serial}`
      const body = contentOf(serial, bytes)
      const parts = [{ contentType: 'image/jpeg', contentId: 'photo', body: [body] }]
      const digest = digestOf([body])
      const one: Sent = {
        mark,
        number,
        digest,
        ids: new Set(),
        answered: false,
        tries: 0,
        named: true,
      }
      sent.set(mark, one)
      const request = requestOf(mark, number, parts)
      while (!one.answered && !abandoned) {
        await attempt(one, request)
        if (!one.answered) await pause(RETRY_MS)
      }
    },
    abandon() {
      abandoned = true
    },
  }
}
