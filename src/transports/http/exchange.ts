/**
 * One HTTP request and its answer on a connection of an agent. Every stage has its own time limit,
 * and the stage in which it ends decides whether the request was surely not sent or nobody knows.
 *
 * waiting  no connection yet: the agent has none to give
 * joining  the connection is being made (TCP, then TLS)
 * sending  the head went out, the body follows
 * sent     the last byte was handed over; the answer is awaited
 * reading  the head of the answer came; its body is read
 * over     the result is out
 */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpNotSent, HttpResult } from './http-result.ts'

/** The body of a request. Its length is always declared and never chunked: MM7 peers demand that. */
export interface HttpBody {
  readonly bytes: number
  /** Called once. */
  open(): AsyncIterable<Uint8Array>
}

/** Time limits, in milliseconds. */
export interface HttpTimeouts {
  /** From the turn of the request until its connection stands, TLS included. */
  readonly connectTimeoutMs: number
  /** Without progress while sending, and from the last byte to the head of the answer. */
  readonly answerTimeoutMs: number
  /** Silence inside the body of the answer. */
  readonly bodyTimeoutMs: number
}

/** One request. Redirects are never followed. */
export interface HttpCall {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: HttpBody
  readonly timeouts: HttpTimeouts
  /** Bytes of the answer's body that are kept. */
  readonly answerBytesMax: number
}

type Stage = 'waiting' | 'joining' | 'sending' | 'sent' | 'reading' | 'over'

/** Longest header block of an answer, in bytes. */
const HEADER_BYTES_MAX = 32 * 1024

/** An exchange under way. */
export interface RunningExchange {
  /** Never rejects. */
  readonly result: Promise<HttpResult>
  /** Ends it at once, as an aborted signal does. */
  cut(): void
}

/** Starts an exchange. */
export function startExchange(
  call: HttpCall,
  request: (options: RequestOptions) => ClientRequest,
  signal?: AbortSignal,
): RunningExchange {
  let running: Exchange | undefined
  const result = new Promise<HttpResult>((resolve) => {
    if (signal?.aborted === true) resolve(notSent('aborted', 'before it began'))
    else running = new Exchange(call, request, signal, resolve)
  }).catch((error: unknown) => notSent('content-failed', words(error)))
  return { result, cut: () => running?.cut() }
}

class Exchange {
  readonly #call: HttpCall
  readonly #request: ClientRequest
  readonly #signal: AbortSignal | undefined
  readonly #resolve: (result: HttpResult) => void
  readonly #onAbort = () => this.#break('aborted', 'the signal was given')
  #stage: Stage = 'waiting'
  #timer: NodeJS.Timeout | undefined
  #handedBytes = 0
  #resume: (() => void) | undefined
  #answer: IncomingMessage | undefined
  #pieces: Buffer[] = []
  #keptBytes = 0

  constructor(
    call: HttpCall,
    request: (options: RequestOptions) => ClientRequest,
    signal: AbortSignal | undefined,
    resolve: (result: HttpResult) => void,
  ) {
    this.#call = call
    this.#signal = signal
    this.#resolve = resolve
    const { body, headers, method } = call
    this.#request = request({
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(body.bytes) }),
      },
      // Real MM7 peers fold header lines and end them with a bare line feed; the strict parser
      // would turn their yes into "nobody knows".
      insecureHTTPParser: true,
      maxHeaderSize: HEADER_BYTES_MAX,
    })
    this.#request.on('socket', (socket) => this.#join(socket))
    this.#request.on('response', (answer) => this.#read(answer))
    this.#request.on('upgrade', (_answer, socket) => {
      socket.destroy()
      this.#break('unreadable', 'the peer wants to change the protocol')
    })
    this.#request.on('drain', () => this.#progress())
    this.#request.on('error', (error: NodeJS.ErrnoException) => this.#failed(error))
    this.#request.on('close', () => this.#break('closed', 'the connection was closed'))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  cut(): void {
    this.#break('aborted', 'cut off')
  }

  #limit(ms: number, what: string): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#break('timeout', `${what} within ${ms} ms`), ms)
  }

  #join(socket: Socket): void {
    if (this.#stage !== 'waiting') return
    this.#stage = 'joining'
    // A new connection is still being made at this moment; one that stands was used before.
    if (!socket.connecting) {
      this.#send()
      return
    }
    const secure = this.#call.url.protocol === 'https:'
    this.#limit(this.#call.timeouts.connectTimeoutMs, 'no connection')
    socket.once(secure ? 'secureConnect' : 'connect', () => this.#send())
  }

  #send(): void {
    if (this.#stage !== 'joining') return
    this.#stage = 'sending'
    this.#limit(this.#call.timeouts.answerTimeoutMs, 'no progress in sending')
    const { body } = this.#call
    if (body === undefined) {
      this.#handedOver()
      return
    }
    this.#write(body).catch((error: unknown) =>
      this.#end(notSent('content-failed', words(error)), true),
    )
  }

  async #write(body: HttpBody): Promise<void> {
    for await (const piece of body.open()) {
      if (this.#stage !== 'sending') return
      this.#handedBytes += piece.length
      if (this.#handedBytes > body.bytes) throw new Error('the body is longer than declared')
      // Before the write: once the last byte is out of our hands, nobody knows.
      if (this.#handedBytes === body.bytes) {
        this.#request.write(piece)
        this.#handedOver()
        return
      }
      if (this.#request.write(piece)) continue
      await new Promise<void>((resolve) => {
        this.#resume = resolve
      })
    }
    if (this.#stage !== 'sending') return
    if (this.#handedBytes < body.bytes) throw new Error('the body is shorter than declared')
    this.#handedOver()
  }

  #handedOver(): void {
    this.#request.end()
    this.#stage = 'sent'
    this.#limit(this.#call.timeouts.answerTimeoutMs, 'no answer')
  }

  /** The peer took bytes: it is alive. */
  #progress(): void {
    if (this.#stage === 'sending') this.#limit(this.#call.timeouts.answerTimeoutMs, 'no progress')
    if (this.#stage === 'sent') this.#limit(this.#call.timeouts.answerTimeoutMs, 'no answer')
    this.#wake()
  }

  #wake(): void {
    const resume = this.#resume
    this.#resume = undefined
    resume?.()
  }

  #read(answer: IncomingMessage): void {
    if (this.#stage === 'over') return
    // An answer may come before the last byte, a refusal of its length for instance.
    const early = this.#stage !== 'sent'
    this.#stage = 'reading'
    this.#wake()
    this.#answer = answer
    const { answerBytesMax, timeouts } = this.#call
    // Two ways to say where a body ends: whatever follows on this connection cannot be trusted.
    const doubtful =
      answer.headers['content-length'] !== undefined &&
      answer.headers['transfer-encoding'] !== undefined
    if (doubtful) this.#request.shouldKeepAlive = false
    this.#limit(timeouts.bodyTimeoutMs, 'the answer fell silent')
    answer.on('data', (piece: Buffer) => {
      this.#timer?.refresh()
      const room = answerBytesMax - this.#keptBytes
      const kept = piece.length > room ? piece.subarray(0, room) : piece
      this.#pieces.push(kept)
      this.#keptBytes += kept.length
      if (piece.length > room) this.#answered(true)
    })
    answer.on('end', () => this.#answered(!answer.complete, early))
    answer.on('error', () => this.#answered(true))
    answer.on('close', () => this.#answered(true))
  }

  #answered(truncated: boolean, destroys = false): void {
    const { statusCode = 0, headers = {} } = this.#answer ?? {}
    const body = Buffer.concat(this.#pieces)
    const destroyed = truncated || destroys
    this.#end({ kind: 'answered', status: statusCode, headers, body, truncated }, destroyed)
  }

  #failed(error: NodeJS.ErrnoException): void {
    const { code = '' } = error
    const detail = `${code} ${error.message}`.trim()
    if (this.#stage === 'joining' || this.#stage === 'waiting') {
      this.#end(notSent(isTlsFailure(code) ? 'tls-failed' : 'connect-failed', detail), true)
      return
    }
    this.#break(code.startsWith('HPE_') ? 'unreadable' : 'closed', detail)
  }

  /** The exchange ends without a sound answer; where it was decides what that means. */
  #break(because: 'timeout' | 'closed' | 'aborted' | 'unreadable', detail: string): void {
    switch (this.#stage) {
      case 'over':
        return
      case 'waiting':
      case 'joining': {
        const failed = because === 'aborted' ? because : 'connect-failed'
        this.#end(notSent(failed, detail), true)
        return
      }
      case 'sending':
        this.#end(notSent(because === 'unreadable' ? 'closed' : because, detail), true)
        return
      case 'sent':
        this.#end({ kind: 'unknown', because, detail }, true)
        return
      case 'reading':
        this.#answered(true)
    }
  }

  #end(result: HttpResult, destroys: boolean): void {
    if (this.#stage === 'over') return
    this.#stage = 'over'
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#wake()
    if (destroys) this.#request.destroy()
    this.#resolve(result)
  }
}

function notSent(because: HttpNotSent['because'], detail: string): HttpNotSent {
  return { kind: 'not-sent', because, detail }
}

/** Whether an error before the connection stood came from TLS: certificates, versions, alerts. */
export function isTlsFailure(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_OSSL)/.test(code)
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
