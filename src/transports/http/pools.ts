/**
 * Kept HTTP connections, pooled per origin and bounded in every direction. One call is one request:
 * nothing is repeated, redirected or judged here.
 *
 * Node's own client and not undici's: undici parses strictly and cannot be told otherwise, and a
 * peer that folds its Content-Type would be heard as silence after it took the message.
 */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { type HttpCall, type RunningExchange, startExchange } from './exchange.ts'
import type { HttpResult } from './http-result.ts'

/** How the pools behave. */
export interface HttpPoolsOptions {
  /** Connections to one origin at once. */
  readonly connectionsPerOriginMax: number
  /** Requests to one origin that may wait for a connection; more are `busy`. */
  readonly waitingPerOriginMax?: number
  /**
   * How long an unused connection is kept. Short: a peer that closes it just as it is used again
   * leaves a request of which nobody knows.
   */
  readonly idleTimeoutMs?: number
  readonly tls?: HttpTls
  /** Replaces the system's name resolution, to pin or to judge addresses. */
  readonly lookup?: LookupFunction
}

/** Our side of TLS; all in PEM. */
export interface HttpTls {
  /** Authorities to trust in place of the usual ones. */
  readonly ca?: string
  /** Certificate and key we present (mutual TLS). */
  readonly cert?: string
  readonly key?: string
  /** Name to ask for and to check, where it is not the host of the address. */
  readonly serverName?: string
}

export interface HttpPools {
  /** One request, one answer. Never rejects. */
  send(call: HttpCall, signal?: AbortSignal): Promise<HttpResult>
  /** Takes no more, lets running requests end, and cuts them after `deadlineMs`. */
  close(deadlineMs?: number): Promise<void>
  /** Requests under way or waiting. */
  readonly busyCount: number
}

const WAITING_MAX = 10_000
const IDLE_TIMEOUT_MS = 4_000
const CLOSE_DEADLINE_MS = 10_000

/** Opens the pools; no connection is made before the first request. */
export function openHttpPools(options: HttpPoolsOptions): HttpPools {
  const { connectionsPerOriginMax, waitingPerOriginMax = WAITING_MAX, lookup, tls } = options
  const kept = {
    keepAlive: true,
    maxSockets: connectionsPerOriginMax,
    timeout: options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    scheduling: 'lifo',
    ...(lookup === undefined ? {} : { lookup }),
  } as const
  const http = new HttpAgent(kept)
  const https = new HttpsAgent({ ...kept, ...tlsOptions(tls) })
  /** Calls under way, by origin. */
  const calls = new Map<string, number>()
  const running = new Set<RunningExchange>()
  let closing = false

  function start(call: HttpCall, signal: AbortSignal | undefined): RunningExchange {
    const secure = call.url.protocol === 'https:'
    const request = (own: RequestOptions): ClientRequest =>
      secure
        ? httpsRequest(call.url, { ...own, agent: https })
        : httpRequest(call.url, { ...own, agent: http })
    return startExchange(call, request, signal)
  }

  async function send(call: HttpCall, signal?: AbortSignal): Promise<HttpResult> {
    const { origin, protocol } = call.url
    if (protocol !== 'http:' && protocol !== 'https:') {
      return { kind: 'not-sent', because: 'connect-failed', detail: `no way to speak ${protocol}` }
    }
    const count = calls.get(origin) ?? 0
    if (closing || count >= connectionsPerOriginMax + waitingPerOriginMax) {
      const detail = closing ? 'closing' : `${count} requests to ${origin} already`
      return { kind: 'not-sent', because: 'busy', detail }
    }
    calls.set(origin, count + 1)
    const exchange = start(call, signal)
    running.add(exchange)
    try {
      return await exchange.result
    } finally {
      running.delete(exchange)
      const left = (calls.get(origin) ?? 1) - 1
      if (left > 0) calls.set(origin, left)
      else calls.delete(origin)
    }
  }

  return {
    send,
    get busyCount() {
      return running.size
    },
    async close(deadlineMs = CLOSE_DEADLINE_MS) {
      closing = true
      const timer = setTimeout(() => {
        for (const { cut } of running) cut()
      }, deadlineMs)
      await Promise.all([...running].map(({ result }) => result))
      clearTimeout(timer)
      http.destroy()
      https.destroy()
    },
  }
}

function tlsOptions({ ca, cert, key, serverName }: HttpTls = {}) {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}
