/**
 * A load generator in a process of its own, so that the server under test keeps its core. It speaks
 * just enough HTTP: prepared requests out, answers recognised by their Content-Length.
 */
import { fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

/** What to send. */
export interface Load {
  readonly port: number
  readonly connections: number
  readonly forMs: number
  /** Whole requests, sent in turn. */
  readonly requests: readonly Uint8Array[]
  /**
   * Bytes at this offset of each request are overwritten with a fresh 12-digit number, so that no
   * request repeats an earlier one. 0: send as it is.
   */
  readonly vary: number
}

/** What came of it. Times in milliseconds. */
export interface Driven {
  readonly answers: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers that did not say 1000. */
  readonly refused: number
}

interface Order extends Omit<Load, 'requests'> {
  readonly requests: readonly string[]
}

/** Runs a load in a child process and waits for its figures. */
export function drive(load: Load): Promise<Driven> {
  const order: Order = {
    ...load,
    requests: load.requests.map((request) => Buffer.from(request).toString('base64')),
  }
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['drive'])
    let driven: Driven | undefined
    child.on('message', (figures) => {
      driven = figures as Driven
    })
    child.on('exit', (code) => {
      if (driven === undefined) reject(new Error(`load generator ended with ${code}`))
      else resolve(driven)
    })
    child.send(order)
  })
}

const DIGITS = 12
const SUCCESS = Buffer.from('>1000<')

async function generate(order: Order): Promise<Driven> {
  const requests = order.requests.map((text) => Buffer.from(text, 'base64'))
  const latenciesMs: number[] = []
  const until = performance.now() + order.forMs
  let serial = Math.floor(Math.random() * 1e11)
  let refused = 0
  let next = 0

  function prepare(): Buffer {
    const template = requests[next % requests.length] ?? Buffer.alloc(0)
    next += 1
    if (order.vary === 0) return template
    const request = Buffer.from(template)
    serial += 1
    request.write(String(serial).padStart(DIGITS, '0'), order.vary, 'latin1')
    return request
  }

  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: order.connections }, () =>
      converse(order.port, prepare, until, (ms, answer) => {
        latenciesMs.push(ms)
        if (order.vary !== 0 && !answer.includes(SUCCESS)) refused += 1
      }),
    ),
  )
  const seconds = (performance.now() - startedAt) / 1000
  latenciesMs.sort((a, b) => a - b)
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0
  return {
    answers: latenciesMs.length,
    perSecond: latenciesMs.length / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    refused,
  }
}

/** One connection: a request, its answer, the next, until the time is over. */
function converse(
  port: number,
  prepare: () => Buffer,
  until: number,
  done: (ms: number, answer: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let sentAt = 0
    let pending: Buffer = Buffer.alloc(0)
    const socket: Socket = connect(port, '127.0.0.1', () => {
      socket.setNoDelay(true)
      send()
    })
    function send(): void {
      if (performance.now() >= until) {
        socket.end()
        resolve()
        return
      }
      const request = prepare()
      sentAt = performance.now()
      socket.write(request)
    }
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const length = wholeAnswer(pending)
      if (length === undefined) return
      done(performance.now() - sentAt, pending.subarray(0, length))
      pending = pending.subarray(length)
      send()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
}

/** Length of the answer at the start of the bytes, or `undefined` while it is not whole. */
function wholeAnswer(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const declared = /content-length: *([0-9]+)/i.exec(bytes.toString('latin1', 0, end))
  const whole = end + 4 + Number(declared?.[1] ?? 0)
  return bytes.length >= whole ? whole : undefined
}

if (process.argv[2] === 'drive') {
  process.once('message', async (order) => {
    process.send?.(await generate(order as Order))
    process.disconnect()
  })
}
