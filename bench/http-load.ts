/**
 * A load generator in a process of its own, so that the server under test keeps its core. It speaks
 * just enough HTTP: a prepared request out, answers recognised by their Content-Length. Closed loop:
 * a connection sends its next request when it has the answer to the last.
 */
import { fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

/** What to send. */
export interface Load {
  readonly port: number
  readonly connections: number
  readonly forMs: number
  /** A whole request, head and body. */
  readonly request: Uint8Array
  /**
   * The bytes at this offset are overwritten with a fresh 12-digit number, so that no request
   * repeats an earlier one. 0: send as it is.
   */
  readonly vary: number
  /** The first of those numbers. */
  readonly serial: number
  /** Every answer must contain this. */
  readonly expect: string
}

/** What came of it. Times in milliseconds, as the closed loop sees them. */
export interface Driven {
  readonly answers: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers that did not contain what was expected. */
  readonly refused: number
  /** One of them. */
  readonly refusal: string | undefined
}

/** Digits of the number that makes a request unlike all others. */
export const SERIAL_DIGITS = 12

interface Order extends Omit<Load, 'request'> {
  readonly request: string
}

/** Runs a load in a child process and waits for its figures. */
export function drive(load: Load): Promise<Driven> {
  const order: Order = { ...load, request: Buffer.from(load.request).toString('base64') }
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

async function generate(order: Order): Promise<Driven> {
  const request = Buffer.from(order.request, 'base64')
  // What varies stands near the front: the long rest of a request is sent without being copied.
  const cut = order.vary === 0 ? 0 : order.vary + SERIAL_DIGITS
  const front = request.subarray(0, cut)
  const rest = request.subarray(cut)
  const until = performance.now() + order.forMs
  const latenciesMs: number[] = []
  let { serial } = order
  let refused = 0
  let refusal: string | undefined

  function send(socket: Socket): void {
    if (cut > 0) {
      const own = Buffer.from(front)
      own.write(String(serial).padStart(SERIAL_DIGITS, '0'), order.vary, 'latin1')
      serial += 1
      socket.cork()
      socket.write(own)
    }
    socket.write(rest)
    if (cut > 0) socket.uncork()
  }

  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: order.connections }, () =>
      converse(order.port, send, until, (ms, answer) => {
        latenciesMs.push(ms)
        if (order.expect === '' || answer.includes(order.expect)) return
        refused += 1
        refusal ??= answer.toString('latin1')
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
    refusal,
  }
}

/** One connection: a request, its answer, the next, until the time is over. */
function converse(
  port: number,
  write: (socket: Socket) => void,
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
      sentAt = performance.now()
      write(socket)
    }
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const length = answerLength(pending)
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
export function answerLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const declared = /content-length: *([0-9]+)/i.exec(bytes.toString('latin1', 0, end))
  const whole = end + 4 + Number(declared?.[1] ?? 0)
  return bytes.length >= whole ? whole : undefined
}

if (process.argv[2] === 'drive' && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', async (order) => {
    process.send?.(await generate(order as Order))
    process.disconnect()
  })
}
