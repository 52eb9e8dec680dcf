/**
 * Clients that submit and keep a ledger: each repeats the very same request until it is answered,
 * so what the ledger says was promised is exactly what the gateway promised.
 */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { OutgoingPart } from '../../src/codecs/mm7/multipart-writer.ts'
import { digestOf, freshNumber } from './crash-carrier.ts'
import { CLIENT_KEY, CLIENT_SENDER } from './crash-directory.ts'
import { exchange, SMIL, writeRequest } from './mm7-client.ts'

/** One request and every promise the gateway made for it. */
export interface LedgerEntry {
  readonly transactionId: string
  readonly digest: string
  /** Ids it was answered with; two different ones are two messages. */
  readonly messageIds: Set<string>
  /** When its last try before the first answer began; epoch milliseconds. */
  lastTryAt: number
}

export interface CrashClients {
  readonly ledger: ReadonlyMap<string, LedgerEntry>
  /** Answers that were neither a promise nor lost, by code. */
  readonly refusals: ReadonlyMap<string, number>
  /** Requests that got no answer and were repeated. */
  readonly unanswered: number
  /** Starts nothing new; resolves when every request under way has its answer. */
  stop(): Promise<void>
  /** Ends at once, whatever has no answer: the test is over. */
  abandon(): void
}

const PAUSE_MS_MAX = 15
const RETRY_MS = 40
/** Some minutes of tries: longer than any restart takes. */
const TRIES_MAX = 10_000
const REPEATED_SHARE = 0.1
const HALF_SHARE = 0.05
/** A gateway that hangs must not hang the test. */
const ANSWER_TIMEOUT_MS = 10_000

interface Draft {
  readonly entry: LedgerEntry
  readonly bytes: Buffer
}

export function startCrashClients(port: number, count: number): CrashClients {
  const ledger = new Map<string, LedgerEntry>()
  const refusals = new Map<string, number>()
  let serial = 0
  let unanswered = 0
  let stopped = false
  let abandoned = false

  function draft(): Draft {
    serial += 1
    const transactionId = `tx-${process.pid}-${serial}`
    const parts = partsOf(serial)
    return {
      entry: {
        transactionId,
        digest: digestOf(parts.map(({ body }) => Buffer.concat(body))),
        messageIds: new Set(),
        lastTryAt: 0,
      },
      bytes: requestOf(transactionId, freshNumber(serial), parts),
    }
  }

  /** One try; false when nobody can say what became of it. */
  async function attempt({ entry, bytes }: Draft): Promise<boolean> {
    const startedAt = Date.now()
    try {
      const answer = await within(exchange(port, bytes), ANSWER_TIMEOUT_MS)
      if (answer.code !== '1000' || answer.messageId === undefined) {
        const code = answer.code === '' ? `HTTP ${answer.httpStatus}` : answer.code
        refusals.set(code, (refusals.get(code) ?? 0) + 1)
        return false
      }
      if (entry.messageIds.size === 0) entry.lastTryAt = startedAt
      entry.messageIds.add(answer.messageId)
      return true
    } catch {
      unanswered += 1
      return false
    }
  }

  async function submit(one: Draft): Promise<void> {
    for (let tries = 1; !(await attempt(one)); tries += 1) {
      if (abandoned) return
      if (tries === TRIES_MAX) throw new Error(`${one.entry.transactionId}: no promise at all`)
      await pause(RETRY_MS)
    }
    ledger.set(one.entry.transactionId, one.entry)
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const one = draft()
      if (Math.random() < HALF_SHARE) await sendHalf(port, one.bytes)
      await submit(one)
      // What has its answer may be asked again, by a client that lost it.
      if (Math.random() < REPEATED_SHARE) await submit(one)
      await pause(Math.random() * PAUSE_MS_MAX)
    }
  }

  const working = Promise.all(Array.from({ length: count }, work))
  return {
    ledger,
    refusals,
    get unanswered() {
      return unanswered
    },
    async stop() {
      stopped = true
      await working
    },
    abandon() {
      stopped = true
      abandoned = true
    },
  }
}

/** Small contents travel in their row, larger ones in segments; some have several parts. */
function partsOf(serial: number): OutgoingPart[] {
  const size = [300, 2000, 9000, 40_000, 120_000][serial % 5] ?? 300
  const picture: OutgoingPart = {
    contentType: 'image/jpeg',
    contentId: 'photo',
    contentLocation: 'photo.jpg',
    body: [randomBytes(size)],
  }
  if (serial % 3 > 0) return [picture]
  return [
    { contentType: 'application/smil', contentId: 'smil', body: [Buffer.from(SMIL)] },
    { contentType: 'text/plain', contentId: 'words', body: [Buffer.from(`number ${serial}`)] },
    picture,
  ]
}

export function requestOf(
  transactionId: string,
  number: string,
  parts: readonly OutgoingPart[],
): Buffer {
  return writeRequest({
    transactionId,
    parts,
    operation: {
      senderIdentification: {
        vaspId: CLIENT_KEY,
        vasId: 'kill',
        senderAddress: { kind: 'ShortCode', value: CLIENT_SENDER },
      },
      recipients: [{ list: 'To', address: { kind: 'Number', value: number } }],
      subject: transactionId,
      deliveryReport: true,
    },
  })
}

/** A client that goes away in the middle of its request. */
function sendHalf(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes.subarray(0, bytes.length >> 1), () => socket.destroy())
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}

async function within<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  const abort = new AbortController()
  const late = pause(ms, undefined, { signal: abort.signal }).then(() => {
    throw new Error(`nothing for ${ms} ms`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    abort.abort()
    late.catch(() => {})
  }
}
