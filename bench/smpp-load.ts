/**
 * An SMPP load generator in a process of its own: client sessions of ours, each with as many requests
 * on their way as its window takes. Closed loop: an answer makes room for the next request.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createSubmitSm } from '../src/codecs/smpp/create-body.ts'
import { connectSmpp } from '../src/transports/smpp/client.ts'
import type { SmppSession } from '../src/transports/smpp/handler.ts'

/** What to send. */
export interface SmppLoad {
  readonly port: number
  readonly systemId: string
  readonly password: string
  readonly sessions: number
  /** Requests of one session without an answer. */
  readonly windowMax: number
  readonly forMs: number
  readonly sender: string
  /** Recipients are numbered from here on, so that none is known from before. */
  readonly serial: number
}

/** What came of it. Times in milliseconds, as the closed loop sees them. */
export interface SmppDriven {
  readonly accepted: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers other than 0, and what got none. */
  readonly refused: number
  /** One of them. */
  readonly refusal: string | undefined
}

/** Six digits more make a number that the plan of North America allows. */
const RECIPIENT_PREFIX = '12012'
const RECIPIENT_DIGITS = 6
/** 140 characters of the GSM alphabet that look the same in ASCII: a full message. */
const TEXT = Buffer.from('Your parcel waits at the counter until eight. '.repeat(4).slice(0, 140))

/** Runs a load in a child process and waits for its figures. */
export function driveSmpp(load: SmppLoad): Promise<SmppDriven> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['drive'])
    let driven: SmppDriven | undefined
    child.on('message', (figures) => {
      driven = figures as SmppDriven
    })
    child.on('exit', (code) => {
      if (driven === undefined) reject(new Error(`SMPP load generator ended with ${code}`))
      else resolve(driven)
    })
    child.send(load)
  })
}

async function generate(load: SmppLoad): Promise<SmppDriven> {
  const sessions = await Promise.all(Array.from({ length: load.sessions }, () => bind(load)))
  const until = performance.now() + load.forMs
  const latenciesMs: number[] = []
  let { serial } = load
  let refused = 0
  let refusal: string | undefined

  async function goOn(session: SmppSession): Promise<void> {
    while (performance.now() < until) {
      serial += 1
      const sentAt = performance.now()
      const addr = RECIPIENT_PREFIX + String(serial).padStart(RECIPIENT_DIGITS, '0')
      const reply = await session.request(
        createSubmitSm({
          source: { ton: 3, npi: 0, addr: load.sender },
          destination: { ton: 1, npi: 1, addr },
          registeredDelivery: 1,
          shortMessage: TEXT,
        }),
      )
      if (reply.kind === 'answered' && reply.commandStatus === 0) {
        latenciesMs.push(performance.now() - sentAt)
        continue
      }
      refused += 1
      refusal ??= JSON.stringify(reply)
    }
  }

  const startedAt = performance.now()
  await Promise.all(
    sessions.flatMap((session) => Array.from({ length: load.windowMax }, () => goOn(session))),
  )
  const seconds = (performance.now() - startedAt) / 1000
  await Promise.all(sessions.map((session) => session.unbind()))
  latenciesMs.sort((a, b) => a - b)
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0
  return {
    accepted: latenciesMs.length,
    perSecond: latenciesMs.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    refused,
    refusal,
  }
}

async function bind({ port, systemId, password, windowMax }: SmppLoad): Promise<SmppSession> {
  const result = await connectSmpp({
    host: '127.0.0.1',
    port,
    bindAs: 'transmitter',
    systemId,
    password,
    limits: { windowMax },
    handler: { request: () => ({ commandStatus: 0 }) },
  })
  if (result.kind !== 'bound') throw new Error(`not bound: ${JSON.stringify(result)}`)
  return result.session
}

if (process.argv[2] === 'drive' && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', async (load) => {
    process.send?.(await generate(load as SmppLoad))
    process.disconnect()
  })
}
