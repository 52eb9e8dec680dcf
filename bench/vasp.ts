/**
 * A client of the gateway in a process of its own: submits by MM7, takes the delivery reports, and
 * keeps a bounded number of messages under way. A message is finished when its report has come and
 * has been answered.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { answerLength, SERIAL_DIGITS } from './http-load.ts'

/** What to submit, and how much of it at once. */
export interface Submitting {
  readonly port: number
  readonly connections: number
  /** Messages submitted and not yet reported. */
  readonly inFlightMax: number
  /** A whole request in base64. */
  readonly request: string
  readonly vary: number
}

/** Counted since the client was last asked. */
export interface VaspReading {
  readonly accepted: number
  readonly refused: number
  readonly refusal?: string
  /** Messages whose report said Retrieved. */
  readonly finished: number
  /** Reports that said something else, came twice, or named nothing of ours. */
  readonly strange: number
  readonly strangest?: string
  readonly inFlight: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMs: number
}

export interface VaspProcess {
  readonly callbackUrl: string
  start(order: Submitting): void
  /** Submits no more; reports are still taken. */
  pause(): void
  read(): Promise<VaspReading>
  close(): void
}

export async function startVasp(): Promise<VaspProcess> {
  const child = fork(fileURLToPath(import.meta.url), ['vasp'])
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    callbackUrl: `http://127.0.0.1:${port}/`,
    start: (order) => void child.send({ start: order }),
    pause: () => void child.send({ pause: true }),
    async read() {
      const answer = once(child, 'message')
      child.send({ read: true })
      return (await answer)[0] as VaspReading
    },
    close: () => void child.kill(),
  }
}

interface Wish {
  readonly start?: Submitting
  readonly pause?: true
  readonly read?: true
}

interface Counts {
  accepted: number
  refused: number
  refusal: string | undefined
  finished: number
  strange: number
  strangest: string | undefined
  latenciesMs: number[]
}

const nothing = (): Counts => ({
  accepted: 0,
  refused: 0,
  refusal: undefined,
  finished: 0,
  strange: 0,
  strangest: undefined,
  latenciesMs: [],
})

/** Messages under way by their id, and what is known of each. */
class Ledger {
  counts = nothing()
  /** When each was submitted, in milliseconds. */
  readonly #sentAt = new Map<string, number>()
  /** Reports that overtook the answer to their submission. */
  readonly #early = new Set<string>()
  /** Submissions that have no answer yet. */
  unanswered = 0

  get inFlight(): number {
    return this.unanswered + this.#sentAt.size
  }

  answered(answer: string, sentAt: number): void {
    this.unanswered -= 1
    const id = /MessageID>([0-9]+)</.exec(answer)?.[1]
    if (id === undefined || !answer.includes('>1000<')) {
      this.counts.refused += 1
      this.counts.refusal ??= answer
      return
    }
    this.counts.accepted += 1
    if (this.#early.delete(id)) this.#finish(sentAt)
    else this.#sentAt.set(id, sentAt)
  }

  reported(report: string): void {
    const id = /MessageID>([0-9]+)</.exec(report)?.[1] ?? ''
    const sentAt = this.#sentAt.get(id)
    // Handed on, said on the way: the last word is still to come.
    if (report.includes('>Forwarded<') && (sentAt !== undefined || this.unanswered > 0)) return
    if (!report.includes('>Retrieved<') || this.#early.has(id)) this.#strange(report)
    else if (sentAt !== undefined) {
      this.#sentAt.delete(id)
      this.#finish(sentAt)
    } else if (this.unanswered > 0) this.#early.add(id)
    else this.#strange(report)
  }

  #finish(sentAt: number): void {
    this.counts.finished += 1
    this.counts.latenciesMs.push(performance.now() - sentAt)
  }

  #strange(report: string): void {
    this.counts.strange += 1
    this.counts.strangest ??= report
  }
}

async function serve(): Promise<void> {
  const ledger = new Ledger()
  let cpu = process.cpuUsage()
  let goOn = (): void => undefined
  let paused = true
  const port = await openSink((report) => {
    ledger.reported(report)
    goOn()
  })
  process.on('message', ({ start, pause, read }: Wish) => {
    if (start !== undefined) {
      paused = false
      goOn = openSubmitters(start, ledger, () => paused)
    }
    if (pause === true) paused = true
    if (read !== true) return
    const { latenciesMs, ...counts } = ledger.counts
    ledger.counts = nothing()
    latenciesMs.sort((a, b) => a - b)
    const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0
    const { user, system } = process.cpuUsage(cpu)
    cpu = process.cpuUsage()
    process.send?.({
      ...counts,
      inFlight: ledger.inFlight,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      cpuMs: (user + system) / 1000,
    })
  })
  process.send?.({ port })
}

/** Answers every report with 1000 to its own TransactionID. */
async function openSink(onReport: (report: string) => void): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const report = Buffer.concat(chunks).toString('utf8')
      const answer = reportAnswer(/TransactionID[^>]*>([^<]*)</.exec(report)?.[1] ?? '')
      response.writeHead(200, {
        'Content-Type': 'text/xml',
        'Content-Length': Buffer.byteLength(answer),
      })
      response.end(answer)
      onReport(report)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function reportAnswer(transactionId: string): string {
  const namespace = 'http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4'
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header>' +
    `<mm7:TransactionID xmlns:mm7="${namespace}" env:mustUnderstand="1">${transactionId}` +
    `</mm7:TransactionID></env:Header><env:Body><DeliveryReportRsp xmlns="${namespace}">` +
    '<MM7Version>6.8.0</MM7Version><Status><StatusCode>1000</StatusCode>' +
    '<StatusText>Success</StatusText></Status></DeliveryReportRsp></env:Body></env:Envelope>'
  )
}

/** Opens the submitting connections; the answer is to be called when a message has finished. */
function openSubmitters(order: Submitting, ledger: Ledger, paused: () => boolean): () => void {
  const request = Buffer.from(order.request, 'base64')
  const cut = order.vary + SERIAL_DIGITS
  const rest = request.subarray(cut)
  const idle: (() => void)[] = []
  let serial = 1

  function send(socket: Socket): void {
    const own = Buffer.from(request.subarray(0, cut))
    own.write(String(serial).padStart(SERIAL_DIGITS, '0'), order.vary, 'latin1')
    serial += 1
    socket.cork()
    socket.write(own)
    socket.write(rest)
    socket.uncork()
  }

  function open(): void {
    let pending: Buffer = Buffer.alloc(0)
    let sentAt = 0
    const socket = connect(order.port, '127.0.0.1', () => {
      socket.setNoDelay(true)
      next()
    })
    function next(): void {
      if (paused()) return
      if (ledger.inFlight >= order.inFlightMax) {
        idle.push(next)
        return
      }
      ledger.unanswered += 1
      sentAt = performance.now()
      send(socket)
    }
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const length = answerLength(pending)
      if (length === undefined) return
      ledger.answered(pending.toString('utf8', 0, length), sentAt)
      pending = pending.subarray(length)
      next()
    })
    // The gateway closes what idles at its end; nothing is under way then.
    socket.on('error', () => undefined)
  }

  for (let count = 0; count < order.connections; count += 1) open()
  return () => {
    if (ledger.inFlight < order.inFlightMax) idle.shift()?.()
  }
}

if (process.argv[2] === 'vasp' && process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve()
}
